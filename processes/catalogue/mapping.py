"""How an official catalogue becomes standards: one TOML file a city (docs/catalogue.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from engine.i18n import _
from engine.sla.limit import Unit
from processes.mapping import read_toml, wrong

COLUMNS: Final = (
    *("kind", "class_code", "class_name", "code", "name"),
    *("condition", "closing", "limit", "units"),
)
KINDS: Final = ("component", "event")


@dataclass(frozen=True)
class DispatchMapping:
    """How the words of the column of units become units.

    `units` are names or codes of the organisation by word; a word that begins as one of
    `territorial` means the street of the place, one that begins as one of `owner_unknown` whoever
    owns the thing. A word that is the name of a unit needs no entry.
    """

    units: Mapping[str, str]
    territorial: tuple[str, ...]
    owner_unknown: tuple[str, ...]


@dataclass(frozen=True)
class CatalogueMapping:
    """A whole mapping. `name` marks the rows it brings in; `source` is told with each limit.

    `units` says what the words of the file count, e.g. 天 as work_day; `columns` where a field
    stands; `classes` and `names` to which category of ours a class or a sub-class belongs;
    `dispatch` whose its units are, None where the import leaves the table `dispatch` alone.
    """

    name: str
    source: str
    units: Mapping[str, Unit]
    columns: Mapping[str, str]
    kinds: Mapping[str, str]
    classes: Mapping[str, str]
    names: Mapping[str, str]
    dispatch: DispatchMapping | None = None

    def category(self, class_name: str, name: str) -> str | None:
        """Return the category of a sub-class, None where the mapping says nothing."""
        return self.names.get(name) or self.classes.get(class_name)


def read_catalogue_mapping(path: Path) -> CatalogueMapping:
    """Read and check a mapping. Raises Invalid("mapping.missing") or ("mapping.wrong")."""
    raw = read_toml(path)
    try:
        return built(path, raw)
    except KeyError as error:
        raise wrong(path, _("缺少 {name}，或不认识它", name=error.args[0])) from error
    except (TypeError, AttributeError, ValueError) as error:
        raise wrong(path, _("有一节的写法不对，请对照 docs/catalogue.md")) from error


def built(path: Path, raw: Mapping[str, Any]) -> CatalogueMapping:
    """Build a mapping from its TOML."""
    categories = raw["categories"]
    mapping = CatalogueMapping(
        name=text(raw["name"]),
        source=text(raw["source"]),
        units={word: Unit(unit) for word, unit in raw["units"].items()},
        columns={field: text(raw["columns"][field]) for field in COLUMNS},
        kinds={word: text(kind) for word, kind in raw["kinds"].items()},
        classes=texts(categories.get("classes", {})),
        names=texts(categories.get("names", {})),
        dispatch=dispatch_of(raw["dispatch"]) if "dispatch" in raw else None,
    )
    if unknown := [kind for kind in mapping.kinds.values() if kind not in KINDS]:
        raise wrong(path, _("[kinds] 里不认识 {name}", name=unknown[0]))
    return mapping


def dispatch_of(raw: Mapping[str, Any]) -> DispatchMapping:
    """Build the section about units."""
    return DispatchMapping(
        units=texts(raw.get("units", {})),
        territorial=tuple(text(each) for each in raw["territorial"]),
        owner_unknown=tuple(text(each) for each in raw["owner_unknown"]),
    )


def text(value: Any) -> str:
    """Return a text. Raises TypeError for anything else, and for an empty one."""
    if not isinstance(value, str) or not value:
        raise TypeError(value)
    return value


def texts(table: Any) -> dict[str, str]:
    """Return a table of texts."""
    return {word: text(said) for word, said in table.items()}
