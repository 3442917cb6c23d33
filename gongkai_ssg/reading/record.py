"""What reading one item gives: small rows for the store, and the body for the spill."""

from __future__ import annotations

from dataclasses import dataclass, field

from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.model.item import Item
from gongkai_ssg.reading.markdown import Body


@dataclass(slots=True)
class RelationRow:
    """One entry of a relation key."""

    kind: str
    code: str | None
    title: str | None
    doc_number: str | None
    url: str | None
    scope: str | None
    since: str | None
    line: int
    column: int


@dataclass(slots=True)
class AttachmentRow:
    """One file named in the front matter."""

    file: str
    title: str | None
    role: str
    line: int
    column: int


@dataclass(slots=True)
class Record:
    """One item as read. ``item`` is None where the front matter is wrong; ``code`` may be known all the same."""

    path: str
    code: str | None = None
    code_place: tuple[int, int] = (0, 0)
    terms_place: tuple[int, int] = (0, 0)
    item: Item | None = None
    unit: str = ""
    category: str = ""
    kind: str = ""
    summary: str = ""
    auto_summary: bool = False
    lists: list[str] = field(default_factory=list)
    relations: list[RelationRow] = field(default_factory=list)
    attachments: list[AttachmentRow] = field(default_factory=list)
    aliases: list[tuple[str, int, int]] = field(default_factory=list)
    body: Body = field(default_factory=Body)
    findings: list[Finding] = field(default_factory=list)
