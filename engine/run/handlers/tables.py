"""Deploying decision tables, now or for a day to come, and taking back what is not yet in force."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update

from engine.bpmn.finding import Severity
from engine.db.tables import table_version
from engine.decision import Table, read_dmn
from engine.errors import Conflict, Invalid, NotFound
from engine.i18n import _
from engine.run.commands import DeployTables, WithdrawTable
from engine.run.examine_tables import Doubt, plain_example
from engine.run.folder import content_hash
from engine.run.handlers.definitions import TABLE, deployer, texts
from engine.run.handlers.instances import require
from engine.run.library import IN_FORCE
from engine.run.plugins import Answer

if TYPE_CHECKING:
    from engine.run.context import Context

Draft = tuple[Table, str]
"""A table, and the text of the file it was read from."""

MOST_BASIS = 200
EVER = select(table_version.c.id).where(
    table_version.c.key == bindparam("key"), table_version.c.hash == bindparam("hash")
)
HASH = select(table_version.c.hash).where(table_version.c.id == bindparam("id"))
BY_ID = select(table_version).where(table_version.c.id == bindparam("id"))
WITHDRAW = (
    update(table_version)
    .where(table_version.c.id == bindparam("version"))
    .values(withdrawn_at=bindparam("at"), withdrawn_by=bindparam("by"))
)


def deploy_tables(context: Context, command: DeployTables) -> Answer:
    """Deploy decision tables, in force from an instant on; unchanged ones stay as they are.

    The answer's `doubts` say what is doubtful about the new ones but does not refuse them.

    Raises Invalid("table.backdated", "table.basis", "table.refused"), the last with every finding
    in `details["findings"]`, and what reading the files raises.
    """
    require(context, "definition.deploy", None)
    start = starts_at(context, command.effective_from)
    if len(command.basis) > MOST_BASIS:
        raise Invalid("table.basis", _("依据最长 {most} 个字，请写短些。", most=MOST_BASIS))
    fresh = list(drafts(context, command, start))
    doubts = list(
        context.plugins.examine_tables(context, [table for table, _text in fresh], start)
        if fresh
        else ()
    )
    refuse_tables(doubts, {table.key for table, _text in fresh})

    made = [version(context, command, draft, start) for draft in fresh]
    if made:
        context.connection.execute(insert(table_version), made)
    return {
        "tables": [row["key"] for row in made],
        "versions": [str(row["id"]) for row in made],
        "effective_from": start.isoformat(),
        "doubts": [told(each) for each in doubts],
    }


def withdraw_table(context: Context, command: WithdrawTable) -> Answer:
    """Take back a version that is not in force yet; it stays in the list as withdrawn.

    Raises NotFound("table.no_version") and Conflict("table.in_force", "table.withdrawn").
    """
    require(context, "definition.deploy", None)
    row = context.connection.execute(BY_ID, {"id": command.version_id}).one_or_none()
    if row is None:
        raise NotFound("table.no_version", _("没有决策表的这个版本。"))
    if row.withdrawn_at is not None:
        raise Conflict("table.withdrawn", _("这个版本已经撤下了。"))
    if row.effective_from <= context.now:
        sentence = _("这个版本已经生效，撤不下来；请部署一个新的版本来代替它。")
        raise Conflict("table.in_force", sentence)

    context.connection.execute(
        WITHDRAW, {"version": row.id, "at": context.now, "by": deployer(context)}
    )
    return {"table": row.key, "version_id": str(row.id)}


def starts_at(context: Context, wanted: datetime | None) -> datetime:
    """Return from when on tables are to be in force. Raises Invalid("table.backdated")."""
    if wanted is not None and wanted < context.now:
        sentence = _("生效时间已经过去：已经作出的判定不能改写，请填现在以后的时间。")
        raise Invalid("table.backdated", sentence)
    return wanted or context.now


def drafts(context: Context, command: DeployTables, start: datetime) -> Iterator[Draft]:
    """Yield the tables in some files that would change what holds from `start` on."""
    for name, text in sorted(texts(command.files).items()):
        if not name.endswith(TABLE):
            continue
        for table in read_dmn(text.encode()):
            named = {"key": table.key, "hash": content_hash({table.key: text})}
            seen = context.connection.execute(EVER, named).first() is not None
            if seen and (command.only_new or holds(context, table.key, start) == named["hash"]):
                continue
            yield table, text


def holds(context: Context, key: str, at: datetime) -> str | None:
    """Return the hash of the version of a table that is in force at an instant."""
    version_id = IN_FORCE.scalar(context.connection, {"key": key, "at": at})
    found: str | None = context.connection.execute(HASH, {"id": version_id}).scalar()
    return found


def version(
    context: Context, command: DeployTables, draft: Draft, start: datetime
) -> dict[str, Any]:
    """Return the row of a new version."""
    table, text = draft
    return {
        "id": context.ids.new(),
        "key": table.key,
        "hash": content_hash({table.key: text}),
        "body": text,
        "effective_from": start,
        "deployed_at": context.now,
        "deployed_by": deployer(context),
        "basis": command.basis.strip(),
    }


def refuse_tables(doubts: Sequence[Doubt], keys: Collection[str]) -> None:
    """Refuse the tables `keys` where they or others beside them leave a case without its answer.

    The first finding stands in the sentence.
    """
    errors = [each for each in doubts if each.severity is Severity.ERROR]
    if not errors:
        return
    first = errors[0]
    told = {"table": first.element, "reason": first.text, "count": len(errors)}
    if first.element in keys:
        sentence = _("决策表“{table}”不能部署：{reason}（共 {count} 处）", **told)
    else:
        sentence = _("部署后现行的决策表“{table}”就答不全了：{reason}（共 {count} 处）", **told)
    raise Invalid("table.refused", sentence, findings=errors)


def told(doubt: Doubt) -> dict[str, Any]:
    """Return a doubt as an answer holds it: answers are kept as JSON."""
    return {
        "table": doubt.element,
        "code": doubt.code,
        "sentence": str(doubt.text),
        "rows": list(doubt.rows),
        "example": plain_example(doubt.example),
    }
