"""Item pages, what remains of withdrawn ones, and their attachments' places."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from markupsafe import Markup

from gongkai_ssg.linking.changes import Changes, Reason
from gongkai_ssg.model.topics import topic_number
from gongkai_ssg.pages.answers import answers, caption, contact_answer
from gongkai_ssg.pages.page import Page, Planner
from gongkai_ssg.pages.relations import Groups, relation_map, relations_of
from gongkai_ssg.pages.view import View
from gongkai_ssg.reading.markdown.parts import ARTICLE_LEVEL
from gongkai_ssg.rendering.links import Target, root_of, settle


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
    in_library: int
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
        relations_of(view, first, last),
        _attachments(view, first, last),
        _links(view, first, last),
    )
    beside = view.neighbours(first, last)
    for row in map(Row._make, rows.fetchall()):
        shared = _shared(view, row)
        address = f"items/{row.code}.html"
        if row.withdrawn:
            withdrawn = json.loads(row.data, object_hook=Keys)["withdrawn"]
            yield str(row.id), Page(address, "withdrawn.html", {**shared, "withdrawn": withdrawn})
        elif row.public_until is not None and row.public_until < view.today.isoformat():
            who = contact_answer(view, row.unit, None)
            left = {"public_until": row.public_until, "answers": [("找谁", who)] if who else []}
            yield str(row.id), Page(address, "ended.html", {**shared, **left})
        else:
            html, headings = body_of(row)
            body = Markup(settle(html, links.get(row.id, []), root_of(address)))
            whole = _whole(view, row, headings, relations.get(row.id))
            older, newer = beside.get(row.id, (None, None))
            values = {
                **shared,
                **whole,
                **_files(attachments.get(row.id)),
                "body": body,
                "older": older,
                "newer": newer,
            }
            yield str(row.id), Page(address, "item.html", values)


def _shared(view: View, row: Row) -> dict[str, Any]:
    """What every page of an item shows, whatever became of it."""
    lineage = view.catalog.lineage(row.category)
    name = lineage[-1].name
    day, time = row.sort[:10], row.sort[11:16]
    return {
        "title": row.title,
        "section": "catalog",
        "crumbs": [(each.name, f"catalog/{each.path}/index.html") for each in lineage],
        "code": row.code,
        "day": day,
        "published": f"{day} {time}",
        "shown": day if time == "00:00" else f"{day} {time}",
        "unit": {"name": row.unit_name, "address": f"units/{row.unit}/index.html"},
        "unit_now": _unit_now(view, row.unit, row.unit_name),
        "source": row.unit_name,
        "column": {"name": name, "type": "信息公开目录", "description": name, "keywords": name},
        "kind": row.kind,
    }


def _files(files: list[dict[str, Any]] | None) -> dict[str, Any]:
    """The text itself to download (文字版, 图片版: 国办公开办函〔2021〕33号), and what is attached to it."""
    if not files:
        return {"downloads": (), "attachments": ()}
    return {
        "downloads": [each for each in files if each["role"] in _TEXTS],
        "attachments": [each for each in files if each["role"] not in _TEXTS],
    }


_TEXTS = ("文字版", "图片版")


def _whole(view: View, row: Row, headings: list[Any], relations: Groups | None) -> dict[str, Any]:
    """What the page of an item in full shows besides its body and its neighbourhood."""
    keys = json.loads(row.data, object_hook=Keys)
    return {
        "keys": keys,
        "source": keys.get("source") or row.unit_name,
        "description": row.summary,
        "keywords": "、".join(keys.get("keywords", ())),
        "status": row.status,
        "marks": row.marks.split() if row.marks else [],
        "public_until": row.public_until,
        "caption": caption(row, keys, relations) if row.in_library else None,
        "answers": answers(view, row, keys, relations),
        "facts": _main_facts(view, row, keys),
        "more": _more_facts(row, keys),
        "relations": relation_map(relations) if relations else None,
        **contents(headings),
    }


def contents(headings: list[Any]) -> dict[str, Any]:
    """A contents list for long texts: headings, or the articles of a text that has none; empty for short ones."""
    if not headings:
        return {"headings": (), "articles": (), "long": False}
    titles = [each for each in headings if each[0] <= _DEEPEST and each[2]]
    articles = [each[1] for each in headings if each[0] == ARTICLE_LEVEL]
    if len(titles) >= _LONG:
        return {"headings": titles, "articles": (), "long": True}
    long = len(articles) >= _LONG
    return {"headings": (), "articles": articles if long else (), "long": long}


_DEEPEST = 3
_LONG = 4


def _main_facts(view: View, row: Row, keys: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    """要素 that everybody asks for (国办 2009 目录系统指引; 条例 art. 12)."""
    topic = keys.get("topic")
    facts: list[tuple[str, str | None, str | None]] = [
        ("索引号", row.code, None),
        ("组配分类", view.catalog.by_path[row.category].name, f"catalog/{row.category}/index.html"),
        ("发布机构", row.unit_name, f"units/{row.unit}/index.html"),
        ("发文机关", _issuers(view, keys), None),
        ("发文字号", row.doc_number, None),
        ("主题分类", topic, f"topics/{topic_number(topic)}/index.html" if topic else None),
        ("成文日期", row.formed, None),
        ("发布日期", row.sort[:10], None),
    ]
    return [(label, text, to) for label, text, to in facts if text]


def _more_facts(row: Row, keys: dict[str, Any]) -> list[tuple[str, str]]:
    """The other 要素."""
    facts: list[tuple[str, str | None]] = [
        ("有效性", "，".join([row.status, *(row.marks.split() if row.marks else [])]) if row.status else None),
        ("施行日期", row.effective if row.in_library or keys.get("effective") else None),
        ("有效期至", _expiry(keys, row.expires)),
        ("废止日期", keys.get("repealed")),
        ("公示截止", row.public_until),
        ("征集截止", keys.get("comments_until")),
        ("公布日期", keys.get("promulgated")),
        ("更新日期", keys.get("updated")),
        ("认定依据", keys.get("status_basis")),
        ("体裁", keys.get("genre")),
        ("信息类型", row.kind),
        ("解读形式", keys.get("form")),
        ("五公开", keys.get("stage")),
        ("关键词", "、".join(keys.get("keywords", ()))),
        ("服务对象", "、".join(keys.get("audience", ()))),
        ("涉及区域", "、".join(keys.get("areas", ()))),
        ("信息来源", keys.get("source") or row.unit_name),
        ("责任科室", keys.get("section")),
        ("公开方式", keys.get("disclosure", "主动公开")),
        ("原索引号", "、".join(keys.get("legacy_codes", ()))),
        ("内容概述", row.summary),
    ]
    return [(label, text) for label, text in facts if text]


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
    if unit.until is not None and unit.gone(view.today):
        heirs = [
            {"name": heir.name, "address": f"units/{heir.id}/index.html"} for heir in view.units.heirs(unit, view.today)
        ]
        return {"dissolved": unit.until.isoformat(), "name": unit.name, "successors": heirs}
    if unit.name != name:
        return {
            "dissolved": None,
            "name": unit.name,
            "successors": [{"name": unit.name, "address": f"units/{unit.id}/index.html"}],
        }
    return None


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
