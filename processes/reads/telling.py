"""How each kind of event is told on the time line; a kind that is not here is not a line.

`token.moved` colours the diagram, `work_item.opened` and `sla.started` repeat what the entry before
them means, `child.ended` and `child.started` what the part itself says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from engine.bpmn.model import Node
from engine.i18n import Text, _
from processes.reads.answers import answers, local
from processes.reads.definitions import Drawn
from processes.reads.entries import Entry
from processes.reads.links import AWAY
from processes.reads.row import Row
from processes.reads.rows import Ruling
from processes.reads.rulings import in_words, ruling_of
from processes.reads.running import Running

SENT_BACK: Final = frozenset({"rework", "rehandle", "return", "object"})  # outcomes that undo
TONES: Final[Mapping[str, str]] = {
    "whistle_round": "raise",  # to a higher addressee
    "call_leaders": "raise",
    "alarm": "raise",
    "silent": "raise",
    "meet_clock": "done",
    "exclude_ratings": "info",
}
ADDRESSED: Final[Mapping[str, tuple[str, ...]]] = {
    "alarm": ("duty_leader",),
    "call_leaders": ("dept_leader", "dept_head"),
    "silent": ("supervisor",),
    "no_show": ("supervisor",),
}  # whom an operation tells that names nobody in the drawing
BLIND: Final = "blind"
TOLD_ELSEWHERE: Final = frozenset(
    {
        "extend_clock",
        "pause_clock",
        "resume_clock",
        "exempt_clock",
        "exempt_ended",
        "reckon",
        "lateness",
        "object",
    }
)  # by the clock's own entry, by the step that it follows from, or by what comes of it
OF_A_CLOCK: Final = ("due(", "warn(")


@dataclass(frozen=True)
class Line:
    """What a line says. `role` and `unit` are those that acted, where the event tells.

    `alone`: it happened by itself, whoever's step set it off.
    """

    tone: str
    title: str
    detail: str = ""
    role: str | None = None
    unit: str | None = None
    alone: bool = False
    ruling: Ruling | None = None


@dataclass(frozen=True)
class Story:
    """What telling needs to know besides the entry itself.

    `reached` are the elements that a token came to, with the instance it did so in.
    """

    case: Row
    run: Running
    units: Mapping[str, str]
    reached: frozenset[tuple[UUID, str]] = frozenset()

    def say(self, text: Text) -> str:
        """Return a sentence in the page's language."""
        return self.run.reader.say(text)

    def drawn(self, entry: Entry) -> Drawn:
        """Return the process an entry is about."""
        return self.run.drawn(entry.instance_id)

    def place(self, entry: Entry) -> Row:
        """Return the instance an entry is about."""
        return self.run.by_id[entry.instance_id]

    def step(self, entry: Entry) -> str:
        """Return the name of the element an entry is about."""
        return self.drawn(entry).name(entry.element)


Teller = Callable[[Story, Entry], Line | None]


def reported(story: Story, entry: Entry) -> Line:
    """Tell that a report was taken in."""
    reader = story.run.reader
    source = reader.word("sources", entry.data["source"])
    details = []
    if entry.data.get("photos"):
        details.append(story.say(_("附照片 {count} 张", count=len(entry.data["photos"]))))
    if entry.data.get("external_ref"):
        details.append(story.say(_("来源编号 {ref}", ref=entry.data["external_ref"])))
    title = story.say(_("上报：{source}", source=source))
    return Line("info", title, story.say(_("；")).join(details))


def linked(story: Story, entry: Entry) -> Line:
    """Tell that a case was said to stand in some way to another."""
    title = story.say(_("关联：{number}", number=entry.data["number"]))
    kind = story.say(AWAY[entry.data["link"]])
    details = [kind, *entry.words.values()]
    return Line("info", title, story.say(_("；")).join(details))


def classified(story: Story, entry: Entry) -> Line:
    """Tell under which filing condition a case was put."""
    words = entry.words.get("condition", entry.data["standard"])
    return Line("info", story.say(_("立案条件：{words}", words=words)))


