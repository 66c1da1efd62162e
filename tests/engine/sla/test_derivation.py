"""Why this deadline? In words to be read aloud, and as data whose sums are the deadline's own."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings

from engine.i18n import _
from engine.sla.calendar import standard
from engine.sla.derivation import derive
from engine.sla.due_at import whole
from engine.sla.limit import Counting, Limit, Unit
from tests.engine.sla.test_oracle import Story, stories
from tests.engine.sla.test_vectors import started


def said(limit: Limit, start: str, *more: tuple[str, str]) -> list[str]:
    derivation = derive(limit, standard(), started(start, *more))
    return [step.text.to("zh") for step in derivation.steps]


def test_a_rolling_day_over_a_make_up_saturday_reads_aloud() -> None:
    limit = Limit(1, Unit.WORK_DAY, source="《受理规定》第三条")
    assert said(limit, "2026-02-13 16:00") == [
        "时限：1 个工作日，滚动计算：只计工作时间，满 8 小时为一个工作日。",
        "依据：《受理规定》第三条。",
        "开始时间：2026 年 2 月 13 日（周五） 16:00。",
        "2026 年 2 月 13 日（周五） 16:00–18:00 计 2 小时，累计 2 小时。",
        "2026 年 2 月 14 日（周六） 08:00–12:00、14:00–16:00 计 6 小时，累计 8 小时。（春节调休上班）",
        "到期时间：2026 年 2 月 14 日（周六） 16:00。",
    ]


def test_natural_days_by_the_law_say_why_the_last_day_moved() -> None:
    told = said(Limit(7, Unit.NATURAL_DAY, Counting.LEGAL), "2026-09-26 10:00")
    assert told[2] == "2026 年 9 月 26 日（周六） 是开始当天，不计。"
    assert told[-4:] == [
        "2026 年 10 月 1 日（周四） 至 2026 年 10 月 3 日（周六） 是第 5 至 7 个自然日。（国庆节放假）",
        "2026 年 10 月 4 日（周日） 至 2026 年 10 月 7 日（周三） 是国庆节放假，不计。",
        "最后一天顺延到 2026 年 10 月 8 日（周四）。",
        "到期时间：2026 年 10 月 8 日（周四） 18:00。",
    ]


def test_pauses_and_extensions_stand_in_their_places() -> None:
    told = said(
        Limit(2, Unit.WORK_DAY, Counting.LEGAL),
        "2026-03-02 10:00",
        ("extended", "2026-03-02 15:00"),
        ("paused", "2026-03-03 09:00"),
        ("resumed", "2026-03-05 09:00"),
    )
    assert told[2:] == [
        "2026 年 3 月 2 日（周一） 15:00 批准延期，增加 2 个工作日。",
        "延期后的时限：4 个工作日。",
        "2026 年 3 月 2 日（周一） 是开始当天，不计。",
        "2026 年 3 月 3 日（周二） 09:00 到 2026 年 3 月 5 日（周四） 09:00 缓办，不计时。",
        "2026 年 3 月 3 日（周二） 是第 1 个工作日。",
        "2026 年 3 月 4 日（周三） 全天缓办，不计。",
        "2026 年 3 月 5 日（周四） 至 2026 年 3 月 6 日（周五） 是第 2 至 3 个工作日。",
        "2026 年 3 月 7 日（周六） 至 2026 年 3 月 8 日（周日） 是休息日，不计。",
        "2026 年 3 月 9 日（周一） 是第 4 个工作日。",
        "到期时间：2026 年 3 月 9 日（周一） 18:00。",
    ]


def test_a_clock_that_rests_and_one_beyond_the_notices_say_so() -> None:
    resting = said(Limit(1, Unit.WORK_DAY), "2026-03-02 10:00", ("paused", "2026-03-02 11:00"))
    assert "2026 年 3 月 2 日（周一） 11:00 起缓办，恢复后到期时间顺延。" in resting
    far = derive(
        Limit(6, Unit.WORK_DAY), standard(), started("2026-12-30 10:00"), table=_("第 7 版")
    )
    assert far.provisional
    assert far.steps[-1].text.to("zh") == "2027 年的放假安排尚未全部公布，这个结果是暂定的。"
    assert far.steps[1].text.to("zh") == "时限表：第 7 版。"


def test_as_data_every_instant_is_local_to_the_minute() -> None:
    data = derive(Limit(30, Unit.URGENT_HOUR), standard(), started("2026-12-30 10:00")).as_data()
    assert (data["start"], data["due"]) == ("2026-12-30T10:00", "2026-12-31T16:00")
    assert [(day["date"], day["minutes"]) for day in data["days"]] == [
        ("2026-12-30", 840),
        ("2026-12-31", 960),
    ]
    assert data["provisional"] is False
    assert "24:00" in data["steps"][2]["text"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stories())
def test_the_days_add_up_to_the_deadline(story: Story) -> None:
    calendar, spans = story.calendar(), story.spans()
    derivation = derive(story.limit, calendar, spans)
    assert derivation.due == story.expected()
    total = sum(day.minutes for day in derivation.days)
    counted = whole(story.limit, calendar, spans, due=derivation.due)
    assert timedelta(minutes=total) == counted
    if story.limit.by_days:
        numbers = [day.number for day in derivation.days if day.number]
        assert numbers == list(range(1, story.limit.value * (1 + story.extended) + 1))
    assert all(step.text.to("zh") for step in derivation.steps)
