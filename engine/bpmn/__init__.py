"""Drawn diagrams: bytes in, a frozen model out, and the one table of rules about it."""
