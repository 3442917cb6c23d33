"""Validity of a normative document on a day, from its own dates and from what others do to it.

The algebra: 废止 from ``repealed``, or from the day a whole repeal or replacement takes effect; 失效
after the last valid day; 尚未施行 before the first; otherwise 现行有效; 废止 goes before 失效 before
尚未施行. 已修改, 部分失效, 暂停施行 and 延长 are added. Repealing the repealer revives nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from gongkai_ssg.model.item import TERMINAL

STATES = ("现行有效", "尚未施行", "失效", "废止")
"""What a document in the library may be on a day."""

_ADDED = {"amends": "已修改", "version_of": "已修改", "suspends": "暂停施行", "prolongs": "延长"}
_SECOND = date.min + timedelta(days=1)
_ENDING = ("repeals", "replaces")


@dataclass(frozen=True, slots=True)
class Event:
    """What a published item does to the document: ``kind`` is its relation key, ``part`` the scope if any."""

    kind: str
    day: date
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """The document's own dates, and the status that was typed, with its basis."""

    effective: date | None = None
    expires: date | None = None
    repealed: date | None = None
    declared: str | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class Validity:
    """The state on a day, what is added to it, and the day from which it may differ (None: never)."""

    state: str
    marks: tuple[str, ...] = ()
    until: date | None = None


def validity_on(day: date, terms: Terms, events: Iterable[Event]) -> Validity:
    """The validity on ``day``."""
    happened = list(events)
    state = _state(day, terms, happened)
    marks = dict.fromkeys(
        _ADDED.get(event.kind, "部分失效")
        for event in happened
        if event.day <= day and (event.kind in _ADDED or event.part is not None)
    )
    order = ("已修改", "部分失效", "暂停施行", "延长")
    later = [turn for turn in _turns(terms, happened) if turn > day]
    return Validity(state, tuple(mark for mark in order if mark in marks), min(later, default=None))


def _state(day: date, terms: Terms, events: Iterable[Event]) -> str:
    ends = [event.day for event in events if event.kind in _ENDING and event.part is None]
    if terms.repealed is not None:
        ends.append(terms.repealed)
    if any(end <= day for end in ends):
        return "废止"
    # A state that an authority has found (清理), with the basis on record, holds without a date.
    if terms.basis is not None and terms.declared in TERMINAL:
        return str(terms.declared)
    if terms.expires is not None and terms.expires < day:
        return "失效"
    if terms.effective is not None and day < terms.effective:
        return "尚未施行"
    return "现行有效"


def _turns(terms: Terms, events: Iterable[Event]) -> list[date]:
    """The days on which the state or its additions may change."""
    turns = [event.day for event in events]
    if terms.effective is not None:
        turns.append(terms.effective)
    if terms.repealed is not None:
        turns.append(terms.repealed)
    if terms.expires is not None and terms.expires < date.max:
        turns.append(terms.expires + timedelta(days=1))
    return sorted(set(turns))


def contradiction(day: date, terms: Terms, events: Iterable[Event]) -> str | None:
    """``always`` if the declared status holds on no day, ``today`` if only not on this one, else None."""
    if terms.declared is None:
        return None
    happened = list(events)
    if _state(day, terms, happened) == terms.declared:
        return None
    turns = _turns(terms, happened)
    days = [max(turns[0], _SECOND) - timedelta(days=1), *turns] if turns else [day]
    ever = any(_state(each, terms, happened) == terms.declared for each in days)
    return "today" if ever else "always"
