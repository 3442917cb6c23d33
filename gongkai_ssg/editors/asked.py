"""What was typed: words, "phrases", -exclusions, and words for one field such as ``单位:财政局`` or ``日期:2025-06``."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field
from datetime import date

from gongkai_ssg.messages import text
from gongkai_ssg.search.analysis import units

FIELDS = {
    "title": "title", "标题": "title",
    "number": "numbers", "文号": "numbers", "索引号": "numbers", "发文字号": "numbers", "code": "numbers",
    "keyword": "keywords", "关键词": "keywords", "主题词": "keywords",
    "summary": "summary", "概述": "summary", "内容概述": "summary",
    "unit": "unit", "单位": "unit", "发布机构": "unit",
    "date": "date", "日期": "date", "发布日期": "date",
}  # fmt: skip
"""Names of fields → the field."""

_PART = re.compile(
    rf"""(?P<minus>[-－]?)(?:(?P<field>{"|".join(FIELDS)})[:：]\s*)?"""
    r"""(?:["“”](?P<phrase>[^"“”]*)["“”]?|(?P<word>[^\s"“”]+))""",
    re.IGNORECASE,
)
_DAY = re.compile(r"(\d{4})(?:[-年/.](\d{1,2})(?:[-月/.](\d{1,2})日?|月)?|年)?")
_UNTIL = re.compile(r"\.\.|~|至")


class Misread(ValueError):
    """What was typed can't be understood; the message says why."""


@dataclass(frozen=True, slots=True)
class Word:
    """Units that follow one another, somewhere or in one field."""

    units: tuple[str, ...]
    where: str | None = None
    typed: str = field(default="", compare=False)


@dataclass(slots=True)
class Asked:
    """A question: words that must stand in an item, words that must not, the days it may bear."""

    wanted: list[Word] = field(default_factory=list)
    unwanted: list[Word] = field(default_factory=list)
    first: date | None = None
    last: date | None = None


def read(typed: str) -> Asked:
    """Understand what was typed.

    :raises Misread: if nothing is left to look for, or a day is none or is excluded.
    """
    asked = Asked()
    for part in _PART.finditer(typed):
        content = part["phrase"] if part["phrase"] is not None else part["word"]
        where = FIELDS[part["field"].lower()] if part["field"] else None
        if where == "date":
            if part["minus"]:
                raise Misread(text("lookup.not_day", value=part[0]))
            first, last = _period(content)
            asked.first = max(filter(None, (asked.first, first)), default=None)
            asked.last = min(filter(None, (asked.last, last)), default=None)
            continue
        cut = tuple(units(content))
        if cut:
            (asked.unwanted if part["minus"] else asked.wanted).append(Word(cut, where, part[0].strip('"“”')))
    if not asked.wanted and asked.first is None and asked.last is None:
        raise Misread(text("lookup.nothing"))
    return asked


def _period(typed: str) -> tuple[date | None, date | None]:
    """``2025``, ``2025-06``, ``2025-06-30``, or two of these with ``..`` between them, one of which may be missing."""
    ends = _UNTIL.split(typed, maxsplit=1)
    spans = [_span(end) if end else (None, None) for end in (ends[0], ends[-1])]
    return spans[0][0], spans[1][1]


def _span(typed: str) -> tuple[date, date]:
    found = _DAY.fullmatch(typed)
    if found is None:
        raise Misread(text("lookup.day", value=typed))
    year, month, day = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    try:
        first = date(year, month or 1, day or 1)
        end_month = month or 12
        return first, date(year, end_month, day or calendar.monthrange(year, end_month)[1])
    except ValueError:
        raise Misread(text("lookup.day", value=typed)) from None
