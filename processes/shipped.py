"""The folder `bpmn/`: what is deployed at start, and the labels all processes share.

In a checkout it stands beside the packages, in an installed wheel inside `engine/shipped`, as the
migrations do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import engine
from engine.errors import Broken
from engine.i18n import _
from engine.labels import Labels, read_labels

PACKAGE = Path(engine.__file__).parent
LABELS = "labels.toml"
TABLES = "tables"


@dataclass(frozen=True)
class Shipped:
    """The process folders that come with the product."""

    folder: Path

    @classmethod
    def find(cls) -> Shipped:
        """Find the folder. Raises Broken("installation.incomplete")."""
        for folder in (PACKAGE / "shipped" / "bpmn", PACKAGE.parent / "bpmn"):
            if (folder / LABELS).is_file():
                return cls(folder)
        missing = PACKAGE.parent / "bpmn" / LABELS
        raise Broken(
            "installation.incomplete",
            _("安装不完整：找不到 {folder}，请重新安装", folder=str(missing)),
        )

    @cached_property
    def labels(self) -> Labels:
        """The labels that all processes share: roles, statuses, categories."""
        return read_labels((self.folder / LABELS).read_text(encoding="utf-8"))

    def tables(self) -> dict[str, bytes]:
        """Return the shared decision tables by file name."""
        return contents(self.folder / TABLES)

    def processes(self) -> Iterator[tuple[str, dict[str, bytes]]]:
        """Yield the key and the files of each process folder."""
        for folder in sorted(self.folder.iterdir()):
            if folder.is_dir() and folder.name != TABLES and any(folder.glob("*.bpmn")):
                yield folder.name, contents(folder)


def shipped_mapping(name: str) -> Path:
    """Return a mapping file that comes with us. Raises Broken("installation.incomplete")."""
    for folder in (PACKAGE / "shipped" / "mappings", PACKAGE.parent / "mappings"):
        if (path := folder / f"{name}.toml").is_file():
            return path
    missing = PACKAGE.parent / "mappings" / f"{name}.toml"
    raise Broken(
        "installation.incomplete",
        _("安装不完整：找不到 {folder}，请重新安装", folder=str(missing)),
    )


def contents(folder: Path) -> dict[str, bytes]:
    """Return a folder's files by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
