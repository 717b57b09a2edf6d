"""Checks of the interface as the contract has it: every operation, whatever the API."""
