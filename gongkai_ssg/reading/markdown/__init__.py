"""Markdown → an HTML fragment, made fit for Chinese official text. Links stay tokens until they are resolved."""

from __future__ import annotations

from collections.abc import Callable

from gongkai_ssg.reading.markdown.parts import Body, Heading, Link, summary_of

__all__ = ["Body", "Heading", "Link", "read_body", "summary_of"]


def read_body(source: str, first_line: int, path: str, is_code: Callable[[str], bool], raw_html: bool = False) -> Body:
    """Read a Markdown body: see :func:`gongkai_ssg.reading.markdown.body.read_body`."""
    from gongkai_ssg.reading.markdown.body import read_body as read  # a build that reads nothing does without it

    return read(source, first_line, path, is_code, raw_html)
