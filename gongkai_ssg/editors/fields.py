"""Titles, numbers, keywords, summaries, units and dates, in a Whoosh index. Nothing else knows of Whoosh.

A unit stands in the index with the unit that follows it, so that a word is found by its pairs, and a single unit by
what all its pairs begin with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import whoosh
from whoosh import query
from whoosh.analysis import Token, Tokenizer
from whoosh.fields import ID, NUMERIC, FieldType, Schema
from whoosh.formats import Existence
from whoosh.index import create_in, exists_in, open_dir
from whoosh.reading import SegmentReader

from gongkai_ssg.editors.asked import Asked, Word
from gongkai_ssg.editors.content import Content
from gongkai_ssg.search.analysis import units
from gongkai_ssg.search.entry import BREAK

NAMES = ("title", "numbers", "keywords", "summary")
"""The fields in which words stand; ``unit`` and ``day`` are asked for as a whole."""
MADE_BY = f"Whoosh {whoosh.versionstring()}"

_WORTH = {"title": 5.0, "numbers": 8.0, "keywords": 3.0, "summary": 1.0, "unit": 0.5}
_JOIN = "\x1f"
_SMALL, _FEW = 2048, 8
"""Segments of fewer items are small; more small ones than these are joined."""


class _Pairs(Tokenizer):  # type: ignore[misc]  # Whoosh has no types
    """The analysis of the site's search: pairs of neighbouring units, the last one of a text with nothing."""

    def __call__(self, value: str, **_: Any) -> Iterator[Token]:
        token = Token(positions=False, chars=False)
        for part in value.split(BREAK):
            cut = units(part)
            for one, other in pairwise((*cut, "")):
                token.text = one + _JOIN + other
                yield token


class FieldIndex:
    """A Whoosh index in a folder of its own, which must hold what was written there."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._index = open_dir(str(folder)) if exists_in(str(folder)) else create_in(str(folder), _schema())

    def change(self, gone: Iterable[int], new: Iterable[tuple[int, Content]]) -> None:
        """Take items out and put items in, each with its number; all of it counts, or nothing."""
        writer = self._index.writer()
        try:
            for number in gone:
                writer.delete_by_term("number", number)
            for number, content in new:
                values: dict[str, Any] = {name: value for name in NAMES if (value := getattr(content, name))}
                if content.unit:
                    values["unit"] = content.unit
                if content.day is not None:
                    values["day"] = content.day.toordinal()
                writer.add_document(number=number, **values)
        except BaseException:
            writer.cancel()
            raise
        writer.commit(mergetype=_join_small)

    def find(self, asked: Asked, word: Word, of_units: Iterable[str]) -> dict[int, float]:
        """The items that may have a word in a field, with what that is worth.

        :param of_units: the units that are asked for by the word.
        """
        names = NAMES if word.where is None else (word.where,) if word.where in NAMES else ()
        anywhere = [_words(name, word) for name in names] + [query.Term("unit", unit) for unit in of_units]
        return self._found(query.And([query.Or(anywhere), *_days(asked)]))

    def within(self, asked: Asked) -> dict[int, float] | None:
        """The items of the days that were asked for; None if any day will do."""
        days = _days(asked)
        return self._found(query.And(days)) if days else None

    def _found(self, wanted: Any) -> dict[int, float]:
        with self._index.searcher() as searcher:
            hits = searcher.search(wanted, limit=None)
            numbers = searcher.reader().column_reader("number") if hits.top_n else ()
            return {numbers[place]: float(score) for score, place in hits.top_n}

    def close(self) -> None:
        """Let go of its files."""
        self._index.close()


def _schema() -> Any:
    columns = {name: FieldType(Existence(field_boost=_WORTH[name]), _Pairs(), scorable=True) for name in NAMES}
    number = NUMERIC(int, unique=True, sortable=True, shift_step=0)
    return Schema(
        number=number, day=NUMERIC(int, signed=False, shift_step=0), unit=ID(field_boost=_WORTH["unit"]), **columns
    )


def _words(name: str, word: Word) -> Any:
    if len(word.units) == 1:
        return query.ConstantScoreQuery(query.Prefix(name, word.units[0] + _JOIN), _WORTH[name])
    return query.And([query.Term(name, one + _JOIN + other) for one, other in pairwise(word.units)])


def _days(asked: Asked) -> list[Any]:
    if asked.first is None and asked.last is None:
        return []
    first = asked.first.toordinal() if asked.first else None
    last = asked.last.toordinal() if asked.last else None
    return [query.NumericRange("day", first, last)]


def _join_small(writer: Any, segments: list[Any]) -> list[Any]:
    """Which segments stay as they are when others are written; the others are written anew with what is new."""
    small = [each for each in segments if each.doc_count() < _SMALL]
    if len(small) <= _FEW:
        return segments
    for each in small:
        reader = SegmentReader(writer.storage, writer.schema, each)
        writer.add_reader(reader)
        reader.close()
    return [each for each in segments if each not in small]
