"""``gongkai search``: words in the working tree, drafts and broken items included."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from random import Random
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
        ("标题:通", ["1"]),
        ("标题:知", ["1"]),  # the last of a title
        ("文号:5", ["1"]),
        ("文号:1", []),  # a number counts as a whole
        ("单位: 财政局 预算", ["3"]),
        ("单位:czj 日期:2024", ["3"]),
        ("日期:2024-05 日期:2024-06..", []),
        ("－印发 防汛", ["2"]),
        ("小标题:预算", []),
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


@pytest.mark.parametrize(
    "words", [["日期:昨天"], ["，。"], ["日期:2024-13"], ["--lmit", "应急"], ["-日期:2024", "应急"], ["-应急"]]
)
def test_what_can_not_be_understood_is_said(site: Path, words: list[str]) -> None:
    status, _, err = command(site, "search", "--config", str(site / "config.yaml"), *words)
    assert status == 2
    assert "用法不对" in err


def test_a_word_that_stands_nowhere_is_named(site: Path) -> None:
    _, _, err = command(site, "search", "--config", str(site / "config.yaml"), "应急预案", "标题:没人写", "-纪要")
    assert "没有条目含有“标题:没人写”。" in err


def test_units_are_found_by_every_name_they_have_or_had(site: Path) -> None:
    assert names(site, "单位:县政府", "会议") == ["2"]
    assert names(site, "单位:理财所") == []
    path = site / "content/units.yaml"
    named = (
        path.read_text(encoding="utf-8")
        .replace("县政府", "县府")
        .replace("name: 测试县财政局", "name: 测试县财政局\n  names: [{name: 测试县理财所, to: 2020-01-01}]")
    )
    path.write_text(named, encoding="utf-8")
    assert names(site, "单位:县政府", "会议") == []
    assert names(site, "单位:县府", "会议") == ["2"]
    assert sorted(names(site, "单位:理财所")) == ["3", "4"]


def test_lines_show_each_word_and_mark_whole_numbers_only(site: Path) -> None:
    body = "全县\n应急\n一\n应急\n二\n应急\n第25条、第5条，\n共五\n条。"
    (site / "content/items/xzf/5.md").write_text(item("00005", title="办法", body=body), encoding="utf-8")
    (hit,) = search(site, "标题:办法", "第5条", "应急", "共五条")
    shown = [(line["text"], [line["text"][start:end] for start, end in line["marks"]]) for line in hit["lines"]]
    assert shown == [("title: 办法", ["办法"]), ("应急", ["应急"]), ("第25条、第5条，", ["第5条"])]
    (hit,) = search(site, "标题:办法", "共五条")
    shown = [(line["text"], [line["text"][start:end] for start, end in line["marks"]]) for line in hit["lines"]]
    assert shown == [("title: 办法", ["办法"]), ("共五", ["共五"]), ("条。", ["条"])]


def test_a_file_in_another_encoding_is_found_and_shown(site: Path) -> None:
    (site / "content/items/czj/6.md").write_bytes("标题：\r\n清淤工程".encode("gbk"))
    (hit,) = search(site, "清淤工程", "单位:财政局")
    assert (hit["state"], hit["unit"], [line["text"] for line in hit["lines"]]) == (
        "broken",
        "测试县财政局",
        ["清淤工程"],
    )


def test_a_period_is_read_in_many_ways() -> None:
    for typed in ("2024-02", "2024年2月", "2024/2", "2024-02-01..2024-02-29", "2024-2-1至2024-2-29"):
        asked = read(f"日期:{typed}")
        assert (str(asked.first), str(asked.last)) == ("2024-02-01", "2024-02-29"), typed
    with pytest.raises(Misread):
        read("日期:2024-02-30")


def keep(path: Path, change: Callable[[], object]) -> None:
    """Change a file and leave it the time it had."""
    about = path.stat()
    change()
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))


def garble(path: Path) -> None:
    path.write_bytes(Random(path.stat().st_size).randbytes(path.stat().st_size))


def garble_later(path: Path) -> None:
    garble(path)
    later = path.stat().st_mtime_ns + 5_000_000_000
    os.utime(path, ns=(later, later))


DAMAGES: dict[str, Callable[[Path], object]] = {
    "cut off": lambda path: keep(path, lambda: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])),
    "empty": lambda path: keep(path, lambda: path.write_bytes(b"")),
    "gone": Path.unlink,
    "written by others": garble_later,
}


PARTS = ("fields/*.seg", "fields/*.toc", "bodies/*.seg", "*.sqlite")


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_is_made_anew(site: Path, damage: str) -> None:
    for pattern in ("", *PARTS):
        for path in (site / ".gongkai/editors").glob(pattern) if pattern else ():
            DAMAGES[damage](path)
        assert (names(site, "转移避险"), names(site, "关键词:抗旱")) == (["1"], ["2"]), pattern
        assert all(list((site / ".gongkai/editors").glob(each)) for each in PARTS)


def test_an_index_that_looks_sound_and_is_not_is_made_anew(site: Path) -> None:
    assert names(site, "防汛应急预案") == ["1"]
    for pattern in PARTS:
        (path,) = (site / ".gongkai/editors").glob(pattern)
        keep(path, partial(garble, path))
        _, out, err = command(site, "search", "--config", str(site / "config.yaml"), "防汛应急预案")
        assert "防汛应急预案" in out, pattern
        assert "重新建立" in err, pattern


def test_an_index_is_kept_until_the_program_or_the_site_is_another(site: Path) -> None:
    def title() -> str:
        (hit,) = search(site, "转移避险")
        return str(hit["title"])

    def change(statement: str) -> None:
        with closing(sqlite3.connect(site / ".gongkai/editors/documents.sqlite")) as db:
            db.execute(statement)
            db.commit()

    sound = title()
    change("UPDATE documents SET title = '记着的'")
    assert title() == "记着的"
    change("UPDATE about SET value = 'another' WHERE name = 'made_by'")
    assert title() == sound
    change("UPDATE documents SET title = '记着的'")
    config = site / "config.yaml"
    config.write_text(config.read_text(encoding="utf-8") + "\nlimits: {item_bytes: 99999}\n", encoding="utf-8")
    assert title() == sound


def test_many_small_changes_leave_few_files(site: Path) -> None:
    path = site / "content/items/xzf/many.md"
    for number in range(1, 25):
        path.write_text(item("00077", title=f"第{number}稿", body=f"改了{number}遍。"), encoding="utf-8")
        assert names(site, f"改了{number}遍") == names(site, f"标题:第{number}稿") == ["many"]
    assert names(site, "改了3遍") == names(site, "标题:第3稿") == []
    for folder in ("fields", "bodies"):
        assert 1 < len(list((site / ".gongkai/editors" / folder).glob("*.seg"))) < 12, folder


def test_a_change_that_leaves_size_and_time_alike_is_seen(site: Path) -> None:
    path = site / "content/items/xzf/2.md"
    assert names(site, "应急预案修订") == ["2"]
    keep(path, lambda: path.write_text(path.read_text(encoding="utf-8").replace("修订", "废止"), encoding="utf-8"))
    assert names(site, "应急预案修订") == []
    assert names(site, "应急预案废止") == ["2"]


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
