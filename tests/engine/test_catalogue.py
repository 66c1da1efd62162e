"""Every sentence is said in both languages: nothing is left behind."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from engine.i18n import LOCALES

TOP = Path(__file__).parents[2]
PERCENT = re.compile(r"%\((\w+)\)")


def said() -> set[str]:
    """Return every sentence in code and templates."""
    with (TOP / "babel.cfg").open() as config:
        methods, options = parse_mapping_cfg(config)
    found = set()
    for row in extract_from_dir(TOP, methods, options, directory_filter=ours):
        message = row[2]
        found.update(message if isinstance(message, tuple) else (message,))
    return found


def ours(folder: str) -> bool:
    relative = Path(folder).relative_to(TOP).parts
    return not relative or (
        relative[0] in ("engine", "processes", "web") and "node_modules" not in relative
    )


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    path = LOCALES / "en" / "LC_MESSAGES" / "shaodao.po"
    with path.open("rb") as lines:
        catalogue = read_po(lines)
    return {str(entry.id): str(entry.string or "") for entry in catalogue if entry.id}


def placeholders(text: str) -> set[str]:
    if "%(" in text:
        return set(PERCENT.findall(text))
    return {name for _text, name, _spec, _conv in string.Formatter().parse(text) if name}


def test_every_sentence_has_english(english: dict[str, str]) -> None:
    assert sorted(key for key in said() if not english.get(key)) == []


def test_english_fills_in_the_same_things(english: dict[str, str]) -> None:
    differing = {
        key: text for key, text in english.items() if placeholders(key) != placeholders(text)
    }
    assert differing == {}
