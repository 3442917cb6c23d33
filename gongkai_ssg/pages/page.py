"""What a planner hands on: an address and all that its bytes depend on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from gongkai_ssg.linking.changes import Changes, Reason
from gongkai_ssg.pages.view import View


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


class Planner(ABC):
    """One kind of page. ``keys`` and ``dirty`` are cheap and run once; ``pages`` runs in any process.

    A key names one page, or a few that come and go together; it is the same in every build.
    """

    name: str
    styled = True
    """Whether what it makes shows how the site looks: templates, assets, what is typed in config.yaml."""

    @abstractmethod
    def keys(self, view: View) -> Iterator[str]:
        """The keys of all pages of this kind."""

    @abstractmethod
    def dirty(self, view: View, changes: Changes) -> Iterator[tuple[str, Reason]]:
        """The keys of all pages of this kind that may differ, with why; of pages that are no more, too."""

    @abstractmethod
    def pages(self, view: View, key: str) -> Iterator[Output]:
        """The pages of one key; none for a key whose pages are no more."""

    def batch(self, view: View, keys: Sequence[str]) -> Iterator[tuple[str, Output]]:
        """The pages of many keys, each with its key."""
        for key in keys:
            for page in self.pages(view, key):
                yield key, page


class PreparedPlanner(Planner):
    """One whose pages wait for work that is done first, shared among all processes."""

    @abstractmethod
    def preparations(self, view: View, keys: Sequence[str]) -> Iterator[str]:
        """The work that some of these keys wait for, as keys of its own. Runs once, when all that is to be made is known."""

    @abstractmethod
    def prepare(self, view: View, key: str) -> None:
        """Do such work, in any process; what it gives goes to the view's ``scratch``."""
