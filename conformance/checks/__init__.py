"""The checks, a folder for each document."""
