"""发布机构: who publishes. A tree with history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from pydantic import Field

from gongkai_ssg.model.dates import Day
from gongkai_ssg.model.schema import Schema, key
from gongkai_ssg.model.values import Listed, Text, Texts

UnitKind = Literal[
    "government",
    "department",
    "subdistrict",
    "township",
    "vertical",
    "authorized",
    "institution",
    "enterprise",
    "village",
]


class UnitName(Schema):
    """A name the unit bore during a time."""

    name: Text = key(doc="当时的名称。")
    from_: Day | None = Field(None, alias="from", description="自何日起;不填为从来。")
    to: Day | None = key(doc="至何日(含);不填为至今。", default=None)


class Contact(Schema):
    """How to reach a unit (条例 art. 12)."""

    office: Text | None = key(doc="政府信息公开工作机构的名称。", default=None)
    address: Text | None = key(doc="办公地址。", default=None)
    hours: Text | None = key(doc="办公时间。", default=None)
    phone: Text | None = key(doc="联系电话。", default=None)
    fax: Text | None = key(doc="传真号码。", default=None)
    email: Text | None = key(doc="电子邮箱。", default=None)
    postcode: Text | None = key(doc="邮政编码。", default=None)
    url: Text | None = key(doc="互联网联系方式。", default=None)


class Unit(Schema):
    """One entry of ``units.yaml``."""

    id: Text = Field(pattern=r"^[a-z0-9-]+$", description="编号,小写字母、数字和连字符,终身不变;也是文件夹名和地址。")
    name: Text = key(doc="现用全称。")
    short_name: Text | None = key(doc="简称,用于列表。", default=None)
    code: Text = key(doc="组织机构代码(9 位)或统一社会信用代码(18 位),校验位必须正确。")
    kind: UnitKind = key(doc="机构类型,决定它应有指南、年报、依申请公开中的哪些。")
    parent: Text | None = key(doc="上级机构的编号。", default=None)
    names: Listed[UnitName] = key(doc="曾用名及起止日期;条目显示发布当日的名称。", factory=list)
    until: Day | None = key(doc="撤销日期(最后一天);页面保留并指向承接机构。", default=None)
    successors: Texts = key(doc="承接机构的编号。", factory=list)
    duties: Text | None = key(doc="主要职责,一两句话;不填则取该机构“机构信息”类条目的概述。", default=None)
    contact: Contact | None = key(doc="联系方式。", default=None)
    aliases: Texts = key(doc="旧网址,自动跳转。", factory=list)

    def name_on(self, day: date) -> str:
        """The name the unit bore on ``day``."""
        for period in self.names:
            if (period.from_ is None or period.from_ <= day) and (period.to is None or day <= period.to):
                return str(period.name)
        return self.name

    def gone(self, today: date) -> bool:
        """Whether it was dissolved before ``today``; on its last day it still stands."""
        return self.until is not None and self.until < today

    @property
    def owes_disclosure(self) -> bool:
        """Whether it must have a guide, a report and applications (条例 art. 4, 54, 55)."""
        return self.kind not in ("enterprise", "village")


@dataclass(frozen=True)
class Units:
    """All units by id, in the order of the file, with lookups."""

    by_id: Mapping[str, Unit]
    _by_name: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, units: Iterable[Unit]) -> Units:
        """Build the lookups; a name that two units bore belongs to neither unless it is a current one."""
        by_id = {unit.id: unit for unit in units}
        by_name: dict[str, str] = {}
        for unit in by_id.values():
            for period in unit.names:
                by_name.setdefault(period.name, unit.id)
        for unit in by_id.values():
            by_name[unit.name] = unit.id
        return cls(by_id, by_name)

    def find(self, text: str) -> Unit | None:
        """The unit with this id or full name (current or former)."""
        return self.by_id.get(text) or self.by_id.get(self._by_name.get(text, ""))

    def names(self) -> list[str]:
        """Every id and name, for suggestions."""
        return [*self.by_id, *self._by_name]

    def children(self, parent: str | None) -> Iterator[Unit]:
        """The units directly below ``parent``; the roots for None."""
        return (unit for unit in self.by_id.values() if unit.parent == parent)

    def heirs(self, unit: Unit, today: date) -> list[Unit]:
        """The units that answer for a dissolved one on ``today``: its successors, and theirs where they are gone too."""
        found: list[Unit] = []
        seen = {unit.id}
        waiting = list(unit.successors)
        while waiting:
            heir = self.by_id[waiting.pop(0)]
            if heir.id in seen:
                continue
            seen.add(heir.id)
            if heir.gone(today) and heir.successors:
                waiting[:0] = heir.successors
            else:
                found.append(heir)
        return found

    def with_predecessors(self, ids: Iterable[str]) -> set[str]:
        """These units and all whose duties came to them, however often they were handed on."""
        found = set(ids)
        while more := {unit.id for unit in self if unit.id not in found and found.intersection(unit.successors)}:
            found |= more
        return found

    def __iter__(self) -> Iterator[Unit]:
        return iter(self.by_id.values())
