"""Requests that schemathesis makes up from a contract: what it allows, and what it does not."""
