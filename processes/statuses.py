"""Case statuses in the order of the whistle's steps: the case shows the earliest of its parts'.

A diagram says which status an activity stands for (property `status`); the words are in the shared
labels (bpmn/labels.toml).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

OPEN: Final = (
    "reported",
    "verifying",
    "community_review",
    "street_review",
    "routing",
    "awaiting_answer",
    "objection_review",
    "awaiting_arrival",
    "on_site_meeting",
    "handling",
    "extension_review",
    "suspension_review",
    "suspended",
    "joint_meeting",
    "referred_up",
    "department_signoff",
    "awaiting_release",
    "checking",
    "callback",
    "rework",
    "rehandling",
    "rating",
)
WHISTLED: Final = (  # a whistle was blown and departments are at it: another may join
    "awaiting_answer",
    "objection_review",
    "awaiting_arrival",
    "on_site_meeting",
    "handling",
    "joint_meeting",
    "awaiting_release",
)
FINAL: Final = ("closed", "answered", "not_accepted", "withdrawn", "merged", "void")
STATUSES: Final = frozenset(OPEN + FINAL)
FIRST: Final = OPEN[0]
CLOSED: Final = FINAL[0]
CANCELLED: Final = "void"
RANK: Final = {code: rank for rank, code in enumerate(OPEN + FINAL)}


def earliest(codes: Iterable[str]) -> str | None:
    """Return the code whose step comes first, None of none."""
    return min(codes, key=lambda code: RANK.get(code, len(RANK)), default=None)
