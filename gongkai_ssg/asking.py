"""For commands that ask a linked site something and publish nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from gongkai_ssg.assemble import Site, assembled
from gongkai_ssg.build import Outcome
from gongkai_ssg.parallel import default_jobs
from gongkai_ssg.progress import Progress
from gongkai_ssg.reading.sitefiles import read_config
from gongkai_ssg.request import Request


@contextmanager
def asked(config_file: Path, today: date) -> Iterator[tuple[Site | None, Outcome]]:
    """The site as it would be published on a day; None, with findings, where its own files are broken."""
    outcome = Outcome()
    configured = read_config(config_file, outcome.findings)
    if configured is None:
        outcome.broken_config = True
        yield None, outcome
        return
    request = Request(config_file, today, jobs=default_jobs())
    with assembled(request, configured, outcome.findings, Progress(quiet=True)) as site:
        yield site, outcome
