"""Words that a site's newest items often use: what suggestions offer besides titles and names.

Nothing knows where Chinese words begin and end. What stands in several titles with different neighbours on both sides,
and is not nearly always part of something longer, is taken for one; keywords are taken as they were written.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

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
    counts, before, after = _counted(titles)
    least = max(_LEAST, len(titles) // 150)
    words = {
        word: count
        for word, count in counts.items()
        if count >= least
        and len(before[word]) >= _LEAST
        and len(after[word]) >= _LEAST
        and not _NO_EDGE & {word[0], word[-1]}
        and not any(part in word for part in _NOT_IN)
    }
    for word, count in sorted(words.items(), key=lambda each: (-len(each[0]), each[0])):
        for part in set(_parts(word)):
            if words.get(part, 0) and counts[part] < 1.5 * count:
                words.pop(part)
    for word, count in Counter(keywords).items():
        if count >= _LEAST and len(word) >= _SHORTEST:
            words[word] = max(count, words.get(word, 0))
    return sorted(words, key=lambda word: (-words[word], word))[:_MOST]


def _counted(titles: Sequence[str]) -> tuple[Counter[str], dict[str, set[str]], dict[str, set[str]]]:
    """In how many titles each run of characters stands, and what comes before and after it; an end is one of a kind."""
    counts: Counter[str] = Counter()
    before: dict[str, set[str]] = defaultdict(set)
    after: dict[str, set[str]] = defaultdict(set)
    for number, title in enumerate(titles):
        seen = set()
        for run in _RUN.findall(title):
            for start in range(len(run) - 1):
                for end in range(start + _SHORTEST, min(start + _LONGEST, len(run)) + 1):
                    word = run[start:end]
                    seen.add(word)
                    before[word].add(run[start - 1] if start else f"{number}")
                    after[word].add(run[end] if end < len(run) else f"{number}")
        counts.update(seen)
    return counts, before, after


def _parts(word: str) -> Iterator[str]:
    for length in range(_SHORTEST, len(word)):
        for start in range(len(word) - length + 1):
            yield word[start : start + length]
