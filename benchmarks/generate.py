"""Write a large disclosure site that gongkai-ssg and Hugo both build from the same files.

    python -m benchmarks.generate FOLDER COUNT [--seed N]

Every item has its own random stream, seeded by the site's seed and the item's 索引号, and the
numbers of items per unit and year are computed, not drawn. So a site depends on (count, seed)
alone, and writing needs the memory of one item.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from time import perf_counter

from benchmarks.body import body
from benchmarks.county import (
    CATEGORY_KINDS,
    COUNTY,
    FIRST_YEAR,
    LAST_YEAR,
    ORGANIZER,
    Unit,
    catalog_rows,
    categories,
    themes,
    units,
)
from benchmarks.prose import Writer

SITE_URL = "https://bench.example.gov.cn/zfxxgk/"
ID_CODE = "3415990001"
LAST_DAY = date(LAST_YEAR, 12, 31)
_YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
_CATEGORY_TOTALS = list(accumulate(category.weight for category in categories()))


@dataclass(frozen=True)
class Totals:
    """What `generate` wrote."""

    items: int
    body_characters: int
    seconds: float

    @property
    def average(self) -> float:
        """Characters of a body on average, Markdown signs and line ends included."""
        return self.body_characters / max(self.items, 1)


def generate(folder: Path, count: int, seed: int = 1) -> Totals:
    """Write a site of `count` items into `folder`, which must be empty or absent.

    Raises FileExistsError if `folder` has anything in it, ValueError for a negative `count`.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    if count < 0:
        raise ValueError(f"count is negative: {count}")
    begun = perf_counter()
    items = folder / "content" / "items"
    items.mkdir(parents=True)
    _write(folder / "config.yaml", _config_yaml())
    _write(folder / "content" / "units.yaml", _units_yaml())
    _write(folder / "content" / "catalog.yaml", _catalog_yaml())
    characters = 0
    before = "", 0  # start of the codes of the folder before, and how many there are
    for unit, year, amount in shares(count):
        place = items / unit.id / str(year)
        place.mkdir(parents=True)
        for serial, head, text in _items(unit, year, amount, seed, before):
            _write(place / f"{serial:05d}.md", f"---\n{head}---\n\n{text}")
            characters += len(text)
        before = f"{unit.code}/{year}-", amount
    return Totals(count, characters, perf_counter() - begun)


def shares(count: int) -> Iterator[tuple[Unit, int, int]]:
    """How many of `count` items each unit has in each year; pairs without any are left out."""
    pairs = [(unit, year) for unit in units() for year in _YEARS]
    weights = [unit.weight * (10 + year - FIRST_YEAR) for unit, year in pairs]
    whole = sum(weights)
    given, running = 0, 0.0
    for (unit, year), weight in zip(pairs, weights, strict=True):
        running += weight
        upto = round(count * running / whole)
        if upto > given:
            yield unit, year, upto - given
        given = upto


def _items(unit: Unit, year: int, amount: int, seed: int, before: tuple[str, int]) -> Iterator[tuple[int, str, str]]:
    """Serial, front matter and body of each item of a unit and year, oldest first."""
    doc_number = 0
    for serial in range(1, amount + 1):
        code = f"{unit.code}/{year}-{serial:05d}"
        rng = Random(f"{seed}:{code}")
        category = rng.choices(categories(), cum_weights=_CATEGORY_TOTALS)[0]
        formed = _formed(rng, year, serial, amount)
        theme = themes()[rng.choice(unit.themes)]
        writer = Writer(rng, unit, theme, formed)
        lines = [
            f"title: {writer.title(category.id)}",
            f"code: {code}",
            f"category: {category.id}",
            f"unit: {unit.id}",
            f"date: {_published(rng, formed)}",
            f"formed: {formed}",
        ]
        if rng.random() < category.numbered * 0.92:
            doc_number += 1
            lines.append(f"doc_number: {unit.mark}〔{year}〕{doc_number}号")
        if rng.random() < 0.5:
            lines.append(f"summary: {_summary(writer)}")
        if rng.random() < 0.6:
            lines.append(f"topic: {theme.topic}")
        if rng.random() < 0.4:
            words = [theme.name, *rng.sample(theme.objects, rng.randrange(1, 4))]
            lines.append(f"keywords: [{', '.join(dict.fromkeys(words))}]")
        earlier = (code[:-5], serial - 1) if serial > 1 else before
        if earlier[0].startswith(unit.code):
            lines += _relations(rng, category.id, *earlier)
        yield serial, "\n".join(lines) + "\n", body(writer)


