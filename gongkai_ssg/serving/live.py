"""What browsers are told: which state the pages are in, what was found, and when either changes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nsmallest
from pathlib import Path

from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.diagnostics.codes import SEVERITIES
from gongkai_ssg.messages import text

MOST = 100
"""So many findings a page shows; the command line shows all."""


@dataclass(frozen=True)
class Report:
    """How things stand after a round.

    :ivar folder: where the pages are; None before the first.
    :ivar base: the path of the site's address, under which pages are found too.
    :ivar page: the state of the pages, in one word: another one, other pages.
    :ivar stopped: why the pages are not those of the sources as they are now; empty if they are.
    """

    folder: Path | None = None
    base: str = "/"
    page: str = ""
    busy: bool = False
    stopped: str = ""
    findings: tuple[Finding, ...] = ()
    found: int = 0

    def as_json(self) -> str:
        """For the script in the page."""
        findings = [
            {
                "severity": each.severity,
                "kind": text(f"serve.severity.{each.severity}"),
                "code": each.code,
                "place": f"{each.path}:{each.line}:{each.column}" if each.line else each.path,
                "message": each.message,
                "hint": each.hint,
            }
            for each in self.findings
        ]
        more = self.found - len(findings)
        told = {
            "page": self.page,
            "busy": self.busy,
            "stopped": self.stopped,
            "findings": findings,
            "words": {
                "title": text("serve.panel.title", number=self.found),
                "busy": text("serve.panel.busy"),
                "more": text("serve.panel.more", number=more) if more else "",
            },
        }
        return json.dumps(told, ensure_ascii=False)


def worst(findings: Iterable[Finding], most: int = MOST) -> list[Finding]:
    """The worst findings, in the order they are told."""
    return nsmallest(most, findings, key=lambda each: (SEVERITIES.index(each.severity), each.place))


class Live:
    """The last report, for as many browsers as ask."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._number = 0
        self.report = Report()
        self.closed = False

    def tell(self, report: Report) -> None:
        """Something is new."""
        with self._changed:
            self.report = report
            self._number += 1
            self._changed.notify_all()

    def close(self) -> None:
        """Nobody waits any longer."""
        with self._changed:
            self.closed = True
            self._changed.notify_all()

    def next(self, seen: int, timeout: float) -> tuple[int, Report] | None:
        """The number of the last report and the report, once it is another than the one seen; None if it stays."""
        with self._changed:
            self._changed.wait_for(lambda: self._number > seen or self.closed, timeout)
            return (self._number, self.report) if self._number > seen and not self.closed else None
