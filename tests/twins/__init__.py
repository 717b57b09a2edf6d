"""Real Airflow and the mock side by side: recorded, normalised exchanges, and how the mock's differ from them."""
