"""A mended index is the index a clean build writes."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import date

import pytest

from gongkai_ssg.search.changes import mended_files
from gongkai_ssg.search.documents import stamp_of
from gongkai_ssg.search.entry import Entry, pack
from gongkai_ssg.search.index import index_file, tier_files
from gongkai_ssg.search.layout import Layout, layout_of
from gongkai_ssg.search.tiers import Tier, day_number, tiers

_WORDS = "关于印发应急预案的通知 行政复议 最低生活保障 2024年 第3条 abc 不动产登记 青禾县 12345678 办理居住证".split()


def some_text(chance: random.Random) -> str:
    words = [chance.choice(_WORDS) for _ in range(chance.randrange(30))]
    return "".join(words) + "".join(chr(chance.randrange(0x4E00, 0x4E60)) for _ in range(chance.randrange(60)))


def some_entries(count: int, chance: random.Random) -> list[Entry]:
    entries = []
    for number in range(count):
        title = chance.choice(_WORDS) + some_text(chance)[:10]
        day = day_number(date(2024, 1, 1)) + chance.randrange(700)
        text = pack(title, [f"00000/{number}"], ["关键词"], "", some_text(chance))
        category = chance.choice(["zcwj/gfxwj", "zcjd"])
        entries.append(
            Entry(f"00000/{number}", day, chance.choice("abc"), category, "", "", "", "", title, "摘要", text)
        )
    return sorted(entries, key=lambda entry: entry.place)


@pytest.mark.parametrize("count", [5, 70, 700])
def test_mending_a_few_shards_gives_what_a_clean_build_gives(count: int) -> None:
    chance = random.Random(count)
    entries = some_entries(count, chance)
    tier = Tier(0, 30_000, count)
    files = index_of(tier, entries)
    for _ in range(6):
        changes = {}
        for number in chance.sample(range(count), min(3, count)):
            before = entries[number]
            after = replace(before, text=pack(before.title, [before.code], [], "", some_text(chance)))
            entries[number] = after
            changes[number] = (before.text, after.text)
        changed = dict(mended_files(tier, Layout(tier.shards), changes, files.__getitem__))
        files |= changed
        assert files == index_of(tier, entries)


def index_of(tier: Tier, entries: list[Entry]) -> dict[str, bytes]:
    layout = layout_of(tier, [entries[number].text for number in tier.sample])
    stamp = stamp_of((entry.code for entry in entries), layout)
    return dict([*tier_files(tier, entries), index_file([(tier, stamp, layout)])])


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
