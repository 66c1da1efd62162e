"""labels.toml: the words, in Chinese and English, for the codes that diagrams and tables use.

A file has sections (`[outcomes]`, `[statuses]`, …) of lines `code = {zh = "…", en = "…"}`. The
shared file bpmn/labels.toml is merged with a folder's own, which wins.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.errors import Invalid
from engine.i18n import Text, _

MAX_LENGTH = 200_000
LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Label(Text):
    """Words that a designer wrote in both languages; usable wherever a sentence is.

    `key` is the Chinese; without English the Chinese is shown.
    """

    en: str = ""

    def to(self, locale: str) -> str:
        """Return the words in a language; unknown languages read Chinese."""
        return self.en if self.en and locale.lower().startswith("en") else self.key


def read_label(written: Any) -> Label | None:
    """Return the label of `{"zh": …, "en": …}`, None where it is anything else."""
    if not isinstance(written, Mapping) or not set(written) <= set(LANGUAGES):
        return None
    words = [written.get(language, "") for language in LANGUAGES]
    if not all(isinstance(word, str) for word in words) or not words[0].strip():
        return None
    return Label(words[0].strip(), en=words[1].strip())


@dataclass(frozen=True)
class Labels:
    """Labels by section and code."""

    sections: Mapping[str, Mapping[str, Label]] = field(default_factory=dict)

    def of(self, section: str, code: str, locale: str = "zh") -> str:
        """Return the words for a code, or the code itself where nobody gave it any."""
        label = self.sections.get(section, {}).get(code)
        return label.to(locale) if label else code

    def has(self, section: str, code: str) -> bool:
        """Return whether a code has words."""
        return code in self.sections.get(section, {})

    def codes(self, section: str) -> tuple[str, ...]:
        """Return the codes of a section in the order written."""
        return tuple(self.sections.get(section, {}))

    def merge(self, own: Labels) -> Labels:
        """Return these shared labels with a folder's own laid over them."""
        names = dict.fromkeys([*self.sections, *own.sections])
        return Labels(
            {name: {**self.sections.get(name, {}), **own.sections.get(name, {})} for name in names}
        )


def read_labels(text: str) -> Labels:
    """Return the labels of a file. Raises Invalid("labels.malformed" or "labels.bad_entry")."""
    if len(text) > MAX_LENGTH:
        raise Invalid("labels.malformed", _("labels.toml 太长"))
    try:
        written = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"line (\d+)", str(error))
        sentence = _("labels.toml 第 {line} 行写法不对", line=line[1] if line else "?")
        raise Invalid("labels.malformed", sentence) from None
    return Labels({name: _section(name, entries) for name, entries in written.items()})


def _section(name: str, entries: Any) -> dict[str, Label]:
    if not isinstance(entries, Mapping):
        sentence = _("labels.toml 里的“{name}”不在任何一节 […] 里", name=name)
        raise Invalid("labels.bad_entry", sentence)
    found: dict[str, Label] = {}
    for code, entry in entries.items():
        label = read_label(entry)
        if label is None:
            sentence = _(
                "“{section}.{code}”要写成 {form}", section=name, code=code, form='{zh="…", en="…"}'
            )
            raise Invalid("labels.bad_entry", sentence)
        found[code] = label
    return found