def _relations(rng: Random, category: str, start: str, amount: int) -> list[str]:
    """A relation to one of `amount` earlier items; interpretations always have one."""
    other = f"[{start}{rng.randrange(1, amount + 1):05d}]"
    if category == "zcjd":
        return [f"interprets: {other}"]
    return [f"related: {other}"] if rng.random() < 0.054 else []


def _summary(writer: Writer) -> str:
    text = writer.sentence()
    return text + writer.sentence() if len(text) < 30 else text


def _formed(rng: Random, year: int, serial: int, amount: int) -> date:
    """The day of the item, on working days and in the order of the serials."""
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    place = (serial - 1 + rng.random()) / amount
    day = date(year, 1, 1) + timedelta(days=int(place * days))
    if day.weekday() < 5 or rng.random() < 0.06:
        return day
    monday = day + timedelta(days=7 - day.weekday())
    return monday if monday.year == year else day


def _published(rng: Random, formed: date) -> date:
    """The day of publication: mostly within days, now and then late; what would be after 2025 is published sooner."""
    draw = rng.random()
    if draw < 0.6:
        wait = rng.randrange(4)
    elif draw < 0.98:
        wait = rng.randrange(3, 25)
    else:
        wait = rng.randrange(25, 60)
    left = (LAST_DAY - formed).days
    return formed + timedelta(days=wait if wait <= left else rng.randrange(left + 1))


def _config_yaml() -> str:
    return "\n".join((
        "site:",
        f"  title: {COUNTY}人民政府信息公开",
        f"  url: {SITE_URL}",
        f'  id_code: "{ID_CODE}"',
        f"  organizer: {ORGANIZER}",
        "content: content",
        "output: public",
        "theme: default",
        "",
    ))  # fmt: skip


def _units_yaml() -> str:
    lines = []
    for unit in units():
        lines += [f"- id: {unit.id}", f"  name: {unit.name}", f"  short_name: {unit.short_name}"]
        lines += [f'  code: "{unit.code}"', f"  kind: {unit.kind}"]
        if unit.parent:
            lines.append(f"  parent: {unit.parent}")
    return "\n".join(lines) + "\n"


def _catalog_yaml() -> str:
    lines = []
    above = 0
    for depth, id_, name, _, _ in catalog_rows():
        pad = "    " * depth
        if depth > above:
            lines.append("    " * above + "  children:")
        above = depth
        lines += [f"{pad}- id: {id_}", f"{pad}  name: {name}"]
        if id_ in CATEGORY_KINDS:
            lines.append(f"{pad}  kind: {CATEGORY_KINDS[id_]}")
        if id_ == "gfxwj":
            lines.append(f"{pad}  library: true")
    return "\n".join(lines) + "\n"


def _write(path: Path, text: str) -> None:
    """Write UTF-8 with line feeds on every system; plain `os` calls, as this runs 100,000 times."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o644)
    with open(handle, "wb", buffering=0) as file:
        file.write(text.encode())


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the site goes; empty or absent")
    parser.add_argument("count", type=int, help="how many items")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    try:
        totals = generate(given.folder, given.count, given.seed)
    except (FileExistsError, ValueError) as error:
        print(f"generate: {error}", file=sys.stderr)
        return 2
    print(
        f"{totals.items} items in {totals.seconds:.1f} s, "
        f"{totals.average:.0f} characters a body on average: {given.folder}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
