"""Items that are almost the same: the same title twice in one unit, bodies that hardly differ.

A body's *sketch* is, for each of 128 kinds of the shingles it consists of (four units in a row), the least of their
hashes: the part of equal places in two sketches is about the part of shingles that two bodies share (Broder's
MinHash, with one hash of many bins after Li, Owen and Zhang). Sketches that agree in one of sixteen bands are compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.rules.places import place_of
from gongkai_ssg.store.store import Store

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Sketches = NDArray[np.uint32]

BINS, BANDS = 128, 16
SHORT = 120
"""Bodies of fewer units are not compared: short notices are alike by nature."""

ALIKE = 0.9
"""From this part of common shingles on, two bodies are almost the same."""

_EMPTY = 0xFFFFFFFF


def sketch(body_html: str) -> bytes | None:
    """What tells how alike two bodies are; None for a short one.

    :param body_html: the body's fragment, link marks and all.
    """
    import numpy as np

    from gongkai_ssg.search.entry import pack
    from gongkai_ssg.search.positions import read_positions

    places = read_positions([pack("", (), (), "", body_html)])
    if int(places.lengths[0]) < SHORT:
        return None
    pairs = places.keys
    shingles = pairs[:-2] * np.uint32(0x9E3779B1) ^ pairs[2:]
    shingles ^= shingles >> np.uint32(15)
    shingles *= np.uint32(0x85EBCA77)
    shingles ^= shingles >> np.uint32(13)
    least = np.full(BINS, _EMPTY, np.uint32)
    np.minimum.at(least, shingles % np.uint32(BINS), shingles // np.uint32(BINS))
    return least.tobytes()


def alike(sketches: Mapping[int, bytes], order: Mapping[int, str]) -> Iterator[tuple[int, int]]:
    """Of items that are almost the same, the later with the earlier; each item once.

    :param order: what tells the earlier of two from the later.
    """
    import numpy as np

    numbers = sorted(sketches, key=order.__getitem__)
    if len(numbers) < 2:
        return
    table = np.frombuffer(b"".join(sketches[number] for number in numbers), np.uint32).reshape(-1, BINS)
    width = BINS // BANDS
    factors = np.uint64(0x9E3779B97F4A7C15) ** np.arange(1, width + 1, dtype=np.uint64)
    told: set[int] = set()
    for band in range(BANDS):
        part = table[:, band * width : (band + 1) * width].astype(np.uint64)
        hashes = (part * factors).sum(axis=1, dtype=np.uint64)
        rows = np.argsort(hashes, kind="stable")
        same = np.flatnonzero(hashes[rows[1:]] == hashes[rows[:-1]])
        for one, other in zip(rows[same].tolist(), rows[same + 1].tolist(), strict=True):
            if other not in told and _likeness(table[one], table[other]) >= ALIKE:
                told.add(other)
                yield numbers[other], numbers[one]


def _likeness(one: Sketches, other: Sketches) -> float:
    """About which part of the shingles of two bodies both have."""
    some = (one != _EMPTY) | (other != _EMPTY)
    return float((one == other)[some].mean())


def near_duplicates(store: Store, sketches: Mapping[int, bytes], folder: Path) -> Iterator[Finding]:
    """Published items whose title or body another one has too, unless a relation joins the two.

    :param folder: what the paths of items start from.
    """
    related = {frozenset(pair) for pair in store.rows("SELECT item, target FROM relations WHERE target IS NOT NULL")}
    yield from _same_titles(store, related, folder)
    rows = store.rows("SELECT id, path, code, sort FROM items WHERE held IS NULL").fetchall()
    shown = {number: (path, code) for number, path, code, _ in rows if number in sketches}
    order = {number: sort for number, _, _, sort in rows}
    for later, earlier in alike({number: sketches[number] for number in shown}, order):
        if frozenset((later, earlier)) not in related:
            path, _ = shown[later]
            yield Finding(
                "GK218",
                path,
                *place_of(folder, path, "title"),
                params={"other": shown[earlier][1], "path": shown[earlier][0]},
            )


def _same_titles(store: Store, related: set[frozenset[int]], folder: Path) -> Iterator[Finding]:
    rows = store.rows(
        "SELECT id, path, code, title, unit FROM items WHERE held IS NULL AND (unit, title) IN "
        "(SELECT unit, title FROM items WHERE held IS NULL GROUP BY unit, title HAVING count(*) > 1) "
        "ORDER BY unit, title, sort"
    )
    before: tuple[int, str, str, str, str] | None = None
    for row in rows.fetchall():
        number, path, _, title, unit = row
        if before is not None and before[3:] == (title, unit) and frozenset((number, before[0])) not in related:
            yield Finding(
                "GK219",
                path,
                *place_of(folder, path, "title"),
                params={"title": title, "other": before[2], "path": before[1]},
            )
        before = row
