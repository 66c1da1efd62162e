"""The stored form of an instance: a version byte, then lines of what cannot be rebuilt.

    [last token, ended, stopped, queued, patient, bytes of names]    JSON
    a line for each name of the outermost scope                       `names`
    a line for each step                                              `resting`

`stopped` is a list of [token, code, cause]. Nothing is unpacked before it is asked for, so that a
command pays for what it touches and not for what stands beside it.
"""

from __future__ import annotations

import orjson

from engine.errors import Broken
from engine.i18n import _
from engine.spiff import first_state
from engine.spiff.contract import Host
from engine.spiff.instance import Instance
from engine.spiff.names import Names
from engine.spiff.program import Program
from engine.spiff.resting import Resting, damaged
from engine.spiff.scopes import Scopes
from engine.spiff.snapshot import look, starved

SCHEMA = 2
UNREADABLE = (KeyError, IndexError, TypeError, ValueError, AttributeError)


def dump(instance: Instance) -> bytes:
    """Return the stored form of an instance, which is at rest then."""
    instance.rest()
    names = instance.scopes.outermost.stored
    head = [
        instance.last_token,
        instance.completed,
        [[token, code, cause] for token, (code, cause) in sorted(instance.stopped.items())],
        sorted(instance.queued),
        sorted(instance.patient),
        len(names),
    ]
    return b"%c%s%s\n%s" % (SCHEMA, orjson.dumps(head), names, b"\n".join(instance.resting.lines))


def load(program: Program, host: Host, state: bytes) -> Instance:
    """Rebuild an instance; its next steps are those it would have taken without being stored.

    Raises Broken `instance.state_unknown` for a schema version we do not know, and
    `instance.state_damaged` where state and program do not fit together.
    """
    if not state or state[0] not in (first_state.SCHEMA, SCHEMA):
        raise Broken("instance.state_unknown", _("流程状态的存储版本无法识别，请联系运维"))
    try:
        body = state[1:]
        if state[0] == first_state.SCHEMA:
            body = first_state.translate(program, host.shelf, body)
        return _rebuild(program, host, body)
    except UNREADABLE as error:
        raise damaged() from error


def _rebuild(program: Program, host: Host, body: bytes) -> Instance:
    first = body.partition(b"\n")[0]
    last_token, ended, stopped, queued, patient, size = orjson.loads(first)
    begin = len(first) + size
    names = Names(body[len(first) : begin], host.shelf.fetch)
    instance = Instance(program, host, Scopes(names), look=look)
    instance.last_token = last_token
    instance.completed = ended
    instance.stopped = {token: (code, cause) for token, code, cause in stopped}
    instance.queued, instance.patient = queued, set(patient)
    instance.resting = Resting(body[begin + 1 :].split(b"\n") if len(body) > begin + 1 else [])
    instance.open_steps = len(instance.resting)
    instance.starved = starved(instance)
    return instance
