"""One finding, and a run's collection of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from gongkai_ssg.diagnostics.codes import CODES, SEVERITIES, Severity
from gongkai_ssg.messages import has, text


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong at one place. ``line`` and ``column`` count characters from 1; 0 means the whole file."""

    code: str
    path: str
    line: int = 0
    column: int = 0
    params: dict[str, Any] = field(default_factory=dict)
    raised: Severity | None = None
    allowed: str | None = None

    @property
    def severity(self) -> Severity:
        """What the finding stops: stop, error, warning or note."""
        return self.raised or CODES[self.code].severity

    @property
    def message(self) -> str:
        """What is wrong, in the language of the run."""
        words = text(self.code, self._shown())
        return words if self.allowed is None else text("finding.allowed", message=words, reason=self.allowed)

    @property
    def hint(self) -> str:
        """How to mend it."""
        variant = f"{self.code}.hint.{self.params['hint']}" if "hint" in self.params else ""
        return text(variant if variant and has(variant) else f"{self.code}.hint", self._shown())

    def _shown(self) -> dict[str, Any]:
        shown = {name: _readable(value) for name, value in self.params.items()}
        guess = shown.get("guess")
        shown["guess"] = text("finding.guess", guess=guess) if guess else ""
        if "wanted" in shown:
            shown["wanted"] = text(f"wanted.{shown['wanted']}")
        return shown

    def allow(self, reason: str) -> Finding:
        """The same finding, let pass on record: a note."""
        return replace(self, raised="note", allowed=reason)

    def as_row(self) -> tuple[Any, ...]:
        """All there is to it, in order."""
        return (self.code, self.path, self.line, self.column, self.params, self.raised, self.allowed)

    @property
    def place(self) -> tuple[str, int, int, str]:
        """The order in which findings are told."""
        return (self.path, self.line, self.column, self.code)


_LONGEST = 120
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def _readable(value: Any) -> Any:
    """A value as it may stand in a line of a message: cut, and nothing in it that breaks or recolours the line."""
    if not isinstance(value, str):
        return value
    cut = value if len(value) <= _LONGEST else value[:_LONGEST] + "…"
    return _UNSEEN.sub(lambda match: f"<U+{ord(match[0]):04X}>", cut)


class Findings:
    """All findings of a run, told in one order whatever the order they came in."""

    def __init__(self) -> None:
        self._found: list[Finding] = []

    def add(self, *findings: Finding) -> None:
        """Take note of findings."""
        self._found.extend(findings)

    def extend(self, findings: Iterable[Finding]) -> None:
        """Take note of many findings."""
        self._found.extend(findings)

    def __iter__(self) -> Iterator[Finding]:
        return iter(sorted(self._found, key=lambda finding: (*finding.place, str(finding.params))))

    def __len__(self) -> int:
        return len(self._found)

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return sum(finding.severity == severity for finding in self._found)

    def stops(self, strict: bool = False) -> bool:
        """Whether nothing may be published."""
        worst = SEVERITIES.index("warning") if strict else SEVERITIES.index("stop")
        return any(SEVERITIES.index(finding.severity) <= worst for finding in self._found)
