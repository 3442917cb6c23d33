"""A question put to the working tree: which items, in which order, and where the words stand."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from gongkai_ssg.editors.asked import Asked, Word
from gongkai_ssg.editors.content import Content, as_text, content_of, source_of
from gongkai_ssg.editors.fields import NAMES
from gongkai_ssg.editors.tree import Document, Tree
from gongkai_ssg.model.units import Unit, Units
from gongkai_ssg.search.analysis import placed_units, units
from gongkai_ssg.search.entry import BREAK

_IN_BODY = 1.0
LINES = 3
"""So many lines of a file are shown."""
SURE = 500
"""So many candidates are looked up in their files; of more, those not among the first are taken for what they seem."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file with a word in it: its number from 1, its text, where words stand in it (start, end)."""

    number: int
    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """An item that was found; ``unit`` is the name of the unit that publishes it, or nothing."""

    document: Document
    unit: str
    score: float
    lines: tuple[Line, ...]


@dataclass(slots=True)
class Answer:
    """What was found.

    :ivar total: how many items there are; ``exact`` unless some of them were not looked up.
    :ivar nowhere: wanted words that stand in no item.
    """

    total: int = 0
    exact: bool = True
    hits: list[Hit] = field(default_factory=list)
    nowhere: list[Word] = field(default_factory=list)


def look_up(tree: Tree, asked: Asked, limit: int, by_date: bool) -> Answer:
    """Items with all words, the best first.

    :param limit: the most hits to give; 0 for all.
    """
    words = (*asked.wanted, *asked.unwanted)
    of_units = {word: _asked_for(tree.units, word) for word in words}
    answer = Answer()
    scores = _candidates(tree, asked, of_units, answer.nowhere)
    found = tree.documents(sorted(scores))
    newest = sorted(found, key=lambda each: (each.day, each.code), reverse=True)
    ordered = newest if by_date else sorted(newest, key=lambda each: -scores[each.number])
    sure = all(len(word.units) <= 2 for word in words)  # pairs of units are what is indexed
    limit = limit or len(ordered)
    for place, document in enumerate(ordered):
        shown = len(answer.hits) < limit
        if not shown and (sure or place >= SURE):
            answer.total += len(ordered) - place
            answer.exact = sure
            break
        data = source_of(tree.reader, document.path)
        if not sure and not _answers(content_of(tree.reader, document.path, data), asked, of_units):
            continue
        if shown:
            unit = tree.units.by_id.get(document.unit)
            lines = _lines(as_text(data), asked.wanted)
            answer.hits.append(Hit(document, unit.name if unit else "", scores[document.number], lines))
        answer.total += 1
    return answer


def _asked_for(all_units: Units, word: Word) -> set[str]:
    """The units whose id or names, former ones too, have a word in them."""
    if word.where not in (None, "unit"):
        return set()
    wanted = _joined(word.units)
    return {unit.id for unit in all_units if any(wanted in _cut(name) for name in _names(unit))}


def _names(unit: Unit) -> list[str]:
    return [unit.id, unit.name, unit.short_name or "", *(each.name for each in unit.names)]


def _candidates(
    tree: Tree, asked: Asked, of_units: Mapping[Word, AbstractSet[str]], nowhere: list[Word]
) -> dict[int, float]:
    """Items in which every pair of neighbours of every word stands, with their scores."""
    scores = tree.fields.within(asked)
    for word in asked.wanted:
        found = tree.fields.find(asked, word, of_units[word])
        if word.where is None:
            inside = tree.bodies.find(word.units)
            if scores is not None:
                inside &= scores.keys()
            for number in inside:
                found[number] = found.get(number, 0.0) + _IN_BODY
        if not found:
            nowhere.append(word)
        scores = (
            found if scores is None else {number: scores[number] + found[number] for number in scores.keys() & found}
        )
    scores = {} if scores is None else scores
    for word in asked.unwanted:
        if len(word.units) <= 2:  # a longer one may stand in pieces only: its file tells
            without = set(tree.fields.find(Asked(), word, of_units[word]))
            if word.where is None:
                without |= tree.bodies.find(word.units)
            for number in without & scores.keys():
                del scores[number]
    return scores


def _answers(content: Content, asked: Asked, of_units: Mapping[Word, AbstractSet[str]]) -> bool:
    """Whether every word stands in an item, unit after unit, and no unwanted one does."""
    texts = {name: [_cut(part) for part in getattr(content, name).split(BREAK)] for name in NAMES}
    texts["body"] = [_cut(content.body)]

    def holds(word: Word) -> bool:
        where = texts.values() if word.where is None else [texts.get(word.where, [])]
        return content.unit in of_units[word] or any(_joined(word.units) in each for some in where for each in some)

    return all(map(holds, asked.wanted)) and not any(map(holds, asked.unwanted))


def _cut(value: str) -> str:
    return _joined(units(value))


def _joined(cut: Sequence[str]) -> str:
    return "\x1f" + "\x1f".join(cut) + "\x1f"


def _lines(source: str, words: Sequence[Word]) -> tuple[Line, ...]:
    """Some lines in which words stand: those that show a word for the first time go before others, in the file's order."""
    starts = [0, *(match.end() for match in re.finditer("\n", source))]
    marks: dict[int, list[tuple[int, int]]] = defaultdict(list)
    first: set[int] = set()
    cut = placed_units(source)
    names = [name for name, _, _ in cut]
    for word in dict.fromkeys(words):
        for place, (start, end) in enumerate(_places(names, cut, word)):
            line, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
            if not place:
                first.add(line)
            for each in range(line, last + 1):
                marks[each].append((start - starts[each], end - starts[each]))
    chosen = sorted(sorted(marks, key=lambda line: (line not in first, line))[:LINES])
    texts = source.split("\n")
    return tuple(Line(line + 1, texts[line].rstrip(), _merged(marks[line], len(texts[line]))) for line in chosen)


def _places(names: list[str], cut: Sequence[tuple[str, int, int]], word: Word) -> Iterator[tuple[int, int]]:
    """Where a word begins and ends in a text."""
    wanted = list(word.units)
    for place, name in enumerate(names):
        if name == wanted[0] and names[place : place + len(wanted)] == wanted:
            yield cut[place][1], cut[place + len(wanted) - 1][2]


def _merged(marks: Iterable[tuple[int, int]], length: int) -> tuple[tuple[int, int], ...]:
    """Marks within a line, in order, none over another."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((max(start, 0), min(end, length)) for start, end in marks):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return tuple(merged)
