"""The designer's desk: tables and processes, a table with its doubts, a process with its trials."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.errors import Conflict, Invalid, NotFound, ShaodaoError
from engine.i18n import Text, _
from engine.run.commands import DeployTables, WithdrawTable
from engine.sla.iso import ZONE
from processes.permissions import allowed
from processes.reads.definitions import Drawn
from processes.reads.deployed import DefinitionRow
from processes.reads.deployed import definitions as deployed_versions
from processes.reads.drawings import definition_page, drawings
from processes.reads.reader import Reader
from processes.reads.table_versions import MOST_ROWS, JudgedTable, table_page, tables
from web import reading
from web.drafts import NAME, judged_drafts, start_of
from web.errors import status_of
from web.here import actor, as_uuid, execute, locale, now
from web.pages.blueprint import page

REFUSED = "table.refused"
NOT_DEPLOYED = _("没有部署：有的情形答不上来，或者自相矛盾。请按下面所列改正后再部署。")


@page("/definitions", action="definition.read")
def definitions() -> str:
    """Show the tables, the form that checks and deploys one, and the newest processes."""
    with reading.reader() as reader:
        return render_template(
            "definitions.html",
            tables=tables(reader).rows,
            processes=[(row, main_drawing(reader, row).name(None)) for row in newest(reader)],
            may=manages(),
            today=now().astimezone(ZONE).date().isoformat(),
        )


@page("/definitions/<uuid:definition_id>", action="definition.read")
def definition(definition_id: UUID) -> str:
    """Show a version of a process as drawn, and what boundary trials walked on it."""
    with reading.reader() as reader:
        return render_template("definition.html", page=definition_page(reader, definition_id))


@page("/tables/<key>", action="definition.read")
def decision_table(key: str) -> str:
    """Show a version of a table with what is doubtful about it."""
    version = as_uuid(request.args.get("version", ""))
    first = request.args.get("first", 1, type=int)
    with reading.reader() as reader:
        found = table_page(reader, key, version_id=version, first=first)
    return table_shown(found)


@page("/tables", action="definition.deploy", methods=("POST",))
def send_table() -> Response | str | tuple[str, int]:
    """Check a draft or deploy it, now or for a day to come; refused, it is shown with its gaps."""
    sent = request.files.get("table")
    data = sent.read() if sent and sent.filename else b""
    try:
        if not data:
            raise Invalid("table.no_file", _("请选择决策表文件。"))
        start = start_of(request.form.get("effective_from", ""), now())
        if request.form.get("do") != "deploy":
            return draft_shown(data, start or now(), _("这是草稿，还没有部署。"))
        wanted = DeployTables(
            files={NAME: data}, effective_from=start, basis=request.form.get("basis", "")
        )
        answer = execute(wanted, key=request.form.get("key"))
    except Invalid as refusal:
        if refusal.code == REFUSED:
            return draft_shown(data, start or now(), NOT_DEPLOYED), status_of(refusal)
        return back(refusal)
    except ShaodaoError as refusal:
        return back(refusal)
    flash(sentence_of(answer["tables"]).to(locale()), "ok")
    return redirect(url_for("pages.definitions"), 303)


@page("/tables/withdraw", action="definition.deploy", methods=("POST",))
def withdraw_table() -> Response:
    """Take back a version that is not in force yet."""
    version = as_uuid(request.form.get("version", ""))
    try:
        if version is None:
            raise NotFound("table.no_version", _("没有决策表的这个版本。"))
        execute(WithdrawTable(version_id=version))
    except (Conflict, NotFound) as refusal:
        return back(refusal)
    flash(_("已撤下。").to(locale()), "ok")
    return redirect(url_for("pages.definitions"), 303)


def draft_shown(data: bytes, at: datetime, sentence: Text) -> str:
    """Return the page of a draft: its first doubtful table, else its first."""
    with reading.reader() as reader:
        found = judged_drafts(reader, data, at)
    doubtful = next((each for each in found if not each.ok), found[0])
    return table_shown(doubtful, sentence.to(locale()))


def table_shown(found: JudgedTable, sentence: str = "") -> str:
    """Return the page of a table; `sentence` says of a draft how it stands."""
    return render_template(
        "decision_table.html", page=found, sentence=sentence, may=manages(), most=MOST_ROWS
    )


def sentence_of(changed: list[str]) -> Text:
    """Say what deploying came to."""
    if not changed:
        return _("内容和当时生效的版本一样，没有改动。")
    return _("已部署：{tables}。", tables="、".join(changed))


def back(refusal: ShaodaoError) -> Response:
    """Go back to the list with why something was refused."""
    flash(refusal.sentence(locale()), "bad")
    return redirect(url_for("pages.definitions"), 303)


def newest(reader: Reader) -> list[DefinitionRow]:
    """Return the newest version of each process."""
    return [row for row in deployed_versions(reader.connection) if row.latest]


def main_drawing(reader: Reader, row: DefinitionRow) -> Drawn:
    """Return the main process of a version."""
    return drawings(reader, row)[0]


def manages() -> bool:
    """Tell whether the person may deploy."""
    return allowed(actor(), "definition.deploy")
