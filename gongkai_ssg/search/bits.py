"""Postings → the bytes of shards. The format is in docs/search.md; ``engine/shards.js`` reads it, so does :func:`read_shard`."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gongkai_ssg.search.layout import Range
from gongkai_ssg.search.positions import U8, U32
from gongkai_ssg.search.postings import Postings

I64 = NDArray[np.int64]

DENSE = 8
"""A list that holds at least one text in so many is a bitmap."""


MASKED = 16
"""From so many texts on a list tells, in 64 bits ahead of it, what follows its term in any of them."""


def low_bits(count: int, universe: int) -> int:
    """How many low bits of a number are written out: floor(log2(universe / count)), never below 0."""
    bits = 0
    while count << (bits + 1) <= universe:
        bits += 1
    return bits


def _low_bits_of(counts: I64, universe: int | I64) -> I64:
    """The same for many counts at once, none 0."""
    bits = np.zeros(len(counts), np.int64)
    for more in range(1, int(np.max(universe)).bit_length() + 1):
        bits += counts << more <= universe
    return bits


@dataclass(frozen=True, slots=True)
class _Lists:
    """Where the parts of each list of ascending numbers go, in bits from the list's own start."""

    mask: I64
    low: I64
    dense: NDArray[np.bool_]
    upper: I64
    total: I64


def _measure(counts: I64, universe: int) -> _Lists:
    """The shape of the lists of terms that stand in ``counts`` of ``universe`` texts."""
    low = _low_bits_of(counts, universe)
    dense = counts * DENSE >= universe
    low[dense] = 0
    upper = np.where(dense, universe, (universe - 1 >> low) + counts)
    mask = np.where(counts >= MASKED, 64, 0)
    return _Lists(mask, low, dense, upper, mask + upper + counts * (low + 2))


def key_cuts(keys: U32, ranges: Sequence[Range]) -> list[int]:
    """Where the keys of each shard begin, and where the last one's end."""
    edges = [*(first for first, _ in ranges), ranges[-1][1]]
    cuts: list[int] = np.searchsorted(keys, np.array([edge << 16 for edge in edges], np.uint64)).tolist()
    return cuts


