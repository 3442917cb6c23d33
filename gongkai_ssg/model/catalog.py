"""组配分类: the catalog, a tree of categories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import Field

from gongkai_ssg.model.dates import Span
from gongkai_ssg.model.schema import Schema, key
from gongkai_ssg.model.values import Flag, Kind, Text, Texts


class CategoryEntry(Schema):
    """One entry of ``catalog.yaml``."""

    id: Text = Field(pattern=r"^[a-z0-9-]+$", description="编号,小写字母、数字和连字符,同级不重复。")
    name: Text = key(doc="名称。")
    description: Text | None = key(doc="说明。", default=None)
    article: Text | None = key(doc="对应的条例条款,如“第二十条第（一）项”。", default=None)
    kind: Kind | None = key(doc="归入此类的信息的默认类型;下级类别沿用。", default=None)
    library: Flag | None = key(doc="是否进入规范性文件库并标注有效性;下级类别沿用。", default=None)
    require_formed: Flag | None = key(doc="条目未填成文日期时是否提示;下级类别沿用。", default=None)
    max_age: Span | None = key(doc="多久必须更新一次,如“180d”。", default=None)
    owner: Text | None = key(doc="责任机构的编号。", default=None)
    aliases: Texts = key(doc="旧网址,自动跳转。", factory=list)
    children: list[CategoryEntry] = key(doc="下级类别。", factory=list)


@dataclass(frozen=True, slots=True)
class Category:
    """A category with its place in the tree; what it inherits is filled in."""

    path: str
    name: str
    parent: str | None
    entry: CategoryEntry
    kind: str
    in_library: bool
    require_formed: bool

    @property
    def id(self) -> str:
        """The last part of the path."""
        return self.path.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Catalog:
    """All categories by path, in the order of the file (a parent before its children)."""

    by_path: Mapping[str, Category]
    _by_id: Mapping[str, str | None]
    _lineages: Mapping[str, list[Category]]

    @classmethod
    def of(cls, entries: Iterable[CategoryEntry]) -> Catalog:
        """Lay the tree out flat."""
        by_path: dict[str, Category] = {}
        by_id: dict[str, str | None] = {}
        for category in _walk(entries, None):
            by_path[category.path] = category
            by_id[category.id] = None if category.id in by_id else category.path
        lineages = {path: [by_path[path[:end]] for end in _ends(path)] for path in by_path}
        return cls(by_path, by_id, lineages)

    def find(self, text: str) -> Category | None:
        """The category with this path, or with this last id where only one has it."""
        name = text.strip().strip("/")
        return self.by_path.get(name) or self.by_path.get(self._by_id.get(name) or "")

    def is_ambiguous(self, text: str) -> bool:
        """Whether several categories end in this id."""
        return text in self._by_id and self._by_id[text] is None and text not in self.by_path

    def names(self) -> list[str]:
        """Every path and every unique last id, for suggestions."""
        return [*self.by_path, *(name for name, path in self._by_id.items() if path)]

    def children(self, parent: str | None) -> Iterator[Category]:
        """The categories directly below ``parent``; the first level for None."""
        return (category for category in self.by_path.values() if category.parent == parent)

    def lineage(self, path: str) -> list[Category]:
        """The category and what it stands in, from the first level down."""
        return self._lineages[path]

    def __iter__(self) -> Iterator[Category]:
        return iter(self.by_path.values())


def _ends(path: str) -> list[int]:
    """Where each part of a path ends."""
    return [*(place for place, char in enumerate(path) if char == "/"), len(path)]


def _walk(entries: Iterable[CategoryEntry], parent: Category | None) -> Iterator[Category]:
    for entry in entries:
        category = Category(
            path=f"{parent.path}/{entry.id}" if parent else entry.id,
            name=entry.name,
            parent=parent.path if parent else None,
            entry=entry,
            kind=entry.kind or (parent.kind if parent else "其他"),
            in_library=entry.library if entry.library is not None else bool(parent and parent.in_library),
            require_formed=(
                entry.require_formed if entry.require_formed is not None else bool(parent and parent.require_formed)
            ),
        )
        yield category
        yield from _walk(entry.children, category)
