"""Many commands in one transaction: for replays, which move whole histories that nobody waits for.

Each command goes the same road as through `Engine.execute`, in a savepoint of its own, and its jobs
are done right after it. What a batch gives up is the commit after each command: all is kept
together at its end, or nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from engine.actor import SYSTEM, Actor
from engine.db.savepoint import savepoint
from engine.errors import Broken
from engine.i18n import _
from engine.run.attempt import Attempt, TakenBack
from engine.run.commands import Command, DoJob
from engine.run.plugins import Answer

if TYPE_CHECKING:
    from engine.run.engine import Engine

MOST_JOBS = 10_000  # that may follow from one command: a circle of calls ends somewhere


class Batch:
    """The door inside one open transaction: `with engine.batch() as batch`.

    `promised` are due times that somebody outside has given, by clock code: a clock started by the
    commands that follow is due then, whatever the table `limits` says.
    """

    def __init__(self, engine: Engine, connection: Connection) -> None:
        self.connection = connection
        self.promised: Mapping[str, datetime] = {}
        self.commands = 0
        self._engine = engine

    def execute(self, command: Command, actor: Actor) -> Answer:
        """Do a command and all jobs that follow from it, and return its answer.

        Raises a ShaodaoError where it is refused; then nothing has changed but what was overdue
        anyway, and the batch goes on.
        """
        attempt = self._alone(command, actor)
        queue = deque(attempt.jobs)
        done = 0
        while queue:
            done += 1
            if done > MOST_JOBS:
                raise Broken(
                    "batch.endless", _("一项操作引出的后续工作超过 {most} 件。", most=MOST_JOBS)
                )
            followed = self._alone(DoJob(job_id=queue.popleft().id), SYSTEM)
            if followed.refusal is not None:
                raise followed.refusal
            queue.extend(followed.jobs)
        if attempt.refusal is not None:
            raise attempt.refusal
        return attempt.answer

    def _alone(self, command: Command, actor: Actor) -> Attempt:
        """Do one command in a savepoint: an error takes only this one back."""
        self.commands += 1
        try:
            with savepoint(self.connection):
                return self._engine.attempt_on(
                    self.connection, command, actor, promised=self.promised
                )
        except TakenBack as back:
            return back.attempt
