"""A build, from files to files. This module reads like the table of contents of the program:

    sources ─ read ─▶ records ─ link ─▶ catalog ─ plan ─▶ pages ─ render ─▶ bytes ─ publish ─▶ output

``check`` is the first half of it, ``stats`` and ``export`` ask the same rows.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from gongkai_ssg.assemble import Kept, Request, Site, assembled
from gongkai_ssg.config import Config, Folders
from gongkai_ssg.diagnostics import Finding, Findings
from gongkai_ssg.progress import Progress
from gongkai_ssg.publish import publish
from gongkai_ssg.reading.sitefiles import read_config
from gongkai_ssg.reading.text import why
from gongkai_ssg.store.cache import Cache, fingerprint_of_program
from gongkai_ssg.store.lock import build_lock
from gongkai_ssg.store.output import Obstacle, OutputFolder

__all__ = ["Outcome", "Request", "build", "check"]


@dataclass
class Outcome:
    """What came of it."""

    findings: Findings = field(default_factory=Findings)
    broken_config: bool = False
    published: bool = False
    items: int = 0
    left_out: int = 0
    held_back: int = 0
    files: int = 0
    written: int = 0
    removed: int = 0
    output: Path | None = None
    configured: tuple[Config, Folders] | None = None


def build(request: Request, progress: Progress) -> Outcome:
    """Build the site into its output folder, unless a finding stops it.

    :raises Busy: if another build of this site does not end in time.
    """
    outcome = Outcome()
    configured = read_config(request.config_file, outcome.findings, request.output)
    if configured is None:
        outcome.broken_config = True
        return outcome
    if request.preview:
        configured = configured[0], configured[1].aside(_variant(request))
    folders = outcome_folders(configured, outcome)
    output = OutputFolder(folders.output)
    with build_lock(folders.cache, folders.output, request.wait, progress.waiting):
        owned = output.check(folders.shown(folders.output))
        if owned is not None:
            outcome.findings.add(owned)
        kept = Kept(_cache(request, folders), output, fingerprint_of_program())
        kept.cache.tidy()
        with assembled(request, configured, outcome.findings, progress, kept) as site:
            if site is None or _count(site, outcome).findings.stops(request.strict):
                return outcome
            try:
                published = publish(request, site, kept, progress)
            except Obstacle as obstacle:
                published = Finding("GK028", folders.shown(Path(obstacle.path)), params={"hint": "obstacle", "why": ""})
            except OSError as error:
                shown = folders.shown(folders.output)
                published = Finding("GK028", shown, params={"why": why(error)})
            if isinstance(published, Finding):
                outcome.findings.add(published)
                return outcome
            outcome.files, outcome.written, outcome.removed = published
            outcome.published = True
    return outcome


def check(request: Request, progress: Progress) -> Outcome:
    """Read and link everything, write nothing."""
    outcome = Outcome()
    configured = read_config(request.config_file, outcome.findings, request.output)
    if configured is None:
        outcome.broken_config = True
        return outcome
    folders = outcome_folders(configured, outcome)
    owned = OutputFolder(folders.output).check(folders.shown(folders.output))
    if owned is not None:
        outcome.findings.add(owned)
    with assembled(request, configured, outcome.findings, progress) as site:
        return outcome if site is None else _count(site, outcome)


def outcome_folders(configured: tuple[Config, Folders], outcome: Outcome) -> Folders:
    """The folders of a configured site; the outcome tells of them."""
    outcome.configured = configured
    outcome.output = configured[1].output
    return configured[1]


def _cache(request: Request, folders: Folders) -> Cache:
    """One cache for each configuration, output, and look ahead."""
    name = f"{request.config_file.name}\n{folders.shown(folders.output)}\n{request.drafts}\n{request.future}"
    return Cache(folders.cache, name)


def _variant(request: Request) -> str:
    """The name of a preview's folder: previews that show different things do not share one."""
    told = f"{request.config_file.name}\n{request.drafts}\n{request.future}"
    return f"preview-{hashlib.sha256(told.encode()).hexdigest()[:8]}"


def _count(site: Site, outcome: Outcome) -> Outcome:
    store = site.view.store
    held = dict(store.rows("SELECT held, count(*) FROM items WHERE held IS NOT NULL GROUP BY held"))
    outcome.held_back = sum(held.get(reason, 0) for reason in ("draft", "future", "withheld"))
    outcome.left_out = sum(held.values()) - outcome.held_back
    outcome.items = int(store.get("items")) - outcome.held_back - outcome.left_out
    return outcome
