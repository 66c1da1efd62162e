"""Clocks: limits, ledgers of spans and the instants that follow from them. Pure functions.

Times are aware datetimes. Continuous units are counted here; units of working time are refused
where a limit is read.
"""
