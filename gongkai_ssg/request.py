"""What a command asks of a build."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gongkai_ssg.linking import Day
from gongkai_ssg.reading.listing import Ahead


@dataclass(frozen=True)
class Request:
    """What a command asks for.

    :ivar preview: build into a folder below the cache, with rows of its own.
    :ivar touched: the folders of sources in which anything changed since the last build; None if that is not known.
    :ivar ahead: another process that looks at the content folder already.
    :ivar sketching: whether to tell how alike bodies are.
    """

    config_file: Path
    today: date
    output: Path | None = None
    jobs: int = 1
    drafts: bool = False
    future: bool = False
    strict: bool = False
    clean: bool = False
    wait: float = 600.0
    check_output: bool = False
    scratch: Path | None = None
    profile: bool = False
    preview: bool = False
    touched: frozenset[str] | None = None
    ahead: Ahead | None = None
    sketching: bool = False

    @property
    def day(self) -> Day:
        """The day of the build and what it shows ahead of time."""
        return Day(self.today, self.drafts, self.future)
