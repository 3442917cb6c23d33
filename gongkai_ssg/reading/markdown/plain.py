"""Plain paragraphs, most of every official text, in one step instead of twelve.

A line that starts with a letter or a Chinese character, holds no character that Markdown gives a
meaning to, and is followed by an empty line is a paragraph of text whatever the other rules say.
The result is the same as theirs; a property test holds it to that.
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore, text_join
from markdown_it.token import Token

PLAIN = "plain_paragraph"

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
