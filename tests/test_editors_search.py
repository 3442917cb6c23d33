"""``gongkai search``: words in the working tree, drafts and broken items included."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai_ssg.editors.asked import Misread, read
from tests.site import CODE, command, item, lay_out

SITE = f"""
-- content/items/xzf/1.md --
{item("00001", title="关于印发防汛应急预案的通知", doc_number="青政〔2024〕5号", body="各乡镇要落实**转移**避险责任。")}
-- content/items/xzf/2.md --
{item("00002", title="会议纪要", body="会议研究了应急预案修订。", summary="研究防汛", keywords="[防汛, 抗旱]")}
-- content/items/czj/3.md --
{item("00001", title="预算公开说明", draft="true", date="2024-05-06", body="预算收入。").replace(CODE, "00000102X")}
-- content/items/czj/4.md --
---
title: 没写完的
---
这里说到村级电站。
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return lay_out(tmp_path, SITE)


def search(folder: Path, *words: str) -> list[dict[str, Any]]:
    """The hits for some words."""
    status, out, err = command(folder, "search", "--config", str(folder / "config.yaml"), "--format", "json", *words)
    assert status == 0, err
    return [json.loads(line) for line in out.splitlines()]


def names(folder: Path, *words: str) -> list[str]:
    return [Path(hit["path"]).stem for hit in search(folder, *words)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("应急预案", ["1", "2"]),  # a title goes before a body
        ("防汛应急预案", ["1"]),
        ("轉移避險", ["1"]),  # traditional characters, across emphasis
        ("青政[2024]5号", ["1"]),
        (f"{CODE}/2024-00002", ["2"]),
        ("防汛 应急预案", ["1", "2"]),
        ("防汛 -印发", ["2"]),
        ("防汛 -印发防汛应急", ["2"]),
        ("“应急预案修订”", ["2"]),
        ("预案应急", []),
        ("预算", ["3"]),
        ("单位:财政局", ["3", "4"]),  # of a broken item too
        ("单位：测试县财政局 日期:2024-05", ["3"]),
        ("日期:2024-05-07..", []),
        ("日期:..2024-03 防汛", ["2", "1"]),
        ("标题:应急预案", ["1"]),
        ("关键词:抗旱", ["2"]),
        ("文号:青政", ["1"]),
        ("村级电站", ["4"]),
        ("纪", ["2"]),
    ],
)
def test_words_find(site: Path, words: str, found: list[str]) -> None:
    assert sorted(names(site, *words.split(" "))) == sorted(found)
    if words == "应急预案":
        assert names(site, words) == found


def test_a_hit_says_what_it_is_and_where_the_words_stand(site: Path) -> None:
    (hit,) = search(site, "预算收入")
    assert (hit["title"], hit["state"], hit["date"], hit["unit"]) == (
        "预算公开说明",
        "draft",
        "2024-05-06",
        "测试县财政局",
    )
    (line,) = hit["lines"]
    ((start, end),) = line["marks"]
    assert line["text"][start:end] == "预算收入"
    source = (site / hit["path"]).read_text(encoding="utf-8").split("\n")
    assert source[line["line"] - 1] == line["text"]
    assert search(site, "村级电站")[0]["state"] == "broken"


def test_it_says_how_many_there_are(site: Path) -> None:
    config = str(site / "config.yaml")
    _, out, err = command(site, "search", "--config", config, "--limit", "1", "应急预案")
    assert "找到 2 条,列出 1 条" in err
    assert "防汛应急预案" in out
    assert "会议纪要" not in out
    assert "找到 0 条" in command(site, "search", "--config", config, "无人写过")[2]


@pytest.mark.parametrize("words", [["日期:昨天"], ["，。"], ["日期:2024-13"], ["--lmit", "应急"]])
def test_what_can_not_be_understood_is_said(site: Path, words: list[str]) -> None:
    status, _, err = command(site, "search", "--config", str(site / "config.yaml"), *words)
    assert status == 2
    assert "用法不对" in err


def test_a_period_is_read_in_many_ways() -> None:
    for typed in ("2024-02", "2024年2月", "2024/2", "2024-02-01..2024-02-29", "2024-2-1至2024-2-29"):
        asked = read(f"日期:{typed}")
        assert (str(asked.first), str(asked.last)) == ("2024-02-01", "2024-02-29"), typed
    with pytest.raises(Misread):
        read("日期:2024-02-30")


def test_a_damaged_index_is_made_anew(site: Path) -> None:
    assert names(site, "防汛应急预案") == ["1"]
    for path in sorted((site / ".gongkai/editors").rglob("*")):
        if path.is_file():
            before = path.read_bytes()
            path.write_bytes(before[: len(before) // 2])
            assert names(site, "防汛应急预案") == ["1"], path.name


_STEPS = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from(["应急", "预算", "公开", "", None])), min_size=1, max_size=6
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS)
def test_after_any_changes_it_finds_what_the_files_say(tmp_path: Path, steps: list[tuple[str, str | None]]) -> None:
    shutil.rmtree(tmp_path / "site", ignore_errors=True)
    folder = lay_out(tmp_path / "site")
    items = folder / "content/items/xzf"
    items.mkdir(parents=True)
    for number, (name, word) in enumerate(steps):
        path = items / f"{name}.md"
        if word is None:
            path.unlink(missing_ok=True)
        else:
            text = item(f"{ord(name):05}", body=f"这里写着{word}二字，第{number}次。" + "多" * number)
            path.write_text(text, encoding="utf-8")
        wanted = ("着应急二", "着预算二")[number % 2]
        really = sorted(each.stem for each in items.iterdir() if wanted in each.read_text(encoding="utf-8"))
        assert sorted(names(folder, wanted)) == really
