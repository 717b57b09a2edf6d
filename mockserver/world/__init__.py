"""Airflow's objects and rules in plain Python, without HTTP."""
