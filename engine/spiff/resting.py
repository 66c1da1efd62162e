"""Steps at rest: a line of bytes each, in the order of their tokens, unpacked only when touched.

    token and scope of its part (8 hexadecimal digits each), then JSON:
    [spec name, state, parent, flow it came by, kept, children, [data of its open sub-process]]

Empty values at the end are left out. Of two hundred branches a command unpacks the one it is about;
the others cost it what splitting and joining bytes costs.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from itertools import repeat
from typing import Any, NamedTuple

import orjson

from engine.errors import Broken
from engine.i18n import _
from engine.spiff.children import Run

WIDTH = 8
HEAD = 2 * WIDTH
ARMED = b'["a:'
"""How the line of a step begins that keeps nothing open (`program.armed_name`)."""


def damaged() -> Broken:
    """Say that a stored state cannot be what its instance was."""
    return Broken("instance.state_damaged", _("流程状态已损坏或与流程图不符，请联系运维"))


class Packed(NamedTuple):
    """A step as it is stored. `inside` holds the data of the sub-process it has open, if any."""

    token: int
    scope: int
    spec: str
    state: int
    parent: int = 0
    via: str = ""
    kept: dict[str, Any] = {}  # noqa: RUF012 - never written to: a line without one is read anew
    children: Sequence[int] = ()
    inside: Sequence[MutableMapping[str, Any]] = ()


def pack(step: Packed) -> bytes:
    """Return the line of a step."""
    said = list(step[2:])
    while not said[-1]:
        said.pop()
    return b"%08x%08x%s" % (step.token, step.scope, orjson.dumps(said, default=Run.packed))


def unpack(line: bytes) -> Packed:
    """Return the step of a line."""
    said = orjson.loads(line[HEAD:])
    said += ("", 0, 0, "", {}, (), ())[len(said) :]
    return Packed(int(line[:WIDTH], 16), int(line[WIDTH:HEAD], 16), *said)


class Resting:
    """The steps of an instance that nothing has touched, all parts together."""

    def __init__(self, lines: list[bytes]) -> None:
        self.lines = lines

    def __len__(self) -> int:
        return len(self.lines)

    def add(self, step: Packed) -> None:
        """Lay a step to rest."""
        insort(self.lines, pack(step))

    def take(self, token: int) -> Packed | None:
        """Return a step that is going to be touched, None where there is none of that token."""
        key = b"%08x" % token
        place = bisect_left(self.lines, key)
        if place == len(self.lines) or not self.lines[place].startswith(key):
            return None
        return unpack(self.lines.pop(place))

    def tokens(self, scope: int | None = None) -> list[int]:
        """Return the tokens at rest, of all parts or of one."""
        return [int(line[:WIDTH], 16) for line in self._of(scope)]

    def tokens_on(self, specs: Iterable[str], scope: int | None = None) -> list[int]:
        """Return the tokens that stand on one of the specs."""
        part = b"" if scope is None else b"%08x" % scope
        heads = tuple(b"%s[%s," % (part, orjson.dumps(name)) for name in specs)
        place = HEAD - len(part)
        return [int(line[:WIDTH], 16) for line in self.lines if line.startswith(heads, place)]

    def count_on(self, spec: str, scope: int) -> int:
        """Return how many tokens of a part stand on a spec."""
        head = b"%08x[%s," % (scope, orjson.dumps(spec))
        return sum(map(bytes.startswith, self.lines, repeat(head), repeat(WIDTH)))

    def specs(self) -> Iterator[str]:
        """Yield the names of the specs that are stood on, one by one."""
        for line in self.lines:
            yield line[HEAD + 2 : line.index(b'"', HEAD + 2)].decode()

    def is_busy(self, scope: int) -> bool:
        """Say whether a part has a step here that keeps it open."""
        return any(not line.startswith(ARMED, HEAD) for line in self._of(scope))

    def _of(self, scope: int | None) -> Iterable[bytes]:
        if scope is None:
            return self.lines
        head = b"%08x" % scope
        return (line for line in self.lines if line.startswith(head, WIDTH))
