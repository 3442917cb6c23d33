"""What the readers of the corpus hand to the importer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

Value: TypeAlias = str | date | list[str] | list[dict[str, str]] | None
Fields: TypeAlias = dict[str, Value]


@dataclass(frozen=True)
class Draft:
    """An item to be: front matter with English keys, Markdown body, the text of the source."""

    unit: str
    name: str
    """File name below the unit's folder."""
    fields: Fields
    body: str
    source: str
    """Path of the source below the corpus, with ``#code`` for one of many in a file."""
    text: str
    """The body as the source typed it: Markdown for a law, plain lines for a document."""
    assumed: bool = False
    """Whether ``date`` is a makeshift, since the source names none."""
    plain: bool = False
    """Whether ``text`` is plain lines, not Markdown."""
