"""What a change costs: one edit, none, a fresh clone, midnight's new item, a saved file in the preview; beside Hugo.

`python -m benchmarks.incremental [--sizes 10000,100000] [--runs 3] [--out FOLDER] [--jobs N]`
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date

from benchmarks import peers
from benchmarks.build import BenchmarkError, set_aside, tail
from benchmarks.changes import Case, Changes, report
from benchmarks.measure import Measure, run
from benchmarks.peers import Job, PeerError
from benchmarks.place import Place, copied, edited
from benchmarks.program import asked_for, keep, options, positive, say
from benchmarks.results import machine, suffix
from benchmarks.serving import serves, watched


def cases(place: Place, number: int) -> Iterator[tuple[str, Measure, int]]:
    """Each case once: its name, its cost, the files it touched."""
    for path in place.leftovers:
        set_aside(path, place.work / "aside")
    yield "cold", *place.build("cold")
    yield "nothing", *place.build("nothing")
    with edited(place.item, lambda text: f"{text}\n又一段，第{number}次。\n"):
        yield "body", *place.build("body")
    place.build("back")
    clone = replace(place, site=place.work / "clone")
    shutil.rmtree(clone.site, ignore_errors=True)
    shutil.copytree(place.site / "content", clone.site / "content", copy_function=shutil.copyfile)
    shutil.copyfile(place.site / "config.yaml", clone.site / "config.yaml")
    for path in place.leftovers:
        shutil.copytree(path, clone.site / path.name)
    item = clone.item
    item.write_text(f"{item.read_text(encoding='utf-8')}\n又一段。\n", encoding="utf-8")
    yield "clone", *clone.build("clone")
    set_aside(clone.site, place.work / "aside")


def files_of_a_new_item(place: Place) -> dict[str, int]:
    """How many files one new item of the day changes, by kind, and leaves the site as it was."""
    place.build("before")
    with place.new_item():
        _, addresses = place.rebuild("new")
    place.build("back")
    counted = {"pages": 0, "manifest": 0, "search": 0}
    for address in addresses:
        kind = "manifest" if address.startswith("data/manifest/") else "search" if address.startswith("search/") else "pages"  # fmt: skip
        counted[kind] += 1
    return counted


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
    given = asked_for(parser(), arguments)
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
    name = suffix(given.search)
    keep(given.out, f"incremental{name}", record)
    section = report(record)
    page = (given.out or peers.ROOT / "docs") / f"benchmarks{name}.md"
    old = page.read_text(encoding="utf-8").partition("\n## ")[0] + "\n" if page.is_file() else ""
    page.write_text(f"{old}\n{section}".lstrip("\n"), encoding="utf-8")
    print(section)
    return 0


def parser() -> argparse.ArgumentParser:
    """What may be asked for."""
    made = options("incremental", __doc__, "10000,100000")
    add = made.add_argument
    add("--saves", type=positive, default=5, help="files saved while the preview runs")
    add("--search", action="store_true", help="have ours make the search index too; Hugo makes none")
    return made


if __name__ == "__main__":
    sys.exit(main())
