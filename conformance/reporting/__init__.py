"""Reports of a run: one writer per format, all from the same `Result`."""
