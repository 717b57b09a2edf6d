"""What stock Schemathesis, as anybody runs it, finds in the mock and in a real Airflow."""
