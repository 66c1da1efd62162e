"""Sentences in Chinese and English from one catalogue, for engine, command line and web alike.

The Chinese sentence is the message key; `locales/en/LC_MESSAGES/shaodao.po` holds the English.
`_("…{name}…", name=…)` makes a lazy text: it is put into a language when it is shown, not when it
is raised. Placeholders are filled by name and are never themselves translated unless they are
texts.
"""

from __future__ import annotations

import gettext
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

LOCALES = Path(__file__).parent / "locales"
DOMAIN = "shaodao"
LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Text:
    """A sentence that can be said in any of our languages."""

    key: str
    values: dict[str, Any] = field(default_factory=dict)

    def to(self, locale: str) -> str:
        """Return the sentence in `locale`; unknown languages read Chinese."""
        template = catalogue(locale).gettext(self.key)
        if not self.values:
            return template
        filled = {k: v.to(locale) if isinstance(v, Text) else v for k, v in self.values.items()}
        return template.format(**filled)

    def __str__(self) -> str:
        return self.to("zh")


def _(key: str, /, **values: Any) -> Text:
    """Mark a Chinese sentence for the catalogue and fill its placeholders later."""
    return Text(key, values)


@cache
def catalogue(locale: str) -> gettext.NullTranslations:
    """Return the catalogue of a language; Chinese is the source and needs none."""
    language = locale.replace("_", "-").split("-")[0].lower()
    if language not in LANGUAGES or language == "zh":
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, LOCALES, languages=[language], fallback=True)
