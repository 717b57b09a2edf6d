"""The APIs that the mock serves, one package each."""
