"""What was typed into the search box: a number, words, or a phone. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from processes.privacy import normal_phone
from processes.words import fold, grams

LONGEST: Final = 100  # signs of a question; the rest is not read
NUMBER: Final = re.compile(r"[a-z0-9][\w.\-]*", re.ASCII)
LEAST_DIGITS: Final = 3  # of a number's end: fewer would find a tenth of all cases
PHONE: Final = re.compile(r"\+?[\d\s()\-]+", re.ASCII)
LEAST_PHONE: Final = 7  # digits of the shortest telephone number that people have


@dataclass(frozen=True)
class Asked:
    """A question. `words` are folded; `grams` are what the index holds of them."""

    words: tuple[str, ...]
    grams: frozenset[str]
    number: str  # a case number or its end, "" where it is none
    phone: str  # "" where it is none

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to look for: less than two signs, or punctuation only."""
        return not (self.grams or self.number or self.phone)


def read_question(text: str) -> Asked:
    """Return what a text asks for; it may be several things at once."""
    folded = fold(text[:LONGEST])
    words = tuple(folded.split(" ")) if folded else ()
    digits = re.sub(r"\D", "", folded)
    is_number = NUMBER.fullmatch(folded) and folded[-LEAST_DIGITS:].isdecimal()
    is_phone = PHONE.fullmatch(folded) and len(digits) >= LEAST_PHONE
    return Asked(
        words=words,
        grams=frozenset[str]().union(*map(grams, words)),
        number=folded.upper() if is_number and len(digits) >= LEAST_DIGITS else "",
        phone=normal_phone(folded) if is_phone else "",
    )
