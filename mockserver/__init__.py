"""A stateful mock of the Airflow REST APIs, set up by a profile."""
