"""The door: every change goes through `Engine.execute`, one transaction each.

Human action, due timer, message, repair: a frozen command and an actor come in; either everything
the command means is committed, or one sentence comes back and nothing is left of it but what time
itself did.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.actor import SYSTEM, Actor
from engine.db.connect import Database
from engine.db.savepoint import savepoint
from engine.errors import Conflict, Invalid, ShaodaoError
from engine.i18n import _
from engine.ids import Ids, SystemIds
from engine.now import Clock, SystemClock
from engine.run import receipts
from engine.run.attempt import Attempt, TakenBack
from engine.run.batch import Batch
from engine.run.catch_up import catch_up
from engine.run.commands import CatchUp, Command, DoJob
from engine.run.context import Context
from engine.run.ground import surfaced
from engine.run.handlers import HANDLERS
from engine.run.library import Library
from engine.run.nudge import Nobody, Nudge
from engine.run.own_jobs import run_own_jobs
from engine.run.plugins import Answer, Handler, Plugins
from engine.run.rows import JobRow


class Engine:
    """The durable runtime on one database. Safe to share between threads."""

    def __init__(
        self,
        database: Database,
        plugins: Plugins,
        *,
        clock: Clock | None = None,
        ids: Ids | None = None,
        nudge: Nudge | None = None,
    ) -> None:
        self.database = database
        self.plugins = plugins
        self.clock = clock or SystemClock()
        self.ids = ids or SystemIds()
        self.nudge = nudge or Nobody()
        self.library = Library()
        self._handlers: Mapping[type[Command], Handler] = {
            **HANDLERS,
            **{kind: as_handler(handler) for kind, handler in plugins.handlers.items()},
        }

    def execute(
        self, command: Command, actor: Actor, *, key: str | None = None, bulk: bool = False
    ) -> Answer:
        """Do a command once and return its answer.

        `key` makes it idempotent for 24 hours per actor. `bulk` is for drains and imports, which
        step aside for people. Raises a ShaodaoError where it is refused; then nothing has changed
        but what was overdue anyway. Jobs the command has written are run before this returns (at
        most 20, at most 500 ms), so that a person sees the effect of the click.
        """
        handler = self._handler(command)
        if key is not None:
            receipts.check_key(key)
        if handler.before is not None:
            with self.database.read() as connection:
                handler.before(self.context(connection, actor), command)
        attempt = self.database.retry(
            lambda: self._attempt(command, actor, handler, key=key, bulk=bulk)
        )
        run_own_jobs(self, attempt.jobs, bulk=bulk)
        if attempt.refusal is not None:
            raise attempt.refusal
        return attempt.answer

    @contextmanager
    def batch(self) -> Iterator[Batch]:
        """Open one transaction for many commands, committed at the end (engine/run/batch.py).

        What loses a race leaves as `Busy` with nothing kept: let `database.retry` run it again.
        """
        with self.database.write(bulk=True) as connection:
            yield Batch(self, connection)

    def attempt_on(
        self,
        connection: Any,
        command: Command,
        actor: Actor,
        *,
        promised: Mapping[str, datetime],
    ) -> Attempt:
        """Do a command inside a batch's transaction, in a savepoint of its own, without a receipt.

        Raises TakenBack where it is refused and the savepoint holds nothing to keep.
        """
        handler = self._handler(command)
        context = self.context(connection, actor)
        context.promised = promised
        if handler.before is not None:
            handler.before(context, command)
        return self._within(context, command, handler, key=None, alone=True)

    def _handler(self, command: Command) -> Handler:
        """Return how a command is done. Raises Invalid("command.unknown")."""
        handler = self._handlers.get(type(command))
        if handler is None:
            raise Invalid("command.unknown", _("系统不认识这项操作，请升级后再试。"))
        return handler

    def do_job(self, command: DoJob, *, bulk: bool) -> list[JobRow]:
        """Do one job and return the jobs it has written, for the caller's queue."""
        handler = self._handlers[DoJob]
        attempt = self.database.retry(lambda: self._attempt(command, SYSTEM, handler, bulk=bulk))
        if attempt.refusal is not None:
            raise attempt.refusal
        return attempt.jobs

    def _attempt(
        self,
        command: Command,
        actor: Actor,
        handler: Handler,
        *,
        key: str | None = None,
        bulk: bool = False,
    ) -> Attempt:
        """Run one transaction: the receipt if there is one, else the command."""
        try:
            with self.database.write(bulk=bulk) as connection:
                context = self.context(connection, actor)
                if key is not None:
                    kept = receipts.find(connection, actor, key, command, context.now)
                    if kept is not None:
                        return Attempt(answer=kept)
                return self._within(context, command, handler, key=key, alone=True)
        except TakenBack as back:
            return self._answered_meanwhile(back.attempt, command, actor, key)

    def _answered_meanwhile(
        self, attempt: Attempt, command: Command, actor: Actor, key: str | None
    ) -> Attempt:
        """Give the answer of a twin, where the same click came twice and the other was faster."""
        if key is None:
            return attempt
        with self.database.write() as connection:
            kept = receipts.find(connection, actor, key, command, self.clock.now())
        return attempt if kept is None else Attempt(answer=kept)

    @surfaced()
    def _within(
        self,
        context: Context,
        command: Command,
        handler: Handler,
        *,
        key: str | None,
        alone: bool = False,
    ) -> Attempt:
        """Do a command in an open transaction: lock, catch up, savepoint, handler, write.

        `alone` in its transaction, or savepoint, it needs none of its own where time has done
        nothing that a refusal would have to keep. Raises TakenBack for such a refusal.
        """
        attempt, connection = Attempt(), context.connection
        happened, settled = self._time_first(context, command, handler)
        attempt.jobs = list(context.own_jobs)
        alone = alone and not happened
        try:
            with nullcontext() if alone else savepoint(connection):
                if not settled and not isinstance(command, CatchUp):
                    raise Conflict(
                        "instance.catching_up",
                        _("这件事积压的到期事项正在补办，请稍候几秒再提交。"),
                    )
                attempt.answer = handler.run(context, command)
                context.flush()
                self._keep_receipt(context, command, key, attempt.answer)
        except ShaodaoError as refusal:
            if alone:
                raise TakenBack(Attempt(refusal=refusal)) from None
            twin = key and receipts.find(connection, context.actor, key, command, context.now)
            if isinstance(twin, dict):  # the same click came twice, the other was faster
                attempt.answer = twin
            else:
                attempt.refusal = refusal
        else:
            attempt.jobs = list(context.own_jobs)
        return attempt

    def _keep_receipt(
        self, context: Context, command: Command, key: str | None, answer: Answer
    ) -> None:
        """Keep an accepted answer, where the command came with a key."""
        if key is None:
            return
        receipts.keep(
            context.connection, context.actor, key, command, answer=answer, now=context.now
        )

    def _time_first(
        self, context: Context, command: Command, handler: Handler
    ) -> tuple[bool, bool]:
        """Lock the instance a command is about and let what is overdue on it happen.

        Return (anything happened, nothing overdue remains).
        """
        instance_id: UUID | None = handler.locate(context, command) if handler.locate else None
        if instance_id is None:
            return False, True
        work = context.open(instance_id)
        happened, settled = catch_up(context, work)
        if happened:
            context.flush()
        return happened, settled

    def context(self, connection: Any, actor: Actor) -> Context:
        """Return a fresh context on a transaction, its instant read once."""
        return Context(
            connection=connection,
            now=self.clock.now(),
            actor=actor,
            ids=self.ids,
            plugins=self.plugins,
            library=self.library,
        )


def as_handler(handler: Any) -> Handler:
    """Accept a plain function where a command is on no running instance."""
    if isinstance(handler, Handler):
        return handler
    return Handler(run=handler)
