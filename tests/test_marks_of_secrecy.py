"""密级标志 however they are typed: seen in the file, in decoded values, in the text that readers would see."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.site import Built, build_text
from tests.tables import GOOD, ITEMS, build_files, front, rows

BODIES = [
    "秘密★1年", "秘密\u00a0★1年", "秘　密★１年", "秘 密★1年", "秘密\n★1年", "机密⭐1年", "机密＊长期", "秘密**★**1年",
    "秘密\\★1年", "秘密&#9733;1年", "秘密&starf;1年", "秘密\u200b★", "機密★1年", "絕密★三十年", "**秘密**★1年",
    "&#31192;&#23494;★1年", "[秘密](https://www.example.gov.cn/)★1年", "秘密*1年", "绝密\ufe0f★", "机密　*　6个月",
    "> 秘密\n> ★长期", "| 秘*密*★1年 |\n|---|\n| 甲 |", "机密\\*5年", "# 秘密\u3000★\u3000１０年",
]  # fmt: skip
LINES = [
    '责任科室: "\\u79d8密★1年"', '责任科室: "\\u79d8\\u5bc6★1年"', '内容概述: "秘密\n  ★1年"',
    '其他: {甲: [{乙: "秘\\x20密★1年"}]}', '其他: {"秘\\u5bc6★1年": 甲}', "咨询: {科室: 机密☆}",
]  # fmt: skip
PROSE = [
    "不得泄露国家秘密、商业秘密。", "商业秘密★不是标志吗".replace("★", "和"), "- 国家秘密\n- 商业秘密", "**秘密**1年以上。",
    "涉及国家秘密\n* 5年以上的", "保守秘密。★1年", "秘密\n\n★ 联系电话", "秘密 * 保密", "秘密&amp;1年", "| 秘密 | 1年 |\n|---|---|\n| 甲 | 乙 |",
    "国家秘密\n★ 二、工作", "密切配合 ★1年", "保密★★★", "机&#23494; 1年",
]  # fmt: skip


def stopped(built: Built) -> bool:
    return built.status == 1 and built.codes.count("GK500") == 1 and not built.has("index.html")


@pytest.mark.parametrize("body", BODIES)
def test_a_mark_stops_the_build_however_it_is_typed_in_a_text(tmp_path: Path, body: str) -> None:
    built = build_files(tmp_path, {ITEMS + "a.md": front(1, body=f"甲。\n\n{body}"), **GOOD})
    assert stopped(built), built.findings
    assert [line for line, _, code, _ in rows(built, ITEMS + "a.md") if code == "GK500"] == [10]


@pytest.mark.parametrize("line", LINES)
def test_a_mark_stops_the_build_however_it_is_typed_in_a_key(tmp_path: Path, line: str) -> None:
    built = build_files(tmp_path, {ITEMS + "a.md": front(1, line), **GOOD})
    assert stopped(built), built.findings
    assert [line for line, _, code, _ in rows(built, ITEMS + "a.md") if code == "GK500"] == [6]


@pytest.mark.parametrize("body", PROSE)
def test_words_about_secrecy_are_no_mark(tmp_path: Path, body: str) -> None:
    built = build_files(tmp_path, {ITEMS + "a.md": front(1, body=body)})
    assert "GK500" not in built.codes
    assert built.status == 0


def test_a_mark_stops_the_build_in_a_standing_page_too(tmp_path: Path) -> None:
    page = '---\n标题: 指南\n类型: 指南\n内容概述: "\\u79d8\\u5bc6★"\n---\n\n秘密&#9733;1年\n'
    built = build_text(tmp_path, f"-- content/guides/site/guide.md --\n{page}")
    assert built.codes == ["GK500", "GK500"]
    assert [found["line"] for found in built.findings] == [4, 7]
    assert not built.has("index.html")


def test_every_mark_is_told_once_where_it_stands(tmp_path: Path) -> None:
    body = "秘密★1年\n\n机密&#9733;\n\n绝密★"
    built = build_files(tmp_path, {ITEMS + "a.md": front(1, body=body)})
    assert [(line, code) for line, _, code, _ in rows(built, ITEMS + "a.md")] == [
        (8, "GK500"),
        (10, "GK500"),
        (12, "GK500"),
    ]
