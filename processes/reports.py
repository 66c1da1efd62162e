"""What a report must be before it can become a case: checks and tidying, pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta
from typing import Final

from engine.errors import Invalid
from engine.i18n import Text, _
from engine.sla.iso import shown

PRIORITY: Final = {"normal": 0, "urgent": 1, "danger": 2}
LONGEST_TITLE: Final = 40
LONGEST_DESCRIPTION: Final = 4000
LONGEST_WORD: Final = 200  # names, phones, addresses, references
EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)  # before it, a date is a typing error
CLOCK_SKEW: Final = timedelta(minutes=5)  # by how much a reporter's clock may be ahead of ours
LONGEST_REFERENCE: Final = 100
REFERENCE: Final = re.compile(r"[^\s\x00-\x1f\x7f\ud800-\udfff]{1,100}")
CATALOGUE_CODE: Final = re.compile(r"[\w.\-]{1,64}")
CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
SENTENCE_END: Final = re.compile(r"[。！？!?；;\n]")


def tidy(text: str) -> str:
    """Return a text without control characters and outer blanks; lines and tabs stay."""
    return CONTROL.sub("", text.replace("\r\n", "\n")).strip()


def title_of(description: str) -> str:
    """Return a title made of a description: its first sentence, at most 40 characters."""
    first = next(part for part in SENTENCE_END.split(description) if part.strip()).strip()
    return first if len(first) <= LONGEST_TITLE else first[: LONGEST_TITLE - 1] + "…"


def checked_description(text: str) -> str:
    """Return the description tidied; refuse none at all, and too much."""
    description = tidy(text)
    if not SENTENCE_END.sub("", description).strip():
        raise refusal("description", "case.description_empty", _("请写明发生了什么。"))
    if len(description) > LONGEST_DESCRIPTION:
        text_ = _("情况描述最多 {most} 个字，请删减。", most=LONGEST_DESCRIPTION)
        raise refusal("description", "case.description_too_long", text_)
    return description


def checked_word(name: str, text: str) -> str:
    """Return a short text tidied; refuse one that is too long for what it is."""
    word = tidy(text)
    if len(word) > LONGEST_WORD:
        too_long = _("这一项最多 {most} 个字，请删减。", most=LONGEST_WORD)
        raise refusal(name, "case.text_too_long", too_long)
    return word


def checked_code(name: str, code: str) -> str | None:
    """Return a code of the catalogue; nothing stays nothing. Refuse what is no code."""
    if not code:
        return None
    if not CATALOGUE_CODE.fullmatch(code):
        text = _("“{code}”不是标准目录里的代码，请重新选择。", code=shown(code))
        raise refusal(name, "case.code_malformed", text)
    return code


def check_joint(area: str, joint: str) -> None:
    """Refuse a boundary with oneself."""
    if joint == area:
        text = _("相邻区域不能和所在区域相同，请另选一个或留空。")
        raise refusal("joint_area", "case.joint_is_area", text)


def check_category(category: str, known: Collection[str]) -> None:
    """Refuse a category that the shared labels do not name."""
    if category not in known:
        text = _("没有名为“{category}”的问题类别，请重新选择。", category=shown(category))
        raise refusal("category", "case.category_unknown", text)


def check_reference(reference: str | None) -> None:
    """Refuse what is no number of a source: it stands in the trail as it is, so no text may."""
    if reference is not None and not REFERENCE.fullmatch(reference):
        text = _("来源编号应是不超过 {most} 个字符、不含空格的编号。", most=LONGEST_REFERENCE)
        raise refusal("external_ref", "case.reference_invalid", text)


def check_urgency(urgency: str) -> None:
    """Refuse an urgency that is none of ours."""
    if urgency not in PRIORITY:
        text = _("紧急程度只能是一般、紧急或危及生命，请重新选择。")
        raise refusal("urgency", "case.urgency_unknown", text)


def checked_instant(reported_at: datetime | None, now: datetime) -> datetime:
    """Return when it was reported, now where nobody says; refuse what cannot be."""
    if reported_at is None:
        return now
    if reported_at.tzinfo is None:
        raise refusal("reported_at", "case.reported_at_naive", _("上报时间缺少时区。"))
    edge = reported_at.year in (MINYEAR, MAXYEAR)  # beyond it, another zone has no date
    instant = reported_at.replace(tzinfo=UTC) if edge else reported_at.astimezone(UTC)
    if instant > now + CLOCK_SKEW:
        raise refusal("reported_at", "case.reported_in_future", _("上报时间不能晚于现在。"))
    if instant < EARLIEST:
        raise refusal("reported_at", "case.reported_too_early", _("上报时间早得不合理，请检查。"))
    return min(instant, now)


def refusal(name: str, code: str, text: Text) -> Invalid:
    """Say what is wrong with a field of a report."""
    return Invalid(code, text, fields={name: text})
