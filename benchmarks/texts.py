"""What searches should find: the texts of a site's items, read as a build reads them, and looked through one by one.

Nothing of the index is used here, only what it is made from and how text is cut into units.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path

from benchmarks.build import BenchmarkError
from gongkai_ssg.diagnostics import Findings
from gongkai_ssg.reading.chunks import Reader
from gongkai_ssg.reading.sitefiles import read_config, read_site
from gongkai_ssg.reading.sources import scan
from gongkai_ssg.search.analysis import units
from gongkai_ssg.search.entry import BREAK, ITEM_END, SECTION_END, text_of

_LONGEST = 12
"""Units of a random phrase, at most."""

_OF_TITLES = 0.25
"""The share of random phrases that are taken from titles; the others are from bodies."""

Phrase = tuple[str, ...]
"""Units that follow one another."""


@dataclass(frozen=True, slots=True)
class Text:
    """What is matched of an item: the units of each field, the title first, the body last."""

    code: str
    fields: list[list[str]]


@dataclass(frozen=True)
class Texts:
    """The items that a site has published.

    :ivar output: where they were published.
    :ivar paths: of all sources of items.
    """

    reader: Reader
    output: Path
    paths: list[str]

    @classmethod
    def of(cls, config: Path, output: Path) -> Texts:
        """The texts of a built site. Raises BenchmarkError if its own files are wrong."""
        configured = read_config(config, Findings(), output)
        files = read_site(*configured, Findings()) if configured else None
        if files is None:
            raise BenchmarkError(f"{config} is no site's")
        return cls(Reader.of(files), output, sorted(each.path for each in scan(files.folders, {}).sources("item")))

    def __iter__(self) -> Iterator[Text]:
        """Each item that has a page, read anew."""
        for path in self.paths:
            text = self.read(path)
            if text is not None:
                yield text

    def read(self, path: str) -> Text | None:
        """The text of an item; None if it is not published."""
        record = self.reader.record(path, (self.reader.root / path).read_bytes())
        if record.item is None or not (self.output / f"items/{record.item.code}.html").is_file():
            return None
        sections = text_of(record).decode("utf-16-le").removesuffix(ITEM_END).split(SECTION_END)
        return Text(record.item.code, [units(field) for section in sections for field in section.split(BREAK)])

    def phrases(self, count: int) -> list[Phrase]:
        """Random phrases that stand in titles and bodies, the same each time."""
        chance = random.Random(7)
        found: list[Phrase] = []
        while len(found) < count:
            text = self.read(chance.choice(self.paths))
            field = [] if text is None else text.fields[0 if chance.random() < _OF_TITLES else -1]
            length = chance.randrange(2, _LONGEST + 1)
            if len(field) >= length:
                start = chance.randrange(len(field) - length + 1)
                found.append(tuple(field[start : start + length]))
        return found

    def holding(self, phrases: Sequence[Phrase]) -> tuple[int, list[set[str]]]:
        """How many items there are, and which hold each phrase. Every text is read once.

        :raises ValueError: for a phrase of less than two units.
        """
        begun: dict[Phrase, list[tuple[str, set[str]]]] = defaultdict(list)
        found: list[set[str]] = []
        for phrase in phrases:
            if len(phrase) < 2:
                raise ValueError(phrase)
            found.append(set())
            begun[phrase[:2]].append((_joined(phrase), found[-1]))
        items = 0
        for text in self:
            items += 1
            joined = "\x02".join(map(_joined, text.fields))
            for pair in begun.keys() & set(chain.from_iterable(map(pairwise, text.fields))):
                for wanted, codes in begun[pair]:
                    if wanted in joined:
                        codes.add(text.code)
        return items, found


def _joined(each: Sequence[str]) -> str:
    """Units in one string in which runs of them can be looked for."""
    return "\x01".join(("", *each, ""))


def typed(phrase: Phrase) -> str:
    """A phrase as a person would type it: runs of one kind need something between them."""
    text = ""
    for unit in phrase:
        touching = text and text[-1].isascii() and unit[0].isascii() and text[-1].isdigit() == unit[0].isdigit()
        text += (" " if touching else "") + unit
    return text