def completed(story: Story, entry: Entry) -> Line:
    """Tell which outcome a person chose and what they wrote."""
    drawn, outcome = story.drawn(entry), entry.data["outcome"]
    step, chosen = drawn.name(entry.element), drawn.outcome(entry.element, outcome)
    told = step == chosen or len(drawn.buttons(entry.element or "")) == 1
    if about := story.run.about(entry.instance_id, entry.data.get("unit")):
        step = story.say(_("{step}（{unit}）", step=step, unit=about))
    title = step if told else story.say(_("{step}：{outcome}", step=step, outcome=chosen))
    if is_blind(story, entry):
        detail = story.say(_("双方都评完后公开"))
        return Line("done", title, detail, role=entry.data["role"], unit=entry.data.get("unit"))
    written = {**entry.data.get("form", {}), **entry.words}
    return Line(
        "warn" if outcome in SENT_BACK else "done",
        title,
        answers(story.run.reader, drawn.form(entry.element), written, units=story.units),
        role=entry.data["role"],
        unit=entry.data.get("unit"),
    )


def is_blind(story: Story, entry: Entry) -> bool:
    """Tell whether an answer is hidden from everyone until its `blind` element is reached."""
    node = story.drawn(entry).node(entry.element)
    until = node.properties.get(BLIND) if node else None
    return until is not None and (entry.instance_id, until) not in story.reached


def offered(story: Story, entry: Entry) -> Line:
    """Tell what a person did besides the steps, and what they wrote."""
    written = {**entry.data.get("form", {}), **entry.words}
    form = story.drawn(entry).form(entry.element)
    return Line(
        "raise",
        story.step(entry),
        answers(story.run.reader, form, written, units=story.units),
        role=entry.data["role"],
        unit=entry.data.get("unit"),
    )


def taken_away(story: Story, entry: Entry) -> Line:
    """Tell that a step is no longer waited for."""
    unit = story.place(entry).unit
    return Line("info", story.say(_("撤销待办：{step}", step=story.step(entry))), unit=unit)


def fired(story: Story, entry: Entry) -> Line | None:
    """Tell of a timer, unless it is bound to a clock, whose own entry says the same."""
    node = story.drawn(entry).node(entry.element)
    texts = [event.text for event in node.events] if node else []
    if any(text.startswith(OF_A_CLOCK) for text in texts):
        return None
    return Line("info", story.step(entry), unit=story.place(entry).unit)


def warned(story: Story, entry: Entry) -> Line:
    """Tell that most of a clock's time is used."""
    clock = story.run.clocks_by_id.get(entry.data["clock"])
    label = story.drawn(entry).word("clocks", entry.data["code"])
    due = local(clock.due_at.isoformat()) if clock else ""
    detail = story.say(_("{clock} {due} 到期", clock=label, due=due))
    return Line("warn", story.say(_("临期提醒")), detail, unit=clock.holder if clock else None)


def breached(story: Story, entry: Entry) -> Line:
    """Tell that a clock ran out."""
    clock = story.run.clocks_by_id.get(entry.data["clock"])
    label = story.drawn(entry).word("clocks", entry.data["code"])
    title = story.say(_("超期：{clock}", clock=label))
    return Line("bad", title, unit=clock.holder if clock else None)


def exempted(story: Story, entry: Entry) -> Line:
    """Tell that a breach was taken out of the figures."""
    clock = story.run.clocks_by_id.get(entry.data["clock"])
    drawn = story.run.drawn(clock.instance_id) if clock else story.drawn(entry)
    title = story.say(_("超时免责：{clock}", clock=drawn.word("clocks", entry.data["code"])))
    detail = story.say(_("超期的事实保留，不计入考核"))
    return Line("info", title, detail, unit=entry.data.get("holder"))


def started(story: Story, entry: Entry) -> Line | None:
    """Tell that a part began; of the case itself the report tells."""
    place = story.place(entry)
    if place.parent_id is None:
        return None
    step = story.run.drawn(place.parent_id).name(place.parent_element)
    return Line("raise", story.say(_("发起：{step}", step=step)), unit=place.unit)


def ended(story: Story, entry: Entry) -> Line | None:
    """Tell that a part, or the case, came to its drawn end."""
    place = story.place(entry)
    if place.parent_id is None:
        closed = story.case.closed_at
        told = closed is not None and closed < entry.at  # by the step that closed it
        return None if told else Line("done", story.run.reader.word("statuses", story.case.status))
    step = story.run.drawn(place.parent_id).name(place.parent_element)
    return Line("done", story.say(_("完成：{step}", step=step)), unit=place.unit, alone=True)


def cancelled(story: Story, entry: Entry) -> Line:
    """Tell that a part, or the case, was ended early, and why."""
    title = story.say(_("提前终止：{process}", process=story.drawn(entry).name(None)))
    return Line("bad", title, entry.words.get("reason", ""), unit=story.place(entry).unit)


