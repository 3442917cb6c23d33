"""Places of terms → postings: for each term, in which texts it stands, how weighty, and what follows it there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gongkai_ssg.search.positions import HEAD, U8, U32, Positions

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
    masks: NDArray[np.uint64]


def key_order(keys: U32) -> NDArray[np.int64]:
    """The order of keys; equal ones stay as they stand. Two passes of counting, several times faster than comparing."""
    low = np.argsort(keys.astype(np.uint16), kind="stable")
    high = np.argsort((keys >> np.uint32(16)).astype(np.uint16)[low], kind="stable")
    return low[high]


def joined(parts: Sequence[Positions]) -> Positions:
    """Positions of consecutive runs of texts as one; texts are numbered through already."""
    return Positions(*(np.concatenate([getattr(part, name) for part in parts]) for name in Positions.__slots__))


def gather(places: Positions, buckets: U8, dropped: int) -> Postings:
    """Postings of places that stand in the order of their texts.

    :param dropped: how many low bits of keys do not count.

    :param buckets: the length bucket of each text, from :func:`length_buckets`.
    """
    every = places.keys >> np.uint32(dropped) << np.uint32(dropped) if dropped else places.keys
    order = key_order(every)
    keys, texts, marks = every[order], places.texts[order], places.marks[order]
    new_key = np.ones(len(keys), bool)
    new_key[1:] = keys[1:] != keys[:-1]
    _settle(new_key, texts, marks)
    fresh = new_key.copy()
    fresh[1:] |= texts[1:] != texts[:-1]
    starts = np.flatnonzero(fresh)
    sizes = np.empty(len(starts), np.int32)
    np.subtract(starts[1:], starts[:-1], out=sizes[:-1], casting="unsafe")
    sizes[-1:] = len(keys) - starts[-1:]
    tops = marks[starts]
    followers = tops & np.uint8(0x3F)
    posting_texts = texts[starts]
    many = np.flatnonzero(sizes > 1)
    several = several_sizes = np.empty(0, np.int64)
    if len(many):
        repeated = sizes > 1
        members = np.flatnonzero(np.repeat(repeated, sizes))
        inner = np.cumsum(sizes[many]) - sizes[many]
        tops[many] = np.bitwise_or.reduceat(marks[members], inner)
        owners = np.repeat(np.arange(len(many), dtype=np.int32), sizes[many])
        different = np.sort(owners << 6 | marks[members] & np.uint8(0x3F), kind="stable")  # short runs: nearly in order
        different = different[np.concatenate(([True], different[1:] != different[:-1]))]
        distinct = np.bincount(different >> 6, minlength=len(many))
        chosen = distinct > 1
        followers[many[chosen]] = SEVERAL
        kept = different[chosen[different >> 6]]
        several_sizes = distinct[chosen] + 1
        heads = np.cumsum(several_sizes) - several_sizes
        several = np.insert(kept & 0x3F, heads - np.arange(len(heads)), several_sizes - 1)
    weights = np.minimum(sizes, 14).astype(np.uint8) + (tops >> np.uint8(7))
    levels = _levels()[buckets[posting_texts] * np.uint16(16) + weights]
    levels[tops & HEAD > 0] = IN_HEAD
    key_starts = np.flatnonzero(new_key)
    masks = np.bitwise_or.reduceat(np.left_shift(np.uint64(1), marks & np.uint8(0x3F), dtype=np.uint64), key_starts)
    lists = np.flatnonzero(new_key[starts])
    counts = np.diff(lists, append=len(starts))
    return Postings(
        keys[key_starts], counts, posting_texts, levels, followers, several.astype(np.uint8), several_sizes, masks
    )


def _settle(new_key: NDArray[np.bool_], texts: U32, marks: U8) -> None:
    """Where terms of different kinds met in one key, put their texts in order."""
    wrong = np.flatnonzero((texts[1:] < texts[:-1]) & ~new_key[1:])
    if not len(wrong):
        return
    starts = np.flatnonzero(new_key)
    ends = np.append(starts[1:], len(texts))
    for place in np.unique(np.searchsorted(starts, wrong, side="right") - 1).tolist():
        part = slice(starts[place], ends[place])
        order = np.argsort(texts[part], kind="stable")
        texts[part], marks[part] = texts[part][order], marks[part][order]


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
