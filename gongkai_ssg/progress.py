"""Telling how far a run is: a bar on a terminal, plain lines elsewhere; always on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from heapq import nlargest
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from gongkai_ssg.messages import text

if TYPE_CHECKING:
    from gongkai_ssg.worker import Made

_SLOWEST = 10


class Progress:
    """Stages and their steps. Quiet unless told otherwise."""

    def __init__(self, quiet: bool = False) -> None:
        self.quiet = quiet
        self.seconds: dict[str, float] = {}
        self.templates: dict[str, tuple[float, int]] = {}
        self.slowest: list[tuple[float, str]] = []
        self._bar: Any = None
        self._task: Any = None
        self._stage = ""
        self._since = time.perf_counter()

    def __enter__(self) -> Self:
        if not self.quiet and sys.stderr.isatty():
            from rich.console import Console  # a terminal is rare in CI, and the import is not free
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
            from rich.progress import Progress as Bar

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            self._bar = Bar(*columns, console=Console(stderr=True), transient=True)
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end_stage()
        if self._bar is not None:
            self._bar.stop()

    def stage(self, name: str, steps: int | None = None) -> None:
        """A stage begins; the one before has ended."""
        self._end_stage()
        self._stage = name
        if self._bar is not None:
            if self._task is not None:
                self._bar.remove_task(self._task)
            self._task = self._bar.add_task(text(f"stage.{name}"), total=steps)

    def advance(self, steps: int) -> None:
        """Some steps of the stage are done."""
        if self._bar is not None:
            self._bar.advance(self._task, steps)

    def made(self, files: Sequence[Made]) -> None:
        """Files are made: how long each template took in all, and which pages took longest, if they were timed."""
        for each in files:
            if each.seconds:
                seconds, count = self.templates.get(each.template, (0.0, 0))
                self.templates[each.template] = (seconds + each.seconds, count + 1)
                self.slowest.append((each.seconds, each.address))
        if len(self.slowest) > _SLOWEST:
            self.slowest = nlargest(_SLOWEST, self.slowest)

    def waiting(self, holder: str) -> None:
        """Another build is at work."""
        self.say(text("build.waiting", holder=holder))

    def say(self, words: str) -> None:
        """One plain line."""
        if not self.quiet:
            print(words, file=sys.stderr)

    def _end_stage(self) -> None:
        now = time.perf_counter()
        if self._stage:
            self.seconds[self._stage] = self.seconds.get(self._stage, 0.0) + now - self._since
            if self._bar is None and not self.quiet:
                self.say(text("stage.done", stage=text(f"stage.{self._stage}"), seconds=f"{now - self._since:.1f}"))
        self._stage, self._since = "", now
