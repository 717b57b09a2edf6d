"""Whether the target lets in whom it is to let in: one module for each mode of authentication."""
