"""Words for the facts of a deadline, to be read aloud: dates, lengths, units."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from engine.i18n import Text, _
from engine.sla.iso import ZONE
from engine.sla.limit import Counting, Limit, Unit

WEEKDAYS = (
    _("周一"),
    _("周二"),
    _("周三"),
    _("周四"),
    _("周五"),
    _("周六"),
    _("周日"),
)

UNITS: Mapping[Unit, Text] = {
    Unit.URGENT_MINUTE: _("紧急分钟"),
    Unit.URGENT_HOUR: _("紧急工作时"),
    Unit.URGENT_DAY: _("紧急工作日"),
    Unit.NATURAL_DAY: _("自然日"),
    Unit.WORK_HOUR: _("工作时"),
    Unit.WORK_DAY: _("工作日"),
}


HOLIDAYS = {
    str(name): name
    for name in (
        _("元旦"),
        _("春节"),
        _("清明"),
        _("劳动节"),
        _("端午"),
        _("国庆节"),
        _("中秋"),
        _("中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日"),
    )
}


def name_words(name: str) -> Text | str:
    """Return the name of a special day; what an operator entered is said as it was written."""
    return HOLIDAYS.get(name, name)


def day_words(day: date) -> Text:
    """Return a date with its weekday."""
    return _(
        "{year} 年 {month} 月 {day} 日（{weekday}）",
        year=day.year,
        month=day.month,
        day=day.day,
        weekday=WEEKDAYS[day.weekday()],
    )


def instant_words(instant: datetime) -> Text:
    """Return an instant as people of Asia/Shanghai read it."""
    local = instant.astimezone(ZONE)
    return _("{day} {time}", day=day_words(local.date()), time=local.strftime("%H:%M"))


def length_words(minutes: int) -> Text:
    """Return a length of time in hours and minutes."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("{minutes} 分钟", minutes=rest)
    if not rest:
        return _("{hours} 小时", hours=hours)
    return _("{hours} 小时 {minutes} 分钟", hours=hours, minutes=rest)


def limit_words(limit: Limit, times: int = 1) -> Text:
    """Return a limit: "5 个工作日"."""
    return _("{value} 个{unit}", value=limit.value * times, unit=UNITS[limit.unit])


def counting_words(limit: Limit) -> Text:
    """Return in a clause how a limit is counted."""
    if limit.by_days:
        if limit.unit is Unit.WORK_DAY:
            return _("按法定方法：开始当天不计，只数工作日，到最后一天下班时为止")
        return _("按法定方法：开始当天不计，最后一天遇休息日顺延，到当天下班时为止")
    if limit.unit is Unit.WORK_DAY:
        return _("滚动计算：只计工作时间，满 8 小时为一个工作日")
    if limit.unit is Unit.WORK_HOUR:
        return _("只计工作时间")
    if limit.counting is Counting.LEGAL or limit.unit is not Unit.NATURAL_DAY:
        return _("连续计时，夜间和节假日都算")
    return _("滚动计算：满 24 小时为一天，夜间和节假日都算")
