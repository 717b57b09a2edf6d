"""Checks of what holds for every API, whatever its way of authentication."""
