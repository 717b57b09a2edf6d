"""The laws about what the API remembers: their models, declarations and data."""
