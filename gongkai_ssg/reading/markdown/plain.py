"""Short ways through plain blocks, most of every official text: paragraphs, headings, simple lists, simple tables.

What holds no character that Markdown gives a meaning to needs no parser run for it: a line of text
between empty lines is a paragraph, lines of ``1. text`` are a list, rows of ``| text |`` are a table,
whatever the other rules say. Each becomes one token, since making tokens is half of what parsing takes.
The result is the same as theirs; a property test holds it to that.
"""

from __future__ import annotations

import re

from markdown_it.common.utils import mdTrim
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore, text_join
from markdown_it.token import Token

PLAIN = "plain_paragraph"
PLAIN_ITEM = "plain_item"
PLAIN_HEADING = "plain_heading"
PLAIN_TABLE = "plain_table"

_PARAGRAPH = re.compile(r"(?:[^\W\d_]|[《（“「【〔]|\d+(?![\d.)]))[^\n\\`*_!\[<&^]*$", re.MULTILINE)


_SPECIAL = re.compile(r"[\n\\`*_!\[\]<&^]")


def plain_inlines(state: StateCore) -> None:
    """The core step ``inline``; text without any mark is one token, with no parser run for it."""
    marked = False
    for token in state.tokens:
        if token.type == "inline":
            if _SPECIAL.search(token.content):
                token.children = []
                state.md.inline.parse(token.content, state.md, state.env, token.children)
                marked = True
            else:
                child = Token("text", "", 0)
                child.content = token.content
                token.children = [child] if token.content else []
    if marked:
        text_join(state)


def plain_paragraphs(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take all plain paragraphs from ``start`` on."""
    if silent or state.level or state.parentType != "root":
        return False
    line = start
    source, begins, ends = state.src, state.bMarks, state.eMarks
    while line < end:
        if line + 1 < end and ends[line + 1] > begins[line + 1]:
            break
        match = _PARAGRAPH.match(source, begins[line])
        if match is None:
            break
        token = Token(PLAIN, "p", 0)
        token.content = match[0].rstrip()
        token.map = [line, line + 1]
        state.tokens.append(token)
        line += 1
        while line < end and ends[line] <= begins[line]:
            line += 1
    if line == start:
        return False
    state.line = line
    return True


_HEADING = re.compile(r"(?P<marks>#{1,6})[ \t]+(?P<text>[^\s\\`*_!\[\]<&^#][^\n\\`*_!\[\]<&^#]*)$", re.MULTILINE)


def plain_heading(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take a heading of one plain line."""
    if silent or state.level or state.parentType != "root":
        return False
    match = _HEADING.match(state.src, state.bMarks[start])
    if match is None:
        return False
    token = Token(PLAIN_HEADING, f"h{len(match['marks'])}", 0)
    token.content = mdTrim(match["text"])
    token.map = [start, start + 1]
    state.tokens.append(token)
    state.line = start + 1
    return True


_ITEM = re.compile(
    r"(?P<number>(?:\d{1,9}(?=[.)]))?)(?P<mark>[.)]|[-+*]) "
    r"(?P<text>(?:[^\W\d_]|[《（“「【〔])[^\n\\`*_!\[\]<&^|]*)$",
    re.MULTILINE,
)
_ITEM_LIKE = re.compile(r"[ \t]|[-+*]|\d+[.)]")


def plain_list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take a list of one level whose items are one plain line each."""
    if silent or state.level or state.parentType != "root":
        return False
    source, begins, ends = state.src, state.bMarks, state.eMarks
    items: list[tuple[str, str, str]] = []
    line = start
    while line < end and ends[line] > begins[line]:
        match = _ITEM.match(source, begins[line])
        if match is None or (items and (match["mark"] != items[0][1] or bool(match["number"]) != bool(items[0][0]))):
            return False
        if not match["number"] and match["mark"] in ".)":
            return False
        items.append((match["number"], match["mark"], match["text"].rstrip()))
        line += 1
    after = line
    while after < end and ends[after] <= begins[after]:
        after += 1
    if not items or (after < end and _ITEM_LIKE.match(source, begins[after])):
        return False  # what follows may belong to the list
    ordered = bool(items[0][0])
    opening = state.push("ordered_list_open" if ordered else "bullet_list_open", "ol" if ordered else "ul", 1)
    if ordered and int(items[0][0]) != 1:
        opening.attrs = {"start": int(items[0][0])}
    opening.map = [start, line]
    for number, mark, text in items:
        token = Token(PLAIN_ITEM, "li", 0)
        token.content, token.info, token.markup = text, number, mark
        state.tokens.append(token)
    state.push("ordered_list_close" if ordered else "bullet_list_close", "ol" if ordered else "ul", -1)
    state.line = line
    return True


_ROW = re.compile(r"\|[^\n\\`*_!\[\]<&^]*\|[ \t]*$", re.MULTILINE)
_RULE = re.compile(r"\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*$", re.MULTILINE)


def plain_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take a table whose cells are plain text and whose rows are no longer than its head."""
    if silent or state.level or state.parentType != "root" or start + 1 >= end:
        return False
    source, begins, ends = state.src, state.bMarks, state.eMarks
    if not source.startswith("|", begins[start]) or _RULE.match(source, begins[start + 1]) is None:
        return False
    rows: list[list[str]] = []
    line = start
    while line < end and ends[line] > begins[line]:
        if line != start + 1:
            if _ROW.match(source, begins[line]) is None:
                return False
            rows.append([cell.strip() for cell in source[begins[line] : ends[line]].strip()[1:-1].split("|")])
        line += 1
    aligns = [_align(cell.strip()) for cell in source[begins[start + 1] : ends[start + 1]].strip()[1:-1].split("|")]
    width = len(rows[0])
    if len(aligns) != width or any(len(row) > width for row in rows):
        return False
    token = Token(PLAIN_TABLE, "table", 0)
    token.map = [start, line]
    token.meta = {"aligns": aligns, "rows": [row + [""] * (width - len(row)) for row in rows]}
    state.tokens.append(token)
    state.line = line
    return True


def _align(rule: str) -> str:
    if rule[-1] == ":":
        return "center" if rule[0] == ":" else "right"
    return "left" if rule[0] == ":" else ""
