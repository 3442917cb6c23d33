"""One build after another in one process: on every burst of changes, at midnight, and now and then to be sure."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

from gongkai_ssg.build import Outcome, build
from gongkai_ssg.config import Config, Folders
from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.diagnostics.printers import as_text
from gongkai_ssg.messages import text
from gongkai_ssg.progress import Progress
from gongkai_ssg.request import Request
from gongkai_ssg.serving.interest import Interest, interest_of
from gongkai_ssg.serving.live import Live, worst
from gongkai_ssg.serving.watch import Burst, Watch
from gongkai_ssg.store.lock import Busy
from gongkai_ssg.store.output import OutputFolder

SOON, LATER, LATEST = 5.0, 30.0, 120.0
"""Seconds of rest after which everything is looked at, in case an event was missed: after a build, and after that."""
_SHARE = 60
"""Of so many seconds about one is spent on looking."""
_TOLD = 20
"""So many new findings are told on the terminal."""

Say = Callable[[str], None]


class Rounds:
    """The builds of a preview."""

    def __init__(self, request: Request, day: Callable[[], date], watch: Watch, live: Live, say: Say) -> None:
        self.request = replace(request, preview=True)
        self.day = day
        self.watch = watch
        self.live = live
        self.say = say
        self._site: tuple[Config, Folders] | None = None
        self._told: set[str] = set()
        self._seconds = 0.0
        self._soon = self._due = 0.0
        self._built = date.min
        self._pending: frozenset[str] | None = frozenset()  # what builds that did not end well were to look at
        self._polling_told = False
        self.at_rest = threading.Event()  # what there was to build at first is built

    def run(self, stop: threading.Event) -> None:
        """Build, wait, and build again until told to stop."""
        self.watch.arm(self._interest())
        self.build(None, Progress())
        self._see_to_new_places()
        self._tell_of_polling()
        self.at_rest.set()
        while not stop.is_set():
            burst = self.watch.wait(0.5)
            if burst is None and time.monotonic() < min(self._soon, self._due) and self.day() == self._built:
                continue
            new = self.watch.arm(self._interest())
            touched = None if burst is None or burst.whole or new else self._touched(burst)
            self.build(touched, Progress(quiet=True), burst is not None)
            self._see_to_new_places()
            self._tell_of_polling()

    def build(self, touched: frozenset[str] | None, progress: Progress, announced: bool = True) -> None:
        """One round: build, and report whatever comes of it.

        :param announced: whether something is known to have changed.
        """
        if announced:
            self.live.tell(replace(self.live.report, busy=True))
        if self._pending is None or touched is None:
            touched = None
        else:
            touched |= self._pending
        self._pending = touched
        begin = time.perf_counter()
        self._built = self.day()
        request = replace(self.request, today=self._built, touched=touched)
        try:
            with progress:
                outcome = self._outcome(request, progress)
        except Busy as busy:
            self._report_stop(text("serve.busy", holder=busy.holder))
            return
        except Exception as error:  # whatever it is, the next change may mend it
            traceback.print_exc()
            self._report_stop(text("serve.fault", what=f"{type(error).__name__}: {error}"))
            return
        finally:
            self._seconds = time.perf_counter() - begin
            self._set_due(looked_at_all=touched is None)
        if outcome.published:
            self._pending = frozenset()
        self._report(outcome)

    def _outcome(self, request: Request, progress: Progress) -> Outcome:
        try:
            return build(request, progress)
        except sqlite3.DatabaseError:
            traceback.print_exc()
            return build(replace(request, clean=True), progress)

    def _set_due(self, looked_at_all: bool) -> None:
        """When to look at everything, though nothing was heard of."""
        now = time.monotonic()
        if not looked_at_all:
            self._soon = now + SOON
            return
        if self.watch.polling:
            rest = min(max(1.0, 10 * self._seconds), SOON)
        else:
            rest = min(max(LATER, _SHARE * self._seconds), LATEST)
        self._soon = self._due = now + rest

    def _report(self, outcome: Outcome) -> None:
        before = self.live.report
        self._site = outcome.configured or self._site
        found = worst(outcome.findings)
        report = replace(before, busy=False, stopped="", findings=tuple(found), found=len(outcome.findings))
        if not outcome.published:
            report = replace(report, stopped=text("serve.stopped"))
        if outcome.configured is not None and outcome.output is not None and (outcome.published or not before.page):
            base = urlsplit(outcome.configured[0].site.url).path
            report = replace(report, folder=outcome.output, base=base, page=OutputFolder(outcome.output).state())
        if report != before:
            self.live.tell(report)
        self._tell_on_terminal(outcome, found, changed=report.page != before.page, stopped=bool(report.stopped))

    def _report_stop(self, why: str) -> None:
        self.say(why)
        self.live.tell(replace(self.live.report, busy=False, stopped=why))

    def _tell_on_terminal(self, outcome: Outcome, found: list[Finding], changed: bool, stopped: bool) -> None:
        new = [each for each in found if repr(each.as_row()) not in self._told]
        gone = len(self._told) - len(found) + len(new)
        self._told = {repr(each.as_row()) for each in found}
        self._say_findings(new)
        if gone > 0 and not found:
            self.say(text("serve.mended"))
        if stopped and (new or changed):
            self.say(text("serve.stopped"))
        elif changed:
            params = {"written": outcome.written, "removed": outcome.removed, "seconds": f"{self._seconds:.2f}"}
            self.say(text("serve.built", {**params, "time": time.strftime("%H:%M:%S")}))

    def _say_findings(self, findings: Iterable[Finding]) -> None:
        listed = list(findings)
        for line in as_text(listed[:_TOLD], self.request.config_file.absolute().parent):
            self.say(line)
        if len(listed) > _TOLD:
            self.say(text("serve.panel.more", number=len(listed) - _TOLD))

    def _see_to_new_places(self) -> None:
        """Watch what the last build brought to light; what happened there before is built."""
        for _ in range(3):
            if not self.watch.arm(self._interest()):
                break
            self.build(None, Progress(quiet=True))

    def _interest(self) -> Interest:
        return interest_of(self.request.config_file, self._site)

    def _touched(self, burst: Burst) -> frozenset[str]:
        root = self.request.config_file.resolve().parent
        return frozenset(os.path.relpath(folder, root).replace(os.sep, "/") + "/" for folder in burst.folders)

    def _tell_of_polling(self) -> None:
        if self.watch.polling and not self._polling_told:
            self._polling_told = True
            self.say(text("serve.polling"))
