"""The front page: search, doors, what is new or open or has turned, the statutory blocks in their order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.rich_site import CODE, RICH
from tests.site import build, build_text, item, lay_out

CONFIG = """-- config.yaml --
site: {title: 测试县人民政府信息公开, url: "https://www.example.gov.cn/zfxxgk/"}
"""


def section(page: str, heading: str) -> str:
    """The part of a page from a heading of the second level to the next."""
    return page.partition(f"<h2>{heading}</h2>")[2].partition("<h2>")[0]


def test_the_blocks_stand_in_their_statutory_order(tmp_path: Path) -> None:
    page = build_text(tmp_path, RICH).page("index.html")
    platform = page.partition('<section class="platform"')[2].partition('<div class="news">')[0]
    assert re.findall(r"<h2>(.*?)</h2>", platform) == [
        "政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府信息公开年报", "依申请公开",
    ]  # fmt: skip
    assert page.index('role="search"') < page.index('class="platform"')


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("zcwj/gfxwj", "catalog/zcwj/gfxwj/index.html"), ("gfxwj", "catalog/zcwj/gfxwj/index.html"),
        ("czj", "units/czj/index.html"), ("guides/guide.html", "guides/guide.html"), ("policies/index.html", "policies/index.html"),
        ("units/czj/guide.html", "units/czj/guide.html"), (f"items/{CODE}/2024-00001.html", f"items/{CODE}/2024-00001.html"),
        ("apply.html#apply.form", "apply.html#apply.form"), ("https://www.gov.cn/a", "https://www.gov.cn/a"),
    ],
)  # fmt: skip
def test_a_door_leads_to_a_category_a_unit_a_page_or_another_site(tmp_path: Path, target: str, address: str) -> None:
    doors = f"doors: [{{label: 入口, target: '{target}', note: 一行小字}}]\n-- content/units.yaml --"
    built = build_text(tmp_path, RICH.replace("-- content/units.yaml --", doors, 1))
    assert built.findings == []
    found = re.search(
        r'<ul class="doors">\s*<li><a href="(.*?)"><b>入口</b> <span>一行小字</span>', built.page("index.html")
    )
    assert found
    assert found[1] == address


@pytest.mark.parametrize(
    "target", ["gfxw", "nowhere/index.html", "guides/none.html", "items/x/2024-1.html", "units/x/index.html"]
)
def test_a_door_that_leads_nowhere_is_told_with_its_place_and_left_out(tmp_path: Path, target: str) -> None:
    text = f"{CONFIG}doors:\n  - {{label: 指南, target: catalog/index.html}}\n  - 名称: 入口\n    指向: {target}\n"
    built = build_text(tmp_path, text)
    found = built.finding("GK027")
    assert (built.status, found["severity"], found["path"], found["line"], found["column"]) == (
        0, "warning", "config.yaml", 5, 9,
    )  # fmt: skip
    assert "<b>指南</b>" in built.page("index.html")
    assert "<b>入口</b>" not in built.page("index.html")


def test_a_report_category_that_is_not_there_is_told(tmp_path: Path) -> None:
    built = build_text(tmp_path, f"{CONFIG}report_category: zcjdd\n")
    assert built.finding("GK027")["line"] == 2
    assert "zcjd" in built.finding("GK027")["message"]


def test_reports_stand_on_the_front_page_and_on_the_units_own(tmp_path: Path) -> None:
    report = item(category="zcjd", title="2023年年报")
    built = build_text(tmp_path, f"{CONFIG}report_category: zcjd\n-- content/items/czj/1.md --\n{report}\n")
    assert "2023年年报" in section(built.page("index.html"), "政府信息公开年报")
    assert "2023年年报" in section(built.page("units/czj/index.html"), "年度报告")
    assert "年度报告" not in built.page("units/xzf/index.html")


NOTICES = "\n".join(
    f"-- content/items/xzf/{number}.md --\n{item(number, title=title, **keys)}"
    for number, title, keys in (
        ("00001", "公示一", {"kind": "公示", "public_until": "2024-03-20"}),
        ("00002", "征求二", {"kind": "征求意见", "comments_until": "2024-04-15"}),
        ("00003", "无期三", {"kind": "征求意见"}),
    )
)


@pytest.mark.parametrize(
    ("today", "open_now", "last"),
    [
        ("2024-03-10", ["公示一", "征求二"], False), ("2024-03-20", ["公示一", "征求二"], True), ("2024-03-21", ["征求二"], False),
        ("2024-04-15", ["征求二"], True), ("2024-04-16", [], False),
    ],
)  # fmt: skip
def test_what_is_open_shows_until_its_last_day(tmp_path: Path, today: str, open_now: list[str], last: bool) -> None:
    built = build_text(tmp_path, NOTICES, today=today)
    part = section(built.page("index.html"), "正在征求意见、公示")
    assert re.findall(r'html">(.*?)</a>', part) == open_now
    assert ("今日截止" in part) is last


def test_a_draft_keeps_its_text_when_its_time_is_over(tmp_path: Path) -> None:
    built = build_text(tmp_path, NOTICES, today="2024-05-01")
    words = built.text(f"items/{CODE}/2024-00002.html")
    assert "正文。" in words
    assert "征求意见期2024年3月1日至4月15日，已结束" in words
    assert "正文。" not in built.text(f"items/{CODE}/2024-00001.html")


LIBRARY = "\n".join(
    f"-- content/items/xzf/{number}.md --\n{item(number, category='gfxwj', title=title, **keys)}"
    for number, title, keys in (
        ("00001", "旧办法", {"effective": "2024-04-01"}),
        ("00002", "新办法", {"date": "2024-06-01", "effective": "2024-07-01", "replaces": f'["{CODE}/2024-00001"]'}),
        ("00003", "限期办法", {"effective": "2024-04-01", "expires": "2024-06-30"}),
        ("00004", "被废止", {"repealed": "2024-06-20"}),
    )
)


@pytest.mark.parametrize(
    ("today", "in_force", "lapsed"),
    [
        ("2024-06-10", ["限期办法", "旧办法"], []),
        ("2024-06-30", ["限期办法", "旧办法"], ["被废止"]),
        ("2024-07-01", ["新办法"], ["限期办法", "旧办法", "被废止"]),
        ("2024-11-01", [], []),
    ],
)
def test_what_came_into_force_and_what_lapsed_lately(
    tmp_path: Path, today: str, in_force: list[str], lapsed: list[str]
) -> None:
    page = build_text(tmp_path, LIBRARY, today=today).page("index.html")
    shown = [re.findall(r'html">(.*?)</a>', section(page, name)) for name in ("近期施行", "近期失效、废止")]
    assert shown == [in_force, lapsed]


def test_the_emblem_stands_on_the_front_page_where_the_site_has_one(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, RICH)
    assert "国徽" not in build(folder).page("index.html")
    lay_out(folder, '-- assets/emblem.svg --\n<svg xmlns="http://www.w3.org/2000/svg"/>\n', defaults=False)
    built = build(folder)
    assert 'alt="国徽"' in built.page("index.html")
    assert "国徽" not in built.page("units/index.html")


def test_applications_have_a_page_even_where_the_site_says_nothing_of_them(tmp_path: Path) -> None:
    words = build_text(tmp_path / "empty", "").text("apply.html")
    for part in ("20个工作日", "7个工作日", "15个工作日", "11至30件", "申请表"):
        assert part in words
    text = f"{RICH}\n-- content/guides/site/apply.md --\n---\ntitle: 向本县申请\ntype: 依申请公开\n---\n\n寄到县政府办公室，见[表](表.docx)。\n-- content/guides/site/表.docx --\nx\n"
    built = build_text(tmp_path / "own", text)
    assert built.findings == []
    words = built.text("apply.html")
    assert "寄到县政府办公室" in words
    assert "20个工作日" in words
    assert "申请须知" in words
    assert built.has("apply/表.docx")
    assert not built.has("guides/apply.html")
