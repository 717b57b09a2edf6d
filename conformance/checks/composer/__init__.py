"""Checks of what the document "composer" demands of Cloud Composer."""
