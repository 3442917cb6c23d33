"""A question put to the working tree: which items, in which order, and where the words stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gongkai_ssg.editors.asked import Asked, Word
from gongkai_ssg.editors.tree import Document, Read, Tree
from gongkai_ssg.search.analysis import fold_character, is_unit_character, units

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
    """An item that was found."""

    document: Document
    score: float
    lines: tuple[Line, ...]


@dataclass(slots=True)
class Answer:
    """:ivar total: how many items there are; ``exact`` unless some of them were not looked up."""

    total: int = 0
    exact: bool = True
    hits: list[Hit] = field(default_factory=list)


def look_up(tree: Tree, asked: Asked, limit: int, by_date: bool) -> Answer:
    """Items with all words, the best first.

    :param limit: the most hits to give; 0 for all.
    """
    scores = _candidates(tree, asked)
    found = tree.documents(sorted(scores))
    newest = sorted(found, key=lambda each: (each.day, each.code), reverse=True)
    ordered = newest if by_date else sorted(newest, key=lambda each: -scores[each.number])
    longest = max((len(word.units) for word in (*asked.wanted, *asked.unwanted)), default=0)
    sure = longest <= 2  # pairs of units are what is indexed
    limit = limit or len(ordered)
    answer = Answer()
    for place, document in enumerate(ordered):
        shown = len(answer.hits) < limit
        if not sure and place >= SURE and not shown:
            answer.total += len(ordered) - place
            answer.exact = False
            break
        if shown or not sure:
            if not sure and not _answers(tree.again(document), asked):
                continue
            if shown:
                lines = tuple(_lines(tree.reader.root / document.path, asked.wanted))
                answer.hits.append(Hit(document, scores[document.number], lines))
        answer.total += 1
    return answer


def _candidates(tree: Tree, asked: Asked) -> dict[int, float]:
    """Items in which every pair of neighbours of every word stands, with their scores."""
    scores = tree.fields.within(asked)
    for word in asked.wanted:
        found = tree.fields.find(asked, word)
        if word.field is None:
            inside = tree.bodies.find(word.units)
            if scores is not None:
                inside &= scores.keys()
            for number in inside:
                found[number] = found.get(number, 0.0) + _IN_BODY
        scores = (
            found if scores is None else {number: scores[number] + found[number] for number in scores.keys() & found}
        )
    scores = {} if scores is None else scores
    for word in asked.unwanted:
        if len(word.units) <= 2:  # a longer one may stand in pieces only: its file tells
            without = set(tree.fields.find(Asked(), word))
            if word.field is None:
                without |= tree.bodies.find(word.units)
            for number in without & scores.keys():
                del scores[number]
    return scores


def _answers(read: Read, asked: Asked) -> bool:
    """Whether every word stands in an item, unit after unit, and no unwanted one does."""
    pieces = {name: [_joined(units(text)) for text in texts] for name, texts in read.pieces().items()}
    return all(_stands(word, pieces) for word in asked.wanted) and not any(
        _stands(word, pieces) for word in asked.unwanted
    )


def _stands(word: Word, pieces: dict[str, list[str]]) -> bool:
    fields = [pieces[word.field]] if word.field else pieces.values()
    return any(_joined(word.units) in piece for field in fields for piece in field)


def _joined(cut: Sequence[str]) -> str:
    return "\x1f" + "\x1f".join(cut) + "\x1f"


def _lines(path: Path, words: Sequence[Word]) -> Iterator[Line]:
    """The first lines of a file in which a word stands."""
    try:
        source = path.read_bytes().decode("utf-8-sig", "replace")
    except OSError:
        return
    patterns = [re.compile("".join(map(re.escape, word.units))) for word in words]
    most = LINES
    for number, line in enumerate(source.split("\n"), 1):
        letters, places = _letters(line)
        found = (match.span() for pattern in patterns for match in pattern.finditer(letters))
        marks = sorted((places[start], places[end - 1] + 1) for start, end in found)
        if marks:
            yield Line(number, line.rstrip(), tuple(marks))
            most -= 1
            if not most:
                return


def _letters(text: str) -> tuple[str, list[int]]:
    """The characters of a text that count, folded, and where each came from."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for each in fold_character(character):
            if is_unit_character(each):
                letters.append(each)
                places.append(place)
    return "".join(letters), places
