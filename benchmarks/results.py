"""What the build benchmark found: figures of every run, medians, and the report in Markdown."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import psutil

OURS, THEIRS = "gongkai-ssg", "Hugo"
_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Figures:
    """One build."""

    peer: str
    items: int
    run: int  # from 1; the runs of both peers with one number are a pair
    wall: float  # seconds
    cpu: float  # seconds
    peak_pss: int  # bytes
    peak_rss: int  # bytes
    files: int
    html: int
    size: int  # bytes of all files


@dataclass(frozen=True)
class Median:
    """The middle of a peer's runs at one size."""

    wall: float
    cpu: float
    peak_pss: float
    files: int
    html: int
    size: int


def suffix(search: bool) -> str:
    """What the names of files about builds with the search index end in, before the dot; nothing for those without."""
    return "-search" if search else ""


def median_of(figures: Iterable[Figures], peer: str, items: int) -> Median | None:
    """The medians of `peer` at `items`, None if it did not run."""
    runs = [one for one in figures if one.peer == peer and one.items == items]
    if not runs:
        return None
    return Median(
        median(one.wall for one in runs),
        median(one.cpu for one in runs),
        median(one.peak_pss for one in runs),
        runs[-1].files,
        runs[-1].html,
        runs[-1].size,
    )


def pair_ratio(figures: Iterable[Figures], items: int, key: str) -> float | None:
    """The median over the pairs of ours / Hugo's `key`, None without pairs."""
    runs = {(one.peer, one.run): float(getattr(one, key)) for one in figures if one.items == items}
    ratios = [
        value / runs[THEIRS, run] for (peer, run), value in runs.items() if peer == OURS and runs.get((THEIRS, run))
    ]
    return median(ratios) if ratios else None


def machine() -> dict[str, Any]:
    """What the figures depend on besides the programs."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 1,
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
    }


def _processor() -> str:
    if sys.platform.startswith("linux"):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def report(
    figures: list[Figures],
    versions: dict[str, str],
    host: dict[str, Any],
    averages: dict[int, float],
    jobs: int | None,
    search: bool,
) -> str:
    """The Markdown page; `averages` are characters a body by number of items."""
    title = "a clean build with the search index" if search else "a clean build"
    index = "ours makes the search index, Hugo makes none" if search else "without a search index on either side"
    sizes = sorted({one.items for one in figures})
    peers = [peer for peer in (OURS, THEIRS) if any(one.peer == peer for one in figures)]
    runs = max(one.run for one in figures)
    lines = [
        f"# Benchmarks: {title}",
        "",
        "Written by `python -m benchmarks.build`; do not edit. What is measured, and what is fair"
        " and what not, stands in `benchmarks/README.md`.",
        "",
        f"- date: {date.today()}",
        f"- machine: {host['processor']}, {host['cores']} cores, {host['memory_gb']} GB, {host['system']}",
        "- versions: " + ", ".join(f"{name} {text}" for name, text in versions.items()),
        f"- runs: {runs} of each in turn, medians; " + ("all cores" if jobs is None else f"{jobs} jobs"),
        f"- search: {index}",
        "- content: " + ", ".join(f"{items:,} items of {averages[items]:,.0f} characters" for items in sizes),
        "",
        "| items | generator | wall s | CPU s | ms of wall an item | peak memory MB | files | HTML pages | output MB |",
        "|---:|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for items in sizes:
        lines += [_row(figures, peer, items) for peer in peers]
    if len(peers) == 2:
        lines += ["", *_ratios(figures, sizes)]
    for small, large in pairwise(sizes):
        lines += ["", *_growth(figures, peers, small, large)]
    return "\n".join(lines) + "\n"


def _row(figures: list[Figures], peer: str, items: int) -> str:
    middle = median_of(figures, peer, items)
    if middle is None:
        return f"| {items:,} | {peer} | | | | | | | |"
    return (
        f"| {items:,} | {peer} | {middle.wall:.2f} | {middle.cpu:.2f} "
        f"| {middle.wall / items * 1000:.2f} | {middle.peak_pss / _MEGABYTE:,.0f} "
        f"| {middle.files:,} | {middle.html:,} | {middle.size / _MEGABYTE:,.0f} |"
    )


def _ratios(figures: list[Figures], sizes: list[int]) -> list[str]:
    lines = [
        f"Median of the pairs' ratios, {OURS} / {THEIRS} (below 1: ours needs less):",
        "",
        "| items | wall | CPU | peak memory |",
        "|---:|---:|---:|---:|",
    ]
    for items in sizes:
        found = [pair_ratio(figures, items, key) for key in ("wall", "cpu", "peak_pss")]
        cells = " | ".join("" if ratio is None else f"{ratio:.2f}" for ratio in found)
        lines.append(f"| {items:,} | {cells} |")
    return lines


def _growth(figures: list[Figures], peers: list[str], small: int, large: int) -> list[str]:
    lines = [
        f"Growth from {small:,} to {large:,} items, {large / small:g} times as many:",
        "",
        "| generator | wall | CPU | peak memory |",
        "|---|---:|---:|---:|",
    ]
    for peer in peers:
        low, high = median_of(figures, peer, small), median_of(figures, peer, large)
        if low is not None and high is not None:
            lines.append(
                f"| {peer} | ×{high.wall / low.wall:.1f} | ×{high.cpu / low.cpu:.1f} "
                f"| ×{high.peak_pss / low.peak_pss:.1f} |"
            )
    return lines
