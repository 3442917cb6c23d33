"""An item's keys, one by one: what the units, the catalog and the code patterns say of them, and the rows they give."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.model import item as items
from gongkai_ssg.model.codes import code_year, expected_unit_code, unsafe_segment
from gongkai_ssg.model.dates import effective_day, last_valid_day
from gongkai_ssg.model.item import Item
from gongkai_ssg.model.schema import chinese_names
from gongkai_ssg.model.topics import topic_number
from gongkai_ssg.model.values import is_doc_number, tidy_doc_number
from gongkai_ssg.reading.options import ReadingOptions
from gongkai_ssg.reading.record import AttachmentRow, Record, RelationRow
from gongkai_ssg.reading.typed import guess
from gongkai_ssg.reading.yamltree import Tree
from gongkai_ssg.rules.addresses import unsafe_alias

_FOLLOWING = frozenset({"effective", "expires", "repealed", "updated", "public_until", "withdrawn"})
"""Keys with days that must follow others."""

_ID = re.compile(r"[a-z0-9-]+")


class ItemReader:
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
            if "/" in code and prefix not in self.options.unit_codes and expected_unit_code(prefix) is not None:
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
        if category is not None and not category.in_library and has_dates:
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
        if category is None or not category.in_library:
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
                library = library or category.in_library
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


_CHINESE = {name: chinese_names(field) for name, field in Item.model_fields.items()}
