"""A build, from files to files. This module reads like the table of contents of the program:

    sources ─ read ─▶ records ─ link ─▶ catalog ─ plan ─▶ pages ─ render ─▶ bytes ─ publish ─▶ output

``check`` is the first half of it, ``stats`` and ``export`` ask the same rows.
"""

from __future__ import annotations

import errno
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from gongkai_ssg.assemble import Kept, Site, assembled
from gongkai_ssg.config import Config, Folders
from gongkai_ssg.diagnostics import Finding, Findings
from gongkai_ssg.linking import let_pass
from gongkai_ssg.messages import text
from gongkai_ssg.progress import Progress
from gongkai_ssg.reading.sitefiles import read_config
from gongkai_ssg.reading.text import why
from gongkai_ssg.request import Request
from gongkai_ssg.store.cache import Cache, fingerprint_of_program
from gongkai_ssg.store.lock import build_lock
from gongkai_ssg.store.output import Obstacle, OutputFolder
from gongkai_ssg.store.store import Store

__all__ = ["Outcome", "build", "check", "last_build"]


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
    try:
        return _build(request, progress)
    except sqlite3.Error as error:
        if not request.clean:  # the kept rows were damaged where it did not show at once
            progress.say(text("cache.damaged"))
            return build(replace(request, clean=True), progress)
        return _unwritable(Outcome(), request.config_file.parent, str(error))
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        return _unwritable(Outcome(), request.config_file.parent, why(error))


_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


def _build(request: Request, progress: Progress) -> Outcome:
    outcome = Outcome()
    configured = read_config(request.config_file, outcome.findings, request.output)
    if configured is None:
        outcome.broken_config = True
        return outcome
    if request.preview:
        configured = configured[0], configured[1].aside(_variant(request))
    folders = outcome_folders(configured, outcome)
    output = OutputFolder(folders.output)
    with (
        _cache_folder(request, folders, progress) as cache_folder,
        build_lock(cache_folder, folders.output, request.wait, progress.waiting) as waited,
    ):
        if waited:
            request = replace(request, ahead=None)  # what it has seen may be long ago
        owned = output.check(folders.shown(folders.output))
        if owned is not None:
            outcome.findings.add(owned)
        kept = Kept(_cache(request, folders, cache_folder), output, fingerprint_of_program())
        kept.cache.tidy()
        with assembled(request, configured, outcome.findings, progress, kept) as site:
            if site is None or _count(site, outcome).findings.stops(request.strict):
                return outcome
            if site.changes is not None and not site.changes and site.stands:
                outcome.files, outcome.published = int(site.view.store.get("files")), True
                kept.cache.keep(site.view.store)
                return outcome
            from gongkai_ssg.publish import publish  # a build that changes nothing does without pages

            try:
                published = publish(request, site, kept, progress)
            except Obstacle as obstacle:
                published = Finding("GK028", folders.shown(Path(obstacle.path)), params={"hint": "obstacle", "why": ""})
            except OSError as error:
                return _unwritable(outcome, folders.output, why(error))
            if isinstance(published, Finding):
                outcome.findings.add(published)
                return outcome
            outcome.files, outcome.written, outcome.removed = published
            outcome.published = True
    return outcome


def _unwritable(outcome: Outcome, folder: Path, reason: str) -> Outcome:
    outcome.findings.add(Finding("GK028", folder.name or str(folder), params={"why": reason}))
    return outcome


@contextmanager
def _cache_folder(request: Request, folders: Folders, progress: Progress) -> Iterator[Path]:
    """Where rows are kept; a folder for this build only, where nothing can be."""
    folder = request.scratch or folders.cache
    try:
        folder.mkdir(parents=True, exist_ok=True)
        usable = os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        usable = False
    if usable:
        yield folder
        return
    progress.say(text("cache.unwritable", path=folders.shown(folder)))
    with TemporaryDirectory(prefix="gongkai-") as work:
        yield Path(work)


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
    with assembled(replace(request, sketching=True), configured, outcome.findings, progress) as site:
        if site is None:
            return outcome
        from gongkai_ssg.rules.duplicates import near_duplicates  # a build does without

        store = site.view.store
        outcome.findings.extend(let_pass(near_duplicates(store, site.sketches, folders.root), store))
        return _count(site, outcome)


def outcome_folders(configured: tuple[Config, Folders], outcome: Outcome) -> Folders:
    """The folders of a configured site; the outcome tells of them."""
    outcome.configured = configured
    outcome.output = configured[1].output
    return configured[1]


def last_build(request: Request, folders: Folders) -> Store | None:
    """The rows of the last build, to be asked; None where there are none to trust."""
    return _cache(request, folders, folders.cache).open(fingerprint_of_program())


def _cache(request: Request, folders: Folders, folder: Path) -> Cache:
    """One cache for each configuration, output, and look ahead."""
    name = f"{request.config_file.name}\n{folders.shown(folders.output)}\n{request.drafts}\n{request.future}"
    return Cache(folder, name)


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
