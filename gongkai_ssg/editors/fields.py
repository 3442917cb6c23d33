"""Titles, numbers, keywords, summaries, units and dates, in a Whoosh index. Nothing else knows of Whoosh."""

from __future__ import annotations

import pickle
import struct
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from whoosh import query
from whoosh.analysis import Token, Tokenizer
from whoosh.fields import NUMERIC, TEXT, Schema
from whoosh.index import EmptyIndexError, create_in, open_dir
from whoosh.index import IndexError as WrongIndex

from gongkai_ssg.editors.asked import Asked, Word
from gongkai_ssg.search.analysis import units
from gongkai_ssg.search.entry import BREAK

NAMES = ("title", "numbers", "keywords", "summary", "unit")
DAMAGED = (WrongIndex, OSError, EOFError, ValueError, KeyError, TypeError, struct.error, pickle.UnpicklingError)
"""What Whoosh raises where its files are not what it wrote."""

_WORTH = {"title": 5.0, "numbers": 8.0, "keywords": 3.0, "summary": 1.0, "unit": 0.5}
_LONG_DIGITS, _LONG_LETTERS = 5, 2


class Fields(NamedTuple):
    """An item's fields; several numbers or keywords with ``BREAK`` between them."""

    number: int
    title: str
    numbers: str
    keywords: str
    summary: str
    unit: str
    day: date | None


class _Pairs(Tokenizer):  # type: ignore[misc]  # Whoosh has no types
    """The analysis of the site's search: pairs of neighbouring units, and units that may be asked for alone."""

    def __call__(self, value: str, **_: Any) -> Iterator[Token]:
        token = Token(positions=False, chars=False)
        for term in terms(value):
            token.text = term
            yield token


def terms(value: str) -> Iterator[str]:
    """The terms of a field's text."""
    for part in value.split(BREAK):
        found = units(part)
        yield from found
        yield from (f"{one}\x1f{other}" for one, other in pairwise(found))


def terms_of(word: Word) -> list[str]:
    """The terms that a text with this word has."""
    if len(word.units) == 1:
        return list(word.units)
    return [f"{one}\x1f{other}" for one, other in pairwise(word.units)]


class FieldIndex:
    """A Whoosh index in a folder of its own.

    :raises DAMAGED: from each of its methods, if the folder does not hold what was written there.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        damage = None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # Whoosh leaves a file open that it can't read
            try:
                self._index = open_dir(str(folder))
            except EmptyIndexError:
                self._index = None
            except DAMAGED as error:
                damage = str(error)
        if damage is not None:
            raise ValueError(damage)
        if self._index is None:
            columns = {name: TEXT(analyzer=_Pairs(), phrase=False, field_boost=_WORTH[name]) for name in NAMES}
            day = NUMERIC(int, signed=False)
            schema = Schema(number=NUMERIC(int, stored=True, unique=True), day=day, **columns)
            self._index = create_in(str(folder), schema)

    @contextmanager
    def changing(self) -> Iterator[_Change]:
        """Take items out and put items in; all of it counts, or nothing."""
        writer = self._index.writer(limitmb=128)
        try:
            yield _Change(writer)
        except BaseException:
            writer.cancel()
            raise
        writer.commit()

    def find(self, asked: Asked, word: Word) -> dict[int, float]:
        """The items that may have a word in a field, with what that is worth."""
        fields = (word.field,) if word.field else NAMES
        wanted = terms_of(word)
        anywhere = query.Or([query.And([query.Term(name, term) for term in wanted]) for name in fields])
        return self._found(query.And([anywhere, *_days(asked)]))

    def within(self, asked: Asked) -> dict[int, float] | None:
        """The items of the days that were asked for; None if any day will do."""
        days = _days(asked)
        return self._found(query.And(days)) if days else None

    def _found(self, wanted: Any) -> dict[int, float]:
        with self._index.searcher() as searcher:
            hits = searcher.search(wanted, limit=None)
            return {hits[place]["number"]: float(score) for place, (score, _) in enumerate(hits.top_n)}

    def close(self) -> None:
        """Let go of its files."""
        self._index.close()


class _Change:
    def __init__(self, writer: Any) -> None:
        self._writer = writer

    def remove(self, numbers: Iterable[int]) -> None:
        """Take items out."""
        for number in numbers:
            self._writer.delete_by_term("number", number)

    def add(self, fields: Fields) -> None:
        """Put an item in."""
        values: dict[str, Any] = {name: value for name in NAMES if (value := getattr(fields, name))}
        if fields.day is not None:
            values["day"] = fields.day.toordinal()
        self._writer.add_document(number=fields.number, **values)


def _days(asked: Asked) -> list[Any]:
    if asked.first is None and asked.last is None:
        return []
    first = asked.first.toordinal() if asked.first else None
    last = asked.last.toordinal() if asked.last else None
    return [query.NumericRange("day", first, last)]
