"""What counts as the same text: characters folded, then cut into units. ``engine/analysis.js`` says the same in JavaScript.

A unit is one Chinese character (or kana, Hangul syllable, Yi syllable), a whole run of digits, or a whole run of
letters. Everything else only separates. ``tests/search/analysis.json`` holds what both sides must agree on; the words
of the specification are in docs/search.md.

No table here comes from the interpreter's Unicode version: which characters are decomposed and which count as letters
is said by the ranges below, and all of them hold characters whose decomposition is fixed since long.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

Ranges = tuple[tuple[int, int], ...]

TRANSPARENT: Ranges = (
    (0x00AD, 0x00AD), (0x0300, 0x036F), (0x064B, 0x065F), (0x0670, 0x0670), (0x200B, 0x200F), (0x2060, 0x2064),
    (0x3099, 0x309A), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
)  # fmt: skip
"""Marks and invisible characters: they vanish, and what stands on both sides of them is next to each other."""

DECOMPOSED: Ranges = ((0x00A0, 0x33FF), (0xF900, 0xFFEF), (0x1D400, 0x1D7FF), (0x1F100, 0x1F16F), (0x2F800, 0x2FA1F))
"""Characters replaced by their compatibility decomposition (NFKD)."""

LETTERS: Ranges = (
    (0x61, 0x7A), (0xDF, 0xF6), (0xF8, 0x24F), (0x370, 0x37D), (0x37F, 0x386), (0x388, 0x3FF), (0x400, 0x481),
    (0x48A, 0x52F), (0x620, 0x64A), (0x671, 0x6D3), (0xF40, 0xFBC), (0x1820, 0x18AA), (0x1E00, 0x1EFF),
)  # fmt: skip
"""Letters after folding: Latin, Greek, Cyrillic, Arabic (Uyghur), Tibetan, Mongolian."""

SINGLES: Ranges = (
    (0x3005, 0x3007), (0x3041, 0x3096), (0x309D, 0x309F), (0x30A1, 0x30FA), (0x30FC, 0x30FF), (0x3105, 0x312F),
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA48C), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0x20000, 0x323AF),
)  # fmt: skip
"""Characters that are a unit each."""

_MASK = 0xFFFFFFFF
_RUN_FACTOR = 0x01000193
_RUN_LIMIT = 64
ALONE = 1
"""What stands in the second place of a term that is one unit alone."""
WHOLE = 3
"""What stands in the second place of the term of a whole 索引号 or 文号."""
COMMONEST = "的和条人有行定法国以当对不者在应或关用一理其并规门业制第中工等经由为本十发地作责及处事出管时保公"
"""Characters that stand beside the most others in official texts, the commonest first."""


@cache
def simplified() -> dict[str, str]:
    """Traditional and variant characters → the one they are matched with."""
    path = Path(__file__).with_name("simplified.txt")
    text = "".join(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return dict(zip(text[::2], text[1::2], strict=True))


@cache
def _pattern(ranges: Ranges) -> str:
    return "".join(rf"\U{first:08x}-\U{last:08x}" for first, last in ranges)


@cache
def _units_pattern() -> re.Pattern[str]:
    return re.compile(f"[0-9]+|[{_pattern(LETTERS)}]+|[{_pattern(SINGLES)}]")


@cache
def _transparent() -> re.Pattern[str]:
    return re.compile(f"[{_pattern(TRANSPARENT)}]")


def fold_character(character: str) -> str:
    """One character as it is matched: none, one or more characters, those that only separate included."""
    code = ord(character)
    if any(first <= code <= last for first, last in DECOMPOSED):
        character = unicodedata.normalize("NFKD", character)
    folded = "".join(each.lower() if each < "㐀" else each for each in character)
    table = simplified()
    return "".join(table.get(each, each) for each in _transparent().sub("", folded))


@cache
def _folding() -> _Folding:
    return _Folding()


class _Folding(dict[int, str]):
    """A table for ``str.translate`` that learns each character when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = fold_character(chr(code))
        return folded


def is_unit_character(character: str) -> bool:
    """Whether a folded character is a unit or part of one."""
    return _units_pattern().match(character) is not None


def fold(text: str) -> str:
    """Text as it is matched, separators still in it."""
    return text.translate(_folding())


def units(text: str) -> list[str]:
    """The units of a text, in order."""
    return _units_pattern().findall(fold(text))


def placed_units(text: str) -> list[tuple[str, int, int]]:
    """The units of a text, in order, each with where it begins and ends in the text as it stands."""
    folding = _folding()
    folded = [folding[ord(character)] for character in text]
    places = [place for place, characters in enumerate(folded) for _ in characters]
    cut = _units_pattern().finditer("".join(folded))
    return [(unit[0], places[unit.start()], places[unit.end() - 1] + 1) for unit in cut]


def mixed(value: int) -> int:
    """A 32-bit number stirred, so that each bit depends on all."""
    value ^= value >> 16
    value = value * 0x85EBCA6B & _MASK
    value ^= value >> 13
    value = value * 0xC2B2AE35 & _MASK
    return value ^ value >> 16


@cache
def run_factors() -> list[int]:
    """What the characters of a run, and the units of a whole number, are multiplied with; from the 64th on it repeats."""
    factors = [1]
    while len(factors) < _RUN_LIMIT:
        factors.append(factors[-1] * _RUN_FACTOR & _MASK)
    return factors


def _weighed(values: Iterable[int]) -> int:
    factors = run_factors()
    return sum(value * factors[place % _RUN_LIMIT] for place, value in enumerate(values)) & _MASK


def unit_number(unit: str) -> int:
    """A unit as a 32-bit number: a single character is its code point, a run its hash with the highest bit set."""
    if unit[0] >= "\u3005":
        return ord(unit)
    return mixed(_weighed(ord(character) + 1 for character in unit)) | 0x80000000


def term(first: int, second: int) -> int:
    """The 32-bit key of two adjacent units' numbers, or of one with :data:`ALONE` or :data:`WHOLE`."""
    return mixed((first * 0x9E3779B1 + second * 0x85EBCA77) & _MASK)


def home(first: int, second: int) -> int:
    """What two adjacent units are filed under where terms are kept by unit: 16 bits of the one that seems rarer.

    The neighbours of a pair then often share its file. A unit of :data:`COMMONEST` is the less rare one, the commoner the
    less; of others the one that stirs to more.
    """
    return mixed(min(first, second, key=_commonness)) >> 16


def _commonness(number: int) -> int:
    place = COMMONEST.find(chr(number)) if number < 0x10000 else -1
    return mixed(number) if place < 0 else (1 << 32) + len(COMMONEST) - place
