"""A message finds the one who waits for it; a signal finds everybody."""

from __future__ import annotations

import pytest

from benchmarks.counting import statements
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.run import throwing
from engine.run.commands import BroadcastSignal, CancelInstance, RetryIncident, SendMessage
from engine.run.outbox import MemoryCourier, send_letters
from tests.engine.run import draw
from tests.engine.run.world import ANNA, ROOT, World

ORDER = draw.declare(
    draw.process(
        "order",
        draw.start(),
        draw.node(
            "intermediateThrowEvent",
            "ask",
            draw.event("message", "asked"),
            key="no",
            out="street = street; no = no",
        ),
        draw.node("intermediateCatchEvent", "hear", draw.event("message", "answered"), key="no"),
        draw.script("keep", "answer = hear.text"),
        draw.end(),
        draw.flows("begin > ask", "ask > hear", "hear > keep", "keep > finish"),
    ),
    message="asked answered",
)
DESK = draw.declare(
    draw.process(
        "desk",
        draw.node("startEvent", "asked_for", draw.event("message", "asked")),
        draw.user("answer", unit='"SZ"'),
        draw.script("word", 'text = "ok " + asked_for.street'),
        draw.node(
            "endEvent",
            "tell",
            draw.event("message", "answered"),
            key="asked_for.no",
            out="text = text",
        ),
        draw.flows("asked_for > answer", "answer > word", "word > tell"),
        lanes={"dept": "asked_for answer word tell"},
    ),
    message="asked answered",
)
WAIT = draw.declare(
    draw.process(
        "wait",
        draw.start(),
        draw.node("intermediateCatchEvent", "hear", draw.event("message", "answered"), key="no"),
        draw.end(),
        draw.flows("begin > hear", "hear > finish"),
    ),
    message="answered",
)
EITHER = draw.declare(
    draw.process(
        "either",
        draw.start(),
        draw.node(
            "intermediateCatchEvent",
            "hear",
            draw.event("message", "answered"),
            draw.event("message", "refused"),
            draw.timer("PT1H"),
            key="no",
        ),
        draw.end(),
        draw.flows("begin > hear", "hear > finish"),
    ),
    message="answered refused",
)
ALARM = draw.declare(
    draw.process(
        "watch",
        draw.start(),
        draw.user("stand_by", unit='"SZ"'),
        draw.on("alarm", "stand_by", draw.event("signal", "flood")),
        draw.script("note", "level = alarm.level"),
        draw.end(),
        draw.end("gone"),
        draw.flows("begin > stand_by", "stand_by > finish", "alarm > note", "note > gone"),
        lanes={"dept": "begin stand_by alarm note finish gone"},
    ),
    signal="flood",
)
RELIEF = draw.declare(
    draw.process(
        "relief",
        draw.node("startEvent", "called", draw.event("signal", "flood")),
        draw.user("rescue", unit='"SZ"'),
        draw.end(),
        draw.flows("called > rescue", "rescue > finish"),
        lanes={"dept": "called rescue finish"},
    ),
    signal="flood",
)
WHISTLE = draw.declare(
    draw.process(
        "whistle",
        draw.start(),
        draw.node("endEvent", "blow", draw.event("signal", "flood"), out="level = level"),
        draw.flows("begin > blow"),
    ),
    signal="flood",
)
RINGING = draw.declare(
    draw.process(
        "ringing",
        draw.start(),
        draw.node(
            "subProcess",
            "each",
            "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3"
            "</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>",
            draw.start("go"),
            draw.node("endEvent", "ring", draw.event("signal", "bell")),
            draw.flows("go > ring"),
        ),
        draw.node(
            "subProcess",
            "hear",
            draw.node(
                "startEvent",
                "rung",
                draw.event("signal", "bell"),
                attrs='isInterrupting="false"',
            ),
            draw.script("count", "n = n + 1"),
            draw.flows("rung > count"),
            attrs='triggeredByEvent="true"',
        ),
        draw.end(),
        draw.flows("begin > each", "each > finish"),
    ),
    signal="bell",
)
LABELS = '[outcomes]\ndone = {zh = "办结", en = "Done"}\n'


