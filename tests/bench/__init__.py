"""Measurements. Figures are ratios of things measured in one run, for the machine is not the same tomorrow."""
