"""Plan, render, write: the pages that may differ, and what the last build left behind taken away."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, groupby, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from gongkai_ssg.assemble import Kept, Site
from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.fingerprints import theme_state
from gongkai_ssg.linking.changes import FIRST, Reason
from gongkai_ssg.pages.page import PreparedPlanner
from gongkai_ssg.pages.planners import PLANNERS
from gongkai_ssg.parallel import open_executor, useful
from gongkai_ssg.progress import Progress
from gongkai_ssg.rendering.constants import Constants, TemplateTrouble
from gongkai_ssg.request import Request
from gongkai_ssg.store.output import OutputFolder, Writer, manifest_part, part_of
from gongkai_ssg.store.store import Store
from gongkai_ssg.worker import Made, Renderings, Task, Workshop, prepare_rendering, prepare_task, render_task, tasks

THEME, MANIFEST = "theme", "manifest"
"""Names of what no planner makes: the theme's assets, the parts of the manifest."""

_ROWS = 1000
"""So many files are put on record at once."""

_FEW = 2
"""More work than this that pages wait for is worth several processes."""

_ELSE = Reason("list")
"""Why what was not planned by itself is made: something it lists differs."""

Plan = dict[tuple[str, str], Reason]
"""Planner and key → why."""


def publish(request: Request, site: Site, kept: Kept, progress: Progress) -> Finding | tuple[int, int, int]:
    """Bring the output up to date: how many files it has, how many were written and removed; or what is wrong.

    :raises OSError: if a file can't be written; the old site stands.
    :raises Obstacle: if something in the output stands in the way.
    """
    if site.changes is None:
        return _All(request, site, kept, progress).publish()
    return _Some(request, site, kept, progress).publish()


