"""Laws about what the API remembers: whatever is written in whatever order, it is as a model says."""
