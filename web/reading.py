"""The reads of `processes` as this request sees them: its actor, its instant, its language.

Pages and API call these and nothing below them, so that both show the same thing.
"""

from __future__ import annotations

from uuid import UUID

from processes.reads import case as case_reads
from processes.reads import cases as case_lists
from processes.reads import inbox as inbox_reads
from processes.reads import overdue as overdue_reads
from processes.reads.rows import CasePage, Inbox
from web.here import actor, locale, now, product

PAGE = 30
