"""Findings as text with the source line, as JSON lines, as GitHub annotations, as SARIF."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from gongkai_ssg import __version__
from gongkai_ssg.diagnostics.codes import CODES
from gongkai_ssg.diagnostics.finding import Finding
from gongkai_ssg.messages import text

Printer = Callable[[Iterable[Finding], Path], Iterator[str]]
"""Findings and the folder their paths start from → lines."""

_EXCERPT = 100
_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
"""What some readers of JSON lines take for the end of a line."""
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SARIF_LEVELS = {"stop": "error", "error": "error", "warning": "warning", "note": "note"}
_GITHUB_LEVELS = {"stop": "error", "error": "error", "warning": "warning", "note": "notice"}


def as_text(findings: Iterable[Finding], root: Path) -> Iterator[str]:
    """``path:line:column: severity code message``, then the source line with a caret, then the remedy."""
    for finding in findings:
        path = _UNSEEN.sub("?", finding.path)
        place = f"{path}:{finding.line}:{finding.column}" if finding.line else path
        yield f"{place}: {finding.severity} {finding.code} {finding.message}"
        yield from _excerpt(finding, root)
        yield f"    → {finding.hint}"


def as_json(findings: Iterable[Finding], root: Path) -> Iterator[str]:
    """One object a line."""
    for finding in findings:
        line = json.dumps(_plain(finding), ensure_ascii=False)
        yield _LINE_ENDS.sub(lambda match: f"\\u{ord(match[0]):04x}", line)


def as_github(findings: Iterable[Finding], root: Path) -> Iterator[str]:
    """Workflow commands that show as annotations beside the lines of a change."""
    for finding in findings:
        place = f"file={_property(finding.path)}"
        if finding.line:
            place += f",line={finding.line},col={finding.column}"
        message = _told(finding).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        yield f"::{_GITHUB_LEVELS[finding.severity]} {place},title={finding.code}::{message}"


def as_sarif(findings: Iterable[Finding], root: Path) -> Iterator[str]:
    """One SARIF 2.1.0 log."""
    told = list(findings)
    used = sorted({finding.code for finding in told})
    log: dict[str, Any] = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {"name": "gongkai-ssg", "version": __version__, "rules": [_rule(code) for code in used]}
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, used) for finding in told],
            }
        ],
    }
    yield json.dumps(log, ensure_ascii=False, indent=1)


PRINTERS: dict[str, Printer] = {"text": as_text, "json": as_json, "github": as_github, "sarif": as_sarif}
"""By the name that ``--format`` takes."""


def _plain(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "message": finding.message,
        "hint": finding.hint,
    }


def _rule(code: str) -> dict[str, Any]:
    return {
        "id": code,
        "shortDescription": {"text": text(f"{code}.title")},
        "fullDescription": {"text": text(f"{code}.about")},
        "defaultConfiguration": {"level": _SARIF_LEVELS[CODES[code].severity]},
    }


def _result(finding: Finding, used: list[str]) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": quote(finding.path)}}
    if finding.line:
        location["region"] = {"startLine": finding.line, "startColumn": finding.column}
    return {
        "ruleId": finding.code,
        "ruleIndex": used.index(finding.code),
        "level": _SARIF_LEVELS[finding.severity],
        "message": {"text": _told(finding)},
        "locations": [{"physicalLocation": location}],
    }


def _told(finding: Finding) -> str:
    """Message and remedy as one text."""
    ended = finding.message.endswith(("?", "。", "！", "？"))
    return f"{finding.message}{'' if ended else '。'}{finding.hint}"


def _property(value: str) -> str:
    for char, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C")):
        value = value.replace(char, code)
    return value


def _excerpt(finding: Finding, root: Path) -> Iterator[str]:
    """The line in question and a caret below the place, both cut to what a terminal shows."""
    lines = _lines(root / finding.path) if finding.line else ()
    if not 0 < finding.line <= len(lines) or not lines[finding.line - 1].strip():
        return
    line, column = lines[finding.line - 1], max(finding.column, 1) - 1
    start = max(0, column - _EXCERPT // 2)
    shown = _UNSEEN.sub(" ", line[start : start + _EXCERPT])
    before = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in shown[: column - start])
    yield f"    {'…' if start else ''}{shown}"
    yield f"    {' ' * (before + (start > 0))}^"


@lru_cache(maxsize=8)
def _lines(path: Path) -> tuple[str, ...]:
    try:
        text = path.read_bytes().decode("utf-8-sig", "replace")
        return tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    except OSError:
        return ()
