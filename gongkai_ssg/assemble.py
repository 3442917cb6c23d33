"""From files to a linked site: scan, read, link. Of what the last build left, only what differs is done again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from gongkai_ssg.config import Config, Folders
from gongkai_ssg.diagnostics import Finding, Findings
from gongkai_ssg.fingerprints import differing, looks, reading_fingerprint, theme_state
from gongkai_ssg.linking import Day, link
from gongkai_ssg.linking.changes import Changes, changes_in
from gongkai_ssg.linking.files import Files
from gongkai_ssg.linking.scope import bring_in_turning, close_scope, open_scope, remove_items, to_read_anew
from gongkai_ssg.messages import text
from gongkai_ssg.pages.view import View
from gongkai_ssg.progress import Progress
from gongkai_ssg.reading.chunks import (
    Reader,
    ToRead,
    chunks,
    memberships,
)
from gongkai_ssg.reading.guides import Guide, read_guide, read_row
from gongkai_ssg.reading.listing import Listing
from gongkai_ssg.reading.readers import Readers, readers_for
from gongkai_ssg.reading.sitefiles import SiteFiles, read_site
from gongkai_ssg.reading.sources import scan
from gongkai_ssg.reading.text import why
from gongkai_ssg.rendering.constants import Constants
from gongkai_ssg.rendering.theme import Theme, load_theme
from gongkai_ssg.request import Request
from gongkai_ssg.rules.addresses import address_key
from gongkai_ssg.search.texts import Texts
from gongkai_ssg.store.cache import Cache
from gongkai_ssg.store.known import (
    Differences,
    are_others,
    differences,
    distrust,
    keep_findings,
    kept_findings,
    known_folders,
    note_folders,
    note_sources,
    read_findings,
    write_findings,
)
from gongkai_ssg.store.output import OutputFolder
from gongkai_ssg.store.store import Store
from gongkai_ssg.store.tallies import count_all

_MOST, _FEW = 0.5, 200
"""If more than this part of the items must be read, everything is, unless they are few."""


@dataclass
class Site:
    """A site after the link stage: everything that pages are planned from.

    :ivar changes: what differs from the last build; None if there is none to compare with.
    :ivar uncertain: addresses whose files may not be what the last build meant to write.
    :ivar sketches: of bodies, by number of item, if they were asked for.
    """

    files: SiteFiles
    theme: Theme
    view: View
    changes: Changes | None = None
    uncertain: set[str] = field(default_factory=set)
    sketches: dict[int, bytes] = field(default_factory=dict)

    @property
    def stands(self) -> bool:
        """Whether the last build's output and theme are as they were."""
        return not self.uncertain and theme_state(self.theme) == self.view.store.get("theme")


@dataclass(frozen=True)
class Kept:
    """Where rows are kept between builds, and whose output they tell of."""

    cache: Cache
    output: OutputFolder
    code: str

    @property
    def compiled(self) -> Path:
        """Where this program keeps its templates compiled."""
        return self.cache.folder / "templates" / self.code[:12]


@contextmanager
def assembled(
    request: Request,
    configured: tuple[Config, Folders],
    findings: Findings,
    progress: Progress,
    kept: Kept | None = None,
) -> Iterator[Site | None]:
    """Units, catalog, theme, scan, read, link. The rows live as long as the caller needs them.

    :param kept: None for commands that make no pages: nothing is kept, no body is spilled.
    """
    config, folders = configured
    looked = request.ahead.listings() if request.ahead is not None else {}
    cold = kept is not None and (request.clean or not kept.cache.path.exists())
    with readers_for(request.jobs, looked if cold else {}) as readers:
        files = read_site(config, folders, findings)
        theme = load_theme(folders.root, config.theme)
        if isinstance(theme, Finding):
            findings.add(theme)
        if files is None or isinstance(theme, Finding):
            yield None
            return
        assembly = _Assembly(request, files, theme, findings, progress, looked, readers)
        if kept is not None and not request.clean:
            site = assembly.from_last_build(kept)
            if site is not None:
                try:
                    yield site
                finally:
                    site.view.store.close()
                return
        with TemporaryDirectory(prefix="build-", dir=kept.cache.folder if kept else None) as work:
            spill = Path(work) if kept else None
            store = kept.cache.create() if kept else Store.create(Path(work) / "rows.sqlite")
            try:
                yield assembly.from_nothing(store, spill, kept)
            finally:
                store.close()


