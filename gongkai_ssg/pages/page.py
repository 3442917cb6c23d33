"""What a planner hands on: an address and all that its bytes depend on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from gongkai_ssg.pages.view import View

Key = Any
"""What a planner needs to plan one page or one run of pages: small, and the same in every process."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page rendered by a template.

    :param address: the file, from the output's root, ``/`` between folders.
    :param values: everything the template may read, besides the site's constants.
    """

    address: str
    template: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plain:
    """A file whose bytes the planner made itself."""

    address: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Copy:
    """A file copied as it is; ``source`` is a path from the site's root."""

    address: str
    source: str


Output = Page | Plain | Copy


class Planner(Protocol):
    """One kind of page. ``keys`` is cheap and runs once; ``pages`` runs in any process."""

    name: str

    def keys(self, view: View) -> Iterator[Key]:
        """The keys of all pages of this kind."""

    def pages(self, view: View, key: Key) -> Iterator[Output]:
        """The pages of one key."""
