"""What a change costs: one edit, none, a fresh clone, midnight's new item, a saved file in the preview; beside Hugo.

`python -m benchmarks.incremental [--sizes 10000,100000] [--runs 3] [--out FOLDER] [--jobs N]`
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from benchmarks import peers
from benchmarks.build import BenchmarkError, positive, site_of, sizes, tail
from benchmarks.changes import Case, Changes, report
from benchmarks.measure import Measure, run
from benchmarks.peers import Job, PeerError
from benchmarks.results import machine
from benchmarks.serving import serves, watched

DAY = "2025-12-31"  # the newest items are of this day
_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Place:
    """A copy of a site that may be edited, and how it is built."""

    site: Path
    work: Path
    items: int
    jobs: int | None
    search: bool

    @property
    def config(self) -> Path:
        """The configuration it is built with."""
        return peers.configuration(self.site, self.search)

    @property
    def result(self) -> Path:
        """What the last build says of itself."""
        return self.work / "result.json"

    @property
    def item(self) -> Path:
        """The item that is edited: one in the middle."""
        found = sorted((self.site / "content/items").rglob("*.md"))
        return found[len(found) // 2]

    def command(self, *more: str) -> tuple[str, ...]:
        """A command on this site, on the day."""
        words = [sys.executable, "-m", "gongkai_ssg", *more, "--config", str(self.config), "--today", DAY]
        return (*words, *(("--jobs", str(self.jobs)) if self.jobs else ()))

    def build(self, name: str) -> tuple[Measure, int]:
        """Build as it is: the cost, and how many files were written and removed."""
        log = self.work / f"{name}.log"
        os.sync()
        cost = run(self.command("build", "--result", str(self.result)), peers.ROOT, log)
        if cost.status != 0:
            raise BenchmarkError(f"{name} exits with {cost.status}; the end of {log}:\n{tail(log)}")
        told = json.loads(self.result.read_bytes())
        return cost, told["written"] + told["removed"]


def copied(work: Path, items: int, jobs: int | None, search: bool) -> Place:
    """A copy of the site that all benchmarks share, without what was built in it."""
    original, _ = site_of(work, items)
    site = work / "incremental" / str(items) / "site"
    if not (site / "config.yaml").is_file():
        shutil.rmtree(site, ignore_errors=True)
        shutil.copytree(original, site, ignore=shutil.ignore_patterns("public", ".gongkai"))
    return Place(site, site.parent, items, jobs, search)


def cases(place: Place, number: int) -> Iterator[tuple[str, Measure, int]]:
    """Each case once: its name, its cost, the files it touched."""
    for name in ("public", ".gongkai"):
        set_aside(place.site / name, place.work / "aside")
    yield "cold", *place.build("cold")
    yield "nothing", *place.build("nothing")
    with edited(place.item, lambda text: f"{text}\n又一段，第{number}次。\n"):
        yield "body", *place.build("body")
    place.build("back")
    clone = replace(place, site=place.work / "clone")
    shutil.rmtree(clone.site, ignore_errors=True)
    shutil.copytree(place.site / "content", clone.site / "content", copy_function=shutil.copyfile)
    shutil.copyfile(place.site / "config.yaml", clone.site / "config.yaml")
    for name in ("public", ".gongkai"):
        shutil.copytree(place.site / name, clone.site / name)
    item = clone.item
    item.write_text(f"{item.read_text(encoding='utf-8')}\n又一段。\n", encoding="utf-8")
    yield "clone", *clone.build("clone")
    set_aside(clone.site, place.work / "aside")


def files_of_a_new_item(place: Place) -> dict[str, int]:
    """How many files one new item of the day changes, by kind, and leaves the site as it was."""
    before = place.work / "before"
    shutil.rmtree(before, ignore_errors=True)
    place.build("before")
    shutil.copytree(place.site / "public/data/manifest", before)
    new = place.item.with_name("benchmark-new.md")
    keys = dict(line.split(": ", 1) for line in place.item.read_text("utf-8").split("---")[1].strip().splitlines())
    code = keys["code"].split("/")[0]
    text = f"---\ntitle: 新的通知\ncode: {code}/{DAY[:4]}-99999\ncategory: {keys['category']}\nunit: {keys['unit']}\n"
    try:
        new.write_text(f"{text}date: {DAY}\nformed: {DAY}\n---\n\n正文。\n", encoding="utf-8")
        place.build("new")
        words = [sys.executable, "-m", "gongkai_ssg", "diff", str(before), str(place.site / "public"), "--zero"]
        log = place.work / "diff.log"
        if run(words, peers.ROOT, log).status != 0:
            raise BenchmarkError(tail(log))
    finally:
        new.unlink(missing_ok=True)
    place.build("back")
    counted = {"pages": 0, "manifest": 0, "search": 0}
    for line in log.read_text("utf-8").split("\0")[:-1]:
        address = line.partition(" ")[2]
        kind = "manifest" if address.startswith("data/manifest/") else "search" if address.startswith("search/") else "pages"  # fmt: skip
        counted[kind] += 1
    return counted


class edited:  # noqa: N801 - reads as a verb
    """A file that is another for a while, and then what it was, its time too."""

    def __init__(self, path: Path, change: Callable[[str], str]) -> None:
        self.path, self.change = path, change

    def __enter__(self) -> None:
        self.about, self.text = self.path.stat(), self.path.read_bytes()
        self.path.write_text(self.change(self.text.decode()), encoding="utf-8")

    def __exit__(self, *_: object) -> None:
        self.path.write_bytes(self.text)
        os.utime(self.path, ns=(self.about.st_atime_ns, self.about.st_mtime_ns))


def set_aside(path: Path, aside: Path) -> None:
    """Out of the way; deleted at the end."""
    if path.exists():
        aside.mkdir(exist_ok=True)
        path.rename(aside / f"{len(list(aside.iterdir()))}-{path.name}")


def hugo(place: Place, number: int) -> Measure:
    """Hugo's build of the same files: every one is a full one."""
    job: Job = peers.hugo(place.site, place.jobs, place.work / "hugo")
    for path in job.leftovers:
        set_aside(path, place.work / "aside")
    os.sync()
    log = place.work / f"hugo-{number}.log"
    cost = run(job.command, job.cwd, log, job.env)
    if cost.status != 0:
        raise BenchmarkError(f"Hugo exits with {cost.status}; the end of {log}:\n{tail(log)}")
    return cost


