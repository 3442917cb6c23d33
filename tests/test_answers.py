"""The strip above an item's elements, its caption, its map of relations, and what is linkable in its text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.rich_site import CODE
from tests.site import build, build_text, item, lay_out

UNITS = f"""-- content/units.yaml --
- {{id: xzf, name: 测试县人民政府, short_name: 县政府, code: "{CODE}", kind: government, contact: {{office: 政务公开股, phone: 0564-5550116, hours: 工作日}}}}
- {{id: czj, name: 测试县财政局, code: 00000102X, kind: department, parent: xzf, duties: 管全县的钱, contact: {{phone: "0564-5550500、5550501"}}}}
- {{id: xczxj, name: 测试县乡村振兴局, code: "000001038", kind: department, parent: xzf, until: 2024-08-31, successors: [czj]}}
"""


def answers(page: str) -> dict[str, str]:
    """Question → answer, parts separated by a blank."""
    strip = page.partition('<dl class="answers')[2].partition("</dl>")[0]
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", strip, re.DOTALL)
    return {label: " ".join(re.sub(r"<[^>]+>", " ", words).split()) for label, words in found}


def built_item(folder: Path, unit: str = "xzf", today: str = "2025-06-01", **keys: str) -> str:
    text = f"{UNITS}-- content/items/{unit}/1.md --\n{item(**keys)}"
    return build_text(folder, text, today=today).page(f"items/{CODE}/2024-00001.html")


def test_a_policy_answers_what_people_ask(tmp_path: Path) -> None:
    page = built_item(
        tmp_path, category="gfxwj", doc_number="测政〔2024〕1号", effective="2024-04-01", expires="5年",
        audience="[农户, 合作社]", areas="[全县]", basis="[{title: 某条例}]",
        consult="{office: 农经股, phone: 0564-5550806, hours: 上午}",
    )  # fmt: skip
    assert answers(page) == {
        "是否有效": "现行有效 有效期至2029年3月31日", "对谁": "农户、合作社 全县", "何时起": "2024年4月1日起施行",
        "找谁": "农经股 0564-5550806 上午", "依据": "某条例",
    }  # fmt: skip
    assert 'href="tel:0564-5550806"' in page
    assert "（2024年3月1日测政〔2024〕1号公布　自2024年4月1日起施行）" in re.sub("</?span>", "", page)
    assert 'class="answers as-of"' in page
    assert "today.css" in page


def test_the_caption_names_the_changes_that_hold_by_the_day_they_were_made(tmp_path: Path) -> None:
    change = {"category": "gfxwj", "amends": f"[{CODE}/2024-00001]", "date": "2025-03-05", "formed": "2025-02-27"}
    text = f"{UNITS}-- content/items/xzf/1.md --\n{item(category='gfxwj', doc_number='测政〔2024〕1号')}"
    for number, effective in ((2, "2025-04-01"), (3, "2025-07-01")):
        amended = item(f"{number:05d}", 2025, **change, doc_number=f"测政〔2025〕{number}号", effective=effective)
        text += f"\n-- content/items/xzf/{number}.md --\n{amended}"
    folder = lay_out(tmp_path, text)
    first = f"items/{CODE}/2024-00001.html"
    assert "测政〔2024〕1号公布 根据2025年2月27日测政〔2025〕2号修改）" in build(folder, today="2025-06-30").text(first)
    both = "根据2025年2月27日测政〔2025〕2号修改 根据2025年2月27日测政〔2025〕3号修改）"
    assert both in build(folder, today="2025-07-01").text(first)


@pytest.mark.parametrize(
    ("unit", "who", "dialled"),
    [
        ("xzf", "县政府政务公开股 0564-5550116 工作日", True), ("czj", "测试县财政局 0564-5550500、5550501", False),
        ("xczxj", "测试县财政局 0564-5550500、5550501", False),
    ],
)  # fmt: skip
def test_where_nothing_is_typed_the_unit_is_called_or_its_successor(
    tmp_path: Path, unit: str, who: str, dialled: bool
) -> None:
    page = built_item(tmp_path, unit=unit)
    assert answers(page) == {"找谁": who}
    assert ("tel:" in page) is dialled
    assert "today.css" not in page


def test_midnight_changes_one_file_and_not_the_pages_of_the_library(tmp_path: Path) -> None:
    keys = {"category": "gfxwj", "effective": "2024-04-01", "expires": "5年"}
    first = built_item(tmp_path / "1", today="2025-06-01", **keys)
    assert built_item(tmp_path / "2", today="2025-06-02", **keys) == first
    assert "截至2025年6月2日" in (tmp_path / "2/public/today.css").read_text(encoding="utf-8")


def test_relations_stand_on_the_side_of_the_item_to_which_they_belong(tmp_path: Path) -> None:
    many = [
        f"-- content/items/xzf/{number}.md --\n{item(f'{number:05d}', basis=f'[{CODE}/2024-00001]', title=f'细则{number}')}"
        for number in range(2, 11)
    ]
    first = item(category="gfxwj", basis="[{title: 某条例, url: 'https://example.gov.cn/a'}]")
    page = build_text(tmp_path, "\n".join([f"-- content/items/xzf/1.md --\n{first}", *many])).page(
        f"items/{CODE}/2024-00001.html"
    )
    before, _, after = page.partition('class="map"')[2].partition('<p class="here">')
    assert "某条例" in before
    assert after.count("细则") == 9
    assert "其余3件" in after
    assert "某条例" in answers(page)["依据"]


def test_articles_are_listed_where_a_text_has_no_headings(tmp_path: Path) -> None:
    body = "\n\n".join(f"第{number}条　内容{number}。" for number in "一二三四五")
    page = built_item(tmp_path, body=body)
    contents = page.partition('class="contents"')[2].partition("</nav>")[0]
    assert re.findall(r'href="#(.*?)"', contents) == [f"第{number}条" for number in "一二三四五"]
    assert '<p id="第三条"><a class="article" href="#第三条">第三条</a>　内容三。</p>' in page
    assert "contents" not in built_item(tmp_path / "short", body="第一条　一。\n\n第二条　二。")


def test_the_text_itself_can_be_downloaded_above_it_and_attachments_stand_below(tmp_path: Path) -> None:
    files = "[{file: a.docx, role: 文字版}, {file: b.pdf, role: 图片版}, {file: c.pdf, title: 附表}]"
    text = f"{UNITS}-- content/items/xzf/1.md --\n{item(category='gfxwj', attachments=files)}" + "".join(
        f"\n-- content/items/xzf/{name} --\nx\n" for name in ("a.docx", "b.pdf", "c.pdf")
    )
    page = build_text(tmp_path, text).page(f"items/{CODE}/2024-00001.html")
    above, _, below = page.partition('<div class="body')
    assert ("下载文字版" in above, "下载图片版" in above, "附表" in above) == (True, True, False)
    assert "附表" in below


def test_a_unit_tells_its_duties_and_whom_to_call(tmp_path: Path) -> None:
    built = build_text(tmp_path, UNITS)
    assert "管全县的钱" in built.text("units/czj/index.html")
    assert '<a href="tel:0564-5550116">' in built.page("units/index.html")
    words = built.text("units/index.html")
    assert "已撤销的机构 测试县乡村振兴局 2024年8月31日撤销，职责由测试县财政局承接" in words


def test_a_unit_takes_its_duties_from_what_it_published_of_itself(tmp_path: Path) -> None:
    text = item(kind="机构信息", category="jgzn", title="财政局主要职责", summary="拟订财税政策。")
    catalog = "-- content/catalog.yaml --\n- {id: jgzn, name: 机构职能, kind: 机构信息}\n"
    page = build_text(tmp_path, f"{catalog}-- content/items/czj/1.md --\n{text}").page("units/czj/index.html")
    assert '<p class="lead duties">拟订财税政策。</p>' in page
    assert "财政局主要职责" in page.partition("职能和沿革")[2]
