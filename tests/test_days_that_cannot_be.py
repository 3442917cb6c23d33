"""Days that cannot follow each other as typed, and days beyond the calendar: told, and nothing breaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.site import build
from tests.tables import GOOD, GOOD_PAGE, ITEMS, build_files, front, page, rows

LIBRARY = "类别: gfxwj"


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        (["有效期至: 9999-12-31"], "现行有效"),
        (["有效期至: 9999年12月31日", "施行日期: 9999-12-31"], "尚未施行"),
        (["施行日期: 0001-01-01", "有效性: 现行有效"], "现行有效"),
        (["废止日期: 9999-12-31"], "现行有效"),
        (["施行日期: 9900-01-01", "有效期至: 99年"], "尚未施行"),
    ],
)
def test_the_ends_of_the_calendar_are_days_like_others(tmp_path: Path, lines: list[str], state: str) -> None:
    built = build_files(tmp_path, {ITEMS + "a.md": front(1, LIBRARY, *lines, leave="类别")})
    assert (built.status, built.codes) == (0, [])
    assert f"有效性{state} " in built.text(page(1))


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["施行日期: 9950-08-01", "有效期至: 99年"], (8, 7, "GK405", "“有效期至”写的“99年”算出来超过了公元 9999 年")),
        (["施行日期: 9999-01-02", "有效期至: 一年"], (8, 7, "GK405", "“有效期至”写的“一年”算出来超过了公元 9999 年")),
        (["施行日期: 自发布之日起30日后"], (7, 7, "GK405", "“施行日期”写的“自发布之日起30日后”算出来超过了公元 9999 年")),
    ],
)  # fmt: skip
def test_a_term_that_ends_beyond_the_calendar_is_an_error_of_its_item(
    tmp_path: Path, lines: list[str], told: tuple[int, int, str, str]
) -> None:
    days = ["发布日期: 9999-12-20", "成文日期: 2024-01-01"] if "自发布" in lines[0] else ["发布日期: 2024-03-01"]
    text = front(1, LIBRARY, *days, *lines, leave="类别 发布日期")
    built = build_files(tmp_path, {ITEMS + "a.md": text, **GOOD})
    line, *rest = told
    assert rows(built, ITEMS + "a.md") == [(line - 2 + len(days), *rest)]
    assert (built.status, built.has(page(1)), built.has(GOOD_PAGE)) == (1, False, True)


BEFORE = [
    # the item is published on 2024-03-01
    (["公示截止: 2024-02-29"], "“公示截止”2024-02-29 早于“发布日期”2024-03-01"),
    (["公示截止: 2024-03-10", "定时发布: 2024-03-11"], "“公示截止”2024-03-10 早于“定时发布”2024-03-11"),
    ([LIBRARY, "有效期至: 2024-02-29"], "“有效期至”2024-02-29 早于“发布日期”2024-03-01"),
    ([LIBRARY, "废止日期: 2024-02-29"], "“废止日期”2024-02-29 早于“发布日期”2024-03-01"),
    ([LIBRARY, "废止日期: 2024-04-30", "施行日期: 2024-05-01"], "“废止日期”2024-04-30 早于“施行日期”2024-05-01"),
    (["更新日期: 2024-02-29 23:59"], "“更新日期”2024-02-29 早于“发布日期”2024-03-01"),
    (["撤回: {日期: 2024-02-29, 原因: 甲}"], "“撤回”2024-02-29 早于“发布日期”2024-03-01"),
]


@pytest.mark.parametrize(("lines", "message"), BEFORE)
def test_a_day_before_the_one_it_must_follow_is_a_warning_an_item_may_waive(
    tmp_path: Path, lines: list[str], message: str
) -> None:
    leave = "类别" if lines[0] == LIBRARY else ""
    line = 6 if not leave else 7 - 1
    built = build_files(tmp_path / "told", {ITEMS + "a.md": front(1, *lines, leave=leave)})
    (told,) = built.findings
    assert (told["code"], told["severity"], told["message"], told["line"]) == ("GK139", "warning", message, line)
    assert built.status == 0
    waived = [*lines, "豁免: [{规则: GK139, 理由: 补发旧文件}]"]
    built = build_files(tmp_path / "waived", {ITEMS + "a.md": front(1, *waived, leave=leave)}, "--strict")
    assert [found["severity"] for found in built.findings] == ["note"]


def test_days_in_their_order_are_no_finding(tmp_path: Path) -> None:
    lines = ["公示截止: 2024-03-01", "更新日期: 2024-03-01", "撤回: {日期: 2024-03-01, 原因: 甲}"]
    library = [LIBRARY, "施行日期: 2024-01-01", "有效期至: 2024-03-01", "废止日期: 2024-03-01"]
    built = build_files(tmp_path, {ITEMS + "a.md": front(1, *lines), ITEMS + "b.md": front(2, *library, leave="类别")})
    assert (built.status, built.codes) == (0, [])


@pytest.mark.parametrize("typed", ["0年", "00年", "明年", "2024-02-30"])
def test_a_term_that_is_none_is_explained_as_a_term(tmp_path: Path, typed: str) -> None:
    built = build_files(tmp_path, {ITEMS + "a.md": front(1, LIBRARY, f"有效期至: {typed}", leave="类别")})
    found = built.finding("GK106")
    assert (found["line"], found["column"], "长期" in found["hint"]) == (6, 7, True)


def test_a_withdrawal_holds_at_once_and_one_of_a_later_day_is_told(tmp_path: Path) -> None:
    lines = ["撤回:", "  原因: 甲", "  日期: 2027-09-01"]
    built = build_files(tmp_path, {ITEMS + "a.md": front(1, *lines, body="暗语。")}, today="2027-08-31")
    assert rows(built, ITEMS + "a.md") == [(8, 7, "GK140", "撤回日期 2027-09-01 还没有到,但已按撤回处理")]
    assert (built.status, "暗语" in built.text(page(1))) == (0, False)
    assert build(tmp_path, today="2027-09-01").codes == []
