"""A document of 国务院 or 国务院办公厅 (``policies.json``: metadata and plain lines) as an item."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from tests.corpus import organs
from tests.corpus.draft import Draft, Fields

SERIES = {
    "国令": ("guoling", True),
    "国发": ("guofa", True),
    "国函": ("guohan", False),
    "国办发": ("guobanfa", True),
    "国办函": ("guobanhan", False),
    "国办发明电": ("guobanfa-mingdian", False),
}
"""公文种类 of gov.cn → (category id, whether it is normative)."""

_SOURCE = "state-council/policies.json"
_GENRES = ("决定", "命令", "公告", "通告", "意见", "通知", "通报", "批复", "函", "纪要")
_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_FORWARDING = re.compile("印发|转发")
_FORWARDED = re.compile(r"([\u4e00-\u9fff、]{0,20})《([^》]*(?:〈[^〉]*〉[^》]*)*)》")
_LIST_START = re.compile(r"(\d{1,9})([.)])(?=[ \t]|$)")
_BLOCK_START = re.compile(r"[-+=~:|>#]")
_INLINE = re.compile(r"[\\`*_\[\]<&~|!^{}$]")


def read(corpus: Path) -> list[Draft]:
    """Every document, with the 索引号 it bears, in the order of the file."""
    records: list[Mapping[str, str]] = json.loads((corpus / _SOURCE).read_text(encoding="utf-8"))
    return [_draft(record) for record in records]


def to_markdown(text: str) -> str:
    """Plain lines as Markdown that shows just what was typed: one paragraph a line."""
    return "\n\n".join(_escape(line) for line in text.split("\n") if line.strip())


def forwarded(title: str, text: str) -> list[dict[str, str]]:
    """The documents that a notice sends out (印发, 转发), as its opening paragraph names them."""
    if not _FORWARDING.search(title):
        return []
    for line in text.split("\n")[:12]:
        named = _FORWARDED.findall(line)
        if not named or not _FORWARDING.search(line):
            continue
        # a forwarded report or request is known by its maker, an issued text is not
        return [
            {"title": (maker if "转发" in title else "") + name} for maker, name in named if not maker.endswith("简称")
        ]
    return []


def _draft(record: Mapping[str, str]) -> Draft:
    title, number, text = record["标题"], record["发文字号"], record["正文"]
    formed, published = _day(record["成文日期"]), _day(record["发布日期"])
    series = re.split(r"[〔第]", number)[0]
    category = SERIES[series][0]
    issuers = [name for name in record["发文机关"].split("、") if name]
    fields: Fields = {
        "title": title,
        "code": record["索引号"],
        "category": category,
        "date": published,
        "formed": formed,
        "issuers": issuers,
        "doc_number": number,
    }
    if re.search(r"第\d+号(?:提案|建议)的答复$", title):
        fields["kind"] = "建议提案"
    topic = record["主题分类"].strip().replace("\\", "/")
    if topic:
        fields["topic"] = topic
    genre = next((name for name in _GENRES if title.endswith(name)), None)
    if genre:
        fields["genre"] = genre
    in_force = re.search(r"现将修订后的.*公布，自(\d{4}年\d+月\d+日)起施行", text)
    if in_force:
        fields["effective"] = _day(in_force[1])
    sent = forwarded(title, text)
    if sent:
        fields["forwards"] = sent
    source = f"{_SOURCE}#{record['索引号']}"
    name = f"{formed.year}/{title}.md"
    return Draft(
        organs.GENERAL_OFFICE, name, fields, to_markdown(text), source, text, plain=True
    )  # fmt: skip


def _escape(line: str) -> str:
    text = _INLINE.sub(r"\\\g<0>", line.strip(" \t"))
    text = _LIST_START.sub(r"\1\\\2", text, count=1) if text[0].isdigit() else text
    return "\\" + text if _BLOCK_START.match(text) else text


def _day(text: str) -> date:
    found = _DAY.fullmatch(text.strip())
    if not found:
        raise ValueError(f"no date: {text!r}")
    return date(*map(int, found.groups()))
