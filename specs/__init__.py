"""What the documents say: requirements, interface contract, departures and fixtures, as data with loaders."""
