"""Checks of the experimental API of Airflow 1.10 and 2."""
