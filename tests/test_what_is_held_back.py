"""Drafts, future and withheld items, private keys, and what an item may let pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai_ssg.diagnostics import CODES
from tests.site import CODE, build, tree
from tests.tables import GOOD, GOOD_PAGE, ITEMS, build_files, front, page, rows, write

HELD = {
    1: ["草稿: 是"],
    2: ["定时发布: 2025-06-02"],
    3: ["发布日期: 2025-06-02", "成文日期: 2024-03-01"],
    4: ["公开方式: 依申请公开", "不公开理由: {依据: 甲, 理由: 乙, 复核日期: 2026-01-01}"],
    5: ["公开方式: 不予公开", "不公开理由: {依据: 甲, 理由: 乙, 复核日期: 2026-01-01}"],
    6: ["草稿: 是", "定时发布: 2025-06-02"],
    7: ["定时发布: 2025-06-01"],
    8: ["发布日期: 2025-06-01 23:59", "成文日期: 2024-03-01"],
    9: ["草稿: 是", "公开方式: 不予公开", "不公开理由: {依据: 甲, 理由: 乙, 复核日期: 2026-01-01}"],
}


def held(number: int) -> str:
    lines = HELD[number]
    body = "" if any("公开方式" in line for line in lines) else f"暗语{number}。"
    leave = "标题 发布日期" if lines[0].startswith("发布日期") else "标题"
    return front(number, f"标题: 密题{number}", *lines, leave=leave, body=body)


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ((), {7, 8}),
        (("--drafts",), {1, 7, 8}),
        (("--future",), {2, 3, 7, 8}),
        (("--drafts", "--future"), {1, 2, 3, 6, 7, 8}),
    ],
    ids=["plain", "drafts", "future", "both"],
)
def test_what_is_held_back_is_written_out_only_where_asked(
    tmp_path: Path, options: tuple[str, ...], shown: set[int]
) -> None:
    built = build_files(tmp_path, {f"{ITEMS}{n}.md": held(n) for n in HELD} | GOOD, *options)
    assert (built.status, built.findings) == (0, [])
    assert {number for number in HELD if built.has(page(number))} == shown
    everything = b"".join(tree(built.output).values()).decode()
    for number in HELD.keys() - shown:
        assert f"密题{number}" not in everything
        assert f"暗语{number}" not in everything
        assert f"2024-{number:05}" not in everything


def test_what_was_held_back_appears_on_its_day_and_disappears_when_drafted(tmp_path: Path) -> None:
    write(tmp_path, {ITEMS + "2.md": held(2), **GOOD})
    assert [build(tmp_path, today=day).has(page(2)) for day in ("2025-06-02", "2025-06-01", "2025-06-02")] == [
        True,
        False,
        True,
    ]
    write(tmp_path, {ITEMS + "2.md": front(2, "草稿: 是"), **GOOD})
    assert not build(tmp_path, today="2025-06-02").has(page(2))


def test_review_allowance_and_reason_for_withholding_are_nowhere_in_the_output(tmp_path: Path) -> None:
    private = [
        "审核: [{环节: 暗语初审, 审核人: 暗语张三, 日期: 1987-06-05}]",
        "豁免: [{规则: GK114, 理由: 暗语原文}]",
        "不公开理由: {依据: 暗语依据, 理由: 暗语理由, 复核日期: 1987-06-05}",
        "文号: 青政(2024)5号",
    ]
    built = build_files(tmp_path, {ITEMS + "a.md": front(1, *private), **GOOD}, "--drafts", "--future")
    assert built.has(page(1))
    for path, data in tree(built.output).items():
        for word in ("暗语", "1987-06-05", "1987年6月5日", "GK114"):
            assert word.encode() not in data, (path, word)
            assert word.encode("unicode_escape") not in data or word.isascii(), (path, word)


WITHHELD = ["公开方式: 不予公开", "不公开理由: {依据: 甲, 理由: 乙, 复核日期: 2026-01-01}"]


@pytest.mark.parametrize(
    ("lines", "body", "told"),
    [
        (WITHHELD, "正文。", [(10, 1, "GK127", "公开方式是“不予公开”,却有正文或附件")]),
        ([*WITHHELD, "附件: a.pdf"], "", [(10, 1, "GK127", "公开方式是“不予公开”,却有正文或附件")]),
        (["公开方式: 依申请公开"], "", [(6, 7, "GK128", "公开方式是“依申请公开”,却没有写不公开理由")]),
        (["公开方式: 依申请公开", "不公开理由: {依据: 甲}"], "", [(7, 8, "GK101", "缺少必填项“reason(理由)”"), (7, 8, "GK101", "缺少必填项“review_by(复核日期)”")]),
    ],
)  # fmt: skip
def test_what_is_withheld_has_a_reason_and_no_body(
    tmp_path: Path, lines: list[str], body: str, told: list[tuple[int, int, str, str]]
) -> None:
    built = build_files(tmp_path, {ITEMS + "a.md": front(1, *lines, body=body), ITEMS + "a.pdf": "%PDF", **GOOD})
    place = told[0][0] if told[0][2] != "GK127" else front(1, *lines).split("\n").index("---", 1) + 2
    assert rows(built, ITEMS + "a.md") == [(place if code == "GK127" else line, column, code, words) for line, column, code, words in told]  # fmt: skip
    assert not [path for path in tree(built.output) if path.startswith("items/") and path != GOOD_PAGE]


def test_a_mark_of_secrecy_stops_everything_and_no_item_may_let_it_pass(tmp_path: Path) -> None:
    before = tree(build_files(tmp_path, GOOD).output)
    allow = "豁免: [{规则: GK500, 理由: 试}]"
    built = build_files(tmp_path, {**GOOD, ITEMS + "a.md": front(1, allow, "草稿: 是", body="机密★5年\n\n正文。")})
    assert [(each["severity"], *row[:3]) for each, row in zip(built.findings, rows(built, ITEMS + "a.md"), strict=True)] == [
        ("warning", 6, 6, "GK134"),
        ("stop", 10, 1, "GK500"),
    ]  # fmt: skip
    assert (built.status, tree(built.output) == before) == (1, True)


PASSES = {
    "GK110": (
        [f"索引号: {CODE}/2023-00001"],
        "索引号",
        f"索引号“{CODE}/2023-00001”中的年份是 2023,成文日期却是 2024-03-01",
    ),
    "GK111": (["索引号: 993415103/2024-00001"], "索引号", "索引号开头的机构代码“993415103”不属于本站的任何机构"),
    "GK114": (["文号: 青政(2024)5号"], "", "发文字号“青政(2024)5号”的写法不规范,是否想写“青政〔2024〕5号”?"),
    "GK131": (["成文日期: 2024-03-02"], "", "成文日期 2024-03-02 晚于发布日期 2024-03-01"),
    "GK109": (["发布机构: czj"], "", "发布机构“测试县财政局”与所在文件夹“测试县人民政府”不一致"),
    "GK200": (["依据: 无此号"], "", "关系“依据”所写的索引号“无此号”不存在"),
    "GK403": (["有效期至: 5年"], "", "类别“其他文件”不在规范性文件库,所填的有效性内容不起作用"),
}


@pytest.mark.parametrize("code", PASSES)
def test_what_an_item_lets_pass_is_a_note_with_the_reason(tmp_path: Path, code: str) -> None:
    lines, leave, message = PASSES[code]
    allow = f"豁免: [{{规则: {code}, 理由: 档案如此}}]"
    told = build_files(tmp_path / "told", {ITEMS + "a.md": front(1, *lines, leave=leave)}).findings
    passed = build_files(tmp_path / "passed", {ITEMS + "a.md": front(1, *lines, allow, leave=leave)}, "--strict")
    assert [(each["code"], each["severity"], each["message"]) for each in told] == [
        (code, CODES[code].severity, message)
    ]
    assert [(each["code"], each["severity"], each["message"]) for each in passed.findings] == [
        (code, "note", f"{message}(已豁免:档案如此)")
    ]
    assert passed.status == 0
    assert len([path for path in tree(passed.output) if path.startswith("items/")]) == 1


@pytest.mark.parametrize("rule", ["GK102", "GK112", "GK500", "GK999", "gk110", "全部"])  # fmt: skip
def test_what_may_not_be_let_pass_is_told(tmp_path: Path, rule: str) -> None:
    lines = ["类别: 没有这个", "豁免:", "- 规则: GK110", "  理由: 试", f"- 规则: {rule}", "  理由: 试"]
    built = build_files(tmp_path, {ITEMS + "a.md": front(1, *lines, leave="类别"), **GOOD})
    assert rows(built, ITEMS + "a.md") == [
        (5, 5, "GK102", "类别“没有这个”不存在"),
        (9, 3, "GK134", f"“{rule}”不是可以豁免的问题编号"),
    ]
    assert not built.has(page(1))


def test_only_the_item_that_allows_is_let_pass(tmp_path: Path) -> None:
    allow = "豁免: [{规则: GK114, 理由: 试}]"
    files = {ITEMS + "a.md": front(1, "文号: 青政(2024)5号", allow), ITEMS + "b.md": front(2, "文号: 青政(2024)6号")}
    built = build_files(tmp_path, files)
    assert [(each["path"], each["severity"]) for each in built.findings] == [
        (ITEMS + "a.md", "note"),
        (ITEMS + "b.md", "warning"),
    ]