def encode(postings: Postings, texts: int, dropped: int, ranges: Sequence[Range]) -> list[bytes]:
    """The bytes of consecutive shards.

    :param texts: how many texts the tier has.
    :param dropped: how many low bits of keys are not written.
    :param ranges: of the shards to be written, ascending; no key lies between them.
    """
    counts = postings.counts
    held = _Keys.of(postings.keys, dropped, ranges)
    shape = _measure(counts, texts)
    sizes = 2 * _bit_lengths(counts) - 1
    sizes_before, lists_before = (np.concatenate(([0], np.cumsum(each))) for each in (sizes, shape.total))
    size_bits, list_bits = (np.diff(each[held.cuts]) for each in (sizes_before, lists_before))
    ends = np.cumsum((held.bits + size_bits + list_bits + 7) // 8 * 8)
    starts = np.concatenate(([0], ends[:-1]))
    sizes_at = starts + held.bits - sizes_before[held.cuts[:-1]]
    lists_at = starts + held.bits + size_bits - lists_before[held.cuts[:-1]]
    area = np.zeros((int(ends[-1]) + 63) // 64 * 64 + 64, np.uint8)
    area[held.highs(starts)] = 1
    words = _fill(area, postings, shape, lists_before[:-1] + held.each(lists_at))
    put(words, sizes_before[:-1] + held.each(sizes_at), counts.astype(np.uint64), sizes.astype(np.uint32))
    held.put_lows(words, starts)
    data = words.astype(">u8").tobytes()
    cut = itertools.pairwise((np.concatenate(([0], ends)) // 8).tolist())
    return [_varint(count) + data[start:end] for count, (start, end) in zip(held.counts.tolist(), cut, strict=True)]


@dataclass(frozen=True, slots=True)
class _Keys:
    """The keys of consecutive shards, as :func:`encode_keys` writes those of one.

    :ivar cuts: where the keys of each shard begin, and where the last one's end; ``counts``: how many each has.
    :ivar numbers: the keys, from the beginning of their shards.
    :ivar ranks: which one of its shard each is.
    :ivar low: how many low bits the keys of each shard have written out; ``upper``: how many bits their highs take.
    """

    cuts: I64
    counts: I64
    numbers: I64
    ranks: I64
    low: I64
    upper: I64

    @classmethod
    def of(cls, keys: U32, dropped: int, ranges: Sequence[Range]) -> _Keys:
        """Keys by the ranges that they lie in."""
        cuts = np.array(key_cuts(keys, ranges), np.int64)
        counts = np.diff(cuts)
        edges = np.array(ranges, np.int64) << 16
        universe = edges[:, 1] - edges[:, 0] >> dropped
        low = _low_bits_of(np.maximum(counts, 1), universe)
        upper = np.where(counts > 0, (universe - 1 >> low) + counts, 0)
        numbers = keys.astype(np.int64) - np.repeat(edges[:, 0], counts) >> dropped
        return cls(cuts, counts, numbers, np.arange(len(keys)) - np.repeat(cuts[:-1], counts), low, upper)

    @property
    def bits(self) -> I64:
        """How many bits the keys of each shard take."""
        return self.upper + self.counts * self.low

    def each(self, of_shards: I64) -> I64:
        """What is told of each shard, for each of its keys."""
        return np.repeat(of_shards, self.counts)

    def highs(self, starts: I64) -> I64:
        """Where a one stands, if shards begin at some places."""
        return self.each(starts) + (self.numbers >> self.each(self.low)) + self.ranks

    def put_lows(self, words: NDArray[np.uint64], starts: I64) -> None:
        """Write low bits out."""
        low = self.each(self.low)
        some = np.flatnonzero(low)
        low = low[some]
        places = self.each(starts + self.upper)[some] + self.ranks[some] * low
        put(words, places, (self.numbers[some] & (1 << low) - 1).astype(np.uint64), low.astype(np.uint32))


def _fill(area: U8, postings: Postings, shape: _Lists, bases: I64) -> NDArray[np.uint64]:
    """Upper bits one by one, lower bits and levels word by word."""
    counts = postings.counts
    numbers = postings.texts
    befores = np.cumsum(counts) - counts
    places = np.arange(len(numbers), dtype=np.int32)
    low = np.repeat(shape.low.astype(np.uint32), counts)
    starts = bases + shape.mask
    sparse = ~shape.dense
    ranked = places if sparse.all() else places * np.repeat(sparse, counts)
    area[np.repeat((starts - befores * sparse).astype(np.int32), counts) + ranked + (numbers >> low).view(np.int32)] = 1
    words = np.packbits(area).view(">u8").astype(np.uint64)
    kept = np.repeat(((np.uint32(1) << shape.low.astype(np.uint32)) - np.uint32(1)) * sparse, counts)
    values = (numbers & kept) << np.uint32(2) | postings.levels
    widths = shape.low + 2
    offsets = np.repeat((starts + shape.upper - befores * widths).astype(np.int32), counts)
    offsets += places * (low + np.uint32(2)).view(np.int32)
    put(words, offsets, values.astype(np.uint64), low + np.uint32(2))
    masked = np.flatnonzero(shape.mask)
    put(words, bases[masked], postings.masks[masked], np.full(len(masked), 64, np.uint32))
    return words


def put(words: NDArray[np.uint64], offsets: NDArray[Any], values: NDArray[np.uint64], widths: U32) -> None:
    """Write numbers into a run of bits, the highest first; the places ascend and do not overlap."""
    if not len(offsets):
        return
    at = offsets >> 6
    inside = (offsets & 63).astype(np.uint8)
    high = values << (np.uint32(64) - widths).astype(np.uint64)
    begins = np.flatnonzero(at[1:] != at[:-1]) + 1
    begins = np.concatenate((np.zeros(1, np.int64), begins))
    words[at[begins]] |= np.bitwise_or.reduceat(high >> inside, begins)
    over = np.flatnonzero(inside + widths.astype(np.uint8) > 64)
    if len(over):
        words[at[over] + 1] |= high[over] << (np.uint8(64) - inside[over])


def encode_keys(numbers: U32, universe: int) -> U8:
    """The keys of a shard as bits: lows written out, highs as ones among zeros (Elias and Fano)."""
    count = len(numbers)
    if not count:
        return np.zeros(0, np.uint8)
    low = low_bits(count, universe)
    numbers = numbers.astype(np.int64)
    upper = (universe - 1 >> low) + count
    bits = np.zeros(upper + count * low, np.uint8)
    bits[(numbers >> low) + np.arange(count)] = 1
    if low:
        bits[upper:] = (numbers[:, None] >> np.arange(low - 1, -1, -1) & 1).reshape(-1)
    return bits


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def _bit_lengths(numbers: I64) -> I64:
    return np.frexp(numbers.astype(np.float64))[1].astype(np.int64)


@dataclass(slots=True)
class Shard:
    """A shard taken apart: its keys, and for each list its length and bits."""

    keys: list[int]
    counts: list[int]
    lists: list[U8]


def read_shard(data: bytes, texts: int, dropped: int, base: int, universe: int) -> Shard:
    """Take a shard apart; lists stay as they are."""
    count, at = _read_varint(data)
    bits = np.unpackbits(np.frombuffer(data, np.uint8, offset=at))
    keys, at = decode_numbers(bits, 0, count, universe >> dropped)
    counts = []
    for _ in range(count):
        zeros = 0
        while not bits[at + zeros]:
            zeros += 1
        counts.append(int("".join(map(str, bits[at + zeros : at + 2 * zeros + 1].tolist())), 2))
        at += 2 * zeros + 1
    shape = _measure(np.array(counts, np.int64), texts)
    lists = []
    for length in shape.total.tolist():
        lists.append(bits[at : at + length])
        at += length
    return Shard([base + (key << dropped) for key in keys.tolist()], counts, lists)


def _read_varint(data: bytes) -> tuple[int, int]:
    number = shift = at = 0
    while data[at] > 127:
        number |= (data[at] & 127) << shift
        shift += 7
        at += 1
    return number | data[at] << shift, at + 1


def write_shard(shard: Shard, dropped: int, base: int, universe: int) -> bytes:
    """The bytes of a shard taken apart, the same that :func:`encode` gives."""
    keys = np.array([key - base >> dropped for key in shard.keys], np.uint32)
    sizes = "".join(f"{count:0{2 * count.bit_length() - 1}b}" for count in shard.counts)
    bits = [encode_keys(keys, universe >> dropped), np.frombuffer(sizes.encode(), np.uint8) - 48, *shard.lists]
    return _varint(len(shard.keys)) + np.packbits(np.concatenate(bits)).tobytes()


def encode_list(numbers: I64, levels: I64, mask: int, texts: int) -> U8:
    """One list as bits."""
    count = len(numbers)
    shape = _measure(np.array([count], np.int64), texts)
    low, upper, ahead = int(shape.low[0]), int(shape.upper[0]), int(shape.mask[0])
    bits = np.zeros(int(shape.total[0]), np.uint8)
    if ahead:
        bits[:64] = np.unpackbits(np.array([mask], ">u8").view(np.uint8))
    bits[ahead + (numbers >> low) + (0 if shape.dense[0] else np.arange(count))] = 1
    fields = (numbers & (1 << low) - 1) << 2 | levels if not shape.dense[0] else levels
    bits[ahead + upper :] = (fields[:, None] >> np.arange(low + 1, -1, -1) & 1).reshape(-1)
    return bits


def decode_numbers(bits: U8, at: int, count: int, universe: int) -> tuple[I64, int]:
    """(ascending numbers, where they end) of a run written like keys."""
    if not count:
        return np.zeros(0, np.int64), at
    low = low_bits(count, universe)
    upper = (universe - 1 >> low) + count
    numbers = np.flatnonzero(bits[at : at + upper]) - np.arange(count)
    at += upper
    lows = bits[at : at + count * low].reshape(count, low).astype(np.int64)
    return numbers << low | lows @ (1 << np.arange(low - 1, -1, -1)), at + count * low


def decode_list(bits: U8, count: int, texts: int) -> tuple[I64, I64]:
    """(texts, levels) of the postings of a list."""
    shape = _measure(np.array([count], np.int64), texts)
    low, upper = int(shape.low[0]), int(shape.upper[0])
    bits = bits[int(shape.mask[0]) :]
    numbers = np.flatnonzero(bits[:upper])
    if not shape.dense[0]:
        numbers = numbers - np.arange(count)
    fields = bits[upper:].reshape(count, low + 2).astype(np.int64) @ (1 << np.arange(low + 1, -1, -1))
    return numbers << low | fields >> 2, fields & 3
