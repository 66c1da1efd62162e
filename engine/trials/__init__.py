"""Boundary trials that are derived from a drawing: each drawn clock, at each instant that matters.

The real engine runs the drawing on a scratch database and a clock moved by hand. Nobody writes the
cases: what must hold of any drawing is checked after every move. Operations do nothing, except
those on clocks, and what no drawing says (`case.*`, what operations give back) is made up.
"""
