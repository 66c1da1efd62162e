"""Replay: recorded cases once more, on a virtual clock, through the engine's real commands."""
