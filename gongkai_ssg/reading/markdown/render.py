"""Tokens → HTML: only what differs from markdown-it's own renderer."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from html import escape
from typing import Any

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from gongkai_ssg.reading.markdown.articles import label_link
from gongkai_ssg.reading.markdown.chinese import breaks_without_gap
from gongkai_ssg.reading.markdown.plain import PLAIN, PLAIN_HEADING, PLAIN_ITEM, PLAIN_TABLE

Rule = Callable[..., str]
Env = MutableMapping[str, Any]

LINK_OPEN, LINK_CLOSE, END = "\x02", "\x03", "\x04"
"""Marks of unresolved links in a fragment: ``\\x02n\\x04 text \\x03n\\x04`` and ``\\x02n\\x04`` alone for pictures.
No source can hold them: control characters are refused before Markdown is read."""

CONTAINERS = {
    "提示": "note",
    "note": "note",
    "注意": "warning",
    "warning": "warning",
    "重要": "important",
    "important": "important",
    "折叠": "details",
    "details": "details",
    "落款": "signature",
    "signature": "signature",
    "音频": "audio",
    "audio": "audio",
    "视频": "video",
    "video": "video",
}
"""Names of containers, as typed → as in the page's class."""


_TAGS = {
    "paragraph_open": "<p>",
    "paragraph_close": "</p>\n",
    "bullet_list_open": "<ul>\n",
    "bullet_list_close": "</ul>\n",
    "ordered_list_close": "</ol>\n",
    "list_item_close": "</li>\n",
    "blockquote_open": "<blockquote>\n",
    "blockquote_close": "</blockquote>\n",
    "thead_open": "<thead>\n",
    "thead_close": "</thead>\n",
    "tbody_open": "<tbody>\n",
    "tbody_close": "</tbody>\n",
    "tr_open": "<tr>\n",
    "tr_close": "</tr>\n",
    "th_close": "</th>\n",
    "td_close": "</td>\n",
}
"""Tags that are the same whatever the token holds."""


class FragmentRenderer(RendererHTML):
    """markdown-it's renderer with a short way for what most bodies consist of."""

    def render(self, tokens: Sequence[Token], options: Any, env: Env) -> str:
        """The HTML of a run of block tokens."""
        parts: list[str] = []
        add = parts.append
        rules = self.rules
        for index, token in enumerate(tokens):
            kind = token.type
            if kind == PLAIN:
                label = token.info
                if label:
                    add(f'<p id="{label}">{label_link(label)}{_escaped(token.content[len(label) :])}</p>\n')
                elif token.markup:
                    add(f'<p class="{token.markup}">{_escaped(token.content)}</p>\n')
                else:
                    add(f"<p>{_escaped(token.content)}</p>\n")
            elif kind == PLAIN_HEADING:
                add(f'<{token.tag} id="{token.info}">{_escaped(token.content)}</{token.tag}>\n')
            elif kind == PLAIN_ITEM:
                number = f'<span class="number">{token.info}{token.markup}</span>' if token.info else ""
                add(f"<li>{number}{_escaped(token.content)}</li>\n")
            elif kind == PLAIN_TABLE:
                add(_table(token.meta["aligns"], token.meta["rows"]))
            elif kind == "inline":
                children = token.children or []
                if len(children) == 1 and children[0].type == "text":
                    add(_escaped(children[0].content))
                else:
                    add(self.renderInline(children, options, env))
            elif kind in _TAGS:
                if not token.hidden:
                    add(_TAGS[kind])
            elif kind in rules:
                add(rules[kind](tokens, index, options, env))
            else:
                add(self.renderToken(tokens, index, options, env))
        return "".join(parts)


def _escaped(text: str) -> str:
    if "&" in text or "<" in text or ">" in text or '"' in text:
        return escape(text, quote=False).replace('"', "&quot;")
    return text


