"""The one table of what BPMN 2.0's text asks of a file that a schema cannot say.

What cannot run as drawn is refused by `engine/bpmn/rules.py`; here an error is only what could mean
two things or nothing.
"""

from __future__ import annotations

from engine.bpmn.standard.rows.activities import ACTIVITIES
from engine.bpmn.standard.rows.data import DATA
from engine.bpmn.standard.rows.events import EVENTS
from engine.bpmn.standard.rows.file import FILE
from engine.bpmn.standard.rows.pools import POOLS
from engine.bpmn.standard.rows.ways import WAYS

STANDARD = (*FILE, *EVENTS, *WAYS, *ACTIVITIES, *POOLS, *DATA)
"""In the order in which they are told: the first error is the one that a refusal names."""
