"""What a step costs among few and among many, through the whole door on a SQLite file.

    python -m benchmarks.width [children]

Long rows, wide splits and many children (1,000, or as many as named) are walked by commands, commit
included. A unit is one step done, one branch done, one child started, or one child's work done and
told to its case. Times are medians; linear in total means a ratio of 1.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.sax.saxutils import quoteattr

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from engine.actor import SYSTEM
from engine.db.connect import Database
from engine.db.migrate import upgrade
from engine.db.tables import work_item
from engine.run.commands import CompleteWorkItem, DeployFolder, StartInstance
from engine.run.engine import Engine
from engine.run.plugins import Plugins
from engine.run.worker import Worker

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core" targetNamespace="urn:bench">'
)
WORDS = b'[outcomes]\ndone = {zh = "\xe5\x8a\x9e\xe7\xbb\x93", en = "Done"}\n'
STEP = re.compile('<(?:userTask|subProcess) id="([^"]+)"')
SAMPLE = 100
MANY = "<multiInstanceLoopCharacteristics />"


class Everyone:
    """Access for benches: all may all."""

    def may_act(self, *_asked: Any, **_how: Any) -> bool:
        """Allow."""
        return True


class House:
    """An engine on a database of its own, walked as the system."""

    def __init__(self, database: Database) -> None:
        self.engine = Engine(database, Plugins(access=Everyone()))
        self.worker = Worker(self.engine, name="bench")

    def deploy(self, key: str, nodes: Sequence[str], *flows: str) -> None:
        """Deploy a process."""
        drawn = "".join((*nodes, *map(flow, flows)))
        people = "".join(f"<flowNodeRef>{name}</flowNodeRef>" for name in STEP.findall(drawn))
        lanes = f'<laneSet id="lanes"><lane id="dept">{people}</lane></laneSet>'
        body = f'<process id="{key}" isExecutable="true">{lanes}{drawn}</process>'
        files = {f"{key}.bpmn": f"{HEAD}{body}</definitions>".encode(), "labels.toml": WORDS}
        self.engine.execute(DeployFolder(folder=key, files=files), SYSTEM)

    def start(self, key: str, **data: Any) -> UUID:
        """Start an instance."""
        command = StartInstance(definition=key, data=data)
        return UUID(self.engine.execute(command, SYSTEM)["instance_id"])

    def finish_one(self, root: UUID) -> float:
        """Do the oldest open step of a case and return its seconds."""
        oldest = sa.select(work_item.c.id).where(work_item.c.root_id == root)
        with self.engine.database.read() as connection:
            (item,) = connection.scalars(
                oldest.where(work_item.c.status == "open").order_by(work_item.c.id).limit(1)
            )
        begun = time.perf_counter()
        self.engine.execute(CompleteWorkItem(item_id=item, outcome="done", data={}), SYSTEM)
        return time.perf_counter() - begun


def node(kind: str, name: str, *inner: str, **properties: str) -> str:
    """Return a drawn node."""
    said = "".join(
        f"<s:property name={quoteattr(key)} value={quoteattr(text)} />"
        for key, text in properties.items()
    )
    more = f"<extensionElements><s:properties>{said}</s:properties></extensionElements>"
    body = (more if said else "") + "".join(inner)
    return f"<{kind} id={quoteattr(name)} name={quoteattr(name)}>{body}</{kind}>"


def flow(line: str) -> str:
    """Return a drawn flow, said as `a>b`."""
    source, target = line.split(">")
    return f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}" />'


def person(name: str) -> str:
    """Return a person's step."""
    return node("userTask", name, outcomes="done")


def row(house: House, count: int) -> float:
    """Return a step's cost where as many stand in a row."""
    names = [f"a{number}" for number in range(count)]
    nodes = [node("startEvent", "s"), *map(person, names), node("endEvent", "e")]
    chain = ["s", *names, "e"]
    house.deploy(f"row{count}", nodes, *(f"{a}>{b}" for a, b in pairwise(chain)))
    case = house.start(f"row{count}")
    return statistics.median(house.finish_one(case) for _step in range(count))


def branches(house: House, count: int) -> float:
    """Return a step's cost where as many branches are walked side by side and joined."""
    names = [f"a{number}" for number in range(count)]
    nodes = [node("startEvent", "s"), *map(person, names), node("endEvent", "e")]
    nodes += [node("parallelGateway", name) for name in ("f", "j")]
    ways = [f"f>{name}" for name in names] + [f"{name}>j" for name in names]
    house.deploy(f"wide{count}", nodes, "s>f", *ways, "j>e")
    case = house.start(f"wide{count}")
    return statistics.median(house.finish_one(case) for _step in range(count))


def children(house: House, count: int) -> tuple[float, float]:
    """Return what a child of as many costs to start, and to do its step and tell the case."""
    inner = (node("startEvent", "is"), person("a"), node("endEvent", "ie"))
    ways = (flow("is>a"), flow("a>ie"))
    sub = node("subProcess", "u", *inner, *ways, MANY, collection="units")
    key = f"many{count}"
    house.deploy(key, [node("startEvent", "s"), sub, node("endEvent", "e")], "s>u", "u>e")
    begun = time.perf_counter()
    case = house.start(key, units=list(range(count)))
    house.worker.drain()
    started = (time.perf_counter() - begun) / count
    return started, statistics.median(house.finish_one(case) for _child in range(SAMPLE))


def measured(house: House, many: int) -> Iterator[tuple[str, int, float, int, float]]:
    """Yield title, few, their seconds a unit, many, theirs."""
    for title, measure, short, long in (("step in a row of", row, 50, 500),):
        yield title, short, measure(house, short), long, measure(house, long)
    yield "step of parallel branches", 20, branches(house, 20), 200, branches(house, 200)
    few_started, few_done = children(house, SAMPLE)
    many_started, many_done = children(house, many)
    yield "a child started, of", SAMPLE, few_started, many, many_started
    yield "a child's work done and told, of", SAMPLE, few_done, many, many_done


def main(many: int = 1_000) -> None:
    """Measure on a fresh SQLite file."""
    table = Table("one unit", "few", "ms", "many", "ms", "ratio", title="few and many, sqlite")
    with tempfile.TemporaryDirectory() as home:
        database = Database(f"sqlite:///{Path(home) / 'bench.db'}")
        upgrade(database)
        for title, few, short, wide, long in measured(House(database), many):
            figures = (f"{short * 1e3:.2f}", f"{wide:,}", f"{long * 1e3:.2f}")
            table.add_row(title, f"{few:,}", *figures, f"{long / short:.2f}")
        database.close()
    Console().print(table)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
