"""Build the same Markdown with gongkai-ssg and with Hugo, in turn, and write down what it cost.

`python -m benchmarks.build [--sizes 1000,10000,100000] [--runs 3] [--out FOLDER] [--jobs N]`
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks import peers
from benchmarks.changes import section_on_record
from benchmarks.generate import generate
from benchmarks.measure import run
from benchmarks.peers import Job, PeerError
from benchmarks.program import asked_for, options, say
from benchmarks.results import OURS, THEIRS, Figures, machine, median_of, pair_ratio, report, suffix

_HERE = Path(__file__).resolve().parent
_GENERATOR = ("county.py", "vocabulary.py", "prose.py", "body.py", "generate.py")
_SEED = 1


class BenchmarkError(Exception):
    """A build failed or did not write what it should."""


def site_of(work: Path, items: int) -> tuple[Path, float]:
    """A site of `items` in `work`, made unless it is there, and its average body in characters.

    A site that another version of the generator made is replaced.
    """
    site, stamp = work / "sites" / str(items), work / "sites" / f"{items}.json"
    fingerprint = _fingerprint(items)
    if stamp.is_file():
        known = json.loads(stamp.read_text(encoding="utf-8"))
        if known["fingerprint"] == fingerprint and (site / "config.yaml").is_file():
            return site, float(known["average"])
    stamp.unlink(missing_ok=True)
    if site.exists():
        shutil.rmtree(site)
    say(f"generating {items:,} items in {site}")
    average = generate(site, items, _SEED).average
    stamp.write_text(json.dumps({"fingerprint": fingerprint, "average": average}), "utf-8")
    return site, average


def _fingerprint(items: int) -> str:
    """A hash of all that the content of a site depends on."""
    digest = hashlib.sha256(f"{items} {_SEED}".encode())
    for path in (*(_HERE / name for name in _GENERATOR), *sorted(_HERE.glob("phrases/*.txt"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def measured(job: Job, items: int, number: int, log: Path) -> Figures:
    """Run `job` on a clean slate. Raises BenchmarkError unless it builds all items."""
    for path in job.leftovers:
        set_aside(path, log.parent / "aside")
    if hasattr(os, "sync"):
        os.sync()
    say(f"{job.peer}, {items:,} items, run {number}: ", end="")
    cost = run(job.command, job.cwd, log, job.env)
    if cost.status != 0:
        say(f"exit status {cost.status}")
        raise BenchmarkError(
            f"{job.peer} exits with {cost.status} at {items:,} items: {' '.join(job.command)}\n"
            f"the end of {log}:\n{tail(log)}"
        )
    files, html, size = _count(job.output)
    say(f"{cost.wall:.2f} s wall, {cost.cpu:.2f} s CPU, {cost.peak_pss / 1e6:,.0f} MB at most")
    if html < items:
        raise BenchmarkError(f"{job.peer} wrote {html:,} pages for {items:,} items, see {log}")
    return Figures(
        job.peer, items, number, round(cost.wall, 3), round(cost.cpu, 3), cost.peak_pss,
        cost.peak_rss, files, html, size,
    )  # fmt: skip


def _count(folder: Path) -> tuple[int, int, int]:
    """Files, HTML files and bytes below `folder`."""
    files = html = size = 0
    for place, _, names in os.walk(folder):
        files += len(names)
        html += sum(name.endswith(".html") for name in names)
        size += sum(os.stat(os.path.join(place, name)).st_size for name in names)
    return files, html, size


def set_aside(path: Path, aside: Path) -> None:
    """Move what an earlier run left, if anything, out of the way; it is deleted at the end.

    Deleting it here would slow the run that follows: ext4 does not give the inodes of deleted files
    out again for a minute, and looks them all up for each file it makes meanwhile.
    """
    if path.exists():
        aside.mkdir(exist_ok=True)
        path.rename(aside / f"{time.monotonic_ns()}")


def jobs_for(site: Path, items: int, given: argparse.Namespace) -> Iterator[Job]:
    """The builds that are compared at one size, ours first."""
    if given.only != "hugo":
        yield peers.gongkai(site, given.jobs, given.search)
    if given.only != "gongkai":
        yield peers.hugo(site, given.jobs, given.work / "hugo" / str(items))


def compare(given: argparse.Namespace) -> tuple[list[Figures], dict[int, float]]:
    """All figures, and the average body at each size. Raises BenchmarkError, PeerError."""
    figures: list[Figures] = []
    averages: dict[int, float] = {}
    for items in given.sizes:
        site, averages[items] = site_of(given.work, items)
        jobs = list(jobs_for(site, items, given))
        for number in range(1, given.runs + 1):
            for job in jobs:
                log = given.work / f"{job.peer.lower()}-{items}-{number}.log"
                figures.append(measured(job, items, number, log))
    return figures, averages


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status: 0, 1 for a failed build, 2 for wrong usage."""
    given = asked_for(_parser(), arguments)
    try:
        versions = {
            name: version()
            for name, key, version in _VERSIONS
            if given.only in (None, key)
        }  # fmt: skip
        host = machine()
        figures, averages = compare(given)
    except (BenchmarkError, PeerError) as error:
        print(f"benchmark failed: {error}", file=sys.stderr)
        return 1
    shutil.rmtree(given.work / "aside", ignore_errors=True)
    page = report(figures, versions, host, averages, given.jobs, given.search)
    if given.out is None:
        page += f"\n{section_on_record(given.search)}"
    for path, text in _files(given, _record(figures, versions, host, averages, given), page):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        say(f"wrote {path}")
    print(page)
    return 0


