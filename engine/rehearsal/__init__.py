"""Rehearsals: a diagram runs on the real fence, in memory, on a clock that waits for nobody.

No database and no people: what nobody is told to hold is done at once, timers come due as soon as
nothing else can move. For trying a drawing, and for driving foreign conformance suites.
"""
