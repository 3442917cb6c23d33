"""Item pages, what remains of withdrawn ones, and their attachments' places."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from markupsafe import Markup

from gongkai_ssg.linking.changes import Changes, Reason
from gongkai_ssg.model.topics import topic_number
from gongkai_ssg.pages.page import Page, Planner
from gongkai_ssg.pages.view import View
from gongkai_ssg.rendering.links import Target, root_of, settle

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


class Row(NamedTuple):
    """An item's row in the store, as far as its page needs it."""

    id: int
    path: str
    code: str
    sort: str
    title: str
    unit: str
    unit_name: str
    category: str
    kind: str
    doc_number: str | None
    formed: str
    summary: str
    data: bytes
    public_until: str | None
    status: str | None
    marks: str | None
    effective: str | None
    expires: str | None
    library: int
    withdrawn: int


_COLUMNS = ", ".join(Row._fields)


class Keys(dict[str, Any]):
    """The keys of an item as templates read them: one that was not typed is None."""

    def __missing__(self, key: str) -> None:
        return None


class ItemPages(Planner):
    """``items/<code>.html``. Keys: the item's number."""

    name = "items"

    def keys(self, view: View) -> Iterator[str]:
        """All items, in the order they were read; some may have no page."""
        rows = view.store.rows("SELECT item FROM sources WHERE item IS NOT NULL ORDER BY item")
        return (str(number) for (number,) in rows)

    def dirty(self, view: View, changes: Changes) -> Iterator[tuple[str, Reason]]:
        """Items that changed, their neighbours and relations; all items of a unit or category that did."""
        yield from ((str(item), reason) for item, reason in sorted(changes.items.items()))
        for prefix, names in (("unit", changes.units), ("category", changes.categories)):
            for name in sorted(names):
                reason = Reason(prefix, name)
                yield from ((str(item), reason) for item in view.items_in(f"{prefix}:{name}"))

    def pages(self, view: View, key: str) -> Iterator[Page]:
        """One page."""
        return (page for _, page in self.batch(view, [key]))

    def batch(self, view: View, keys: Sequence[str]) -> Iterator[tuple[str, Page]]:
        """The pages of one chunk as it was read, or of a few items by themselves."""
        numbers = [int(key) for key in keys]
        first, last = numbers[0], numbers[-1]
        if view.reader.spill is not None:
            start, spilled = view.reader.spilled(first)
            yield from _pages(view, first, last, lambda row: spilled[row.id - start])
            return
        for number in numbers:
            yield from _pages(view, number, number, lambda row: view.reader.body(row.path))


def _pages(view: View, first: int, last: int, body_of: Callable[[Row], Any]) -> Iterator[tuple[str, Page]]:
    """The pages of items with numbers in a row."""
    rows = view.store.rows(f"SELECT {_COLUMNS} FROM items WHERE id BETWEEN ? AND ? AND held IS NULL", first, last)
    relations, attachments, links = (
        _relations(view, first, last),
        _attachments(view, first, last),
        _links(view, first, last),
    )
    for row in map(Row._make, rows.fetchall()):
        shared = _shared(view, row)
        address = f"items/{row.code}.html"
        if row.withdrawn:
            withdrawn = json.loads(row.data, object_hook=Keys)["withdrawn"]
            yield str(row.id), Page(address, "withdrawn.html", {**shared, "withdrawn": withdrawn})
        elif row.public_until is not None and row.public_until < view.today.isoformat():
            yield str(row.id), Page(address, "ended.html", {**shared, "public_until": row.public_until})
        else:
            html, headings = body_of(row)
            body = Markup(settle(html, links.get(row.id, []), root_of(address)))
            around = {"relations": relations.get(row.id, {}), "attachments": attachments.get(row.id, [])}
            values = {**shared, **_whole(view, row, headings), **around, "body": body}
            yield str(row.id), Page(address, "item.html", values)


def _shared(view: View, row: Row) -> dict[str, Any]:
    """What every page of an item shows, whatever became of it."""
    lineage = view.catalog.lineage(row.category)
    name = lineage[-1].name
    return {
        "title": row.title,
        "section": "catalog",
        "crumbs": [(each.name, f"catalog/{each.path}/index.html") for each in lineage],
        "code": row.code,
        "day": row.sort[:10],
        "published": f"{row.sort[:10]} {row.sort[11:16]}",
        "unit": {"name": row.unit_name, "address": f"units/{row.unit}/index.html"},
        "source": row.unit_name,
        "column": {"name": name, "type": "信息公开目录", "description": name, "keywords": name},
        "kind": row.kind,
    }


