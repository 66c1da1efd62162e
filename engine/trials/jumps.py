"""How time jumps across a clock: what each kind of trial does before the laws are asked.

A jump is a list of moves. The laws say what is right at every instant, so a jump only has to bring
the case to the instants at which a mistake would show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from engine.errors import ShaodaoError
from engine.i18n import _
from engine.run.clocks import FIXED
from engine.run.rows import TIMER
from engine.sla.limit import read_limit
from engine.trials.acts import DO, Act, Acts, play
from engine.trials.laws import Breach
from engine.trials.pausing import Pause
from engine.trials.stage import Row, Stage

EDGE: Final = timedelta(seconds=1)
LONG: Final = timedelta(days=3)
MOST_STEPS: Final = 80
ORDINARY: Final = "ordinary"

BEGINNINGS: Final[Mapping[str, datetime]] = {
    ORDINARY: datetime(2026, 3, 2, 1, tzinfo=UTC),  # a Monday, nine in Shanghai
    "night": datetime(2026, 3, 4, 9, 30, tzinfo=UTC),  # half past five in the afternoon
    "weekend": datetime(2026, 3, 6, 9, tzinfo=UTC),  # a Friday, five in the afternoon
    "make_up": datetime(2026, 2, 13, 8, tzinfo=UTC),  # Saturday is worked, then Spring Festival
}
"""When a case begins, so that its clocks cross what their name says."""


@dataclass(frozen=True)
class Jump:
    """A kind of trial: when the case begins and what is done with the clock."""

    name: str
    beginning: str
    do: Callable[[Stage, Row], Iterator[Breach]]


def to(what: str, offset: timedelta) -> Callable[[Stage, Row], Iterator[Breach]]:
    """Return a jump to an instant beside a clock's warning or due time."""

    def jump(stage: Stage, clock: Row) -> Iterator[Breach]:
        stage.advance(getattr(clock, f"{what}_at") + offset)
        yield from ()

    return jump


def ladder(stage: Stage, clock: Row) -> Iterator[Breach]:
    """Stop just before and at each rung; the caller's laws are asked at the last."""
    for instant in (clock.warn_at, clock.due_at):
        stage.advance(instant - EDGE)
        yield from told_wrong(stage, clock, instant - EDGE)
        stage.advance(instant)
        yield from told_wrong(stage, clock, instant)


def told_wrong(stage: Stage, clock: Row, at: datetime) -> Iterator[Breach]:
    """Yield where a clock that still runs tells another story than the instant."""
    row = stage.clock_row(clock.id)
    if row.status != "running":
        return
    if (row.warned_at is not None) != (at >= row.warn_at):
        yield Breach("clock.in_time", _("{at} 的预警状态不对", at=at.isoformat()))
    if (row.breached_at is not None) != (at >= row.due_at):
        yield Breach("clock.in_time", _("{at} 的逾期状态不对", at=at.isoformat()))


def in_time(stage: Stage, clock: Row) -> Iterator[Breach]:
    """A person is done a second before due while the worker is down; it comes back much later."""
    stage.clock.set(clock.due_at - EDGE)
    if done_by_hand(stage, clock):
        row = stage.clock_row(clock.id)
        if row.status == "met" and row.breached_at is not None:
            yield Breach("clock.met", _("到期前办结，却记为逾期"))
    stage.advance(clock.due_at + LONG)


def too_late(stage: Stage, clock: Row) -> Iterator[Breach]:
    """A person is done exactly at due while the worker is down: time comes first."""
    stage.clock.set(clock.due_at)
    done_by_hand(stage, clock)
    row = stage.clock_row(clock.id)
    if row.status == "met" and row.breached_at is None and row.stopped_at >= row.due_at:
        yield Breach("clock.met", _("到期时刻才办结，却记为按时"))
    stage.drain()