class _Publication(ABC):
    """What both ways share."""

    def __init__(self, request: Request, site: Site, kept: Kept, progress: Progress) -> None:
        self.request = request
        self.site = site
        self.store = site.view.store
        self.output: OutputFolder = kept.output
        self.cache = kept.cache
        self.progress = progress
        self.constants = Constants(site.view.config.site)
        self.build = int(self.store.get("build") or 0) + 1
        self.opened = False
        self.renderings = Renderings(
            site.view, site.theme, self.constants, self.output.folder, kept.compiled, timed=request.profile
        )

    def publish(self) -> Finding | tuple[int, int, int]:
        """Bring the output up to date, or leave it as it was."""
        try:
            return self.bring_up_to_date()
        except TemplateTrouble as trouble:
            self.give_up()
            return trouble.finding
        except BaseException:
            self.give_up()
            raise

    @abstractmethod
    def bring_up_to_date(self) -> tuple[int, int, int]:
        """Plan, render and write what is to be."""

    def open(self) -> bool:
        """Take the output in hand; whether it was empty."""
        self.opened = True
        self.renderings.fresh = self.output.open()
        return self.renderings.fresh

    def give_up(self) -> None:
        """Undo what was prepared, if anything was."""
        if self.opened:
            self.output.give_up(self.renderings.fresh)

    def preparations(self, planned: Iterable[tuple[str, Iterable[str]]]) -> list[Task]:
        """The work that some of the planned keys wait for."""
        keys: dict[str, list[str]] = {}
        for name, some in planned:
            keys.setdefault(name, []).extend(some)
        return [
            (planner.name, [key])
            for planner in PLANNERS
            if planner.name in keys and isinstance(planner, PreparedPlanner)
            for key in planner.preparations(self.site.view, keys[planner.name])
        ]

    def pooled(
        self, planned: list[Task], first: list[Task], jobs: int, trial: Callable[[], None] = lambda: None
    ) -> Iterator[Made]:
        """Make pages in as many processes.

        :param first: what is to be done before any pages of the same planner are made.
        :param trial: what is tried before any page is made, in this process.
        """
        waiting = {name for name, _ in first}
        with open_executor(jobs, prepare_rendering, (self.renderings,)) as executor:
            prepared = executor.map(prepare_task, first)
            trial()
            pages = executor.map(render_task, [task for task in planned if task[0] not in waiting])
            for _ in prepared:
                pass
            others = executor.map(render_task, [task for task in planned if task[0] in waiting])
            for made in chain(pages, others):
                self.progress.made(made)
                yield from made
                self.progress.advance(1)

    def assets(self, writer: Writer, names: Iterable[str]) -> list[Made]:
        """The theme's files."""
        theme = self.site.theme
        files = [(name, theme.addresses[name], theme.content(name)) for name in names]
        written = writer.write_all([(address, data) for _, address, data in files])
        return [Made(*file, THEME, name, "") for file, (name, *_) in zip(written, files, strict=True)]

    def manifest(self, writer: Writer, parts: Iterable[str]) -> list[Made]:
        """Parts of the manifest, from the outputs on record."""
        made = []
        for part in sorted(parts):
            rows = self.store.rows(
                "SELECT address, size, digest FROM outputs WHERE part = ? AND planner <> ?", part, MANIFEST
            )
            [written] = writer.write_all([manifest_part(part, rows.fetchall())])
            made.append(Made(*written, MANIFEST, part, ""))
        return made

    def row(self, made: Made, reason: Reason) -> tuple[object, ...]:
        """A file as it goes on record, with why and when."""
        address, size, digest, changed, _, planner, key, template, _ = made
        written = self.build if changed else self.written_before(address)
        part = part_of(address) if planner != MANIFEST else ""
        why = " ".join(reason).strip()
        return address, part, planner, key, template, size, digest, why, self.build, written

    def record(self, rows: Iterable[tuple[object, ...]]) -> None:
        """Put files on record."""
        self.store.db.executemany("INSERT OR REPLACE INTO outputs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def written_before(self, address: str) -> int:
        """The build that wrote a file that was left as it is."""
        return int(self.store.value("SELECT written FROM outputs WHERE address = ?", address) or 0)

    def finish(self, files: Sequence[Made], orphans: list[str], total: int, before: str) -> tuple[int, int, int]:
        """Put everything in place; commit what is known of it."""
        state = self.state()
        texts = self.site.view.reader.texts
        if texts is not None:
            texts.tidy(self.store, self.cache.texts)
        staged = [(file.address, file.staged) for file in files if file.staged is not None]
        self.output.put_in_place(staged, orphans, before)
        self.output.finish(state)
        self.store.put("output", state)
        self.store.put("build", str(self.build))
        self.store.put("files", str(total))
        self.store.put("theme", theme_state(self.site.theme))
        self.cache.keep(self.store)
        self.output.forget()
        return total, sum(file.changed for file in files), len(orphans)

    def state(self) -> str:
        """What the output is now, in one word: the same for the same files."""
        rows = self.store.rows("SELECT digest FROM outputs WHERE planner = ? ORDER BY address", MANIFEST)
        return hashlib.sha256("".join(digest for (digest,) in rows).encode()).hexdigest()


class _All(_Publication):
    """Everything anew, beside whatever the output holds."""

    def bring_up_to_date(self) -> tuple[int, int, int]:
        """Plan, render and write all pages."""
        planned = [task for planner in PLANNERS for task in tasks(planner.name, planner.keys(self.site.view))]
        first = self.preparations(planned)
        fresh = self.open()
        self.progress.stage("render", len(planned))
        writer = Writer(self.output.folder, fresh)
        jobs = useful(self.request.jobs, int(self.store.get("items")))
        pages = self.pooled(planned, first, jobs, self.renderings.try_templates)
        made = chain(self.assets(writer, self.site.theme.addresses), pages)
        files: list[Made] = []
        while some := list(islice(made, _ROWS)):
            self.store.set_outputs_aside(self.row(each, FIRST) for each in some)  # while other processes read the store
            files += some
        self.progress.stage("publish")
        self.store.db.execute("BEGIN")
        self.store.record_outputs()
        parts = self.manifest(writer, (f"{number:02x}" for number in range(256)))
        self.record(self.row(each, FIRST) for each in parts)
        files += parts
        before = set() if fresh else self.output.owned()
        orphans = sorted(before - {file.address for file in files})
        return self.finish(files, orphans, len(files), self.output.state())


class _Some(_Publication):
    """What changed, on the record of what is there."""

    def bring_up_to_date(self) -> tuple[int, int, int]:
        """Plan, render and write what may differ."""
        total = int(self.store.get("files"))
        before = self.store.get("output")
        self.progress.stage("render")
        plan = self.planned()
        if not plan and self.site.stands:
            self.cache.keep(self.store)
            return total, 0, 0
        self.open()
        writer = Writer(self.output.folder, False, self.known)
        made = self.assets(writer, self.site.theme.addresses)
        made.extend(self.made(plan, writer))
        self.progress.stage("publish")
        orphans = self.orphans([*plan, *((THEME, name) for name in self._old_assets())], made)
        self.record(self.row(each, plan.get((each.planner, each.key), _ELSE)) for each in made)
        changed = [each.address for each in made if each.changed]
        parts = self.manifest(writer, {part_of(address) for address in (*changed, *orphans)} | self.uncertain_parts())
        self.record(self.row(each, _ELSE) for each in parts)
        files = [each for each in (*made, *parts) if each.changed]
        return self.finish(files, orphans, total + self.grown - len(orphans), before)

    def planned(self) -> Plan:
        """Every key whose pages may differ, with the first reason found."""
        view, changes = self.site.view, self.site.changes
        assert changes is not None
        plan: Plan = {}
        old = json.loads(self.store.get("theme"))
        now = json.loads(theme_state(self.site.theme))
        if changes.site or old["assets"] != now["assets"]:
            reason = Reason("site" if changes.site else "assets")
            styled = [planner for planner in PLANNERS if planner.styled]
            plan.update(((planner.name, key), reason) for planner in styled for key in planner.keys(view))
        if changes:
            for planner in PLANNERS:
                for key, reason in planner.dirty(view, changes):
                    plan.setdefault((planner.name, key), reason)
        differing = {
            name
            for name in old["templates"].keys() | now["templates"].keys()
            if old["templates"].get(name) != now["templates"].get(name)
        }
        if differing:
            from gongkai_ssg.rendering.templates import templates_behind

            for (template,) in self.store.rows("SELECT DISTINCT template FROM outputs WHERE template <> ''").fetchall():
                touched = differing & templates_behind(self.site.theme, template)
                if touched:
                    rows = self.store.rows("SELECT DISTINCT planner, key FROM outputs WHERE template = ?", template)
                    plan.update({(planner, key): Reason("template", min(touched)) for planner, key in rows})
        for address in sorted(self.site.uncertain):
            row = self.store.rows("SELECT planner, key FROM outputs WHERE address = ?", address).fetchone()
            if row is not None and row[0] not in (THEME, MANIFEST):
                plan.setdefault((row[0], row[1]), Reason("uncertain"))
        return plan

    def known(self, address: str) -> str | None:
        """The digest of what stands at an address, if that is certain."""
        if address in self.site.uncertain:
            return None
        found = self.store.value("SELECT digest FROM outputs WHERE address = ?", address)
        return str(found) if found is not None else None

    def made(self, plan: Plan, writer: Writer) -> Iterator[Made]:
        """The pages of a plan: few in this process, many in several."""
        planned = [
            task
            for name, keys in groupby(plan, key=lambda each: each[0])
            for task in tasks(name, [key for _, key in keys])
        ]
        # In a folder of their own: what pages wait for, and what is not committed yet, for other processes to read.
        with TemporaryDirectory(prefix="build-", dir=self.cache.folder) as work:
            self.site.view.scratch = Path(work)
            first = self.preparations(((name, keys) for name, keys in planned))
            jobs = self.request.jobs if len(first) > _FEW else useful(self.request.jobs, len(plan))
            if jobs == 1:
                workshop = Workshop(self.site.view, self.renderings.renderer(), writer, self.request.profile)
                for task in first:
                    workshop.prepare(task)
                for task in planned:
                    made = workshop.make(task)
                    self.progress.made(made)
                    yield from made
                return
            # (SQLite's own backup waits for the end of the transaction that is under way here.)
            copy = Path(work) / "rows.sqlite"
            copy.write_bytes(self.store.db.serialize())
            view = replace(self.site.view, store=Store(copy))
            self.renderings = replace(self.renderings, view=view, uncertain=frozenset(self.site.uncertain))
            yield from self.pooled(planned, first, jobs)
            view.store.close()

    def orphans(self, plan: Iterable[tuple[str, str]], made: list[Made]) -> list[str]:
        """What the planned keys made before and nothing makes now; its rows go."""
        now = {each.address for each in made}
        gone: list[str] = []
        old: set[str] = set()
        for planner, key in plan:
            rows = self.store.rows("SELECT address FROM outputs WHERE planner = ? AND key = ?", planner, key)
            old.update(address for (address,) in rows)
        self.grown = 0
        for address in now:
            self.grown += self.store.value("SELECT 1 FROM outputs WHERE address = ?", address) is None
        for address in sorted(old - now):
            self.store.db.execute("DELETE FROM outputs WHERE address = ?", (address,))
            gone.append(address)
        journalled = {each for each in self.site.uncertain if each not in now and each not in old}
        for address in sorted(journalled):
            if self.store.value("SELECT 1 FROM outputs WHERE address = ?", address) is None:
                gone.append(address)
                self.grown += 1
        return gone

    def uncertain_parts(self) -> set[str]:
        """Parts of the manifest that may not be what they should be."""
        query = "SELECT key FROM outputs WHERE address = ? AND planner = ?"
        keys = (self.store.value(query, address, MANIFEST) for address in self.site.uncertain)
        return {key for key in keys if key is not None}

    def _old_assets(self) -> list[str]:
        return list(json.loads(self.store.get("theme"))["assets"])
