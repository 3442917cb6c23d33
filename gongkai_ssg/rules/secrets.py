"""Marks of secrecy (密级标志): nothing is published while one stands in a source (保密法; GB/T 9704).

A mark is looked for three times: in the file as it lies there, in the decoded values of its front
matter, and in the text that a reader would see. The two later looks are taken only where characters
stand that could hide one, for most files hold none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from html import unescape
from typing import Any

from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.reading.text import position

_STARS = "★☆⭐✩✪✫✬✭✮✯✰⭑⭒🌟"
_ASTERISKS = "*＊∗✱﹡⁎"
_UNSEEN = r" \t\u00a0\u00ad\u034f\u1680\u180e\u2000-\u200f\u202a-\u202f\u205f-\u2064\u3000\ufe0f\ufeff"
_GAP = rf"[{_UNSEEN}_~`\\]*"
_TERM = rf"{_GAP}(?:[\d一二三四五六七八九十]+{_GAP}(?:年|个月|月|天)|长期|長期)"
_MARK = re.compile(
    rf"密(?:[{_UNSEEN}_~`\\*]*[{_STARS}]"  # a star alone is enough
    rf"|[{_UNSEEN}_~`\\*]*\n[{_UNSEEN}>]*[{_STARS}](?={_TERM})"  # on the next line only with its term
    rf"|{_GAP}[{_ASTERISKS}](?={_TERM}))"  # so is an asterisk, which may be many other things
)
_LEVEL = re.compile(rf"[绝絕机機秘祕][{_UNSEEN}_~`\\*]*$")
_LEVEL_LENGTH = 12
_HIDING = (*_STARS, *_ASTERISKS, "&")
_TAG = re.compile("<[^<>]*>|[\x02\x03]\\d+\x04")
_LINK_OR_MARKUP = re.compile(r"(?<=\])\([^()\n]*\)|[*_~`\[\]\\]|^[ >#|]+")


def secret_marks(text: str, path: str) -> list[Finding]:
    """Every ``秘密★1年`` and the like in a file; the words alone (保密宣传, 商业秘密) are no mark."""
    found = []
    for start, mark in _marks(text):
        line, column = position(text, start)
        found.append(Finding("GK500", path, line, column, {"mark": mark}))
    return found


def may_hide_mark(text: str, front: str) -> bool:
    """Whether decoding a file might show a mark that does not stand in it as such."""
    if "密" in text:
        return "\\" in front or any(char in text for char in _HIDING)
    return "&#" in text or "\\" in front


def decoded_marks(
    values: Any, places: Iterable[tuple[tuple[str | int, ...], tuple[int, int]]], path: str, told: Collection[int]
) -> Iterator[Finding]:
    """Marks in keys and values of a front matter.

    :param places: the way to each value, and where it stands.
    :param told: lines about which a mark has been told.
    """
    for way, (line, column) in places:
        value = values
        for part in way:
            value = value[part]
        words = f"{way[-1] if way else ''}\n\n{value if isinstance(value, str) else ''}"
        if line not in told:
            yield from (Finding("GK500", path, line, column, {"mark": mark}) for _, mark in _marks(words))


def visible_marks(
    html: str, labels: Iterable[str], source: str, first_line: int, path: str, told: Collection[int]
) -> Iterator[Finding]:
    """Marks in the text of a body as readers see it.

    :param labels: texts that take the place of link tokens.
    :param told: lines about which a mark has been told.
    """
    seen = list(_marks(unescape(_TAG.sub("", "\n\n".join([html, *labels])))))
    if not seen:
        return
    lines = source.split("\n")
    known = sum(first_line <= line < first_line + len(lines) for line in told)
    for number, line in enumerate(lines, first_line):
        if number not in told:
            for _, mark in _marks(_LINK_OR_MARKUP.sub("", unescape(line))):
                known += 1
                yield Finding("GK500", path, number, 1, {"mark": mark})
    for _, mark in seen[known:]:  # so well hidden that no line shows it alone
        yield Finding("GK500", path, first_line, 1, {"mark": mark})


def _marks(text: str) -> Iterator[tuple[int, str]]:
    if "密" not in text:
        return
    for match in _MARK.finditer(text):
        level = _LEVEL.search(text, max(0, match.start() - _LEVEL_LENGTH), match.start())
        if level:
            yield level.start(), text[level.start() : match.end()].replace("\n", "")
