"""Item pages, what remains of withdrawn ones, and their attachments' places."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from gongkai_ssg.model.topics import topic_number
from gongkai_ssg.pages.page import Page
from gongkai_ssg.pages.view import View
from gongkai_ssg.reading.chunks import CHUNK, read_spill
from gongkai_ssg.rendering.links import Target, settle

OUTGOING = {
    "interprets": "解读的文件",
    "replaces": "替代的文件",
    "amends": "修改的文件",
    "repeals": "废止的文件",
    "suspends": "暂停施行的文件",
    "prolongs": "延长有效期的文件",
    "forwards": "转发、印发的文件",
    "corrects": "更正的文件",
    "version_of": "原文本",
    "part_of": "所属文件",
    "draft_of": "正式文件",
    "feedback_on": "征求意见",
    "basis": "依据",
    "related": "相关文件",
}
INCOMING = {
    "interprets": "政策解读",
    "replaces": "替代本文的文件",
    "amends": "修改本文的文件",
    "repeals": "废止本文的文件",
    "suspends": "暂停施行本文的文件",
    "prolongs": "延长本文有效期的文件",
    "forwards": "转发、印发本文的文件",
    "corrects": "对本文的更正",
    "version_of": "修订文本",
    "part_of": "附件文件",
    "draft_of": "征求意见稿",
    "feedback_on": "意见反馈",
    "basis": "以本文为依据的文件",
    "related": "相关文件",
}

_COLUMNS = (
    "id, code, sort, title, unit, unit_name, category, kind, doc_number, formed, summary, data, public_until, "
    "status, marks, effective, expires, library"
)


class Keys(dict[str, Any]):
    """The keys of an item as templates read them: one that was not typed is None."""

    def __missing__(self, key: str) -> None:
        return None


class ItemPages:
    """``items/<code>.html``."""

    name = "items"

    def keys(self, view: View) -> Iterator[int]:
        """The first number of each chunk, as it was read."""
        last = view.store.value("SELECT max(id) FROM items") or 0
        yield from range(1, last + 1, CHUNK)

    def pages(self, view: View, key: int) -> Iterator[Page]:
        """The pages of one chunk."""
        last = key + CHUNK - 1
        rows = view.store.rows(f"SELECT {_COLUMNS} FROM items WHERE id BETWEEN ? AND ? AND held IS NULL", key, last).fetchall()
        if not rows:
            return
        bodies = read_spill(view.spill, key)
        relations = _relations(view, key, last)
        attachments = _attachments(view, key, last)
        links = _links(view, key, last)
        for row in rows:
            number = row[0]
            html, headings = bodies[number - key]
            yield _page(view, row, html, headings, relations.get(number, {}), attachments.get(number, []), links.get(number, []))


def _page(
    view: View, row: tuple[Any, ...], html: str, headings: list[Any], relations: Any, attachments: Any, links: list[Target]
) -> Page:
    (_, code, sort, title, unit, unit_name, category, kind, doc_number, formed, summary, data, public_until) = row[:13]
    status, marks, effective, expires, library = row[13:]
    keys = json.loads(data, object_hook=Keys)
    address = f"items/{code}.html"
    day, time = sort[:10], sort[11:16]
    lineage = view.catalog.lineage(category)
    crumbs = [(each.name, f"catalog/{each.path}/index.html") for each in lineage]
    over = public_until is not None and view.today.isoformat() > public_until
    values = {
        "title": title,
        "section": "catalog",
        "crumbs": crumbs,
        "code": code,
        "day": day,
        "published": f"{day} {time}",
        "unit": {"name": unit_name, "address": f"units/{unit}/index.html"},
        "source": keys.get("source") or unit_name,
        "column": {"name": lineage[-1].name, "type": "信息公开目录", "description": lineage[-1].name, "keywords": lineage[-1].name},
        "kind": kind,
    }
    if "withdrawn" in keys:
        return Page(address, "withdrawn.html", {**values, "withdrawn": keys["withdrawn"]})
    older, newer = view.neighbours(f"category:{category}", sort)
    values |= {
        "keys": keys,
        "description": summary,
        "keywords": "、".join(keys.get("keywords", ())),
        "status": status,
        "marks": marks.split() if marks else [],
        "public_until": public_until,
        "public_over": over,
        "facts": _facts(view, row, keys, lineage[-1]),
        "body": None if over else Markup(settle(html, links, "../" * address.count("/"))),
        "headings": [] if over else [heading for heading in headings if heading[0] <= 3 and heading[2]],
        "attachments": [] if over else attachments,
        "relations": relations,
        "older": {"title": older[0], "code": older[1]} if older else None,
        "newer": {"title": newer[0], "code": newer[1]} if newer else None,
        "unit_now": _unit_now(view, unit, unit_name),
    }
    return Page(address, "item.html", values)


def _facts(view: View, row: tuple[Any, ...], keys: dict[str, Any], category: Any) -> list[tuple[str, str, str | None]]:
    """要素: label, text, and an address where it leads somewhere (条例 art. 12; 国办 2009 目录系统指引)."""
    (_, code, sort, _, unit, unit_name, _, kind, doc_number, formed, summary, _, public_until) = row[:13]
    status, marks, effective, expires, library = row[13:]
    topic = keys.get("topic")
    state = "，".join(filter(None, [status, *(marks.split() if marks else [])])) if status else None
    facts: list[tuple[str, str | None, str | None]] = [
        ("索引号", code, None),
        ("组配分类", category.name, f"catalog/{category.path}/index.html"),
        ("发布机构", unit_name, f"units/{unit}/index.html"),
        ("发文机关", _issuers(view, keys), None),
        ("成文日期", formed, None),
        ("发布日期", sort[:10], None),
        ("公布日期", keys.get("promulgated"), None),
        ("更新日期", keys.get("updated"), None),
        ("发文字号", doc_number, None),
        ("有效性", state, None),
        ("施行日期", effective if library or keys.get("effective") else None, None),
        ("有效期至", _expiry(keys, expires), None),
        ("废止日期", keys.get("repealed"), None),
        ("认定依据", keys.get("status_basis"), None),
        ("主题分类", topic, f"topics/{topic_number(topic)}/index.html" if topic else None),
        ("体裁", keys.get("genre"), None),
        ("信息类型", kind, None),
        ("五公开", keys.get("stage"), None),
        ("关键词", "、".join(keys.get("keywords", ())), None),
        ("服务对象", "、".join(keys.get("audience", ())), None),
        ("涉及区域", "、".join(keys.get("areas", ())), None),
        ("信息来源", keys.get("source") or unit_name, None),
        ("责任科室", keys.get("section"), None),
        ("公开方式", keys.get("disclosure", "主动公开"), None),
        ("原索引号", "、".join(keys.get("legacy_codes", ())), None),
        ("公示截止", public_until, None),
        ("解读形式", keys.get("form"), None),
        ("内容概述", summary, None),
    ]
    return [(label, str(text), to) for label, text, to in facts if text]


def _issuers(view: View, keys: dict[str, Any]) -> str | None:
    names = []
    for issuer in keys.get("issuers", ()):
        unit = view.units.find(issuer)
        names.append(unit.name if unit and unit.id == issuer else issuer)
    return "、".join(names) or None


def _expiry(keys: dict[str, Any], expires: str | None) -> str | None:
    typed = keys.get("expires")
    return f"{expires}（{typed}）" if typed and expires and typed != expires else expires or typed


def _unit_now(view: View, unit_id: str, name: str) -> dict[str, Any] | None:
    """What became of the unit, where its name then is not its name now, or it was dissolved."""
    unit = view.units.by_id[unit_id]
    if unit.until is not None and unit.until < view.today:
        heirs = [{"name": view.units.by_id[each].name, "address": f"units/{each}/index.html"} for each in unit.successors]
        return {"dissolved": unit.until.isoformat(), "name": unit.name, "successors": heirs}
    if unit.name != name:
        return {"dissolved": None, "name": unit.name, "successors": [{"name": unit.name, "address": f"units/{unit.id}/index.html"}]}
    return None


def _relations(view: View, first: int, last: int) -> dict[int, dict[str, list[dict[str, Any]]]]:
    """Both ends of every relation of a chunk: item → label → entries. Unpublished ends don't show."""
    found: dict[int, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))

    def add(item: int, label: str, entry: dict[str, Any]) -> None:
        entries = found[item][label]
        if entry not in entries:
            entries.append(entry)

    outgoing = view.store.rows(
        "SELECT item, relations.kind, relations.title, relations.doc_number, url, scope, "
        "other.title, other.code, other.doc_number, other.status, substr(other.sort, 1, 10), other.held, relations.target "
        "FROM relations LEFT JOIN items AS other ON other.id = relations.target WHERE item BETWEEN ? AND ? ORDER BY relations.rowid",
        first, last,
    )  # fmt: skip
    for item, kind, title, number, url, scope, other, code, other_number, status, day, held, target in outgoing:
        if code is not None and held is None and target is not None:
            entry = {"title": other, "code": code, "doc_number": other_number, "status": status, "day": day, "scope": scope, "url": None}
        elif title is not None:
            entry = {"title": title, "code": None, "doc_number": number, "status": None, "day": None, "scope": scope, "url": url}
        else:
            continue
        add(item, OUTGOING[kind], entry)
    incoming = view.store.rows(
        "SELECT target, relations.kind, scope, other.title, other.code, other.doc_number, other.status, substr(other.sort, 1, 10) "
        "FROM relations JOIN items AS other ON other.id = relations.item "
        "WHERE target BETWEEN ? AND ? AND other.held IS NULL AND NOT other.withdrawn ORDER BY other.sort, relations.rowid",
        first, last,
    )  # fmt: skip
    for item, kind, scope, title, code, number, status, day in incoming:
        entry = {"title": title, "code": code, "doc_number": number, "status": status, "day": day, "scope": scope, "url": None}
        add(item, INCOMING[kind], entry)
    return {item: dict(groups) for item, groups in found.items()}


def _attachments(view: View, first: int, last: int) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = view.store.rows(
        "SELECT item, file, title, role, address, size FROM attachments WHERE item BETWEEN ? AND ? AND address IS NOT NULL "
        "ORDER BY rowid", first, last
    )  # fmt: skip
    for item, file, title, role, address, size in rows:
        name = file.rsplit("/", 1)[-1]
        kind = name.rsplit(".", 1)[-1].upper()
        found[item].append({"title": title or name, "role": role, "address": address, "size": size, "type": kind})
    return found


def _links(view: View, first: int, last: int) -> dict[int, list[Target]]:
    found: dict[int, list[Target]] = defaultdict(list)
    rows = view.store.rows(
        "SELECT item, kind, address, fragment, label, target FROM links WHERE item BETWEEN ? AND ? ORDER BY item, number", first, last
    )
    for item, kind, address, fragment, label, target in rows:
        found[item].append(Target(kind, address, fragment, label or target))
    return found