_VERSIONS: tuple[tuple[str, str, Callable[[], str]], ...] = (
    (OURS, "gongkai", peers.gongkai_version),
    (THEIRS, "hugo", peers.hugo_version),
)


def _record(
    figures: list[Figures],
    versions: dict[str, str],
    host: dict[str, Any],
    averages: dict[int, float],
    given: argparse.Namespace,
) -> dict[str, Any]:
    """The content of build.json: every run, and per size medians and ratios."""
    found = []
    for items in given.sizes:
        medians = {peer: median_of(figures, peer, items) for peer in versions}
        keys = ("wall", "cpu", "peak_pss")
        found.append({
            "items": items,
            "average_body_characters": round(averages[items], 1),
            "medians": {peer: asdict(one) for peer, one in medians.items() if one is not None},
            "ratios": {key: pair_ratio(figures, items, key) for key in keys},
        })  # fmt: skip
    return {
        "date": date.today().isoformat(),
        "machine": host,
        "versions": versions,
        "runs": given.runs,
        "jobs": given.jobs,
        "sizes": found,
        "figures": [asdict(one) for one in figures],
    }


def _files(given: argparse.Namespace, record: dict[str, Any], page: str) -> Iterator[tuple[Path, str]]:
    """What to write where: the project's own pages only after a full comparison."""
    text = json.dumps(record, ensure_ascii=False, indent=2) + "\n"
    if given.out is not None:
        yield given.out / "build.json", text
        yield given.out / "benchmarks.md", page
    elif given.only is None:
        name = suffix(given.search)
        yield _HERE / "results" / f"build{name}.json", text
        yield peers.ROOT / "docs" / f"benchmarks{name}.md", page


def tail(log: Path, lines: int = 20) -> str:
    """The end of a log."""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def _parser() -> argparse.ArgumentParser:
    parser = options("build", __doc__, "1000,10000,100000")
    add = parser.add_argument
    add("--search", action="store_true", help="have ours make the search index too; Hugo makes none")
    add("--only", choices=("gongkai", "hugo"), help="run one of them; writes only with --out")
    return parser


if __name__ == "__main__":
    sys.exit(main())
