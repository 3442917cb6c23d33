"""An item's file → a record and findings: a pure function of bytes, path and options."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from gongkai_ssg.diagnostics import CODES, Finding
from gongkai_ssg.model.item import Item
from gongkai_ssg.reading.fields import ItemReader
from gongkai_ssg.reading.frontmatter import Split, read_front, split
from gongkai_ssg.reading.markdown import Body, read_body, summary_of
from gongkai_ssg.reading.options import ReadingOptions
from gongkai_ssg.reading.record import Record
from gongkai_ssg.reading.text import control_character, decode, is_lfs_pointer, may_hold_control
from gongkai_ssg.reading.typed import ITEM, read_model, read_partly
from gongkai_ssg.reading.yamltree import Tree
from gongkai_ssg.rules.secrets import decoded_marks, may_hide_mark, secret_marks, visible_marks


def read_item(data: bytes, path: str, folder_unit: str, options: ReadingOptions) -> Record:
    """Read one item.

    :param path: the file as findings name it.
    :param folder_unit: the first folder under ``items/``, or nothing.
    """
    record = Record(path)
    text = _text(data, record, options)
    if text is None:
        return record
    marks = secret_marks(text, path)
    record.findings.extend(marks)
    parts = split(text, path, Item)
    if isinstance(parts, Finding):
        record.findings.append(parts)
        return record
    if finding := front_too_large(parts, path, options):
        record.findings.append(finding)
        return record
    tree, found = read_front(parts.front, path, parts.front_line, Item)
    record.findings.extend(found)
    if tree is None:
        return record
    hidden = may_hide_mark(text, parts.front)
    told = {mark.line for mark in marks}
    if hidden:
        record.findings.extend(decoded_marks(tree.value, tree.values.items(), path, told))
    item, found = read_model(Item, tree, path, ITEM)
    record.findings.extend(found)
    record.code = item.code if item else _typed_code(tree)
    known, wrong = (item, frozenset[str]()) if item else read_partly(Item, tree, _STAND_INS) or (None, frozenset())
    if known is not None:
        ItemReader(record, known, tree, folder_unit, options).read(wrong)
        record.body = read_body(parts.body, parts.body_line, path, options.is_code, options.raw_html)
        record.findings.extend(record.body.findings)
        if hidden:
            record.findings.extend(marks_in_body(record.body, parts, path, told))
        if item is not None:
            _check_body(record, item, parts.body_line)
    record.findings = list(_allowed(record.findings, item, tree, path))
    if item is None or any(finding.severity == "error" for finding in record.findings):
        record.item = None
    return record


def front_too_large(parts: Split, path: str, options: ReadingOptions) -> Finding | None:
    """A finding where a front matter is longer than the site allows."""
    size, limit = len(parts.front.encode()), options.limits.front_matter_bytes
    if size <= limit:
        return None
    return Finding("GK124", path, parts.front_line, 1, {"limit": limit, "size": size, "hint": "front"})


def marks_in_body(body: Body, parts: Split, path: str, told: Collection[int]) -> Iterable[Finding]:
    """Marks of secrecy that only show when a body is laid out.

    :param told: lines about which a mark has been told.
    """
    labels = [words for link in body.links for words in (link.label, link.target)]
    return visible_marks(body.html, labels, parts.body, parts.body_line, path, told)


_STAND_INS = {"title": "?", "code": "?", "category": "?", "date": "2000-01-01"}
"""What stands for required keys that are wrong, where the rest of an item is checked all the same."""


def _text(data: bytes, record: Record, options: ReadingOptions) -> str | None:
    limit = options.limits.item_bytes
    finding = None
    text = ""
    if len(data) > limit:
        finding = Finding("GK124", record.path, params={"limit": limit, "size": len(data)})
    elif not data.strip():
        finding = Finding("GK121", record.path)
    elif is_lfs_pointer(data):
        finding = Finding("GK125", record.path, 1, 1)
    else:
        text, finding = decode(data, record.path)
        if finding is None and may_hold_control(data):
            finding = control_character(text, record.path)
    if finding:
        record.findings.append(finding)
        return None
    return text


def _typed_code(tree: Tree) -> str | None:
    if not isinstance(tree.value, dict):
        return None
    code = tree.value.get("code") or tree.value.get("索引号")
    return code.strip() if isinstance(code, str) else None


def _check_body(record: Record, item: Item, line: int) -> None:
    has_body = bool(record.body.html.strip())
    if item.disclosure != "主动公开" and (has_body or item.attachments):
        record.findings.append(Finding("GK127", record.path, line, 1, {"disclosure": item.disclosure}))
    elif not has_body and not item.attachments and item.disclosure == "主动公开" and not (item.withdrawn or item.draft):
        record.findings.append(Finding("GK300", record.path, line, 1))
    record.auto_summary = item.summary is None
    record.summary = item.summary or summary_of(record.body.start)


def _allowed(findings: Iterable[Finding], item: Item | None, tree: Tree, path: str) -> Iterable[Finding]:
    """Findings that the item lets pass become notes; a rule that can't be let pass is a finding itself."""
    reasons = {each.rule: each.reason for each in item.allow} if item else {}
    for finding in findings:
        yield finding.allow(reasons[finding.code]) if _waivable(finding.code) and finding.code in reasons else finding
    for place, rule in enumerate(reasons):
        if not _waivable(rule):
            name = "allow" if ("allow",) in tree.keys else "豁免"
            yield Finding("GK134", path, *tree.place((name, place)), {"rule": rule})


def _waivable(rule: str) -> bool:
    return rule in CODES and CODES[rule].waivable
