"""How a client proves who it is: one driver for each way."""
