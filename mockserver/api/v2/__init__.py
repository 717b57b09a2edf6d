"""Airflow 3's public API: each module carries out some of its operations."""