def measure(given: argparse.Namespace, items: int) -> Changes:
    """All that is measured at one size."""
    place = copied(given.work, items, given.jobs, given.search)
    found = Changes(items)
    for number in range(1, given.runs + 1):
        theirs = hugo(place, number)
        say(f"Hugo, {items:,} items, run {number}: {theirs.wall:.2f} s")
        for name, cost, files in cases(place, number):
            say(
                f"{name}, {items:,} items, run {number}: {cost.wall:.2f} s, {files:,} files, {cost.peak_pss / 1e6:,.0f} MB"
            )
            found.cases.append(Case(name, number, cost.wall, cost.cpu, cost.peak_pss, files, theirs.wall))
        shutil.rmtree(place.work / "aside", ignore_errors=True)
    found.new_item = files_of_a_new_item(place)
    say(f"one new item, {items:,} items: {found.new_item}")
    if serves():
        found.serve = watched(place.command("serve"), place.site, place.item, given.saves, place.work / "serve.log")
        say(f"serve, {items:,} items: {found.serve}")
    return found


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status: 0, 1 for a failed build, 2 for wrong usage."""
    given = parser().parse_args(arguments)
    given.work = given.work.resolve()
    given.work.mkdir(parents=True, exist_ok=True)
    before = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    try:
        versions = {"gongkai-ssg": peers.gongkai_version(), "Hugo": peers.hugo_version()}
        found = [measure(given, items) for items in given.sizes]
    except (BenchmarkError, PeerError) as error:
        print(f"benchmark failed: {error}", file=sys.stderr)
        return 1
    record = {
        "date": date.today().isoformat(), "machine": machine(), "versions": versions, "runs": given.runs,
        "jobs": given.jobs, "search": given.search, "load_before": round(before, 2), "sizes": [asdict(one) for one in found],
    }  # fmt: skip
    place = given.out or _HERE / "results"
    name = "-search" if given.search else ""
    place.mkdir(parents=True, exist_ok=True)
    text = json.dumps(record, ensure_ascii=False, indent=2) + "\n"
    (place / f"incremental{name}.json").write_text(text, encoding="utf-8")
    section = report(record)
    page = (given.out or peers.ROOT / "docs") / f"benchmarks{name}.md"
    old = page.read_text(encoding="utf-8").partition("\n## ")[0] + "\n" if page.is_file() else ""
    page.write_text(f"{old}\n{section}".lstrip("\n"), encoding="utf-8")
    print(section)
    return 0


def say(text: str) -> None:
    """One line about how far it is."""
    print(text, file=sys.stderr, flush=True)


def parser() -> argparse.ArgumentParser:
    """What may be asked for."""
    made = argparse.ArgumentParser(prog="python -m benchmarks.incremental", description=(__doc__ or "").splitlines()[0])
    add = made.add_argument
    add("--sizes", type=sizes, default="10000,100000", help="numbers of items, with commas")
    add("--runs", type=positive, default=3, help="runs of each case at each size")
    add("--saves", type=positive, default=5, help="files saved while the preview runs")
    add("--out", type=Path, help="folder for the results instead of benchmarks/results and docs")
    add("--search", action="store_true", help="have ours make the search index too; Hugo makes none")
    add("--jobs", type=positive, help="processes of ours, GOMAXPROCS of Hugo; default: all cores")
    add("--work", type=Path, default=Path(tempfile.gettempdir()) / "gongkai-bench", help="folder for sites and outputs")
    return made


if __name__ == "__main__":
    sys.exit(main())