def _soft_break(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Env) -> str:
    before = _neighbour(tokens, index, -1)
    after = _neighbour(tokens, index, 1)
    return "" if before and after and breaks_without_gap(before, after) else "\n"


def _neighbour(tokens: Sequence[Token], index: int, step: int) -> str:
    """The nearest visible character before or after a token."""
    place = index + step
    while 0 <= place < len(tokens):
        content = tokens[place].content
        if tokens[place].type in ("text", "code_inline") and content.strip():
            return content.rstrip()[-1] if step < 0 else content.lstrip()[0]
        if tokens[place].type in ("softbreak", "hardbreak", "image"):
            return ""
        place += step
    return ""


def _list_item(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Env) -> str:
    """The number that was typed stands as text: copying, printing and reading aloud keep it."""
    token = tokens[index]
    if not token.info:
        return "<li>"
    return f'<li><span class="number">{token.info}{token.markup}</span>'


def _cell(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Env) -> str:
    token = tokens[index]
    return _cell_tag(token.tag, str(token.attrs.get("style", "")).removeprefix("text-align:"))


def _cell_tag(tag: str, align: str) -> str:
    scope = ' scope="col"' if tag == "th" else ""
    return f'<{tag}{scope} class="{align}">' if align else f"<{tag}{scope}>"


_TABLE_OPEN = '<div class="table" role="group" tabindex="0" aria-label="表格">\n<table>\n'
_TABLE_CLOSE = "</table>\n</div>\n"


def _table(aligns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of plain cells; its first row is the head."""
    head, *others = rows
    parts = [_TABLE_OPEN, "<thead>\n", _row("th", aligns, head), "</thead>\n"]
    if others:
        parts += ["<tbody>\n", *(_row("td", aligns, row) for row in others), "</tbody>\n"]
    return "".join([*parts, _TABLE_CLOSE])


def _row(tag: str, aligns: Sequence[str], cells: Sequence[str]) -> str:
    typed = zip(aligns, cells, strict=True)
    return "<tr>\n" + "".join(f"{_cell_tag(tag, align)}{_escaped(cell)}</{tag}>\n" for align, cell in typed) + "</tr>\n"


def _table_open(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Env) -> str:
    return _TABLE_OPEN


def _table_close(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Env) -> str:
    return _TABLE_CLOSE


def _container_open(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Env) -> str:
    name, _, rest = tokens[index].info.strip().partition(" ")
    kind = CONTAINERS.get(name)
    rest = rest.strip()
    if kind in ("audio", "video"):
        return f'<div class="{kind}">\n' + str(tokens[index].meta.get("media", ""))
    if kind == "details":
        return f"<details>\n<summary>{_escaped(rest or name)}</summary>\n"
    if kind is None:
        return f"<div>\n<p>{_escaped(tokens[index].info.strip())}</p>\n"
    title = f'<p class="block-title">{_escaped(rest)}</p>\n' if rest else ""
    return f'<div class="{kind}">\n{title}'


def _container_close(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Env) -> str:
    return "</details>\n" if tokens[index].tag == "details" else "</div>\n"


def _link_open(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Env) -> str:
    number = tokens[index].meta.get("link")
    return f"{LINK_OPEN}{number}{END}" if number is not None else renderer.renderToken(tokens, index, options, env)


def _link_close(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Env) -> str:
    number = tokens[index].meta.get("link")
    return f"{LINK_CLOSE}{number}{END}" if number is not None else "</a>"


def _image(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Env) -> str:
    return f"{LINK_OPEN}{tokens[index].meta['link']}{END}"


RULES: dict[str, Rule] = {
    "softbreak": _soft_break,
    "list_item_open": _list_item,
    "th_open": _cell,
    "td_open": _cell,
    "table_open": _table_open,
    "table_close": _table_close,
    "container_block_open": _container_open,
    "container_block_close": _container_close,
    "link_open": _link_open,
    "link_close": _link_close,
    "image": _image,
}
