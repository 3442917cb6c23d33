"""Packed texts → every place where a term stands, as arrays. The analysis of ``analysis.py`` over many texts at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gongkai_ssg.search import analysis
from gongkai_ssg.search.entry import BREAK, ITEM_END, SECTION_END, SECTIONS
from gongkai_ssg.search.tiers import edge

U32 = NDArray[np.uint32]
U8 = NDArray[np.uint8]

HEAD, SUMMARY = 0x40, 0x80
"""Bits of a mark: the place is in title, numbers or keywords; in a summary an editor wrote."""
FOLLOWERS = 63
"""A mark's low six bits tell what follows the term: the next unit's number stirred, modulo this;
0 at the end of a field."""

_SEPARATOR, _TRANSPARENT, _BREAK, _SECTION, _ITEM = 0, 2, 4, 5, 6
_EXPANDED = 1 << 24
_LONG_DIGITS, _LONG_LETTERS = 5, 2


@dataclass(frozen=True, slots=True)
class Positions:
    """Places of terms in texts 0, 1, 2 …, text by text.

    :param keys: the term's 32-bit key.
    :param texts: the number of the text.
    :param marks: see ``HEAD``, ``SUMMARY``, ``FOLLOWERS``.
    :param lengths: of each text's summary and body, in units.
    """

    keys: U32
    texts: U32
    marks: U8
    lengths: U32


def read_positions(packed: Sequence[bytes], homes: int = 0) -> Positions:
    """All places of all terms of some packed texts: bigrams, single units where those count, whole numbers.

    :param homes: not 0: keys begin with one of so many homes, see :attr:`gongkai_ssg.search.tiers.Tier.homes`.
    """
    codes = _folded(np.frombuffer(b"".join(packed), np.uint16))
    codes = codes[codes != _TRANSPARENT]
    units = _cut(codes)
    is_break = codes - np.uint32(_BREAK) < 3
    field = np.cumsum(is_break, dtype=np.int32)[units.starts]
    breaks = codes[is_break]
    text_of = _counted(breaks == _ITEM)
    section_of = _counted(breaks >= _SECTION) - text_of * SECTIONS
    bits_of = np.where(section_of < 3, HEAD, np.where(section_of == 3, SUMMARY, 0)).astype(np.uint8)
    texts = text_of.astype(np.uint32)[field]
    bits = bits_of[field]
    values = units.values
    joined = field[1:] == field[:-1]
    marks = bits[:-1].copy()
    marks[:-1] |= (_mixed(values[2:]) % np.uint32(FOLLOWERS)).astype(np.uint8) * joined[1:]
    sections = section_of[field]
    alone = np.flatnonzero((sections == 0) | units.is_long_run())
    whole, inside = _whole_numbers(values, np.flatnonzero(sections == 1), field)
    pairs, others = (
        _terms(values[:-1], values[1:])[joined],
        np.concatenate((_terms(values[alone], analysis.ALONE), whole)),
    )
    if homes:
        pairs = at_home(pairs, _homes(values)[joined], homes)
        others = at_home(others, others >> np.uint32(16), homes)
    return Positions(
        np.concatenate((pairs, others)),
        np.concatenate((texts[:-1][joined], texts[alone], texts[inside])),
        np.concatenate((marks[joined], bits[alone], np.full(len(whole), HEAD, np.uint8))),
        _lengths(codes, units.starts),
    )


def distinct(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each value once, in order. ``np.unique`` goes by hashes, which takes fifteen times as long for many values."""
    values = np.sort(values)
    first = np.ones(len(values), bool)
    first[1:] = values[1:] != values[:-1]
    return values[first]


@dataclass(frozen=True, slots=True)
class _Units:
    """The units of texts: where each starts among the codes, its number, and the runs among them."""

    starts: NDArray[np.int64]
    values: U32
    runs: NDArray[np.int64]
    run_lengths: NDArray[np.int64]
    run_is_digits: NDArray[np.bool_]

    def is_long_run(self) -> NDArray[np.bool_]:
        """Runs that people look for by themselves: telephone numbers, codes, words in letters."""
        long = np.zeros(len(self.starts), bool)
        long[self.runs] = self.run_lengths >= np.where(self.run_is_digits, _LONG_DIGITS, _LONG_LETTERS)
        return long


