"""What changes cost: figures of every run, and the section of the report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.results import suffix

TITLES = {
    "body": "one body edited, new process",
    "nothing": "nothing changed",
    "clone": "fresh clone, cache and output restored, one item changed",
    "cold": "cold build that fills the cache",
}
_RESULTS = Path(__file__).resolve().parent / "results"


@dataclass(frozen=True)
class Case:
    """One build, and Hugo's full build of the same run."""

    name: str
    run: int
    wall: float  # seconds
    cpu: float  # seconds
    peak_pss: int  # bytes, all processes
    files: int  # written and removed
    hugo: float  # seconds


@dataclass
class Changes:
    """All that was measured at one size."""

    items: int
    cases: list[Case] = field(default_factory=list)
    new_item: dict[str, int] = field(default_factory=dict)  # files by kind
    serve: dict[str, Any] | None = None  # see `serving.watched`


def section_on_record(search: bool) -> str:
    """The section of the last run, empty if there is none."""
    path = _RESULTS / f"incremental{suffix(search)}.json"
    return report(json.loads(path.read_bytes())) if path.is_file() else ""


def report(record: dict[str, Any]) -> str:
    """The section in Markdown."""
    host = record["machine"]
    lines = [
        "## What a change costs",
        "",
        "Written by `python -m benchmarks.incremental`; do not edit. Hugo has no builds that go on from the"
        " last one: beside each of ours stands its full build of the same files, in the same run.",
        "",
        f"- date: {record['date']}",
        f"- machine: {host['processor']}, {host['cores']} cores, {host['memory_gb']} GB, {host['system']};"
        f" load before: {record['load_before']}",
        "- versions: " + ", ".join(f"{name} {text}" for name, text in record["versions"].items()),
        f"- runs: {record['runs']} of each, medians",
        f"- search: {'ours keeps the search index too' if record.get('search') else 'without a search index'}",
        "",
        "| items | case | gongkai-ssg s | Hugo s | ours / Hugo | files written | peak memory MB |",
        "|---:|---|---:|---:|---:|---:|---:|",
    ]
    for size in record["sizes"]:
        lines += _rows(size)
    lines += ["", "Files that one new item of the day changes, and the preview:", ""]
    lines += ["| items | pages and data | parts of the manifest | search | save to page s | preview's memory MB |"]
    lines += ["|---:|---:|---:|---:|---:|---:|"]
    for size in record["sizes"]:
        new, serve = size["new_item"], size["serve"] or {}
        saved = f"{median(serve['seconds']):.2f}" if serve else ""
        memory = f"{serve['memory'] / 1e6:,.0f}" if serve else ""
        lines.append(
            f"| {size['items']:,} | {new['pages']} | {new['manifest']} | {new['search']} | {saved} | {memory} |"
        )
    return "\n".join(lines) + "\n"


def _rows(size: dict[str, Any]) -> Iterator[str]:
    for name, title in TITLES.items():
        runs = [one for one in size["cases"] if one["name"] == name]
        ratio = median(one["wall"] / one["hugo"] for one in runs)
        shown = f"{ratio:.2f}" if ratio > 0.5 else f"1/{1 / ratio:.1f}"
        wall, theirs = (median(one[key] for one in runs) for key in ("wall", "hugo"))
        files = f"{median(one['files'] for one in runs):,.0f}"
        memory = f"{median(one['peak_pss'] for one in runs) / 1e6:,.0f}"
        yield f"| {size['items']:,} | {title} | {wall:.2f} | {theirs:.2f} | {shown} | {files} | {memory} |"
