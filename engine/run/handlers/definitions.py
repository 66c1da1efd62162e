"""Deploying a folder: it is checked whole, then becomes an immutable version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import bindparam, func, insert, select

from engine import xml
from engine.bpmn.rules import Finding
from engine.db.tables import definition
from engine.errors import Invalid
from engine.i18n import _
from engine.run.commands import DeployFolder
from engine.run.examine import examine
from engine.run.folder import Folder, content_hash
from engine.run.handlers import starts
from engine.run.handlers.instances import require
from engine.run.plugins import Answer
from engine.spiff.build import BUILDER_VERSION

if TYPE_CHECKING:
    from engine.run.context import Context

PARTS = (".bpmn", ".form.json", "labels.toml", "about.md")
TABLE = ".dmn"
XML = (".bpmn", TABLE)
MOST_FILES, MOST_BYTES = 200, 4_000_000

KNOWN = select(definition.c.id, definition.c.version).where(
    definition.c.key == bindparam("key"), definition.c.hash == bindparam("hash")
)
LAST = select(func.max(definition.c.version)).where(definition.c.key == bindparam("key"))


def deploy_folder(context: Context, command: DeployFolder) -> Answer:
    """Deploy a process folder. One whose content was seen before changes nothing.

    Raises Invalid("definition.refused") with every finding in `details["findings"]`.
    """
    require(context, "definition.deploy", None)
    files = {name: text for name, text in texts(command.files).items() if name.endswith(PARTS)}
    digest = content_hash(files)
    seen = context.connection.execute(KNOWN, {"key": command.folder, "hash": digest}).one_or_none()
    if seen is not None:
        return answer(seen.id, command.folder, seen.version, new=False)
    folder = Folder(context.ids.new(), command.folder, 0, files)
    refuse(command.folder, examine(folder, context.plugins))

    last = context.connection.execute(LAST, {"key": command.folder}).scalar_one()
    version = (last or 0) + 1
    context.connection.execute(
        insert(definition),
        {
            "id": folder.id,
            "key": command.folder,
            "version": version,
            "hash": digest,
            "files": files,
            "builder": BUILDER_VERSION,
            "deployed_at": context.now,
            "deployed_by": deployer(context),
        },
    )
    starts.renew(context, folder)
    return answer(folder.id, command.folder, version, new=True)


def texts(files: Mapping[str, bytes]) -> dict[str, str]:
    """Read files within bounds: XML in the encoding it declares, all else as UTF-8."""
    if len(files) > MOST_FILES or sum(map(len, files.values())) > MOST_BYTES:
        raise Invalid(
            "definition.too_big",
            _("一个流程文件夹最多 {most} 个文件、4 MB，请拆分后再部署。", most=MOST_FILES),
        )
    try:
        return {name: text_of(name, data) for name, data in files.items()}
    except UnicodeDecodeError as error:
        raise Invalid(
            "definition.not_utf8", _("文件须为 UTF-8 编码，请另存为 UTF-8 后再部署。")
        ) from error


def text_of(name: str, data: bytes) -> str:
    """Read one file; XML says itself how it is encoded."""
    return xml.decode(data) if name.endswith(XML) else data.decode("utf-8-sig")


def refuse(key: str, findings: list[Finding]) -> None:
    """Refuse a folder that cannot run as drawn, with the first reason in the sentence."""
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        first = errors[0]
        raise Invalid(
            "definition.refused",
            _(
                "流程“{key}”不能部署：{element}：{reason}（共 {count} 处）",
                key=key,
                element=first.element,
                reason=first.text,
                count=len(errors),
            ),
            findings=errors,
        )


def deployer(context: Context) -> str:
    """Return who deploys, for the row."""
    return f"{context.actor.kind}:{context.actor.id or ''}"


def answer(definition_id: UUID, key: str, version: int, *, new: bool) -> Answer:
    """Return what a deployment came to."""
    return {"definition_id": str(definition_id), "key": key, "version": version, "new": new}
