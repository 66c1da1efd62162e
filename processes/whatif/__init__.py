"""What if? Past cases under draft limits or a draft calendar, without touching them.

Every clock of a closed case is counted again over its own ledger. Only reads: nothing here writes.
"""
