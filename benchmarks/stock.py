"""The stock way: SpiffWorkflow's own parser, its JSON serializer, one row, load, run and save."""

from __future__ import annotations

import functools
import io
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import sqlalchemy as sa
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from benchmarks.work import drawing, walk

metadata = sa.MetaData()
table = sa.Table(
    "stock",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
)
LOAD = sa.select(table.c.body).where(table.c.id == sa.bindparam("b_id")).with_for_update()
SAVE = sa.update(table).where(table.c.id == sa.bindparam("b_id")).values(body=sa.bindparam("body"))


class Stock:
    """One client of the stock way on a database of its own opening."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        parser = BpmnParser()
        parser.add_bpmn_io(io.BytesIO(drawing(stock=True).encode()))
        self.spec = parser.get_spec("work")
        self.serializer = BpmnWorkflowSerializer()
        metadata.create_all(engine)

    def new(self) -> BpmnWorkflow:
        """Return a workflow that waits for its first step."""
        workflow = BpmnWorkflow(self.spec)
        workflow.do_engine_steps()
        return workflow

    def insert(self, workflow: BpmnWorkflow) -> UUID:
        """Store a workflow as a new row."""
        return self.keep(self.serializer.serialize_json(workflow))

    def keep(self, body: str) -> UUID:
        """Store what was serialized as a new row."""
        case = uuid4()
        with self.engine.begin() as connection:
            connection.execute(sa.insert(table), {"id": case, "body": body})
        return case

    def start(self) -> UUID:
        """Start a case and return its row."""
        return self.insert(self.new())

    def complete(self, case: UUID, element: str, outcome: str) -> None:
        """Finish a step: load, run, save, commit."""
        with self.engine.begin() as connection:
            stored = connection.execute(LOAD, {"b_id": case}).scalar_one()
            workflow = self.serializer.deserialize_json(stored)
            advance(workflow, element, outcome)
            body = self.serializer.serialize_json(workflow)
            connection.execute(SAVE, {"b_id": case, "body": body})


@functools.cache
def stock_body(rounds: int) -> str:
    """Return the stored body of a case that was sent back so often, open at its check.

    Walked in memory. Each join asks of each finished task whether it descends from the join, step
    by step up the tree: a minute and a half for a hundred rounds. Meanwhile the same is answered
    in a loop; what is timed later is the stock way as it is.
    """
    stock = Stock(sa.create_engine("sqlite://"))
    workflow = stock.new()
    with patch.object(Task, "is_descendant_of", descends):
        for element, outcome in walk(rounds - 1):
            advance(workflow, element, "back" if element == "check" else outcome)
    return str(stock.serializer.serialize_json(workflow))


def descends(task: Task, other: Task) -> bool:
    """Tell whether a task stands somewhere below another."""
    tasks, above = task.workflow.tasks, task._parent  # noqa: SLF001 - its id, without the task
    while above is not None and above != other.id:
        parent = tasks.get(above)
        above = None if parent is None else parent._parent  # noqa: SLF001
    return above is not None


def advance(workflow: Any, element: str, outcome: str) -> None:
    """Finish a step in memory."""
    (task,) = workflow.get_tasks(state=TaskState.READY, spec_name=element)
    task.data["outcome"] = outcome
    task.run()
    workflow.do_engine_steps()
