"""Places of terms → postings: for each term, in which texts it stands, how weighty, and what follows it there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gongkai_ssg.search.positions import HEAD, SUMMARY, U8, U32, Positions

U64 = NDArray[np.uint64]

IN_HEAD = 3
"""The level of a term that stands in title, numbers or keywords; 0 to 2 say how weighty it is in the body."""

TYPICAL_LENGTH = 1000
"""What a text's length is compared with, in units. Fixed: an average would change with every item."""

_K1, _B = 1.2, 0.75
_BOUNDS = (0.41, 0.635)

SEVERAL = 63
"""Instead of a follower: there are several."""


@dataclass(frozen=True, slots=True)
class Postings:
    """Postings ordered by key, then text.

    :param keys: the different keys, ascending.
    :param counts: how many texts each has.
    :param texts: of all postings, key by key.
    :param levels: of each posting, 0 to 3.
    :param followers: of each posting: what follows the term in that text, or ``SEVERAL``.
    :param several: for each posting with ``SEVERAL``, in order: how many followers, then the followers, ascending.
    :param several_sizes: how many elements of ``several`` each of those postings has.
    :param masks: of each key: a bit for each follower in any text.
    """

    keys: U32
    counts: NDArray[np.int64]
    texts: U32
    levels: U8
    followers: U8
    several: U8
    several_sizes: NDArray[np.int64]
    masks: U64


def words_of(places: Positions, first: int, dropped: int) -> U64:
    """Each place as one 64-bit word: its key, 19 bits of its text's number, 5 of the text's length bucket, its mark.

    :param first: the number of the first text.
    :param dropped: how many low bits of keys do not count.
    :raises ValueError: if there are more texts than words can tell apart.
    """
    buckets = length_buckets(places.lengths)
    if first + len(buckets) > 1 << _TEXT_BITS:
        raise ValueError(first + len(buckets))
    below = np.arange(first, first + len(buckets), dtype=np.uint32) << np.uint32(_TEXT_SHIFT)
    below |= buckets.astype(np.uint32) << np.uint32(_BUCKET_SHIFT)
    words = (places.keys >> np.uint32(dropped)).astype(np.uint64)
    words <<= np.uint64(32 + dropped)
    words |= below[places.texts] | places.marks
    return words


_BUCKET_SHIFT, _TEXT_SHIFT, _TEXT_BITS = 8, 13, 19


def gather(words: U64) -> Postings:
    """Postings of places, as :func:`words_of` gives them, that stand in the order of their texts."""
    if len(words):
        words = _by_key(words)
    keys = (words >> np.uint64(32)).astype(np.uint32)
    new_key = np.ones(len(words), bool)
    np.not_equal(keys[1:], keys[:-1], out=new_key[1:])
    _settle(new_key, words)
    owners = words >> np.uint64(_TEXT_SHIFT)
    fresh = np.ones(len(words), bool)
    np.not_equal(owners[1:], owners[:-1], out=fresh[1:])
    starts = np.flatnonzero(fresh)
    sizes = np.empty(len(starts), np.int32)
    np.subtract(starts[1:], starts[:-1], out=sizes[:-1], casting="unsafe")
    sizes[-1:] = len(words) - starts[-1:]
    marks = words.astype(np.uint8)
    low = words[starts].astype(np.uint32)
    tops = low.astype(np.uint8)
    followers = tops & np.uint8(0x3F)
    many = np.flatnonzero(sizes > 1)
    several = several_sizes = np.empty(0, np.int64)
    if len(many):
        shared = ~fresh
        shared[:-1] |= shared[1:]
        member_marks = marks[shared]
        postings = np.repeat(np.arange(len(many), dtype=np.int32), sizes[many])
        for bit in (HEAD, SUMMARY):
            tops[many[postings[member_marks & bit > 0]]] |= np.uint8(bit)
        different = postings << 6 | member_marks & np.uint8(0x3F)
        different.sort(kind="stable")  # short runs: nearly in order
        again = different[1:] != different[:-1]
        different = different[np.concatenate(([True], again))]
        distinct = np.bincount(different >> 6, minlength=len(many))
        chosen = distinct > 1
        followers[many[chosen]] = SEVERAL
        kept = different[chosen[different >> 6]]
        several_sizes = distinct[chosen] + 1
        heads = np.cumsum(several_sizes) - several_sizes
        several = np.insert(kept & 0x3F, heads - np.arange(len(heads)), several_sizes - 1)
    kinds = low >> np.uint32(_BUCKET_SHIFT - 4) & np.uint32(0x1F0)
    kinds |= np.minimum(sizes, 14).astype(np.uint8) + (tops >> np.uint8(7))
    levels = np.take(_levels(), kinds.view(np.int32), mode="clip")
    levels[tops & HEAD > 0] = IN_HEAD
    key_starts = np.flatnonzero(new_key)
    masks = np.bitwise_or.reduceat(np.left_shift(np.uint64(1), marks & np.uint8(0x3F), dtype=np.uint64), key_starts)
    lists = np.flatnonzero(new_key[starts])
    counts = np.diff(lists, append=len(starts))
    texts = low >> np.uint32(_TEXT_SHIFT)
    return Postings(keys[key_starts], counts, texts, levels, followers, several.astype(np.uint8), several_sizes, masks)


def _by_key(words: U64) -> U64:
    """Words in the order of their keys, those of one key as they stood: counted twice, faster than compared."""
    words = words[np.argsort((words >> np.uint64(32)).astype(np.uint16), kind="stable")]
    high = (words >> np.uint64(48)).astype(np.uint16)
    high -= high.min()
    return words[np.argsort(high.astype(np.uint8) if high.max() < 256 else high, kind="stable")]


def _settle(new_key: NDArray[np.bool_], words: U64) -> None:
    """Where terms of different kinds met in one key, put their texts in order."""
    wrong = np.flatnonzero((words[1:] >> np.uint64(_TEXT_SHIFT) < words[:-1] >> np.uint64(_TEXT_SHIFT)) & ~new_key[1:])
    if not len(wrong):
        return
    starts = np.flatnonzero(new_key)
    ends = np.append(starts[1:], len(words))
    for place in np.unique(np.searchsorted(starts, wrong, side="right") - 1).tolist():
        words[starts[place] : ends[place]].sort()


def length_buckets(lengths: NDArray[Any]) -> U8:
    """Lengths by powers of two, so that a small edit seldom changes the weight of every term."""
    buckets: U8 = np.ceil(np.log2(np.maximum(lengths, 1) + 1.0)).astype(np.uint8)
    return buckets


@cache
def _levels() -> U8:
    """The level for each length bucket and, sixteen in a row, number of occurrences: BM25's saturation in three steps."""
    table = np.zeros((33, 16), np.uint8)
    for bucket in range(33):
        norm = 1 - _B + _B * (0.75 * 2.0**bucket) / TYPICAL_LENGTH
        for count in range(1, 16):
            weight = count / (count + _K1 * norm)
            table[bucket, count] = sum(weight > bound for bound in _BOUNDS)
    return table.reshape(-1)
