"""``content/synonyms.yaml`` as people write it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai_ssg.search.shards import read_script
from gongkai_ssg.search.synonyms import in_one_line, own_synonyms, with_shipped
from tests.site import build, lay_out

SEARCH = "\nsearch: true\n"


def site(folder: Path, synonyms: str) -> Path:
    """A site with search and a file of everyday words."""
    lay_out(folder, f"-- content/synonyms.yaml --\n{synonyms}")
    config = folder / "config.yaml"
    config.write_text(config.read_text(encoding="utf-8") + SEARCH, encoding="utf-8")
    return folder


def test_a_shipped_word_stands_in_one_group() -> None:
    words = [word for group in with_shipped([]) for word in group]
    assert [word for word in set(words) if words.count(word) > 1] == []


def test_a_word_may_hold_what_parts_words_in_the_index(tmp_path: Path) -> None:
    built = build(site(tmp_path, "- ['甲,乙;丙', 丁戊]\n"))
    assert built.status == 0
    _, content = read_script((built.output / "search/index.js").read_bytes())
    groups = [group.split(",") for group in content["names"]["everyday"].split(";")]
    assert groups[0] == ["甲，乙；丙", "丁戊"]
    assert ["低保", "最低生活保障"] in groups


def test_a_sites_groups_add_to_the_shipped_ones_and_go_before_them(tmp_path: Path) -> None:
    assert own_synonyms(tmp_path / "nowhere.yaml", "synonyms.yaml") == ([], [])
    shipped = with_shipped([])
    assert ["低保", "最低生活保障"] in shipped
    (tmp_path / "synonyms.yaml").write_text("- [低保, 低保金]\n- [老街, 解放路]\n", encoding="utf-8")
    own, findings = own_synonyms(tmp_path / "synonyms.yaml", "synonyms.yaml")
    groups = with_shipped(own)
    assert groups[:2] == [["低保", "低保金"], ["老街", "解放路"]]
    assert ["低保", "最低生活保障"] not in groups
    assert len(groups) > len(shipped)
    assert findings == []


def test_words_that_are_only_spoken_stand_behind_those_that_documents_hold(tmp_path: Path) -> None:
    groups = [["~遛狗", "养犬", "养狗"], ["低保", "最低生活保障"], ["甲,乙", "~丙|丁"]]
    assert in_one_line(groups) == "养犬,养狗|遛狗;低保,最低生活保障;甲，乙|丙｜丁"
    assert ["养犬", "养狗"] not in with_shipped([["~狗证", "养犬登记"]]), "a group gives way for a spoken word too"
    (tmp_path / "synonyms.yaml").write_text('- [养犬, "～ 遛狗", "~ 狗证"]\n', encoding="utf-8")
    assert own_synonyms(tmp_path / "synonyms.yaml", "synonyms.yaml") == ([["养犬", "~遛狗", "~狗证"]], [])
    assert all(any(not word.startswith("~") for word in group) for group in with_shipped([]))


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("- [老街, 解放路]\n- [只有一个]\n", 2, "每组写成一行"),
        ("- [老街, 解放路]\n- 低保 最低生活保障\n", 2, "每组写成一行"),
        ("- [老街, 解放路]\n- {低保: 最低生活保障}\n", 2, "每组写成一行"),
        ("- [老街, 解放路]\n- [低保, ]\n- [低保, '']\n", 2, "每组写成一行"),
        ("- [老街, 解放路]\n- [~吃低保, ~要低保]\n", 2, "每组写成一行"),
        ("- [老街, 解放路]\n- [低保, ~]\n", 2, "每组写成一行"),
        ("低保: 最低生活保障\n", 1, "整个文件读不成"),
        ("- [低保, 最低生活保障\n", 1, "整个文件读不成"),
    ],
)
def test_a_wrong_group_is_told_and_left_out_alone(tmp_path: Path, text: str, line: int, hint: str) -> None:
    built = build(site(tmp_path, text))
    told = [finding for finding in built.findings if finding["code"] == "GK029"]
    assert (built.status, told[0]["severity"], told[0]["path"]) == (1, "error", "content/synonyms.yaml")
    assert told[0]["line"] == line
    assert hint in told[0]["hint"]
    words = built.page("search/index.js")
    assert "最低生活保障" in words
    assert ("解放路" in words) is text.startswith("- [老街")
    assert [finding["code"] for finding in build(tmp_path).findings] == built.codes, "told again"
