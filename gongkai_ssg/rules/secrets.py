"""Marks of secrecy (密级标志): nothing is published while one stands in a source (保密法; GB/T 9704)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.reading.text import position

_MARK = re.compile(r"(?:绝密|机密|秘密)[ \t\u3000]*(?:[★☆]|\*(?=[ \t]*(?:\d+[ \t]*(?:年|个月|月|天)|长期)))")


def secret_marks(text: str, path: str) -> Iterator[Finding]:
    """Every ``秘密★1年`` and the like; the words alone (保密宣传, 商业秘密) are no mark."""
    if "密" not in text:
        return
    for match in _MARK.finditer(text):
        line, column = position(text, match.start())
        yield Finding("GK500", path, line, column, {"mark": match[0]})