def _cut(codes: U32) -> _Units:
    digits = codes - np.uint32(48) < 10
    letters = codes - np.uint32(59) < 0x3005 - 59
    begins = codes > _ITEM
    begins[1:] &= ~((digits[1:] & digits[:-1]) | (letters[1:] & letters[:-1]))
    starts = np.flatnonzero(begins)
    values = codes[starts]
    in_runs = np.flatnonzero(digits | letters)
    firsts = np.flatnonzero(begins[in_runs])
    lengths = np.diff(firsts, append=len(in_runs))
    runs = np.flatnonzero(values < 0x3005)
    is_digits = values[runs] < 58
    if len(firsts):
        factors = _factors()[_ranks(lengths) % len(_factors())]
        sums = np.add.reduceat((codes[in_runs] + np.uint32(1)) * factors, firsts, dtype=np.uint32)
        values[runs] = _mixed(sums) | np.uint32(0x80000000)
    return _Units(starts, values, runs, lengths, is_digits)


def _lengths(codes: U32, starts: NDArray[np.int64]) -> U32:
    """How many units the summary and body of each text have."""
    ends = np.flatnonzero(codes - np.uint32(_SECTION) < 2)
    before = np.searchsorted(starts, ends).reshape(-1, SECTIONS)
    return (before[:, SECTIONS - 1] - before[:, 2]).astype(np.uint32)


def _counted(mask: NDArray[np.bool_]) -> NDArray[np.int32]:
    """How often the mask was true before each place, and at the end."""
    return np.concatenate((np.zeros(1, np.int32), np.cumsum(mask, dtype=np.int32)))


def _whole_numbers(values: U32, inside: NDArray[np.int64], field: NDArray[np.int32]) -> tuple[U32, NDArray[np.int64]]:
    """(keys, one unit of each): the numbers of each text, whole."""
    if not len(inside):
        return np.empty(0, np.uint32), inside
    firsts = np.flatnonzero(np.diff(field[inside], prepend=-1))
    factors = _factors()[_ranks(np.diff(firsts, append=len(inside))) % len(_factors())]
    sums = np.add.reduceat(values[inside] * factors, firsts, dtype=np.uint32)
    return _terms(_mixed(sums), analysis.WHOLE), inside[firsts]


def _folded(raw: NDArray[np.uint16]) -> U32:
    table = _table()
    codes = table.codes_of(raw)
    if ((raw >= 0xD800) & (raw < 0xE000)).any():
        codes = _with_pairs(raw)
    special = np.flatnonzero(codes >= _EXPANDED)
    if not len(special):
        return codes
    bounds = np.array(table.bounds)
    which = codes[special] - _EXPANDED
    lengths = bounds[which + 1] - bounds[which]
    repeats = np.ones(len(codes), np.int64)
    repeats[special] = lengths
    out = np.repeat(codes, repeats)
    targets = np.repeat((np.cumsum(repeats) - repeats)[special], lengths) + _ranks(lengths)
    out[targets] = np.array(table.expansions, np.uint32)[np.repeat(bounds[which], lengths) + _ranks(lengths)]
    return out


def _ranks(lengths: NDArray[Any]) -> NDArray[np.int64]:
    """0, 1, 2 … within each run of the given lengths."""
    total = int(lengths.sum())
    ranks: NDArray[np.int64] = np.arange(total) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return ranks


def _with_pairs(raw: NDArray[np.uint16]) -> U32:
    """Characters beyond the basic plane, which are two elements each: folded one by one, they are rare."""
    text = raw.tobytes().decode("utf-16-le", "surrogatepass")
    parts = []
    codes_of = _table().codes
    for character in text:
        code = ord(character)
        if code < 0x10000:
            parts.append(codes_of[code : code + 1])
        else:
            parts.append(np.array(_classes(analysis.fold_character(character)), np.uint32))
    return np.concatenate(parts)