def send(world: World, name: str, key: str | None = None, **data: object) -> None:
    world.engine.execute(SendMessage(name=name, key=key, data=data), ROOT)


def test_two_instances_talk(world: World) -> None:
    world.deploy("desk", desk__bpmn=DESK, labels__toml=LABELS)
    world.deploy("order", order__bpmn=ORDER)
    first = world.start("order", {"no": 1, "street": "QY"})
    second = world.start("order", {"no": 2, "street": "XY"})
    assert [row.key for row in world.subscriptions()] == ["1", "2"]

    later, earlier = reversed(world.items("answer"))
    world.complete("answer", id=later.id)
    assert world.instance(second).status == "completed"
    assert world.instance(first).status == "active"
    world.complete("answer", id=earlier.id)

    assert world.data(first)["answer"] == "ok QY"
    assert world.data(second)["answer"] == "ok XY"
    assert world.subscriptions() == []
    assert world.jobs() == []
    assert world.kinds(first).count("event.received") == 1


def test_what_comes_first_of_several_things_withdraws_the_others(world: World) -> None:
    world.deploy("either", either__bpmn=EITHER)
    told, late = (world.start("either", {"no": no}) for no in ("A1", "B2"))
    waits = [("A1", "answered"), ("A1", "refused"), ("B2", "answered"), ("B2", "refused")]
    assert sorted((row.key, row.name) for row in world.subscriptions()) == waits
    assert len(world.jobs()) == 2

    send(world, "refused", "A1", why="rain")
    assert world.instance(told).status == "completed"
    assert world.data(told)["hear"] == {"why": "rain"}
    assert [row.instance_id for row in world.jobs()] == [late]

    world.clock.forward(hours=1)
    world.worker.drain()
    assert world.instance(late).status == "completed"
    assert (world.subscriptions(), world.jobs()) == ([], [])


def test_a_key_finds_its_instance_and_the_oldest_comes_first(world: World) -> None:
    world.deploy("wait", wait__bpmn=WAIT)
    old, other, young = (world.start("wait", {"no": no}) for no in ("A1", "B2", "A1"))

    send(world, "answered", "A1")
    assert [world.instance(each).status for each in (old, other, young)] == [
        "completed",
        "active",
        "active",
    ]
    send(world, "answered", "A1")
    assert world.instance(young).status == "completed"
    with pytest.raises(NotFound) as refusal:
        send(world, "answered", "A1")
    assert refusal.value.code == "message.nobody_waits"
    assert world.instance(other).status == "active"


def test_a_wait_that_time_took_away_is_said_and_the_next_one_found(world: World) -> None:
    drawn = draw.process(
        "wait",
        draw.start(),
        draw.node("receiveTask", "hear", attrs='messageRef="answered"', key="no"),
        draw.boundary("late", "hear", "PT1H"),
        draw.end(),
        draw.flows("begin > hear", "hear > finish", "late > finish"),
    )
    world.deploy("wait", wait__bpmn=draw.declare(drawn, message="answered"))
    gone = world.start("wait", {"no": "A1"})
    world.clock.forward(hours=2)
    still = world.start("wait", {"no": "A1"})

    with pytest.raises(Conflict) as refusal:
        send(world, "answered", "A1")
    assert refusal.value.code == "message.receiver_gone"
    assert world.instance(gone).status == "completed", "what time did is kept"
    send(world, "answered", "A1", text="yes")
    assert world.data(still)["hear"] == {"text": "yes"}


def test_a_wait_without_a_key_takes_any(world: World) -> None:
    world.deploy("wait", wait__bpmn=WAIT.replace('name="key" value="no"', 'name="x" value="no"'))
    case = world.start("wait")
    send(world, "answered", "whatever", text="yes")
    assert world.instance(case).status == "completed"
    assert world.data(case)["hear"] == {"text": "yes"}


