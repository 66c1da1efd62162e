"""Deployed folders and tables, read once by id: a version never changes, so it is never stale."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from threading import Lock
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from engine.db.prepared import Prepared
from engine.db.tables import definition, table_version
from engine.decision import Table, read_dmn
from engine.errors import Broken, NotFound
from engine.i18n import _
from engine.run.folder import Folder

BY_ID = select(definition).where(definition.c.id == bindparam("id"))
LATEST = Prepared(
    select(definition.c.id)
    .where(definition.c.key == bindparam("key"))
    .order_by(definition.c.version.desc())
    .limit(1)
)
IN_FORCE = Prepared(
    select(table_version.c.id)
    .where(table_version.c.key == bindparam("key"))
    .where(table_version.c.effective_from <= bindparam("at"))
    .where(table_version.c.withdrawn_at.is_(None))
    .order_by(table_version.c.effective_from.desc(), table_version.c.deployed_at.desc())
    .limit(1)
)
BODY = select(table_version.c.body).where(table_version.c.id == bindparam("id"))


class Library:
    """The definitions and tables of one database, shared by its threads."""

    def __init__(self) -> None:
        self._folders: dict[UUID, Folder] = {}
        self._tables: dict[UUID, Mapping[str, Table]] = {}
        self._lock = Lock()

    def folder(self, connection: Connection, definition_id: UUID) -> Folder:
        """Return a deployed folder. Raises Broken("definition.missing")."""
        found = self._folders.get(definition_id)
        if found is None:
            row = connection.execute(BY_ID, {"id": definition_id}).one_or_none()
            if row is None:
                raise Broken(
                    "definition.missing",
                    _("这件事所用的流程版本不在数据库里，请联系管理员恢复。"),
                )
            found = Folder(row.id, row.key, row.version, row.files)
            with self._lock:
                found = self._folders.setdefault(definition_id, found)
        return found

    def latest(self, connection: Connection, key: str) -> Folder:
        """Return the newest version of a folder. Raises NotFound("definition.unknown")."""
        definition_id = LATEST.scalar(connection, {"key": key})
        if definition_id is None:
            raise NotFound("definition.unknown", _("没有部署名为“{key}”的流程。", key=key))
        return self.folder(connection, definition_id)

    def calling(self, connection: Connection, caller: Folder, called: str) -> tuple[Folder, str]:
        """Return folder and process of a call: the caller's own folder first, else the newest."""
        if caller.has(called):
            return caller, called
        folder = self.latest(connection, called)
        return folder, folder.main

    def table(self, connection: Connection, key: str, at: datetime) -> tuple[UUID, Table]:
        """Return the version of a table in force at an instant, and its id.

        Raises Broken("table.unknown") where there is none.
        """
        version = IN_FORCE.scalar(connection, {"key": key, "at": at})
        if version is None:
            raise Broken("table.unknown", _("没有生效的决策表“{key}”。", key=key))
        return version, self.version(connection, key, version)

    def version(self, connection: Connection, key: str, version: UUID) -> Table:
        """Return a version of a table by its id. Raises Broken("table.unknown")."""
        if version not in self._tables:
            body = connection.execute(BODY, {"id": version}).scalar_one_or_none()
            if body is None:
                raise Broken("table.unknown", _("没有生效的决策表“{key}”。", key=key))
            tables = {table.key: table for table in read_dmn(body.encode())}
            with self._lock:
                self._tables.setdefault(version, tables)
        return self._tables[version][key]