class _Assembly:
    """One run of the first three stages."""

    def __init__(
        self,
        request: Request,
        files: SiteFiles,
        theme: Theme,
        findings: Findings,
        progress: Progress,
        looked: Mapping[str, Listing],
        readers: Readers,
    ) -> None:
        self.request = request
        self.looked = looked
        self.readers = readers
        self.files = files
        self.theme = theme
        self.findings = findings
        self.progress = progress
        self.sketches: dict[int, bytes] = {}

    def from_nothing(self, store: Store, spill: Path | None, kept: Kept | None) -> Site:
        """Read and link everything."""
        folders = self.files.folders
        reader = Reader.of(self.files, spill, self.request.sketching, self._texts(kept))
        found = scan(folders, {}, looked_at=self._looked_at())
        todo = differences(store, found, folders.root)
        note_folders(store, found)
        note_sources(store, todo, self._read(store, reader, todo.items, meanwhile=self._compiling(kept)))
        self._read_guides(store, todo)
        store.put("reading", reading_fingerprint(self.files))
        store.put("code", kept.code if kept else "")
        if reader.texts is not None:
            reader.texts.settle(store)
        self._put_fingerprints(store, len(todo.items))
        self.progress.stage("link")
        store.index()
        guides = self._link(store)
        self._compare_guides(store, guides, todo, Changes())
        store.index_lists()
        count_all(store)
        store.db.execute("COMMIT")
        return Site(self.files, self.theme, self._view(store, reader, guides), sketches=self.sketches)

    def from_last_build(self, kept: Kept) -> Site | None:
        """Read and link what differs; None where the last build's rows don't serve."""
        store = kept.cache.open(kept.code)
        if store is None:
            if kept.cache.path.exists():
                self.progress.say(text("cache.untrusted"))
            return None
        uncertain = kept.output.uncertain(store.get("output"))
        if uncertain is None or store.get("reading") != reading_fingerprint(self.files):
            self.progress.say(text("cache.other_output" if uncertain is None else "cache.other_options"))
            store.close()
            return None
        if self.request.check_output:
            uncertain |= kept.output.edited(store.rows("SELECT address, size, digest FROM outputs"))
        try:
            site = self._updated(store, kept, uncertain)
        except BaseException:
            store.close()
            raise
        if site is None:
            store.close()
        return site

    def _updated(self, store: Store, kept: Kept, uncertain: set[str]) -> Site | None:
        folders = self.files.folders
        found = scan(folders, known_folders(store), self.request.touched, self._looked_at())
        todo = differences(store, found, folders.root)
        if len(todo.items) > max(_FEW, _MOST * int(store.get("items"))) and are_others(todo.items, folders.root):
            return None
        reader = Reader.of(self.files, None, self.request.sketching, self._texts(kept, store.get("texts")))
        before = date.fromisoformat(store.get("day"))
        changes = self._site_changes(store, before)
        note_folders(store, found)
        if todo or changes:
            open_scope(store)
            self._reread(store, reader, todo, Day(before, self.request.drafts, self.request.future), changes)
            self.progress.stage("link")
            guides = self._link(store)
            changes = changes_in(store, changes)
            self._compare_guides(store, guides, todo, changes)
            close_scope(store)
            self._put_fingerprints(store, int(store.get("items")) + todo.added - len(todo.gone))
        else:
            note_sources(store, todo, {})
            guides = [read_row(row) for row in json.loads(store.get("guides"))[0]]
            self.findings.extend([*kept_findings(store), *read_findings(store.get("linking"))])
        return Site(self.files, self.theme, self._view(store, reader, guides), changes, uncertain)

    def _looked_at(self) -> Mapping[str, Listing]:
        """What was looked at ahead; it is believed once."""
        looked, self.looked = self.looked, {}
        return looked

    def _texts(self, kept: Kept | None, name: str = "") -> Texts | None:
        """Where what search matches is kept: below the cache, in what the last build named or in a new place."""
        return Texts(kept.cache.texts(name)) if kept is not None and self.files.config.search else None

    def _view(self, store: Store, reader: Reader, guides: list[Guide]) -> View:
        files = self.files
        output = files.folders.output
        return View(
            files.config, files.units, files.catalog, guides, self.request.today, store, reader, output,
            self.theme.addresses, files.synonyms, reader.spill,
        )  # fmt: skip

    def _read(
        self,
        store: Store,
        reader: Reader,
        sources: Sequence[ToRead],
        forget: bool = False,
        meanwhile: Thread | None = None,
    ) -> dict[int, bytes | None]:
        """Read items, in parallel if there are many; their rows take the place of older ones. Returns their hashes."""
        digests: dict[int, bytes | None] = {}
        self.progress.stage("read", len(sources))
        with self.readers.opened(reader, len(sources)) as (executor, task):
            results = executor.map(task, chunks(sources))
            if meanwhile is not None:
                meanwhile.start()  # not before the processes are there: a fork and a thread don't go together
            for result in results:
                digests.update(result.digests)
                self.sketches.update(result.sketches)
                if forget:
                    remove_items(store, [number for number, _ in result.digests if number not in result.same])
                for table in ("items", "relations", "links", "attachments", "aliases", "allowed"):
                    store.insert(table, getattr(result, table))
                store.insert_lists(memberships(result.items))
                keep_findings(store, result.findings)
                self.progress.advance(result.count)
        if meanwhile is not None:
            meanwhile.join()
        return digests

    def _compiling(self, kept: Kept | None) -> Thread | None:
        """Makes ready what pages need while other processes read, where there are others."""
        if kept is None or self.request.jobs == 1:
            return None
        from gongkai_ssg.worker import get_ready  # a build that changes nothing does without pages

        config = self.files.config
        work = (self.theme, Constants(config.site), kept.compiled, config.search)
        return Thread(target=get_ready, args=work, daemon=True)

    def _read_guides(self, store: Store, todo: Differences) -> None:
        folders = self.files.folders
        prefix = folders.shown(folders.guides) + "/"
        for path in (*todo.guides_gone, *(source.path for source in todo.guides)):
            store.db.execute("DELETE FROM guides WHERE path = ?", (path,))
            store.db.execute("DELETE FROM findings WHERE path = ?", (path,))
        for source in todo.guides:
            path = source.path
            try:
                data = (folders.root / path).read_bytes()
            except OSError as error:
                keep_findings(store, [Finding("GK136", path, params={"why": why(error)})])
                distrust(store, [path])
                continue
            guide, _, found = read_guide(data, path, path[len(prefix) :], self.files.options)
            keep_findings(store, found)
            if guide is not None:
                digest = hashlib.sha256(data).hexdigest()
                store.insert("guides", [(path, json.dumps([*guide.as_row(), digest], ensure_ascii=False))])

    def _reread(self, store: Store, reader: Reader, todo: Differences, before: Day, changes: Changes) -> None:
        """Read what differs, and what linking may cure or must see whole again."""
        named = {each.number for each in todo.items} | set(todo.gone)
        more = dict(to_read_anew(store, self.request.day, before))
        for file in todo.files:
            rows = "SELECT items.id, items.path FROM copies JOIN items ON items.id = copies.item WHERE source = ?"
            more.update(store.rows(rows, file))
        if changes.units or changes.categories:
            more.update(store.rows("SELECT item, path FROM sources JOIN findings USING (path) WHERE item IS NOT NULL"))
        sources = [each._replace(digest=None) if each.number in more else each for each in todo.items]
        sources += [ToRead(*each) for each in sorted(more.items()) if each[0] not in named]
        remove_items(store, todo.gone)
        digests = self._read(store, reader, sources, forget=True)
        note_sources(store, todo, digests)
        self._read_guides(store, todo)
        store.db.execute("DELETE FROM aliases WHERE item IS NULL")
        store.db.execute("DELETE FROM copies WHERE item IS NULL")
        bring_in_turning(store, self.request.day, before)

    def _link(self, store: Store) -> list[Guide]:
        """Link what is in the store, or in its scope; findings of all stages are told."""
        request = self.request
        guides = []
        for (row,) in store.rows("SELECT data FROM guides ORDER BY path"):
            guide = read_row(json.loads(row)[:-1])
            if request.future or guide.date is None or guide.date <= request.today:
                guides.append(guide)
        doubles = Findings()
        guides = _without_doubles(guides, doubles)
        guides.sort(key=lambda guide: (guide.order, guide.address))
        beside = Files(self.files.folders.root, store)
        linked, found = link(store, beside, request.day, self.files, guides)
        found.extend(doubles)
        store.put("linking", write_findings(found))
        self.findings.extend([*kept_findings(store), *found])
        return linked

    def _compare_guides(self, store: Store, guides: list[Guide], todo: Differences, changes: Changes) -> None:
        """Whether any standing page differs, in itself, in where its links lead, or in its files; and which are gone."""
        content = [row for (row,) in store.rows("SELECT data FROM guides ORDER BY path")]
        rows = [guide.as_row() for guide in guides]
        now = json.dumps([rows, content], ensure_ascii=False)
        before = store.get("guides")
        files = any(store.value("SELECT 1 FROM copies WHERE source = ? AND item IS NULL", file) for file in todo.files)
        if before:
            paths = {guide.path for guide in guides}
            changes.lost_guides = {row[0] for row in json.loads(before)[0]} - paths
        changes.guides = files or now != before
        store.put("guides", now)

    def _put_fingerprints(self, store: Store, items: int) -> None:
        for name, value in looks(self.files).items():
            store.put(name, value)
        store.put("day", self.request.today.isoformat())
        store.put("items", str(items))

    def _site_changes(self, store: Store, before: date) -> Changes:
        """What differs in the configuration, the units, the catalog and the day."""
        today, changes = self.request.today, Changes()
        shown = looks(self.files)
        changes.site = store.get("site") != shown["site"]
        changes.units = differing(store.get("units"), shown["units"])
        changes.categories = differing(store.get("catalog"), shown["catalog"])
        changes.day = before != today
        first, last = sorted((before, today))
        changes.units |= {unit.id for unit in self.files.units if unit.until and first <= unit.until < last}
        # What a dissolved unit published shows whom to call now.
        changes.units = self.files.units.with_predecessors(changes.units)
        return changes


def _without_doubles(pages: list[Guide], findings: Findings) -> list[Guide]:
    """Standing pages whose addresses differ; of two that some file system takes for one, the later is left out."""
    kept: dict[str, Guide] = {}
    for page in pages:
        first = kept.setdefault(address_key(page.address), page)
        if first is not page:
            findings.add(Finding("GK137", page.path, params={"value": page.path.rpartition("/")[2], "hint": "double"}))
    return list(kept.values())
