"""Clocks: limits, ledgers of spans and the instants that follow from them. Pure functions."""
