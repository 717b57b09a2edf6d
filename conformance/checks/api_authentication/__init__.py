"""Checks of the stable API of Airflow 2 and its authentication backends."""
