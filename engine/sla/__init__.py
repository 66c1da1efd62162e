"""Clocks: limits, calendars, ledgers of spans and the instants that follow. Pure functions.

Times are aware datetimes; what counts as time (all of it, or a unit's working time) is said by a
limit's unit and the calendar of the unit that holds the clock.
"""
