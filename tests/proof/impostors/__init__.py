"""Servers that look like an Airflow and are none. The suite has to refuse each of them, and to say why."""