def pause(stage: Stage, clock: Row) -> Iterator[Breach]:
    """The clock rests for days halfway to its warning, then goes on.

    An urgent one may not rest, nor one whose hour was agreed.
    """
    halfway = clock.started_at + (clock.warn_at - clock.started_at) / 2
    stage.advance(halfway)
    if stage.clock_row(clock.id).status != "running":
        return
    until = stage.clock.now() + LONG
    command = Pause(instance_id=clock.instance_id, code=clock.code, until=until.isoformat())
    try:
        stage.execute(command)
    except ShaodaoError as refusal:
        if refusal.code != must_refuse(clock):
            yield Breach("pause.refused", refusal.text)
        return
    if must_refuse(clock):
        yield Breach("pause.urgent", _("紧急时限竟可缓办"))
    stage.advance(until - EDGE)
    if stage.clock_row(clock.id).status == "paused":
        stage.advance(until)
        yield from ladder(stage, stage.clock_row(clock.id))


def must_refuse(clock: Row) -> str:
    """Return the code by which a pause of a clock is refused, "" where it may rest."""
    if clock.rule.get("rule") == FIXED:
        return "clock.fixed"
    return "clock.urgent_not_paused" if read_limit(clock.rule).is_urgent else ""


def outage(stage: Stage, clock: Row) -> Iterator[Breach]:
    """The worker is down until long after due; what it then makes up for tells the same story."""
    kept, until = stage.keep(), clock.due_at + LONG
    while (due := next_timer(stage)) is not None and due <= until:
        stage.advance(due)
    stage.advance(until)
    punctual = stage.story()
    stage.put_back(kept)
    stage.advance(until)
    late = stage.story()
    for entry in sorted(punctual ^ late)[:1]:
        yield Breach("outage.same", _("停机前后不一致：{entry}", entry=" ".join(map(str, entry))))


def next_timer(stage: Stage) -> datetime | None:
    """Return when the next thing comes due by itself after now."""
    now = stage.clock.now()
    return next((row.due_at for row in stage.look().timers if row.due_at > now), None)


def to_the_end(stage: Stage, clock: Row) -> Iterator[Breach]:  # noqa: ARG001
    """People go on with each step's first outcome, timers come due, until the drawn end."""
    acts = Acts(stage.folder)
    tried: dict[Act, int] = {}
    for _step in range(MOST_STEPS):
        if stage.root().status != "active":
            return
        possible = sorted(
            acts.possible(stage.look()), key=lambda act: (tried.get(act, 0), act.kind)
        )
        if not possible:
            break
        tried[possible[0]] = tried.get(possible[0], 0) + 1
        play(stage, possible[0])
    if stage.root().status == "active" and not stage.look().items and not armed(stage):
        yield Breach("end.stuck", _("没有人能办、也没有定时器在等，事情却没有结束"))


def armed(stage: Stage) -> bool:
    """Tell whether a drawn timer, or an offer, is still to come."""
    standing = stage.look()
    return bool(standing.offers) or any(row.kind == TIMER for row in standing.timers)


def done_by_hand(stage: Stage, clock: Row) -> bool:
    """Complete the step that a clock runs on, if it is one, without letting the worker in."""
    here = (clock.instance_id, clock.token)
    for row in stage.look().items:
        if (row.instance_id, row.token) == here:
            acts = Acts(stage.folder).possible(stage.look())
            act = next(a for a in acts if a.kind == DO and a.element == row.element)
            return play(stage, act, drain=False)
    return False


JUMPS: Final = (
    Jump("before_warn", ORDINARY, to("warn", -EDGE)),
    Jump("at_due", ORDINARY, to("due", timedelta(0))),
    Jump("in_time", ORDINARY, in_time),
    Jump("weekend", "weekend", ladder),
    Jump("outage", ORDINARY, outage),
    Jump("make_up", "make_up", ladder),
    Jump("pause", ORDINARY, pause),
    Jump("too_late", ORDINARY, too_late),
    Jump("night", "night", ladder),
    Jump("at_warn", ORDINARY, to("warn", timedelta(0))),
    Jump("before_due", ORDINARY, to("due", -EDGE)),
    Jump("after_warn", ORDINARY, to("warn", EDGE)),
    Jump("after_due", ORDINARY, to("due", EDGE)),
    Jump("to_the_end", ORDINARY, to_the_end),
)
"""Every jump; those first in line that the others do not stand for."""