def _mixed(values: U32) -> U32:
    values = values ^ values >> np.uint32(16)
    values *= np.uint32(0x85EBCA6B)
    values ^= values >> np.uint32(13)
    values *= np.uint32(0xC2B2AE35)
    return values ^ values >> np.uint32(16)


def _terms(first: U32, second: U32 | int) -> U32:
    factor = 0x85EBCA77
    added = np.uint32(second * factor & 0xFFFFFFFF) if isinstance(second, int) else second * np.uint32(factor)
    return _mixed(first * np.uint32(0x9E3779B1) + added)


def at_home(keys: U32, places: U32, homes: int) -> U32:
    """Keys that lie in the range of one of some homes, where they lay in the range of all.

    :param places: what each is filed under, 16 bits.
    """
    number = places * np.uint32(homes) >> np.uint32(16)
    edges = np.array([edge(number, homes) for number in range(homes + 1)], np.uint32)
    halves = edges[number] + ((keys >> np.uint32(16)) * np.diff(edges)[number] >> np.uint32(16))
    moved: U32 = halves << np.uint32(16) | keys & np.uint32(0xFFFF)
    return moved


def _homes(values: U32) -> U32:
    """Of each pair of adjacent units what it is filed under; :func:`analysis.home` for many."""
    ranks = _mixed(values).astype(np.uint64)
    listed = np.flatnonzero(values < 0x10000)
    places = _commonness()[values[listed]]
    ranks[listed[places > 0]] = places[places > 0].astype(np.uint64) + np.uint64(1 << 32)
    return _mixed(np.where(ranks[:-1] <= ranks[1:], values[:-1], values[1:])) >> np.uint32(16)


@cache
def _commonness() -> U8:
    table = np.zeros(0x10000, np.uint8)
    table[list(map(ord, reversed(analysis.COMMONEST)))] = np.arange(1, len(analysis.COMMONEST) + 1)
    return table


@cache
def _factors() -> U32:
    return np.array(analysis.run_factors(), np.uint32)


def _classes(folded: str) -> list[int]:
    """Folded characters as codes; what separates is 0."""
    return [ord(each) if analysis.is_unit_character(each) else _SEPARATOR for each in folded]


class _Table:
    """The code of each UTF-16 element: itself, nothing, or several characters, noted apart. Learned as they are met.

    :ivar expansions: the characters of all expansions; :ivar bounds: where each of them begins, and the last one ends.
    """

    def __init__(self) -> None:
        self.codes = np.zeros(0x10000, np.uint32)
        for first, last in analysis.SINGLES:
            if last < 0x10000:
                self.codes[first : last + 1] = np.arange(first, last + 1)
        self.codes[:0xA0] = self.codes[0xFE00:0xFE10] = _UNKNOWN
        self.codes[list(map(ord, analysis.simplified()))] = _UNKNOWN
        for first, last in analysis.DECOMPOSED:
            self.codes[first : min(last, 0xFFFF) + 1] = _UNKNOWN
        self.codes[[ord(BREAK), ord(SECTION_END), ord(ITEM_END)]] = _BREAK, _SECTION, _ITEM
        self.expansions: list[int] = []
        self.bounds = [0]

    def codes_of(self, raw: NDArray[np.uint16]) -> U32:
        """The codes of some elements."""
        codes: U32 = self.codes[raw]
        unknown = codes == _UNKNOWN
        if unknown.any():
            for code in np.unique(raw[unknown]).tolist():
                self._learn(code)
            codes = self.codes[raw]
        return codes

    def _learn(self, code: int) -> None:
        found = _classes(analysis.fold_character(chr(code)))
        if len(found) == 1:
            self.codes[code] = found[0]
        elif not found:
            self.codes[code] = _TRANSPARENT
        else:
            self.codes[code] = _EXPANDED + len(self.bounds) - 1
            self.expansions += found
            self.bounds.append(len(self.expansions))


_UNKNOWN = 0xFFFFFFFF

_table = cache(_Table)
