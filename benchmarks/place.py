"""A copy of a site that may be edited, how it is built, and what an edit changes."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import peers
from benchmarks.build import BenchmarkError, site_of, tail
from benchmarks.measure import Measure, run

DAY = "2025-12-31"  # the newest items are of this day


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
    def output(self) -> Path:
        """What is built."""
        return self.site / "public"

    @property
    def leftovers(self) -> tuple[Path, Path]:
        """Output and cache: without them the next build is a cold one."""
        return self.output, self.site / ".gongkai"

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
        """Build as it is: the cost, and how many files were written and removed. Raises BenchmarkError."""
        log = self.work / f"{name}.log"
        if hasattr(os, "sync"):
            os.sync()
        cost = run(self.command("build", "--result", str(self.result)), peers.ROOT, log)
        if cost.status != 0:
            raise BenchmarkError(f"{name} exits with {cost.status}; the end of {log}:\n{tail(log)}")
        told = json.loads(self.result.read_bytes())
        return cost, told["written"] + told["removed"]

    def rebuild(self, name: str) -> tuple[Measure, list[str]]:
        """Build as it is: the cost, and the addresses of all files that differ from the build before, or are gone.

        Raises BenchmarkError.
        """
        before, log = self.work / "before", self.work / "diff.log"
        shutil.rmtree(before, ignore_errors=True)
        shutil.copytree(self.output / "data/manifest", before)
        cost, _ = self.build(name)
        words = [sys.executable, "-m", "gongkai_ssg", "diff", str(before), str(self.output), "--zero"]
        if run(words, peers.ROOT, log).status != 0:
            raise BenchmarkError(tail(log))
        return cost, [line.partition(" ")[2] for line in log.read_text("utf-8").split("\0")[:-1]]

    @contextmanager
    def new_item(self) -> Iterator[None]:
        """One item of the day more, for a while."""
        keys = dict(line.split(": ", 1) for line in self.item.read_text("utf-8").split("---")[1].strip().splitlines())
        code = keys["code"].split("/")[0]
        front = f"title: 新的通知\ncode: {code}/{DAY[:4]}-99999\ncategory: {keys['category']}\nunit: {keys['unit']}\n"
        new = self.item.with_name("benchmark-new.md")
        try:
            new.write_text(f"---\n{front}date: {DAY} 17:00\nformed: {DAY}\n---\n\n正文。\n", encoding="utf-8")
            yield
        finally:
            new.unlink(missing_ok=True)


def copied(work: Path, items: int, jobs: int | None, search: bool) -> Place:
    """A copy of the site that all benchmarks share, without what was built in it."""
    original, _ = site_of(work, items)
    site = work / "incremental" / str(items) / "site"
    if not (site / "config.yaml").is_file():
        shutil.rmtree(site, ignore_errors=True)
        shutil.copytree(original, site, ignore=shutil.ignore_patterns("public", ".gongkai"))
    return Place(site, site.parent, items, jobs, search)


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
