"""The catalogue of standards: what is filed when, closed when, and what it asks of the tables.

The catalogue is the decision table `standards`, its limits are rows of the table `limits`; both are
versioned and dated like every table (docs/catalogue.md).
"""

from processes.catalogue.standards import Standard, known_together, standards_in_force, standards_of

__all__ = ["Standard", "known_together", "standards_in_force", "standards_of"]
