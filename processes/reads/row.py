"""The type of what a Core select gives: its columns are known to the query, not to mypy."""

from __future__ import annotations

from typing import Any

Row = Any
