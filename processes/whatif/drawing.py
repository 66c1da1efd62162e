"""A draft drawing: which file of which deployed folder it takes the place of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection

from engine import xml
from engine.bpmn.read import read_diagram
from engine.db.tables import definition
from engine.errors import Invalid
from engine.i18n import _
from engine.run.folder import Folder
from engine.run.library import Library

DRAWING: Final = ".bpmn"
BESIDE: Final = ("labels.toml", ".form.json")
KEYS: Final = sa.select(definition.c.key).distinct().order_by(definition.c.key)

Files = Mapping[str, bytes]


def drawing_at(path: Path) -> Files:
    """Return a drawing's file with the labels and forms that stand beside it."""
    beside = (each for each in path.parent.iterdir() if each.name.endswith(BESIDE))
    return {each.name: each.read_bytes() for each in (path, *sorted(beside))}


@dataclass(frozen=True)
class DraftedFolder:
    """A folder as it would be with the draft in it."""

    key: str
    files: Files


def folders_with(connection: Connection, library: Library, handed: Files) -> list[DraftedFolder]:
    """Return every deployed folder in its newest version, one of them with the draft in it.

    Each drawing of `handed` takes the place of the file that draws a process of its own; labels
    and forms that of the file of their name. Raises Invalid("whatif.drawing_unknown").
    """
    folders = [library.latest(connection, key) for key in connection.scalars(KEYS)]
    drawings = {name: data for name, data in handed.items() if name.endswith(DRAWING)}
    replaced = {place_of(data, folders): data for data in drawings.values()}
    key = next((key for key, _name in replaced), "")
    beside = {name: data for name, data in handed.items() if name.endswith(BESIDE)}
    found = []
    for folder in folders:
        files = {name: text.encode() for name, text in folder.files.items()}
        files |= {name: data for (of, name), data in replaced.items() if of == folder.key}
        found.append(DraftedFolder(folder.key, files | beside if folder.key == key else files))
    return found


def place_of(data: bytes, folders: list[Folder]) -> tuple[str, str]:
    """Return the folder and the file that draw what a draft draws anew."""
    drawn = read_diagram(xml.decode(data).encode()).processes
    for folder in folders:
        for process in drawn:
            if process in folder.sources:
                return folder.key, folder.sources[process]
    sentence = _("没有正在使用的流程图画有“{process}”，草案无从替换。", process="、".join(drawn))
    raise Invalid("whatif.drawing_unknown", sentence)
