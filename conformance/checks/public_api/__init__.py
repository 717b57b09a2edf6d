"""Checks of the public API of Airflow 3."""
