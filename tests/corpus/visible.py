"""What a reader sees: of a source of the corpus, and of a page. White space is left out."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HEADING = re.compile(r"^ {0,3}#{1,6}(?:[ \t]+|$)", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]*)\]\([^)\s]*\)")
_TABLE_RULE = re.compile(r"^\|[-:| ]+\|$", re.MULTILINE)
_TABLE_ROW = re.compile(r"^\|.*\|$", re.MULTILINE)
_INVISIBLE = re.compile("[\u200b-\u200f\u2028\u2029\u2060\ufeff\u00ad]")
_SILENT = frozenset({"script", "style", "template", "title", "noscript"})
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
    "track", "wbr",
})  # fmt: skip


def dense(text: str) -> str:
    """``text`` without white space and zero-width characters."""
    return "".join(_INVISIBLE.sub("", text).split())


def of_markdown(text: str, *, comments: bool = False) -> str:
    """What Markdown as it stands in ``laws/`` shows; its comments as text where ``comments``.

    The laws hold no other syntax than headings, tables, two links and comments: a single ``*``,
    a bare ``<`` before Chinese, ``[1]`` and ``1.`` are text.
    """
    text = text if comments else _COMMENT.sub("", text)
    text = _TABLE_RULE.sub("", _HEADING.sub("", _LINK.sub(r"\1", text)))
    return dense(_TABLE_ROW.sub(lambda row: row[0].replace("|", ""), text))


class _Reader(HTMLParser):
    """Collects the text of what is not hidden."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        hidden = "hidden" in names or names.get("aria-hidden") == "true"
        if tag not in _VOID and (self._silent or tag in _SILENT or hidden):
            self._silent.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            while self._silent.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def of_page(html: str) -> str:
    """The text that a page shows."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return dense("".join(reader.parts))
