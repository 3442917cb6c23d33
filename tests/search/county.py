"""A small county to search in."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

from tests.site import DEFAULTS, build, item, lay_out

_SYNONYMS = """
- [低保, 最低生活保障]
- [会议, ~开大会]
- [房产证, 不动产权证书]
"""


_UNITS = dedent(DEFAULTS["content/units.yaml"]).rstrip() + "\n  contact: {phone: 0564-5550002}\n"
"""The usual units; the last one has a telephone."""

QUERIES = [
    "应急预案", "養老服務", "会议 议题", '"第33号"', "怎么办理部门预算", "低保", "2024", "预", "测政〔2024〕1号 -旧",
]  # fmt: skip
"""Queries of every kind, for holding answers beside answers."""


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


def make_county(folder: Path) -> Path:
    """Lay the county out and build it; returns the output folder."""
    site = lay_out(
        folder / "site", f"-- content/synonyms.yaml --\n{_SYNONYMS}\n-- content/units.yaml --\n{_UNITS}\n{site_text()}"
    )
    told = folder / "result.json"
    built = build(site, "--result", str(told), today="2025-06-01")
    assert (built.status, json.loads(told.read_bytes())["items"]) == (0, 66)
    return built.output
