"""The Markdown parser of this project: CommonMark with tables, footnotes, containers, and the Chinese rules."""

from __future__ import annotations

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.reference import reference
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.footnote import footnote_plugin

from gongkai_ssg.reading.markdown.chinese import emphasis
from gongkai_ssg.reading.markdown.depth import BoundedInline
from gongkai_ssg.reading.markdown.dispatch import BlockDispatch
from gongkai_ssg.reading.markdown.plain import (
    plain_heading,
    plain_inlines,
    plain_list,
    plain_paragraphs,
    plain_table,
)
from gongkai_ssg.reading.markdown.render import RULES, FragmentRenderer

PLAIN_ADDRESS = re.compile(
    r"(?:https?://(?:[a-z0-9]{1,20}(?:-[a-z0-9]{1,20})?\.){1,4}[a-z]{2,10}/)?[0-9A-Za-z_.-]+(?:/[0-9A-Za-z_.-]+)*/?"
)
"""Addresses of which normalizing makes nothing else."""
_DEFINITION = re.compile(r"\[(?!\^)[^\]\n]+\]:\s*<?(?:https?:|mailto:|tel:|[#./]|\S*[./]\S)", re.IGNORECASE)


@lru_cache(maxsize=4)
def parser(raw_html: bool = False, fast: bool = True) -> MarkdownIt:
    """The parser, made once a process.

    :param raw_html: keep HTML (to be sanitised afterwards) instead of showing it as text.
    :param fast: take the short ways through plain text and simple blocks; the result is the same.
    """
    md = MarkdownIt("commonmark", {"html": raw_html, "maxNesting": 100}, renderer_cls=FragmentRenderer)
    md.inline = BoundedInline()
    blocks = BlockDispatch()
    if fast:
        blocks.ruler = md.block.ruler
        md.block = blocks
    md.enable("table")
    md.use(footnote_plugin)
    md.use(container_plugin, "block", validate=_is_container)
    _watch_containers(md)
    # Indented lines are paragraphs: nobody means source code by four spaces in an official text.
    md.disable("code")
    md.block.ruler.at("reference", _reference)
    md.inline.ruler.at("emphasis", emphasis)
    if fast:
        md.block.ruler.before(md.block.ruler.get_active_rules()[0], "plain", plain_paragraphs, {"alt": []})
        md.block.ruler.after("plain", "plain_list", plain_list, {"alt": []})
        md.block.ruler.after("plain_list", "plain_table", plain_table, {"alt": []})
        md.block.ruler.after("plain_table", "plain_heading", plain_heading, {"alt": []})
        md.core.ruler.at("inline", plain_inlines)
        md.disable(["text_join", "normalize"])  # plain_inlines joins where need be; files are normal when decoded
        md.normalizeLink = _normalized  # type: ignore[method-assign]
    # Links are judged when they are resolved, with a finding; none may silently stay text.
    md.validateLink = _any_link  # type: ignore[method-assign]
    for name, rule in RULES.items():
        md.add_render_rule(name, rule)
    blocks.prepare()
    return md


def _any_link(url: str) -> bool:
    return True


def _normalized(url: str) -> str:
    return url if PLAIN_ADDRESS.fullmatch(url) else normalizeLink(url)


def _is_container(params: str, markup: str) -> bool:
    return bool(params.strip())


def _watch_containers(md: MarkdownIt) -> None:
    """Opening tokens of containers know whether a line of colons closes them."""
    (rule,) = (each for each in md.block.ruler.__rules__ if each.name == "container_block")

    def container(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        place = len(state.tokens)
        if not rule_function(state, start, end, silent):
            return False
        if not silent:
            opening = state.tokens[place]
            opening.meta["closed"] = opening.map is not None and state.line > opening.map[1]
        return True

    rule_function = rule.fn
    md.block.ruler.at("container_block", container, {"alt": rule.alt})


def _reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Link definitions, but only ones that name an address: ``[注]: 见附件`` is text."""
    begin = state.bMarks[start] + state.tShift[start]
    if state.src[begin : begin + 1] != "[" or not _DEFINITION.match(state.src, begin):
        return False
    return reference(state, start, end, silent)
