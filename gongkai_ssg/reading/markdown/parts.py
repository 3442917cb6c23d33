"""What reading a body gives; the parser itself is imported when the first body is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from gongkai_ssg.diagnostics import Finding

LinkKind = Literal["item", "source", "file", "image", "audio", "video"]

ARTICLE_LEVEL = 7
"""The level under which articles stand among the headings of a body: below every heading of HTML."""

SUMMARY_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Link:
    """A link or picture whose address only the whole site can tell. ``label`` is a picture's text."""

    kind: LinkKind
    target: str
    line: int
    column: int
    fragment: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the body, for contents lists and for links to it."""

    level: int
    id: str
    text: str


@dataclass(slots=True)
class Body:
    """What a body gives."""

    html: str = ""
    headings: list[Heading] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    start: str = ""
    findings: list[Finding] = field(default_factory=list)


def summary_of(start: str) -> str:
    """About 100 characters of the start of a text, cut at the end of a sentence where there is one."""
    if len(start) <= SUMMARY_LENGTH:
        return start
    cut = start[:SUMMARY_LENGTH]
    end = max(cut.rfind(mark) for mark in "。；！？")
    return cut[: end + 1] if end >= SUMMARY_LENGTH // 2 else cut + "…"
