"""A build, from files to files. This module reads like the table of contents of the program:

    sources ─ read ─▶ records ─ link ─▶ catalog ─ plan ─▶ pages ─ render ─▶ bytes ─ publish ─▶ output

``check`` is the first half of it, ``stats`` and ``export`` ask the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from gongkai_ssg.config import Config, Folders
from gongkai_ssg.diagnostics import Finding, Findings
from gongkai_ssg.linking import Day, link
from gongkai_ssg.linking.files import Files
from gongkai_ssg.pages import PLANNERS, View
from gongkai_ssg.parallel import open_executor
from gongkai_ssg.progress import Progress
from gongkai_ssg.reading.chunks import Reader, chunks
from gongkai_ssg.reading.guides import Guide, read_guide
from gongkai_ssg.reading.items import ReadingOptions
from gongkai_ssg.reading.sitefiles import SiteFiles, read_config, read_site
from gongkai_ssg.reading.sources import Sources, scan
from gongkai_ssg.rendering.templates import Constants, TemplateTrouble
from gongkai_ssg.rendering.theme import Theme, load_theme
from gongkai_ssg.rules.addresses import address_key
from gongkai_ssg.store.lock import build_lock
from gongkai_ssg.store.output import OutputFolder, Writer, manifest_parts
from gongkai_ssg.store.store import Store
from gongkai_ssg.worker import Renderings, prepare_reading, prepare_rendering, read_task, render_task, tasks


@dataclass(frozen=True)
class Request:
    """What a command asks for."""

    config_file: Path
    today: date
    output: Path | None = None
    jobs: int = 1
    drafts: bool = False
    future: bool = False
    strict: bool = False
    clean: bool = False
    wait: float = 600.0

    @property
    def day(self) -> Day:
        """The day of the build and what it shows ahead of time."""
        return Day(self.today, self.drafts, self.future)


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


def build(request: Request, progress: Progress) -> Outcome:
    """Build the site into its output folder, unless a finding stops it.

    :raises Busy: if another build of this site does not end in time.
    """
    outcome = Outcome()
    configured = read_config(request.config_file, outcome.findings, request.output)
    if configured is None:
        outcome.broken_config = True
        return outcome
    folders = configured[1]
    with (
        build_lock(folders.cache, folders.output, request.wait, progress.waiting),
        linked(request, configured, outcome, progress, scratch=folders.cache) as site,
    ):
        if site is not None and not outcome.findings.stops(request.strict):
            _publish(request, site, OutputFolder(folders.output), outcome, progress)
    return outcome


def check(request: Request, progress: Progress) -> Outcome:
    """Read and link everything, write nothing."""
    outcome = Outcome()
    configured = read_config(request.config_file, outcome.findings, request.output)
    if configured is None:
        outcome.broken_config = True
        return outcome
    with linked(request, configured, outcome, progress):
        return outcome


@dataclass
class LinkedSite:
    """A site after the link stage: everything that pages are planned from."""

    files: SiteFiles
    theme: Theme
    view: View


@contextmanager
def linked(
    request: Request,
    configured: tuple[Config, Folders],
    outcome: Outcome,
    progress: Progress,
    scratch: Path | None = None,
) -> Iterator[LinkedSite | None]:
    """Units, catalog, theme, scan, read, link. Rows and bodies live as long as the caller needs them.

    :param scratch: where bodies may be spilled; None keeps no bodies, for commands that make no pages.
    """
    config, folders = configured
    findings = outcome.findings
    outcome.output = folders.output
    files = read_site(config, folders, findings)
    theme = load_theme(folders.root, config.theme)
    owned = OutputFolder(folders.output).check(folders.shown(folders.output))
    findings.extend(each for each in (theme, owned) if isinstance(each, Finding))
    if files is None or not isinstance(theme, Theme):
        yield None
        return
    with TemporaryDirectory(prefix="build-", dir=scratch) as work:
        spill = Path(work) / "bodies" if scratch else None
        if spill:
            spill.mkdir()
        sources = scan(folders)
        findings.extend(sources.findings)
        with closing(Store.create(Path(work) / "rows.sqlite")) as store:
            standing = _read(request, files, sources, spill, store, findings, progress)
            progress.stage("link")
            beside = Files(folders.root, sources.files)
            guides, found = link(store, beside, request.day, files, standing.pages, standing.allowed)
            findings.extend(found)
            _count(store, sources, outcome)
            view = View(
                config, files.units, files.catalog, guides, request.today, folders.root, store, spill or Path(work)
            )
            yield LinkedSite(files, theme, view)


@dataclass
class _Standing:
    pages: list[Guide] = field(default_factory=list)
    allowed: dict[str, dict[str, str]] = field(default_factory=dict)


def _read(
    request: Request,
    files: SiteFiles,
    sources: Sources,
    spill: Path | None,
    store: Store,
    findings: Findings,
    progress: Progress,
) -> _Standing:
    """Read all sources in parallel; rows go to the store, bodies to the spill."""
    config, folders = files.config, files.folders
    options = ReadingOptions(files.units, files.catalog, tuple(config.code_pattern), config.limits, config.raw_html)
    reader = Reader(folders.root, folders.shown(folders.items) + "/", spill, options)
    standing = _Standing()
    progress.stage("read", len(sources.items))
    with open_executor(_useful(request.jobs, len(sources.items)), prepare_reading, (reader,)) as executor:
        for result in executor.map(read_task, chunks(sources.items)):
            for table in ("items", "relations", "links", "attachments", "aliases"):
                store.insert(table, getattr(result, table))
            store.insert_lists(result.lists)
            findings.extend(result.findings)
            standing.allowed |= result.allowed
            progress.advance(result.count)
    prefix = folders.shown(folders.guides) + "/"
    for path in sources.guides:
        guide, _, found = read_guide((folders.root / path).read_bytes(), path, path[len(prefix) :], options)
        findings.extend(found)
        if guide is not None and (request.future or guide.date is None or guide.date <= request.today):
            standing.pages.append(guide)
    standing.pages = _without_doubles(standing.pages, findings)
    standing.pages.sort(key=lambda guide: (guide.order, guide.address))
    return standing


def _without_doubles(pages: list[Guide], findings: Findings) -> list[Guide]:
    """Standing pages whose addresses differ; of two that some file system takes for one, the later is left out."""
    kept: dict[str, Guide] = {}
    for page in pages:
        first = kept.setdefault(address_key(page.address), page)
        if first is not page:
            findings.add(Finding("GK137", page.path, params={"value": page.path.rpartition("/")[2], "hint": "double"}))
    return list(kept.values())


def _publish(request: Request, site: LinkedSite, output: OutputFolder, outcome: Outcome, progress: Progress) -> None:
    """Plan, render and write all pages; then remove what the last build left behind."""
    view = site.view
    planned = [(name, keys) for planner in PLANNERS for name, keys in tasks(planner, view)]
    renderings = Renderings(view, site.theme, Constants(view.config.site, view.today), output.folder)
    trial = renderings.try_templates()
    if trial is not None:
        outcome.findings.add(trial)
        return
    renderings.fresh = output.open()
    progress.stage("render", len(planned))
    writer = Writer(output.folder, renderings.fresh)
    theme = site.theme
    files = [writer.write(address, theme.content(name)) for name, address in theme.addresses.items()]
    try:
        with open_executor(_useful(request.jobs, outcome.items), prepare_rendering, (renderings,)) as executor:
            for written in executor.map(render_task, planned):
                files.extend(written)
                progress.advance(1)
    except TemplateTrouble as trouble:
        outcome.findings.add(trouble.finding)
        output.give_up(renderings.fresh)
        return
    except BaseException:
        output.give_up(renderings.fresh)
        raise
    progress.stage("publish")
    before = set() if renderings.fresh else output.owned()
    files += [writer.write(address, data) for address, data in manifest_parts(files).items()]
    outcome.removed = output.remove(sorted(before - {file.address for file in files}))
    output.put_in_place(files)
    outcome.files = len(files)
    outcome.written = sum(file.changed for file in files)
    outcome.published = True


def _useful(jobs: int, items: int) -> int:
    """As many processes as asked for, one where there is too little to share."""
    return jobs if items > 200 else 1


def _count(store: Store, sources: Sources, outcome: Outcome) -> None:
    outcome.items = store.value("SELECT count(*) FROM items WHERE held IS NULL")
    outcome.held_back = store.value("SELECT count(*) FROM items WHERE held IN ('draft', 'future', 'withheld')")
    outcome.left_out = len(sources.items) - outcome.items - outcome.held_back
