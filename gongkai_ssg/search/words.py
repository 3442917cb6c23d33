"""Words that a site's newest items often use: what suggestions offer besides titles and names.

Nothing knows where Chinese words begin and end. What stands in several titles with different neighbours on both sides,
and is not nearly always part of something longer, is taken for one; keywords are taken as they were written.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import chain

NEWEST = 500
"""So many items are looked at."""

_RUN = re.compile("[\u3400-\u9fff]+")
_SHORTEST, _LONGEST = 2, 8
_LEAST = 3
"""Titles it must stand in, and different neighbours it must have on either side."""
_MOST = 300
_NOT_IN = ("关于", "的")
_NO_EDGE = frozenset("的了和与及或在对是为有于将把被从等其该各第年月日号关")
"""Characters that no word of this kind begins or ends with."""


def frequent_words(titles: Sequence[str], keywords: Iterable[str]) -> list[str]:
    """The words, the most frequent first.

    :param keywords: those of all items, one after another.
    """
    counts = Counter(chain.from_iterable({word for _, _, _, word in _pieces(title)} for title in titles))
    least = max(_LEAST, len(titles) // 150)
    words = {word: count for word, count in counts.items() if count >= least and _may_be_word(word)}
    before, after = _neighbours(titles, words.keys())
    words = {word: count for word, count in words.items() if min(len(before[word]), len(after[word])) >= _LEAST}
    for word, count in sorted(words.items(), key=lambda each: (-len(each[0]), each[0])):
        for part in set(_parts(word)):
            if words.get(part, 0) and counts[part] < 1.5 * count:
                words.pop(part)
    for word, count in Counter(keywords).items():
        if count >= _LEAST and len(word) >= _SHORTEST:
            words[word] = max(count, words.get(word, 0))
    return sorted(words, key=lambda word: (-words[word], word))[:_MOST]


def _may_be_word(text: str) -> bool:
    return not _NO_EDGE & {text[0], text[-1]} and not any(part in text for part in _NOT_IN)


def _neighbours(titles: Sequence[str], words: Container[str]) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """What stands before and after each of some words; an end of a title is one of a kind."""
    before: dict[str, set[str]] = defaultdict(set)
    after: dict[str, set[str]] = defaultdict(set)
    for number, title in enumerate(titles):
        for run, start, end, word in _pieces(title):
            if word in words:
                before[word].add(run[start - 1] if start else f"{number}")
                after[word].add(run[end] if end < len(run) else f"{number}")
    return before, after


def _pieces(title: str) -> Iterator[tuple[str, int, int, str]]:
    """Each run of Chinese characters with each part of it that is neither too short nor too long: (run, from, to, part)."""
    for run in _RUN.findall(title):
        for start in range(len(run) - 1):
            for end in range(start + _SHORTEST, min(start + _LONGEST, len(run)) + 1):
                yield run, start, end, run[start:end]


def _parts(word: str) -> Iterator[str]:
    for length in range(_SHORTEST, len(word)):
        for start in range(len(word) - length + 1):
            yield word[start : start + length]
