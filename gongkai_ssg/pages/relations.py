"""Relations of items as their pages show them: both ends, as a small map of what came before and after."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from gongkai_ssg.pages.view import View

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

_BEFORE = frozenset({
    "依据", "征求意见", "征求意见稿", "解读的文件", "替代的文件", "修改的文件", "废止的文件", "暂停施行的文件",
    "延长有效期的文件", "转发、印发的文件", "更正的文件", "原文本", "所属文件",
})  # fmt: skip
"""What was there before the item; the rest came of it, or stands beside it."""

_OPEN = 6
"""Entries of one label that are shown at once; the rest is folded."""

Groups = dict[str, list[dict[str, Any]]]


def relation_map(groups: Groups) -> dict[str, list[tuple[str, list[dict[str, Any]], list[dict[str, Any]]]]]:
    """``before`` and ``after``: (label, entries, folded entries) each."""
    sides: dict[str, list[Any]] = {"before": [], "after": []}
    for label, entries in groups.items():
        side = sides["before" if label in _BEFORE else "after"]
        side.append((label, entries[:_OPEN], entries[_OPEN:]))
    sides["after"].sort(key=lambda group: group[0] == "相关文件")  # stable: what stands beside comes last
    return sides


def relations_of(view: View, first: int, last: int) -> dict[int, Groups]:
    """Both ends of every relation of a run of items: item → label → entries. Unpublished ends don't show."""
    found: dict[int, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))

    def add(item: int, label: str, entry: dict[str, Any]) -> None:
        entries = found[item][label]
        if entry not in entries:
            entries.append(entry)

    outgoing = view.store.rows(
        "SELECT item, relations.kind, relations.title, relations.doc_number, url, scope, "
        "other.title, other.code, CASE WHEN NOT other.withdrawn THEN other.doc_number END, other.status, "
        "other.formed, other.held, relations.target "
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
        "SELECT target, relations.kind, scope, other.title, other.code, other.doc_number, other.status, other.formed "
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
