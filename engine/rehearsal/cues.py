"""The script of a rehearsal: what people and the world outside do, and when (docs/howto)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.errors import Invalid, ShaodaoError
from engine.i18n import _
from engine.sla.iso import parse_duration, parse_instant

BEGIN = datetime(2026, 1, 5, 1, tzinfo=UTC)
"""A Monday, nine o'clock in Shanghai, so that a rehearsal gives the same twice."""

KINDS = ("complete", "fail", "message", "signal", "wait", "cancel")
WORK = ("complete", "fail")


@dataclass(frozen=True)
class Cue:
    """One step of a script: what happens (`kind`) to whom or what (`name`)."""

    kind: str
    name: str
    data: Mapping[str, Any] = field(default_factory=dict)
    outcome: str = ""
    code: str = ""
    key: str | None = None
    lasting: timedelta = timedelta(0)


@dataclass(frozen=True)
class Cues:
    """A script: its steps in order, what is held for them, and when the rehearsal begins."""

    steps: tuple[Cue, ...] = ()
    hold: frozenset[str] = frozenset()
    begin: datetime = BEGIN


def read_cues(said: Any) -> Cues:
    """Read a script from plain values: a list of steps, or a map of `steps`, `hold`, `start`.

    Raises Invalid("rehearsal.script") with the number of the step that cannot be read.
    """
    whole = said if isinstance(said, Mapping) else {"steps": said or []}
    steps, hold = whole.get("steps") or [], whole.get("hold") or []
    if not isinstance(steps, list) or set(whole) - {"steps", "hold", "start"}:
        raise _unreadable(0)
    held = [hold] if isinstance(hold, str) else hold
    begin = whole.get("start")
    return Cues(
        tuple(_cue(number, step) for number, step in enumerate(steps, start=1)),
        frozenset(str(each) for each in held),
        BEGIN if begin is None else parse_instant(_iso(begin)),
    )


def _cue(number: int, step: Any) -> Cue:
    kinds = [kind for kind in KINDS if isinstance(step, Mapping) and kind in step]
    known = {*kinds, "data", "outcome", "code", "key"}
    if len(kinds) != 1 or set(step) - known or not isinstance(step.get("data", {}), Mapping):
        raise _unreadable(number)
    kind = kinds[0]
    try:
        lasting = parse_duration(str(step[kind])) if kind == "wait" else timedelta(0)
    except ShaodaoError as error:
        raise _unreadable(number) from error
    return Cue(
        kind=kind,
        name=str(step[kind]),
        data=dict(step.get("data", {})),
        outcome=str(step.get("outcome", "")),
        code=str(step.get("code", "")),
        key=None if step.get("key") is None else str(step["key"]),
        lasting=lasting,
    )


def reserved(steps: Sequence[Cue]) -> set[str]:
    """Return the names of the work that steps still to come will do."""
    return {step.name for step in steps if step.kind in WORK}


def _iso(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _unreadable(number: int) -> Invalid:
    text = _("预演脚本的第 {number} 步看不懂，写法见 docs/howto/rehearse.md", number=number)
    return Invalid("rehearsal.script", text, step=number)
