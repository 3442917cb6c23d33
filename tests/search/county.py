"""A small county to search in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from gongkai_ssg.search.site import write_page, write_search
from tests.site import CODE, build, item, lay_out

TODAY = date(2025, 6, 1)

_SYNONYMS = """
- [低保, 最低生活保障]
- [房产证, 不动产权证书]
"""


_UNITS = f"""
- id: xzf
  name: 测试县人民政府
  code: "{CODE}"
  kind: government
- id: czj
  name: 测试县财政局
  code: 00000102X
  kind: department
  parent: xzf
  contact: {{phone: 0564-5550002}}
"""


def site_text() -> str:
    """Items of several years, kinds and units."""
    texts = {
        "xzf/plan": item("00001", 2024, title="应急预案", category="gfxwj", doc_number="测政〔2024〕1号", body="全县防汛应急预案全文。\n\n第一条　为了做好防汛工作。"),
        "xzf/old": item("00002", 2019, title="旧的应急预案", category="gfxwj", body="已经过时的应急预案。"),
        "xzf/dibao": item("00003", 2023, title="关于提高最低生活保障标准的通知", body="每人每月 620 元。咨询电话 12345678。"),
        "czj/budget": item("00004", 2024, title="财政局 2024 年部门预算", body="收入总计 3110.83 万元。", unit="czj"),
        "czj/elder": item("00005", 2022, title="養老服務補貼公示", body="繁體字的正文，PM2.5 监测。", unit="czj"),
        "xzf/split": item("00006", 2024, title="养老与保险", body="养老机构。医疗保障。商业保险。敬老院。"),
    }  # fmt: skip
    for number in range(10, 70):
        year = 2015 + number % 10
        texts[f"xzf/n{number}"] = item(
            f"{number:05}", year, title=f"第{number}次会议纪要", body=f"研究了第{number}号议题，决定继续推进。"
        )
    return "\n".join(f"-- content/items/{path}.md --\n{text}" for path, text in texts.items())


def make_county(folder: Path, pages: bool = False) -> Path:
    """Lay the county out and write its index, and with ``pages`` the rest of the site; returns the output folder."""
    lay_out(folder, f"-- content/synonyms.yaml --\n{_SYNONYMS}\n-- content/units.yaml --\n{_UNITS}\n{site_text()}")
    output = folder / "public"
    if pages:
        assert build(folder, today=TODAY.isoformat()).status == 0
        write_page(folder / "config.yaml", output, TODAY)
    assert write_search(folder / "config.yaml", output, TODAY) == 66
    return output


__all__ = ["CODE", "TODAY", "make_county"]