def test_a_message_starts_the_newest_version_only(world: World) -> None:
    world.deploy("desk", desk__bpmn=DESK, labels__toml=LABELS)
    newest = world.deploy(
        "desk",
        desk__bpmn=DESK.replace('"SZ"', '"CG"').replace("&quot;SZ&quot;", "&quot;CG&quot;"),
        labels__toml=LABELS,
    )
    answer = world.engine.execute(SendMessage(name="asked", data={"no": 7}), ROOT)
    (item,) = world.items("answer")
    assert str(item.instance_id) == answer["instance_id"]
    assert str(world.instance(item.instance_id).definition_id) == newest["definition_id"]
    assert item.unit == "CG"
    assert world.data(item.instance_id) == {"asked_for": {"no": 7}}


def test_what_only_a_message_starts_cannot_be_clicked(world: World) -> None:
    world.deploy("desk", desk__bpmn=DESK, labels__toml=LABELS)
    with pytest.raises(Invalid) as refusal:
        world.start("desk")
    assert refusal.value.code == "start.by_event"


def test_a_sub_process_hears_as_often_as_it_is_told(world: World) -> None:
    drawn = draw.process(
        "listen",
        draw.start(),
        draw.user("work", unit='"SZ"'),
        draw.end(),
        draw.node(
            "subProcess",
            "told",
            draw.node(
                "startEvent",
                "news",
                draw.event("message", "answered"),
                attrs='isInterrupting="false"',
                key="no",
            ),
            draw.script("count", "heard = heard + news.much"),
            draw.end("noted"),
            draw.flows("news > count", "count > noted"),
            attrs='triggeredByEvent="true"',
        ),
        draw.flows("begin > work", "work > finish"),
        lanes={"dept": "begin work finish"},
    )
    world.deploy(
        "listen", listen__bpmn=draw.declare(drawn, message="answered"), labels__toml=LABELS
    )
    case = world.start("listen", {"no": 5, "heard": 0})
    send(world, "answered", "5", much=1)
    send(world, "answered", "5", much=2)

    assert world.data(case)["heard"] == 3
    assert world.open_elements() == ["work"]
    world.complete("work")
    assert world.subscriptions() == []


def test_a_key_that_is_none_is_an_incident_and_can_be_mended(world: World) -> None:
    world.deploy("wait", wait__bpmn=WAIT)
    world.start("wait")
    assert [row.code for row in world.incidents()] == ["message.no_key"]
    assert world.subscriptions() == []


def test_a_message_thrown_too_early_is_tried_again(world: World) -> None:
    world.deploy("desk", desk__bpmn=DESK, labels__toml=LABELS)
    world.deploy("wait", wait__bpmn=WAIT)
    send(world, "asked", no="C3", street="QY")
    world.complete("answer")
    assert [row.kind for row in world.jobs()] == ["message"]

    case = world.start("wait", {"no": "C3"})
    world.worker.drain()

    assert world.instance(case).status == "completed"
    assert world.jobs() == []


def test_a_message_nobody_is_drawn_for_leaves_the_machine(world: World) -> None:
    world.deploy("desk", desk__bpmn=DESK, labels__toml=LABELS)
    send(world, "asked", no="C3", street="QY")
    world.complete("answer")

    courier = MemoryCourier()
    assert send_letters(world.engine, courier) == 1
    ((topic, said),) = courier.taken
    assert (topic, said["name"], said["key"]) == ("message", "answered", "C3")
    assert world.jobs() == []


def test_a_message_that_is_waited_for_in_vain_becomes_an_incident(world: World) -> None:
    world.deploy("desk", desk__bpmn=DESK, labels__toml=LABELS)
    world.deploy("wait", wait__bpmn=WAIT)
    send(world, "asked", no="C3", street="QY")
    world.complete("answer")
    for _attempt in range(5):
        world.clock.forward(minutes=2)
        world.worker.drain()
    (trouble,) = world.incidents()
    assert trouble.code == "message.nobody_waits"

    case = world.start("wait", {"no": "C3"})
    world.engine.execute(RetryIncident(incident_id=trouble.id), ROOT)
    world.worker.drain()
    assert world.instance(case).status == "completed"


