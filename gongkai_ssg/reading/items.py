"""An item's file → a record and findings: a pure function of bytes, path and options."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from gongkai_ssg.config import CodePattern, Limits
from gongkai_ssg.diagnostics import CODES, Finding
from gongkai_ssg.model import item as items
from gongkai_ssg.model.catalog import Catalog
from gongkai_ssg.model.codes import code_year, expected_unit_code, unsafe_segment
from gongkai_ssg.model.dates import effective_day, last_valid_day
from gongkai_ssg.model.item import Item
from gongkai_ssg.model.topics import topic_number
from gongkai_ssg.model.units import Units
from gongkai_ssg.model.values import is_doc_number, tidy_doc_number
from gongkai_ssg.reading.frontmatter import Split, read_front, split
from gongkai_ssg.reading.markdown import Body, read_body
from gongkai_ssg.reading.markdown.body import summary_of
from gongkai_ssg.reading.record import AttachmentRow, Record, RelationRow
from gongkai_ssg.reading.text import control_character, decode, is_lfs_pointer, may_hold_control
from gongkai_ssg.reading.typed import ITEM, guess, read_model, read_partly
from gongkai_ssg.reading.yamltree import Tree
from gongkai_ssg.rules.addresses import unsafe_alias
from gongkai_ssg.rules.secrets import decoded_marks, may_hide_mark, secret_marks, visible_marks


@dataclass(frozen=True)
class ReadingOptions:
    """All that a record depends on besides the file itself."""

    units: Units
    catalog: Catalog
    code_patterns: tuple[CodePattern, ...]
    limits: Limits
    raw_html: bool = False

    def is_code(self, text: str) -> bool:
        """Whether this looks like a 索引号 of this site, at any time."""
        return any(re.fullmatch(form.pattern, text) for form in self.code_patterns)

    @cached_property
    def unit_codes(self) -> frozenset[str]:
        """The codes of all units."""
        return frozenset(unit.code for unit in self.units)


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
        _ItemReader(record, known, tree, folder_unit, options).read(wrong)
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


_FOLLOWING = frozenset({"effective", "expires", "repealed", "updated", "public_until", "withdrawn"})
"""Keys with days that must follow others."""

_ID = re.compile(r"[a-z0-9-]+")

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


class _ItemReader:
    """Checks of one item that need the units, the catalog and the code patterns, and its rows."""

    def __init__(self, record: Record, item: Item, tree: Tree, folder_unit: str, options: ReadingOptions) -> None:
        self.record = record
        self.item = item
        self.tree = tree
        self.folder_unit = folder_unit
        self.options = options

    def read(self, wrong: frozenset[str]) -> None:
        """Fill the record.

        :param wrong: keys that hold a stand-in; what needs them is not checked.
        """
        self.record.item = self.item
        self.record.code_place = self._place("code")
        if self.item.status or self.item.expires:
            self.record.terms_place = self._place("status" if self.item.status else "expires")
        if "unit" not in wrong:
            self._unit()
        self._category(wrong)
        if not wrong & {"code", "date", "formed"}:
            self._code()
        if not wrong & {"date", "formed", "disclosure", "withhold"}:
            self._rest()
            if self.item.model_fields_set & _FOLLOWING:
                self._days()
        if self.item.issuers:
            self._issuers()
        self._relations()
        self._attachments_and_aliases()
        self._lists()

    def _place(self, key: str, *way: int) -> tuple[int, int]:
        """Where a key's value stands, whichever of its names was typed."""
        for name in (key, *_CHINESE[key]):
            if (name,) in self.tree.keys:
                return self.tree.place((name, *way))
        return self.tree.place(())

    def _add(self, finding: str, key: str, /, *way: int, **params: object) -> None:
        self.record.findings.append(Finding(finding, self.record.path, *self._place(key, *way), params))

    def _unit(self) -> None:
        units, folder = self.options.units, self.folder_unit
        folder_unit = units.by_id.get(folder)
        if self.item.unit is None:
            if not folder:
                self.record.findings.append(Finding("GK138", self.record.path))
            elif folder_unit is None:
                self._add("GK108", "unit", value=folder, guess=guess(folder, units.by_id), hint="folder")
            else:
                self.record.unit = folder_unit.id
            return
        unit = units.find(self.item.unit)
        if unit is None:
            self._add("GK108", "unit", value=self.item.unit, guess=guess(self.item.unit, units.names()))
            return
        self.record.unit = unit.id
        if folder and unit.id != folder:
            self._add("GK109", "unit", value=unit.name, folder=folder_unit.name if folder_unit else folder)

    def _category(self, wrong: frozenset[str]) -> None:
        catalog = self.options.catalog
        for key, way, name in (("category", (), self.item.category), *_numbered("also", self.item.also)):
            if key in wrong:
                continue
            category = catalog.find(name)
            if category is not None:
                if key == "category":
                    self.record.category = category.path
                    self.record.kind = self.item.kind or category.kind
                continue
            if catalog.is_ambiguous(name):
                paths = [each.path for each in catalog if each.id == name]
                self._add("GK135", key, *way, value=name, choices="、".join(paths))
            else:
                self._add("GK102", key, *way, value=name, guess=self._category_guess(name))

    def _category_guess(self, name: str) -> str:
        by_name = {category.name: category.path for category in self.options.catalog}
        if name in by_name:
            return by_name[name]
        return guess(name, self.options.catalog.names()) or by_name.get(guess(name, by_name), "")

    def _code(self) -> None:
        item, code = self.item, self.item.code
        formed = item.formed or item.date.date()
        patterns = [
            form
            for form in self.options.code_patterns
            if (form.from_ is None or form.from_ <= formed) and (form.to is None or formed <= form.to)
        ]
        segment = unsafe_segment(code)
        if segment is not None:
            self._add("GK119", "code", value=code, segment=segment)
        elif not any(re.fullmatch(form.pattern, code) for form in patterns):
            self._add("GK107", "code", value=code, pattern="  或  ".join(form.pattern for form in patterns))
        else:
            year = code_year(code)
            if year is not None and year != formed.year:
                self._add("GK110", "code", value=code, year=year, formed=formed.isoformat())
            prefix = code.partition("/")[0]
            if "/" in code and expected_unit_code(prefix) is not None and prefix not in self.options.unit_codes:
                self._add("GK111", "code", value=prefix)

    def _rest(self) -> None:
        item = self.item
        category = self.options.catalog.by_path.get(self.record.category)
        if item.formed is None and category is not None and category.require_formed:
            self._add("GK116", "date", category=category.name)
        if item.formed is not None and item.formed > item.date.date():
            self._add("GK131", "formed", formed=item.formed.isoformat(), date=item.date.date().isoformat())
        if item.doc_number is not None:
            tidy = tidy_doc_number(item.doc_number)
            if tidy != item.doc_number or not is_doc_number(tidy):
                self._add("GK114", "doc_number", value=item.doc_number, guess=tidy if is_doc_number(tidy) else "")
        if item.disclosure != "主动公开" and item.withhold is None:
            self._add("GK128", "disclosure", disclosure=item.disclosure)
        has_dates = item.expires or item.repealed or item.status
        if category is not None and not category.library and has_dates:
            self._add(
                "GK403",
                "expires" if item.expires else "repealed" if item.repealed else "status",
                category=category.name,
            )

    def _days(self) -> None:
        """Days that must follow others."""
        item, published = self.item, self.item.date.date()
        shown = max(published, item.publish_at or published)
        if item.public_until is not None:
            self._follows("public_until", item.public_until, "publish_at" if shown > published else "date", shown)
        if item.updated is not None:
            self._follows("updated", item.updated.date(), "date", published)
        if item.withdrawn is not None:
            self._follows("withdrawn", item.withdrawn.date, "date", published)
        wrong = "effective"
        try:
            start = effective_day(item.effective, published)
            wrong = "expires"
            last = last_valid_day(item.expires, start or published)
        except OverflowError:
            self._add("GK405", wrong, key=_CHINESE[wrong][0], value=getattr(item, wrong))
            return
        category = self.options.catalog.by_path.get(self.record.category)
        if category is None or not category.library:
            return
        if last is not None and start is None:  # with a first day, linking tells it as an error
            self._follows("expires", last, "date", published)
        if item.repealed is not None and self._follows("repealed", item.repealed, "date", published) and start:
            self._follows("repealed", item.repealed, "effective", start)

    def _follows(self, key: str, day: date, other: str, earlier: date) -> bool:
        """Whether a day is not before the one it must follow; if it is, that is told."""
        if day >= earlier:
            return True
        names = {"key": _CHINESE[key][0], "other": _CHINESE[other][0]}
        self._add("GK139", key, value=day.isoformat(), day=earlier.isoformat(), hint=key, **names)
        return False

    def _issuers(self) -> None:
        """Names that look like ids but are none would be shown to everybody as they are."""
        units = self.options.units
        for name in self.item.issuers:
            if _ID.fullmatch(name) and units.find(name) is None:
                self._add("GK141", "issuers", value=name, guess=guess(name, units.by_id))

    def _relations(self) -> None:
        typed = self.item.model_fields_set
        for kind in items.RELATIONS:
            if kind not in typed:
                continue
            for way, each in enumerate(getattr(self.item, kind)):
                line, column = self._place(kind, way)
                since = each.from_.isoformat() if each.from_ else None
                if each.code and each.code.casefold() == self.item.code.casefold():
                    self._add("GK201", kind, way, code=each.code)
                row = RelationRow(
                    kind, each.code, each.title, each.doc_number, each.url, each.scope, since, line, column
                )
                self.record.relations.append(row)

    def _attachments_and_aliases(self) -> None:
        for way, each in enumerate(self.item.attachments):
            line, column = self._place("attachments", way)
            self.record.attachments.append(AttachmentRow(each.file, each.title, each.role, line, column))
        for way, alias in enumerate(self.item.aliases):
            line, column = self._place("aliases", way)
            why = unsafe_alias(alias)
            if why:
                self._add("GK129", "aliases", way, value=alias, hint=why)
            self.record.aliases.append((alias.strip().lstrip("/"), line, column))

    def _lists(self) -> None:
        """The keys of every list this item stands in."""
        record, catalog = self.record, self.options.catalog
        if not record.category or not record.unit:
            return
        lists = ["all", f"unit:{record.unit}"]
        paths: dict[str, None] = {}
        library = False
        for name in (self.item.category, *self.item.also):
            category = catalog.find(name)
            if category:
                paths |= dict.fromkeys(each.path for each in catalog.lineage(category.path))
                library = library or category.library
        for path in paths:
            lists += [f"category:{path}", f"unit:{record.unit}:{path}"]
        if self.item.topic:
            lists.append(f"topic:{topic_number(self.item.topic)}")
        if library:
            lists.append("library")
        if self.item.public_until or self.item.comments_until:
            lists.append("notice")
        record.lists = lists


def _numbered(key: str, values: list[str]) -> Iterable[tuple[str, tuple[int, ...], str]]:
    return ((key, (place,), value) for place, value in enumerate(values))


def _chinese() -> dict[str, list[str]]:
    from gongkai_ssg.model.schema import chinese_names

    return {name: chinese_names(field) for name, field in Item.model_fields.items()}


_CHINESE = _chinese()