def _whole(view: View, row: Row, headings: list[Any]) -> dict[str, Any]:
    """What the page of an item in full shows besides its body and its neighbourhood."""
    keys = json.loads(row.data, object_hook=Keys)
    older, newer = view.neighbours(f"category:{row.category}", row.sort)
    return {
        "keys": keys,
        "source": keys.get("source") or row.unit_name,
        "description": row.summary,
        "keywords": "、".join(keys.get("keywords", ())),
        "status": row.status,
        "marks": row.marks.split() if row.marks else [],
        "public_until": row.public_until,
        "facts": _facts(view, row, keys),
        "headings": [heading for heading in headings if heading[0] <= 3 and heading[2]],
        "older": {"title": older[0], "code": older[1]} if older else None,
        "newer": {"title": newer[0], "code": newer[1]} if newer else None,
        "unit_now": _unit_now(view, row.unit, row.unit_name),
    }


def _facts(view: View, row: Row, keys: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    """要素: label, text, and an address where it leads somewhere (条例 art. 12; 国办 2009 目录系统指引)."""
    topic = keys.get("topic")
    state = "，".join([row.status, *(row.marks.split() if row.marks else [])]) if row.status else None
    effective = row.effective if row.library or keys.get("effective") else None
    facts: list[tuple[str, str | None, str | None]] = [
        ("索引号", row.code, None),
        ("组配分类", view.catalog.by_path[row.category].name, f"catalog/{row.category}/index.html"),
        ("发布机构", row.unit_name, f"units/{row.unit}/index.html"),
        ("发文机关", _issuers(view, keys), None),
        ("成文日期", row.formed, None),
        ("发布日期", row.sort[:10], None),
        ("公布日期", keys.get("promulgated"), None),
        ("更新日期", keys.get("updated"), None),
        ("发文字号", row.doc_number, None),
        ("有效性", state, None),
        ("施行日期", effective, None),
        ("有效期至", _expiry(keys, row.expires), None),
        ("废止日期", keys.get("repealed"), None),
        ("认定依据", keys.get("status_basis"), None),
        ("主题分类", topic, f"topics/{topic_number(topic)}/index.html" if topic else None),
        ("体裁", keys.get("genre"), None),
        ("信息类型", row.kind, None),
        ("五公开", keys.get("stage"), None),
        ("关键词", "、".join(keys.get("keywords", ())), None),
        ("服务对象", "、".join(keys.get("audience", ())), None),
        ("涉及区域", "、".join(keys.get("areas", ())), None),
        ("信息来源", keys.get("source") or row.unit_name, None),
        ("责任科室", keys.get("section"), None),
        ("公开方式", keys.get("disclosure", "主动公开"), None),
        ("原索引号", "、".join(keys.get("legacy_codes", ())), None),
        ("公示截止", row.public_until, None),
        ("解读形式", keys.get("form"), None),
        ("内容概述", row.summary, None),
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
        heirs = [
            {"name": view.units.by_id[each].name, "address": f"units/{each}/index.html"} for each in unit.successors
        ]
        return {"dissolved": unit.until.isoformat(), "name": unit.name, "successors": heirs}
    if unit.name != name:
        return {
            "dissolved": None,
            "name": unit.name,
            "successors": [{"name": unit.name, "address": f"units/{unit.id}/index.html"}],
        }
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
        "other.title, other.code, CASE WHEN NOT other.withdrawn THEN other.doc_number END, other.status, "
        "substr(other.sort, 1, 10), other.held, relations.target "
        "FROM relations LEFT JOIN items AS other ON other.id = relations.target WHERE item BETWEEN ? AND ? ORDER BY relations.rowid",
        first, last,
    )  # fmt: skip
    for item, kind, title, number, url, scope, other, code, other_number, status, day, held, target in outgoing:
        if code is not None and held is None and target is not None:
            entry = {
                "title": other,
                "code": code,
                "doc_number": other_number,
                "status": status,
                "day": day,
                "scope": scope,
                "url": None,
            }
        elif title is not None:
            entry = {
                "title": title,
                "code": None,
                "doc_number": number,
                "status": None,
                "day": None,
                "scope": scope,
                "url": url,
            }
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
        entry = {
            "title": title,
            "code": code,
            "doc_number": number,
            "status": status,
            "day": day,
            "scope": scope,
            "url": None,
        }
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
        "SELECT item, kind, address, fragment, label, target FROM links WHERE item BETWEEN ? AND ? ORDER BY item, number",
        first,
        last,
    )
    for item, kind, address, fragment, label, target in rows:
        found[item].append(Target(kind, address, fragment, label or target))
    return found
