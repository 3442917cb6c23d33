"""Markdown → an HTML fragment, made fit for Chinese official text. Links stay tokens until they are resolved."""

from gongkai_ssg.reading.markdown.body import Body, Heading, Link, read_body

__all__ = ["Body", "Heading", "Link", "read_body"]
