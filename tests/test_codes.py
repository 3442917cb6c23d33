"""索引号 and unit codes: check digits, form, year, what can be no address, and codes typed twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai_ssg.model.codes import (
    code_key,
    code_year,
    credit_check_digit,
    expected_unit_code,
    organization_check_digit,
    unsafe_segment,
)
from tests.site import CODE, Built, tree
from tests.tables import GOOD, ITEMS, Row, build_files, front, page, rows

ORGANIZATION, CREDIT = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANIZATIONS = st.text(ORGANIZATION, min_size=8, max_size=8)
CREDITS = st.text(CREDIT, min_size=17, max_size=17)


@pytest.mark.parametrize(
    "code",
    ["000000000", "000001011", "00000102X", "D2143569X", "91350100M000100Y43", "91110000802100433B", "91330100799655058B"],
)  # fmt: skip
def test_a_code_from_the_standards_is_right(code: str) -> None:
    assert expected_unit_code(code) == code


@settings(max_examples=100, deadline=None)
@given(ORGANIZATIONS, st.integers(0, 7), st.sampled_from(ORGANIZATION))
def test_a_code_of_nine_with_one_character_changed_is_seldom_right_and_its_check_digit_always_is(
    body: str, place: int, other: str
) -> None:
    code = body + organization_check_digit(body)
    assert expected_unit_code(code) == code
    assert code[8] in "0123456789X"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(weight * ORGANIZATION.index(char) for weight, char in zip(weights, body, strict=True))
    assert (total + (10 if code[8] == "X" else int(code[8]))) % 11 == 0
    wrong = code[:place] + other + code[place + 1 :]
    right = expected_unit_code(wrong)
    assert right is not None
    assert right[:8] == wrong[:8]
    if (ORGANIZATION.index(other) - ORGANIZATION.index(code[place])) % 11:
        assert right != wrong


@settings(max_examples=100, deadline=None)
@given(CREDITS, st.integers(0, 16), st.sampled_from(CREDIT))
def test_a_code_of_eighteen_with_one_character_changed_is_found_out(body: str, place: int, other: str) -> None:
    code = body + credit_check_digit(body)
    assert expected_unit_code(code) == code
    wrong = code[:place] + other + code[place + 1 :]
    assert (expected_unit_code(wrong) == wrong) == (other == code[place])


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(max_size=20), st.text(CREDIT + "IOSVZ-abc", min_size=8, max_size=19)))
def test_what_has_neither_form_has_no_right_check_digit(text: str) -> None:
    expected = expected_unit_code(text)
    assert expected is None or (len(expected) == len(text) and expected[:-1] == text[:-1])


@settings(max_examples=200, deadline=None)
@given(st.text("0aZ._-/ 第%é·", min_size=1, max_size=12))
def test_a_code_that_is_safe_makes_safe_file_names(code: str) -> None:
    if unsafe_segment(code) is None:
        for segment in code.split("/"):
            assert segment.isascii()
            assert segment.strip(". ") == segment != ""
            assert set(segment) <= set("0aZ._-")
    else:
        assert unsafe_segment(code) in code.split("/")


@pytest.mark.parametrize(
    ("code", "year"),
    [
        (f"{CODE}/2024-00001", 2024), (f"{CODE}/1998-00001", 1998), ("XZF-2019-001", 2019), (f"{CODE}/202405-001", 2024),
        ("1900X/7-1", None), (f"{CODE}/00001", None), ("zfb20250101-01", 2025),
    ],
)  # fmt: skip
def test_the_year_of_a_code_is_the_one_in_its_last_part(code: str, year: int | None) -> None:
    assert code_year(code) == year


FREE = "site:\n  title: 甲\n  url: https://a.cn/\ncode_pattern: '.*'\n"


UNSAFE = [
    # a code, and the part of it that is told
    ("CON/2024-1", "CON"), ("a/nul.txt", "nul.txt"), ("a/Com1", "Com1"), ("a/lpt9.x", "lpt9.x"), ("a/.b", ".b"), ("a/b.", "b."),
    ("a//b", ""), ("/a", ""), ("a/", ""), ("..", ".."), ("a/../b", ".."), ("青政/1", "青政"), ("a b/1", "a b"), ("a/1.html", "1.html"),
    ("a/1.HTM", "1.HTM"), ("a/b?c", "b?c"), (f"{CODE}/２０２４-１", "２０２４-１"), ("a/" + "b" * 101, "b" * 101), ("a\\b", "a\\b"), ("a/b:c", "b:c"),
]  # fmt: skip


def test_a_code_that_can_be_no_address_is_told(tmp_path: Path) -> None:
    files = {f"{ITEMS}{n}.md": front(n, f"索引号: '{code}'", leave="索引号") for n, (code, _) in enumerate(UNSAFE)}
    built = build_files(tmp_path, {"config.yaml": FREE, **files, **GOOD})
    for number, (code, segment) in enumerate(UNSAFE):
        told = [(5, 6, "GK119", f"索引号“{code}”中的“{segment}”不能作为文件名")]
        assert rows(built, f"{ITEMS}{number}.md") == told
    assert [path for path in tree(built.output) if path.startswith("items/")] == [page(99999)]


@pytest.mark.parametrize("codes", [("a", "a/b"), ("A", "a/b"), ("a/b", "a/b/c/d")])
def test_no_code_is_the_folder_of_another_file(tmp_path: Path, codes: tuple[str, str]) -> None:
    files = {
        f"{ITEMS}{n}.md": front(n, f"索引号: {code}", "附件: b.pdf", leave="索引号") for n, code in enumerate(codes)
    }
    built = build_files(tmp_path, {"config.yaml": FREE, ITEMS + "b.pdf": "%PDF", **files})
    assert built.status in (0, 1)
    lower = [path.lower() for path in tree(built.output)]
    assert len(set(lower)) == len(lower)
    assert not {path for path in lower for other in lower if other.startswith(path + "/")}


def year(number: int, typed: str, *lines: str) -> str:
    return front(number, f"索引号: {typed}", *lines, leave="索引号")


def test_the_year_of_a_code_is_the_year_of_formation(tmp_path: Path) -> None:
    files = {
        ITEMS + "a.md": year(1, f"{CODE}/2023-00001"),
        ITEMS + "b.md": year(2, f"{CODE}/2023-00002", "成文日期: 2023-12-29"),
        ITEMS + "c.md": year(3, f"{CODE}/2024-00003", "成文日期: 2023-12-29"),
        ITEMS + "d.md": year(4, f"{CODE}/2024-00004", "成文日期: 2024-03-02"),
        ITEMS + "e.md": year(5, "993415103/2024-00005"),
        ITEMS + "f.md": year(6, "2024-00006"),
    }
    built = build_files(tmp_path, files)
    told: list[tuple[str, Row]] = [(path[-4], row) for path in files for row in rows(built, path)]
    assert told == [
        ("a", (5, 6, "GK110", f"索引号“{CODE}/2023-00001”中的年份是 2023,成文日期却是 2024-03-01")),
        ("c", (5, 6, "GK110", f"索引号“{CODE}/2024-00003”中的年份是 2024,成文日期却是 2023-12-29")),
        ("d", (6, 7, "GK131", "成文日期 2024-03-02 晚于发布日期 2024-03-01")),
        ("e", (5, 6, "GK111", "索引号开头的机构代码“993415103”不属于本站的任何机构")),
        ("f", (5, 6, "GK107", "索引号“2024-00006”不合本站规定的格式")),
    ]
    pages = [f"items/{CODE}/2023-00002.html", "items/993415103/2024-00005.html"]
    assert sorted(
        path for path in tree(built.output) if path.startswith("items/") and path.endswith(".html")
    ) == sorted(pages)


def doubles(folder: Path, *items: tuple[str, str, str], options: tuple[str, ...] = ()) -> Built:
    """A site of items: (path, code, further lines); FREE takes any code."""
    files = {
        ITEMS + path: front(0, f"索引号: {code}", *lines.split("|"), leave="索引号 发布日期", body="" if "不予" in lines else "正文。")
        for path, code, lines in items
    }  # fmt: skip
    return build_files(folder, {"config.yaml": FREE, **files}, *options)


DAY = "发布日期: 2024-03-0"


@pytest.mark.parametrize(
    ("items", "kept", "told"),
    [
        ([("b.md", "a-1", DAY + "1"), ("a.md", "a-1", DAY + "2")], "b.md", ["a.md"]),
        ([("b.md", "a-1", DAY + "1"), ("a.md", "A-1", DAY + "2")], "b.md", ["a.md"]),
        ([("b.md", "a-1", DAY + "1"), ("a.md", "a-1", DAY + "1")], "a.md", ["b.md"]),
        ([("b.md", "A-1", DAY + "1"), ("a.md", "a-1", DAY + "1")], "a.md", ["b.md"]),
        ([("b.md", "A-1", DAY + "1 10:00"), ("a.md", "a-1", DAY + "1 11:00")], "b.md", ["a.md"]),
        ([("c.md", "a-1", DAY + "3"), ("b.md", "a-1", DAY + "1"), ("a.md", "a-1", DAY + "2")], "b.md", ["a.md", "c.md"]),
    ],
    ids=["date", "date and case", "path", "path and case", "time", "three"],
)  # fmt: skip
def test_of_two_items_with_one_code_the_later_by_date_then_by_path_is_left_out(
    tmp_path: Path, items: list[tuple[str, str, str]], kept: str, told: list[str]
) -> None:
    built = doubles(tmp_path, *items)
    codes = {path: code for path, code, _ in items}
    assert [(each["path"], each["line"], each["column"], each["message"]) for each in built.findings] == [
        (ITEMS + path, 4, 6, f"索引号“{codes[path]}”已被 {ITEMS}{kept} 使用") for path in told
    ]
    assert [path for path in tree(built.output) if path.startswith("items/")] == [f"items/{codes[kept]}.html"]
    assert built.status == 1


@pytest.mark.parametrize("option", [(), ("--drafts",)])
@pytest.mark.parametrize("held", ["|草稿: 是", "|定时发布: 2099-01-01", "|公开方式: 不予公开|不公开理由: {依据: 甲, 理由: 乙, 复核日期: 2026-01-01}"])  # fmt: skip
def test_a_draft_or_what_is_held_back_keeps_its_code(tmp_path: Path, held: str, option: tuple[str, ...]) -> None:
    built = doubles(tmp_path, ("a.md", "a-1", DAY + "1" + held), ("b.md", "A-1", DAY + "2"), options=option)
    assert [(each["path"], each["message"]) for each in built.findings if each["code"] == "GK112"] == [
        (ITEMS + "b.md", f"索引号“A-1”已被 {ITEMS}a.md 使用")
    ]
    assert not built.has("items/A-1.html")


def test_a_later_draft_with_a_published_code_is_told_and_the_published_stays(tmp_path: Path) -> None:
    built = doubles(tmp_path, ("a.md", "a-1", DAY + "1"), ("b.md", "a-1", DAY + "2|草稿: 是"))
    assert [(each["path"], each["code"]) for each in built.findings] == [(ITEMS + "b.md", "GK112")]
    assert built.has("items/a-1.html")


def test_an_item_with_errors_does_not_take_the_code_of_a_right_one(tmp_path: Path) -> None:
    built = doubles(tmp_path, ("a.md", "a-1", DAY + "1|zzz: 1"), ("b.md", "a-1", DAY + "2"))
    assert [(each["path"], each["code"]) for each in built.findings] == [(ITEMS + "a.md", "GK103")]
    assert built.has("items/a-1.html")


@settings(max_examples=50, deadline=None)
@given(st.text("aAbBzZ09-/", min_size=1))
def test_codes_that_differ_in_case_only_are_one(code: str) -> None:
    assert code_key(code.upper()) == code_key(code.lower()) == code_key(code_key(code))