def test_a_signal_reaches_all_three_and_starts_what_it_starts(world: World) -> None:
    world.deploy("watch", watch__bpmn=ALARM, labels__toml=LABELS)
    world.deploy("relief", relief__bpmn=RELIEF, labels__toml=LABELS)
    watches = [world.start("watch") for _each in range(3)]

    answer = world.engine.execute(BroadcastSignal(name="flood", data={"level": 2}), ROOT)

    assert answer == {"reached": 3, "started": 1}
    assert [world.instance(each).status for each in watches] == ["completed"] * 3
    assert [world.data(each)["level"] for each in watches] == [2, 2, 2]
    assert world.open_elements() == ["rescue"]
    assert world.subscriptions() == []


def test_a_thrown_signal_goes_through_the_house(world: World) -> None:
    world.deploy("watch", watch__bpmn=ALARM, labels__toml=LABELS)
    world.deploy("whistle", whistle__bpmn=WHISTLE)
    watches = [world.start("watch") for _each in range(2)]
    world.start("whistle", {"level": 3})
    assert [world.data(each)["level"] for each in watches] == [3, 3]


def test_a_signal_that_answers_itself_comes_to_rest(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throwing, "MOST_HOPS", 10)
    echo = draw.process(
        "echo",
        draw.node("startEvent", "called", draw.event("signal", "flood")),
        draw.node("endEvent", "again", draw.event("signal", "flood")),
        draw.flows("called > again"),
    )
    world.deploy("echo", echo__bpmn=draw.declare(echo, signal="flood"))
    world.engine.execute(BroadcastSignal(name="flood"), ROOT)
    world.worker.drain()

    assert [row.code for row in world.incidents()] == ["message.endless"]
    assert world.jobs() == []


def test_who_may_not_send_changes_nothing(world: World) -> None:
    world.deploy("wait", wait__bpmn=WAIT)
    case = world.start("wait", {"no": 1})
    for command in (SendMessage(name="answered", key="1"), BroadcastSignal(name="flood")):
        with pytest.raises(Forbidden):
            world.engine.execute(command, ANNA)
    assert world.instance(case).status == "active"


def test_a_cancelled_instance_waits_for_nothing(world: World) -> None:
    world.deploy("wait", wait__bpmn=WAIT)
    case = world.start("wait", {"no": 1})
    world.engine.execute(CancelInstance(instance_id=case), ROOT)
    assert world.subscriptions() == []


def test_a_message_costs_the_same_however_many_wait(world: World) -> None:
    world.deploy("wait", wait__bpmn=WAIT)
    counts = []
    for size in (2, 20):
        for n in range(size):
            world.start("wait", {"no": f"{size}-{n}"})
        with statements() as sent:
            send(world, "answered", f"{size}-1")
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_a_signal_plans_its_deliveries_in_one_statement(world: World) -> None:
    world.deploy("watch", watch__bpmn=ALARM, labels__toml=LABELS)
    counts = []
    for size in (21, 42):  # beyond what the sender itself delivers
        for _each in range(size):
            world.start("watch")
        with statements() as sent:
            world.engine.execute(BroadcastSignal(name="flood", data={"level": 1}), ROOT)
        counts.append(len([each for each in sent if each.startswith("INSERT INTO job")]))
        world.worker.drain()
    assert counts == [1, 1]


def test_a_signal_is_heard_before_the_part_that_threw_it_is_told_to_have_ended(
    world: World,
) -> None:
    world.deploy("ringing", ringing__bpmn=RINGING)
    rung = world.start("ringing", {"n": 0})
    assert (world.instance(rung).status, world.data(rung)["n"]) == ("completed", 3)
    assert (world.subscriptions(), world.jobs()) == ([], [])
