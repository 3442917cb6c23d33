"""What worker processes do after reading: plan, render and write runs of pages."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gongkai_ssg.pages.page import Copy, Page, PreparedPlanner
from gongkai_ssg.pages.planners import PLANNERS
from gongkai_ssg.pages.view import View
from gongkai_ssg.parallel import packed
from gongkai_ssg.reading.chunks import CHUNK
from gongkai_ssg.rendering.constants import Constants
from gongkai_ssg.rendering.theme import Theme
from gongkai_ssg.store.output import Writer
from gongkai_ssg.store.store import Store

if TYPE_CHECKING:
    from gongkai_ssg.rendering.templates import Renderer

_BY_NAME = {planner.name: planner for planner in PLANNERS}
_PREPARED = {planner.name: planner for planner in PLANNERS if isinstance(planner, PreparedPlanner)}
_RUN = {
    "items": CHUNK,
    "attachments": 64,
    "catalog": 64,
    "units": 64,
    "years": 64,
    "topics": 64,
    "data": 4,
    "feeds": 16,
}
_TRIAL = 12

Task = tuple[str, list[str]]
"""A planner's name and some of its keys."""


class Made(NamedTuple):
    """A file of the output: what :class:`Written` tells, with the key and the template it came from."""

    address: str
    size: int
    digest: str
    changed: bool
    staged: str | None
    planner: str
    key: str
    template: str
    seconds: float = 0.0  # spent on rendering, if that is asked for


class MadeFiles(list[Made]):
    """What came of a task."""

    def __reduce__(self) -> tuple[Callable[..., MadeFiles], tuple[Any, ...]]:
        """Plain rows."""
        return packed(_made_files, plain=list(map(tuple, self)))


def _made_files(rows: list[Any]) -> MadeFiles:
    return MadeFiles(map(Made._make, rows))


@dataclass
class Renderings:
    """What a worker needs to render any page."""

    view: View
    theme: Theme
    constants: Constants
    output: Path
    compiled: Path
    fresh: bool = False
    uncertain: frozenset[str] | None = None
    timed: bool = False

    def renderer(self) -> Renderer:
        """A renderer for one process."""
        return _renderer(self.theme, self.constants, self.compiled)

    def writer(self) -> Writer:
        """A writer for one process; on the record of what is there, but for what is uncertain."""
        uncertain, store = self.uncertain, self.view.store
        if uncertain is None:
            return Writer(self.output, self.fresh)

        def known(address: str) -> str | None:
            query = "SELECT digest FROM outputs WHERE address = ?"
            return None if address in uncertain else store.value(query, address)

        return Writer(self.output, False, known)

    def try_templates(self) -> None:
        """Render a page of each kind, so that a broken template stops the build before any page is made.

        :raises TemplateTrouble: if one is broken.
        """
        renderer = self.renderer()
        tried: set[str] = set()
        for planner in filter(attrgetter("styled"), PLANNERS):
            for key in islice(planner.keys(self.view), _TRIAL):
                for page in islice(planner.pages(self.view, key), 1):
                    if isinstance(page, Page) and page.template not in tried:
                        tried.add(page.template)
                        renderer.render(page.address, page.template, page.values)


_ready: Renderer | None = None
"""The last renderer, its templates at hand: later builds and processes that are forks of this one go on with it."""


def _renderer(theme: Theme, constants: Constants, compiled: Path) -> Renderer:
    """A renderer for one process: the last one, if the theme is as it was."""
    global _ready
    from gongkai_ssg.rendering.templates import Renderer  # a build that changes nothing does without it

    if _ready is None or not _ready.serves(theme, constants):
        _ready = Renderer(theme, constants, compiled)
    return _ready


_workshop: Workshop | None = None


class Workshop:
    """Makes pages of keys: plans, renders, writes."""

    def __init__(self, view: View, renderer: Renderer, writer: Writer, timed: bool = False) -> None:
        self.view = view
        self.renderer = renderer
        self.writer = writer
        self._clock = time.perf_counter if timed else float

    def prepare(self, task: Task) -> None:
        """Do what some keys of a planner are for, which makes no pages yet."""
        name, keys = task
        for key in keys:
            _PREPARED[name].prepare(self.view, key)

    def make(self, task: Task) -> MadeFiles:
        """The pages of some keys of a planner."""
        name, keys = task
        files: list[tuple[str, bytes]] = []
        origins: list[tuple[str, str, float]] = []
        clock = self._clock
        began = clock()
        for key, page in _BY_NAME[name].batch(self.view, keys):
            template = ""
            if isinstance(page, Page):
                template = page.template
                data = self.renderer.render(page.address, template, page.values)
            elif isinstance(page, Copy):
                data = (self.view.root / page.source).read_bytes()
            else:
                data = page.content
            files.append((page.address, data))
            ended = clock()
            origins.append((key, template, ended - began))
            began = ended
        written = self.writer.write_all(files)
        return MadeFiles(Made(*file, name, *origin) for file, origin in zip(written, origins, strict=True))


def compile_templates(theme: Theme, constants: Constants, compiled: Path) -> None:
    """Compile every template, into a folder too; what is wrong with one is the trial's to tell."""
    from gongkai_ssg.rendering.templates import TemplateError

    environment = _renderer(theme, constants, compiled).environment
    for name in theme.template_digests():
        with contextlib.suppress(TemplateError, OSError, UnicodeError):
            environment.get_template(name)


def get_ready(theme: Theme, constants: Constants, compiled: Path, search: bool) -> None:
    """What takes a while before pages can be made, and can be done while other processes read."""
    if search:
        import gongkai_ssg.pages.tierfiles  # noqa: F401 - processes that are forks of this one have it then
    compile_templates(theme, constants, compiled)


def prepare_rendering(renderings: Renderings) -> None:
    """Called once in each process that renders."""
    global _workshop
    renderings = replace(renderings, view=replace(renderings.view, store=Store(renderings.view.store.path)))
    _workshop = Workshop(renderings.view, renderings.renderer(), renderings.writer(), renderings.timed)


def prepare_task(task: Task) -> None:
    """Do work that others wait for."""
    if _workshop is None:
        raise RuntimeError("prepare_rendering was not called")
    _workshop.prepare(task)


def render_task(task: Task) -> MadeFiles:
    """Plan, render and write the pages of some keys."""
    if _workshop is None:
        raise RuntimeError("prepare_rendering was not called")
    return _workshop.make(task)


def tasks(name: str, keys: Iterable[str]) -> Iterator[Task]:
    """A planner's keys in runs worth a task each."""
    rest = iter(keys)
    while run := list(islice(rest, _RUN.get(name, 1))):
        yield name, run
