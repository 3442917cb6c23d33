"""A tier's items, and all files of it made from them in one go: what builds make in parts, and mend."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from gongkai_ssg.search.documents import cell_of, cells, document_block, facet_files, stamp_of
from gongkai_ssg.search.entry import Entry, pack, year_of
from gongkai_ssg.search.index import RUN, TierTerms, index_file
from gongkai_ssg.search.layout import Layout, layout_of
from gongkai_ssg.search.tiers import Tier, day_number

NO_NAMES: dict[str, object] = {"units": [], "categories": [], "everyday": ""}
_WORDS = "关于印发应急预案的通知 行政复议 最低生活保障 2024年 第3条 abc 不动产登记 青禾县 12345678 办理居住证".split()


@dataclass(frozen=True)
class Sample:
    """An item of a tier, and what is matched of it."""

    entry: Entry
    text: bytes

    @property
    def place(self) -> tuple[int, str, str, int, str]:
        """What numbers it in its tier."""
        entry = self.entry
        return year_of(entry.day), entry.category, entry.unit, entry.day, entry.code


def some_text(chance: random.Random) -> str:
    words = [chance.choice(_WORDS) for _ in range(chance.randrange(30))]
    return "".join(words) + "".join(chr(chance.randrange(0x4E00, 0x4E60)) for _ in range(chance.randrange(60)))


def some_samples(count: int, chance: random.Random) -> list[Sample]:
    """Items of two years, in the order of a tier."""
    samples = []
    for number in range(count):
        title = chance.choice(_WORDS) + some_text(chance)[:10]
        day = day_number(date(2024, 1, 1)) + chance.randrange(700)
        code = f"00000/{number}"
        text = pack(title, [code], ["关键词"], "", some_text(chance))
        category = chance.choice(["zcwj/gfxwj", "zcjd"])
        samples.append(Sample(Entry(code, day, chance.choice("abc"), category, "", "", "", "", title, "摘要"), text))
    return sorted(samples, key=lambda sample: sample.place)


def layout_for(tier: Tier, samples: list[Sample]) -> Layout:
    """The layout that the texts of a tier give it."""
    return layout_of(tier, [samples[number].text for number in tier.sample])


def index_of(tier: Tier, samples: list[Sample]) -> dict[str, bytes]:
    """All files of a tier of an index, and the index's first file where there is but this tier.

    :param samples: its items, in order.
    """
    entries = [sample.entry for sample in samples]
    layout = layout_for(tier, samples)
    stamp = stamp_of((entry.code for entry in entries), layout)
    files = [
        *facet_files(tier, stamp, entries),
        index_file(
            [(tier, stamp, layout, cells([*map(cell_of, entries)], [each.status for each in entries]))], NO_NAMES
        ),
    ]
    blocks = range(-(-tier.items // tier.block))
    files += (
        document_block(tier, stamp, entries[each * tier.block : (each + 1) * tier.block], each) for each in blocks
    )
    with TemporaryDirectory() as folder:
        terms = TierTerms(tier, stamp, layout, Path(folder).as_posix())
        for first in terms.runs:
            terms.run(first, [sample.text for sample in samples[first : first + RUN]])
        for number in range(tier.parts):
            files += terms.part(number)
    return dict(files)
