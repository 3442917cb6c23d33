"""An item as the index sees it: what is matched, what a hit shows, what it is filtered and ordered by."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gongkai_ssg.model.item import Item
    from gongkai_ssg.reading.record import Record

ITEM_END, SECTION_END, BREAK = "\x1c", "\x1d", "\x1e"
"""Marks in a packed text. No source can hold them: control characters are refused before anything is read."""

SECTIONS = 5
"""Title, numbers, keywords, summary, body."""

_TAG = re.compile(r"<[^>]*>")
_MARK = re.compile("[\x02\x03]\\d+\x04")
_CONTROL = re.compile("[\x00-\x1f]")
_SHOWN_SUMMARY = 34


@dataclass(frozen=True, slots=True)
class Entry:
    """One published item, but for what is matched of it.

    :param day: its date as days since 1970-01-01.
    :param summary: what a hit shows of it.
    :param status: 现行有效 and the like, on the day of the build; empty where the item is in no library.
    """

    code: str
    day: int
    unit: str
    category: str
    kind: str
    topic: str
    stage: str
    status: str
    title: str
    summary: str


def text_of(record: Record) -> bytes:
    """What is matched of an item as read.

    :raises ValueError: if the record holds no item.
    """
    item = record.item
    if item is None:
        raise ValueError(record.path)
    summary = "" if record.auto_summary else record.summary
    return pack(item.title, numbers_of(item), item.keywords, summary, record.body.html)


def numbers_of(item: Item) -> list[str]:
    """索引号, former ones and 文号 of an item."""
    number = item.doc_number
    return [item.code, *item.legacy_codes, *([number] if number and number != "无" else [])]


def bare_text(title: str, code: str) -> bytes:
    """What is matched of a notice whose time is over: only title and period remain of it."""
    return pack(title, [code], [], "", "")


def pack(title: str, numbers: Iterable[str], keywords: Iterable[str], summary: str, body_html: str) -> bytes:
    """What is matched, in UTF-16: one character of Chinese text is one array element later on.

    :param numbers: 文号, 索引号 and former 索引号.
    :param summary: the summary an editor wrote; empty where it was cut from the body.
    :param body_html: the body's fragment, link marks and all.
    """
    listed, words = (BREAK.join(map(_clean, each)) for each in (numbers, keywords))
    return _packed(_clean(title), listed, words, _clean(summary), visible(body_html))


def pack_body(text: str) -> bytes:
    """A body alone as :func:`pack` has it, from the text that a reader sees of it."""
    return _packed("", "", "", "", text)


def _packed(title: str, numbers: str, keywords: str, summary: str, body: str) -> bytes:
    return (SECTION_END.join((title, numbers, keywords, summary, body)) + ITEM_END).encode("utf-16-le", "surrogatepass")


def visible(fragment: str) -> str:
    """The text a reader sees of a body. Blocks stand on lines of their own already."""
    text = _TAG.sub("", fragment)
    if "&" in text:
        text = html.unescape(text)
    return _MARK.sub("", text) if "\x04" in text else text


def shown_summary(summary: str) -> str:
    """A summary cut to what a list of hits has room for."""
    summary = " ".join(summary.split())
    return summary if len(summary) <= _SHOWN_SUMMARY else summary[: _SHOWN_SUMMARY - 1] + "…"


def _clean(text: str) -> str:
    return text if text.isprintable() else _CONTROL.sub(" ", text)


def year_of(day: int) -> int:
    """The year of a day since 1970-01-01, by the civil calendar (proleptic, any sign)."""
    shifted = day + 719468
    era, rest = divmod(shifted, 146097)
    year_of_era = (rest - rest // 1460 + rest // 36524 - rest // 146096) // 365
    day_of_year = rest - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    return era * 400 + year_of_era + (1 if day_of_year >= 306 else 0)
