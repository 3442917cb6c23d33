"""Terms in very many texts have shards to themselves."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from gongkai_ssg.search import analysis
from gongkai_ssg.search.bits import read_shard
from gongkai_ssg.search.changes import mended_files
from gongkai_ssg.search.entry import pack
from gongkai_ssg.search.layout import Layout
from gongkai_ssg.search.shards import read_binary_script
from gongkai_ssg.search.tiers import SAMPLED, Tier
from tests.search.node import needs_node, searched
from tests.search.tiers import Sample, index_of, layout_for, some_samples, some_text

COUNT = SAMPLED + 4
TIER = Tier(0, 30_000, COUNT)


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    return some_samples(COUNT, random.Random(9))


@pytest.fixture(scope="module")
def files(samples: list[Sample]) -> dict[str, bytes]:
    return index_of(TIER, samples)


@pytest.fixture(scope="module")
def layout(samples: list[Sample]) -> Layout:
    return layout_for(TIER, samples)


def holders(samples: list[Sample], phrase: str) -> set[str]:
    return {sample.entry.code for sample in samples if phrase in sample.text.decode("utf-16-le")}


def test_a_common_term_stands_in_a_file_of_its_own(
    samples: list[Sample], files: dict[str, bytes], layout: Layout
) -> None:
    half = analysis.term(ord("复"), ord("议")) >> 16
    assert half in layout.common
    _, data = read_binary_script(files[f"{TIER.name}/c{half}.js"])
    shard = read_shard(data, COUNT, TIER.dropped, half << 16, 1 << 16)
    (held,) = (held for held in shard.counts if held > COUNT // 8)
    assert held == len(holders(samples, "复议"))
    assert Layout.read(TIER.shards, layout.written()) == layout
    assert {name for name in files if "/c" in name} == {f"{TIER.name}/c{each}.js" for each in layout.common}


def test_a_text_is_mended_there_too(samples: list[Sample], files: dict[str, bytes], layout: Layout) -> None:
    chance = random.Random(10)
    before = samples[1]
    after = replace(before, text=pack(before.entry.title, [before.entry.code], [], "", "行政复议" + some_text(chance)))
    changed = dict(mended_files(TIER, layout, {1: (before.text, after.text)}, files.__getitem__))
    assert files | changed == index_of(TIER, [samples[0], after, *samples[2:]])


@needs_node
def test_the_engine_finds_common_and_rare_terms_and_phrases_of_both(
    tmp_path: Path, samples: list[Sample], files: dict[str, bytes]
) -> None:
    """A phrase may be put together from title and text of one item; no more than that."""
    for name, data in files.items():
        (tmp_path / "search" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "search" / name).write_bytes(data)
    phrases = ["复议", "行政复议", "复议最低生活", "一丁", "行政复议办理居住证", "登记第3条", "议行"]
    queries = [(f'"{phrase}"', {"pageSize": 1000, "relax": False}) for phrase in phrases]
    for phrase, found in zip(phrases, searched(tmp_path, *queries), strict=True):
        should = holders(samples, phrase)
        assert len(should) <= found["total"] <= len(should) * 1.02, phrase
        if found["total"] <= 1000:
            assert should <= {hit["code"] for hit in found["hits"]}, phrase
