"""A conformance suite for the Airflow REST APIs."""
