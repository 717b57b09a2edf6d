"""How a deployment of Airflow is set up: YAML profiles and their loader."""
