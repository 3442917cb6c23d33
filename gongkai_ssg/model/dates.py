"""Dates as people type them, and spans of time such as ``5年`` and ``180d``."""

from __future__ import annotations

import re
from datetime import MAXYEAR, date, datetime, time, timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

from gongkai_ssg.model.schema import bad

_DATE = re.compile(
    r"(?P<y>\d{4})\s*(?:[-/.]|年)\s*(?P<m>\d{1,2})\s*(?:[-/.]|月)\s*(?P<d>\d{1,2})\s*日?"
    r"(?:[T\s]\s*(?P<H>\d{1,2})\s*[:时]\s*(?P<M>\d{1,2})\s*(?:[:分]\s*(?P<S>\d{1,2})\s*秒?)?分?)?"
)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９－／：．", "0123456789-/:.")


def parse_moment(text: str) -> datetime:
    """``2025-1-5``, ``2025年1月5日``, ``2025/01/05 09:30`` → that moment (midnight without a time).

    :raises PydanticCustomError: GK106 with ``value``.
    """
    match = _DATE.fullmatch(text.translate(_FULL_WIDTH).strip())
    if match is None:
        raise bad("GK106", value=text)
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        return datetime(year, month, day, hour, minute, second)
    except ValueError:
        raise bad("GK106", value=text) from None


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise bad("GK105", wanted="date")
    return parse_moment(value)


def _day(value: object) -> date:
    if type(value) is date:
        return value
    moment = _moment(value)
    if moment.time() != time.min:
        raise bad("GK106", value=str(value))
    return moment.date()


def write_moment(moment: datetime) -> str:
    """The day alone where no time was typed, so that a round trip changes nothing."""
    return moment.date().isoformat() if moment.time() == time.min else moment.isoformat(" ")


Day = Annotated[date, BeforeValidator(_day)]
"""A calendar day."""

Moment = Annotated[datetime, BeforeValidator(_moment), PlainSerializer(write_moment)]
"""A day with an optional time of day, in the time of Beijing."""


_YEARS = re.compile(r"(?:自?施行之日起)?(?P<n>\d{1,2}|[一二两三四五六七八九十])\s*年")
_AFTER = re.compile(r"自(?:发布|公布|印发|颁布)之日起(?:(?P<n>\d{1,3})日后)?(?:施行|实施|执行|生效)?")
_NUMERALS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}


def add_years(day: date, years: int) -> date:
    """The same day ``years`` later; 29 February becomes 28 February where there is none.

    :raises OverflowError: beyond the year 9999.
    """
    if day.year + years > MAXYEAR:
        raise OverflowError(f"year {day.year + years}")
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _effective(value: object) -> str:
    text = str(value) if isinstance(value, date) else value
    if not isinstance(text, str):
        raise bad("GK105", wanted="date")
    if _AFTER.fullmatch(text.strip()):
        return text.strip()
    return _day(text).isoformat()


def _expires(value: object) -> str:
    text = str(value) if isinstance(value, date) else value
    if not isinstance(text, str):
        raise bad("GK105", wanted="date")
    years = _YEARS.fullmatch(text.strip())
    if text.strip() == "长期" or (years and (years["n"] in _NUMERALS or int(years["n"]))):
        return text.strip()
    return _day(text).isoformat()


Effective = Annotated[str, BeforeValidator(_effective)]
"""An ISO day, ``自发布之日起`` or ``自发布之日起N日后``."""

Expires = Annotated[str, BeforeValidator(_expires)]
"""An ISO day (the last valid one), ``长期``, or a number of years such as ``5年``."""


def effective_day(effective: str | None, published: date) -> date | None:
    """The first valid day, or None where nothing was typed; ``published`` is what 发布之日 means.

    :raises OverflowError: beyond the year 9999.
    """
    if effective is None:
        return None
    match = _AFTER.fullmatch(effective)
    if match is None:
        return date.fromisoformat(effective)
    return published + timedelta(days=int(match["n"] or 0))


def last_valid_day(expires: str | None, start: date) -> date | None:
    """The last valid day, or None for 长期 and for nothing typed; ``5年`` counts from ``start``.

    :raises OverflowError: beyond the year 9999.
    """
    if expires is None or expires == "长期":
        return None
    match = _YEARS.fullmatch(expires)
    if match is None:
        return date.fromisoformat(expires)
    years = _NUMERALS.get(match["n"]) or int(match["n"])
    return add_years(start, years) - timedelta(days=1)


_SPAN = re.compile(r"(?P<n>\d{1,5})\s*(?P<unit>d|w|m|y|天|日|周|个月|月|年)")
_SPAN_DAYS = {"d": 1, "天": 1, "日": 1, "w": 7, "周": 7, "m": 30, "个月": 30, "月": 30, "y": 365, "年": 365}


def _span(value: object) -> int:
    if isinstance(value, int):
        return value
    match = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise bad("GK004", value=str(value), wanted="span")
    return int(match["n"]) * _SPAN_DAYS[match["unit"]]


Span = Annotated[int, BeforeValidator(_span)]
"""A length of time in days, typed like ``180d``, ``6m``, ``1y`` or ``90天``."""