def failed(story: Story, entry: Entry) -> Line:
    """Tell that a part, or the case, was ended by an error that nothing in it catches."""
    title = story.say(_("因错误结束：{process}", process=story.drawn(entry).name(None)))
    return Line("bad", title, entry.data["code"], unit=story.place(entry).unit)


def decided(story: Story, entry: Entry) -> Line:
    """Tell what a table answered."""
    ruling = ruling_of(entry)
    words = in_words(story.run.reader, ruling, story.units)
    return Line("info", story.step(entry), words, ruling=ruling)


def performed(story: Story, entry: Entry) -> Line | None:
    """Tell what the system did; a notice tells whom it went to. Of a script only its step is.

    What another line tells is not told twice.
    """
    if entry.element is None or entry.data["operation"] in TOLD_ELSEWHERE:
        return None
    node = story.drawn(entry).node(entry.element)
    drawn = parameter(node, "role")
    roles = (drawn,) if drawn else ADDRESSED.get(entry.data["operation"], ())
    told = story.say(_("、")).join(story.run.reader.word("roles", role) for role in roles)
    detail = story.say(_("已通知{role}", role=told)) if told else ""
    tone = TONES.get(entry.data["operation"], "warn")
    place = story.place(entry)
    return Line(tone, story.step(entry), detail, unit=place.unit if place.parent_id else None)


def refused(story: Story, entry: Entry) -> Line:
    """Tell that something could not be done, and the sentence that says why."""
    title = story.say(_("未能办成：{step}", step=story.step(entry)))
    return Line("warn", title, entry.words.get("cause", ""), unit=story.place(entry).unit)


def parameter(node: Node | None, name: str) -> str:
    """Return a parameter that is drawn as a plain text, "" for any other."""
    text = node.properties.get(f"param.{name}", "") if node else ""
    return text.strip("\"'") if text[:1] in ("'", '"') else ""


def stopped(story: Story, entry: Entry) -> Line:
    """Tell that something could not go on."""
    title = story.say(_("流程暂停：{step}", step=story.step(entry)))
    return Line("bad", title, entry.words.get("cause", ""), unit=story.place(entry).unit)


def resumed(story: Story, entry: Entry) -> Line:
    """Tell that it went on."""
    title = story.say(_("流程恢复：{step}", step=story.step(entry)))
    return Line("info", title, unit=story.place(entry).unit)


def handed_over(story: Story, entry: Entry) -> Line:
    """Tell that another unit goes on with what one had in hand."""
    before, after = entry.data["before"], entry.data["after"]
    names = {"before": story.units.get(before, before), "after": story.units.get(after, after)}
    return Line("info", story.say(_("移交：{before} → {after}", **names)), unit=after)


def paused(story: Story, entry: Entry) -> Line:
    """Tell that a clock rests, until when and why."""
    label = story.drawn(entry).word("clocks", entry.data["code"])
    title = story.say(
        _("缓办：{clock}，到 {until} 为止", clock=label, until=local(entry.data["until"]))
    )
    return Line("info", title, entry.words.get("reason", ""), unit=story.place(entry).unit)


def moved(story: Story, entry: Entry) -> Line:
    """Tell that a clock's due instant has moved: it went on, was extended or counted again."""
    titles = {
        "sla.resumed": _("恢复计时：{clock}"),
        "sla.extended": _("延期：{clock}"),
        "sla.recomputed": _("按现行工作日历重新计算：{clock}"),
    }
    label = story.drawn(entry).word("clocks", entry.data["code"])
    title = Text(titles[entry.kind].key, {"clock": label})
    detail = story.say(_("{clock} {due} 到期", clock=label, due=local(entry.data["due_at"])))
    return Line("info", story.say(title), detail, unit=story.place(entry).unit)


TELLERS: Final[Mapping[str, Teller]] = {
    "case.reported": reported,
    "case.linked": linked,
    "case.classified": classified,
    "work_item.completed": completed,
    "work_item.cancelled": taken_away,
    "offer.taken": offered,
    "timer.fired": fired,
    "sla.warned": warned,
    "sla.breached": breached,
    "sla.exempted": exempted,
    "sla.paused": paused,
    "sla.resumed": moved,
    "sla.extended": moved,
    "sla.recomputed": moved,
    "instance.started": started,
    "instance.completed": ended,
    "instance.cancelled": cancelled,
    "instance.failed": failed,
    "decision.made": decided,
    "operation.performed": performed,
    "operation.refused": refused,
    "incident.raised": stopped,
    "incident.resolved": resumed,
    "unit.handed_over": handed_over,
}
