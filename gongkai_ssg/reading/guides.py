"""Standing pages: 公开指南, 公开制度, 办事指南, per site and per unit. One Markdown file each."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from typing import Any, Literal

from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.model.dates import Day
from gongkai_ssg.model.schema import Schema, key
from gongkai_ssg.model.values import Count, Flag, Text
from gongkai_ssg.reading.frontmatter import read_front, split
from gongkai_ssg.reading.items import front_too_large, marks_in_body
from gongkai_ssg.reading.markdown import Body, Link, read_body, summary_of
from gongkai_ssg.reading.options import ReadingOptions
from gongkai_ssg.reading.text import control_character, decode, is_lfs_pointer
from gongkai_ssg.reading.typed import ITEM, guess, read_model
from gongkai_ssg.rules.addresses import unsafe_name
from gongkai_ssg.rules.secrets import decoded_marks, may_hide_mark, secret_marks

GuideType = Literal["指南", "制度", "办事指南", "依申请公开", "其他"]

SITE = "site"
"""The folder of pages that belong to the whole site."""

APPLY = "apply.html"
"""The address of the site's page on 依申请公开, whose source is ``site/apply.md``."""

_SLUG = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]*")


class GuideKeys(Schema):
    """The front matter of a standing page."""

    title: Text = key("标题", "名称", doc="标题。")
    type: GuideType = key("页面类型", "类型", doc="指南、制度、办事指南、依申请公开或其他。", default="其他")
    date: Day | None = key("发布日期", doc="何时发布。", default=None)
    updated: Day | None = key("更新日期", doc="最近更新。", default=None)
    summary: Text | None = key("内容概述", doc="一两句话说清内容。", default=None)
    order: Count = key("排序", doc="同类页面中的次序,小的在前。", default=100)
    draft: Flag = key("草稿", doc="草稿不发布。", default=False)


@dataclass(frozen=True, slots=True)
class Guide:
    """A standing page without its body, which is read again when the page is made."""

    path: str
    unit: str | None
    address: str
    title: str
    type: str
    date: Day | None
    updated: Day | None
    summary: str
    order: int
    links: tuple[Link, ...] = ()
    addresses: tuple[str | None, ...] = field(default=())

    def resolved(self, addresses: list[str | None]) -> Guide:
        """The same page with the addresses of its links."""
        return replace(self, addresses=tuple(addresses))

    def as_row(self) -> list[Any]:
        """All there is to it, in order, as JSON may hold it."""
        row = [getattr(self, each.name) for each in fields(self)]
        return [
            [asdict(link) for link in value] if each.name == "links" else _plain(value)
            for each, value in zip(fields(self), row, strict=True)
        ]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def read_row(row: list[Any]) -> Guide:
    """A standing page from its row."""
    values = dict(zip((each.name for each in fields(Guide)), row, strict=True))
    for name in ("date", "updated"):
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    values["links"] = tuple(Link(**link) for link in values["links"])
    values["addresses"] = tuple(values["addresses"])
    return Guide(**values)


def read_guide(data: bytes, path: str, below: str, options: ReadingOptions) -> tuple[Guide | None, Body, list[Finding]]:
    """Read one standing page; None where it is wrong, or a draft.

    :param below: the path from ``guides/``.
    """
    limit = options.limits.item_bytes
    if len(data) > limit:
        return None, Body(), [Finding("GK124", path, params={"limit": limit, "size": len(data)})]
    if is_lfs_pointer(data):
        return None, Body(), [Finding("GK125", path, 1, 1)]
    text, finding = decode(data, path)
    finding = finding or control_character(text, path)
    if finding:
        return None, Body(), [finding]
    findings = secret_marks(text, path)
    told = {mark.line for mark in findings}
    parts = split(text, path, GuideKeys)
    if isinstance(parts, Finding):
        return None, Body(), [*findings, parts]
    if finding := front_too_large(parts, path, options):
        return None, Body(), [*findings, finding]
    tree, found = read_front(parts.front, path, parts.front_line, GuideKeys)
    findings += found
    if tree is None:
        return None, Body(), findings
    hidden = may_hide_mark(text, parts.front)
    if hidden:
        findings += decoded_marks(tree.value, tree.values.items(), path, told)
    keys, found = read_model(GuideKeys, tree, path, ITEM)
    findings += found
    place = _address(below, path, options)
    if isinstance(place, Finding):
        findings.append(place)
    body = read_body(parts.body, parts.body_line, path, options.is_code, options.raw_html)
    findings += body.findings
    if hidden:
        findings += marks_in_body(body, parts, path, told)
    if (
        keys is None
        or isinstance(place, Finding)
        or any(each.severity in ("error", "stop") for each in findings)
        or keys.draft
    ):
        return None, body, findings
    unit, address = place
    summary = keys.summary or summary_of(body.start)
    guide = Guide(
        path, unit, address, keys.title, keys.type, keys.date, keys.updated, summary, keys.order, tuple(body.links)
    )
    return guide, body, findings


def _address(below: str, path: str, options: ReadingOptions) -> tuple[str | None, str] | Finding:
    folder, _, name = below.partition("/")
    slug = name.removesuffix(".md")
    if folder != SITE and folder not in options.units.by_id:
        known = [SITE, *options.units.by_id]
        return Finding("GK108", path, params={"value": folder, "guess": guess(folder, known), "hint": "guide"})
    if not _SLUG.fullmatch(slug) or slug.lower() == "index" or unsafe_name(slug):
        return Finding("GK137", path, params={"value": name})
    if folder == SITE and slug == "apply":
        return None, APPLY
    if folder == SITE:
        return None, f"guides/{slug}.html"
    if slug == "guide":
        return folder, f"units/{folder}/guide.html"
    return folder, f"guides/{folder}/{slug}.html"
