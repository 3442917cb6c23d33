"""A mended index is the index a clean build writes."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import date

import pytest

from gongkai_ssg.search.changes import mended_files
from gongkai_ssg.search.entry import pack
from gongkai_ssg.search.layout import Layout
from gongkai_ssg.search.tiers import Tier, day_number, tiers
from tests.search.tiers import index_of, some_samples, some_text


@pytest.mark.parametrize("count", [5, 70, 700])
def test_mending_a_few_shards_gives_what_a_clean_build_gives(count: int) -> None:
    chance = random.Random(count)
    samples = some_samples(count, chance)
    tier = Tier(0, 30_000, count)
    files = index_of(tier, samples)
    for _ in range(6):
        changes = {}
        for number in chance.sample(range(count), min(3, count)):
            before = samples[number]
            after = replace(before, text=pack(before.entry.title, [before.entry.code], [], "", some_text(chance)))
            samples[number] = after
            changes[number] = (before.text, after.text)
        changed = dict(mended_files(tier, Layout(tier.shards), changes, files.__getitem__))
        files |= changed
        assert files == index_of(tier, samples)


def test_tiers_hold_every_day_once() -> None:
    chance = random.Random(3)
    today = day_number(date(2025, 6, 1))
    for size in (1, 40, 3_000, 200_000):
        counts = {day: chance.randrange(1, 2 * size // 3000 + 2) for day in range(today - 3000, today + 2)}
        found = tiers(today, counts)
        for before, after in itertools.pairwise(found):
            assert before.end <= after.first
        for day in counts:
            assert sum(tier.first <= day < tier.end for tier in found) == 1
        assert sum(tier.items for tier in found) == sum(counts.values())
        assert len({tier.name for tier in found}) == len(found)


def test_a_new_item_of_today_leaves_the_old_tiers_as_they_are() -> None:
    today = day_number(date(2025, 6, 1))
    counts = dict.fromkeys(range(today - 3000, today - 1), 4)
    before = tiers(today, counts)
    after = tiers(today, counts | {today: 1})
    assert [tier for tier in before if not tier.hot] == [tier for tier in after if not tier.hot]
