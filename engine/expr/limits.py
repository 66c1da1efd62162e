"""How much an expression may be and make. Generous for people, small for attackers."""

MAX_SOURCE = 4_000
"""Characters of an expression or a whole script."""

MAX_NODES = 600
"""Nodes of the parsed tree; with no loops in the language this bounds the work."""

MAX_DEPTH = 60
"""Nesting of the parsed tree, well under Python's own recursion limit."""

MAX_NUMBER = 2**63 - 1
"""Largest absolute value of an integer: what JSON readers and both databases can hold."""

MAX_TEXT = 20_000
"""Characters of a text that an expression makes."""

MAX_LIST = 2_000
"""Entries of a list that an expression makes."""

MAX_VALUES = 10_000
"""Values, counted through all nesting, of what a script assigns or a form takes as default."""

MAX_NESTING = 32
"""Lists and maps inside each other in such a value."""
