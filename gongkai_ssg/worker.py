"""What worker processes do: read chunks of sources, render runs of pages. Both ends of a pipe meet here."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.pages import PLANNERS, Copy, Page, Planner, View
from gongkai_ssg.reading.chunks import Reader, ReadResult
from gongkai_ssg.rendering.templates import Constants, Renderer, TemplateTrouble
from gongkai_ssg.rendering.theme import Theme
from gongkai_ssg.store.output import Writer, Written
from gongkai_ssg.store.store import Store

_BY_NAME = {planner.name: planner for planner in PLANNERS}
_RUN = {"catalog": 8, "units": 32, "years": 1, "topics": 4, "guides": 8, "data": 4, "feeds": 16}
_TRIAL = 12

Task = tuple[str, list[Any]]
"""A planner's name and some of its keys."""


@dataclass
class Renderings:
    """What a worker needs to render any page."""

    view: View
    theme: Theme
    constants: Constants
    output: Path
    fresh: bool = False

    def try_templates(self) -> Finding | None:
        """Render a page of each kind, so that a broken template stops the build before anything is written."""
        global _tried
        renderer = _tried = Renderer(self.theme, self.constants)
        tried: set[str] = set()
        try:
            for planner in PLANNERS:
                for key in islice(planner.keys(self.view), _TRIAL):
                    for page in islice(planner.pages(self.view, key), 1):
                        if isinstance(page, Page) and page.template not in tried:
                            tried.add(page.template)
                            renderer.render(page.address, page.template, page.values)
        except TemplateTrouble as trouble:
            return trouble.finding
        return None


_tried: Renderer | None = None
"""The renderer of the trial, its templates compiled: processes that are forks of this one go on with it."""

_reader: Reader | None = None
_renderings: Renderings | None = None
_renderer: Renderer | None = None
_writer: Writer | None = None


def prepare_reading(reader: Reader) -> None:
    """Called once in each process that reads."""
    global _reader
    _reader = reader
    _spare_the_collector()


def read_task(task: tuple[int, list[str]]) -> ReadResult:
    """Read one chunk."""
    if _reader is None:
        raise RuntimeError("prepare_reading was not called")
    return _reader.read_chunk(*task)


def prepare_rendering(renderings: Renderings) -> None:
    """Called once in each process that renders."""
    global _renderings, _renderer, _writer
    view = replace(renderings.view, store=Store(renderings.view.store.path))
    _renderings = replace(renderings, view=view)
    fits = _tried is not None and _tried.theme == renderings.theme and _tried.constants == renderings.constants
    _renderer = _tried if fits else Renderer(renderings.theme, renderings.constants)
    _writer = Writer(renderings.output, renderings.fresh)
    _spare_the_collector()


def render_task(task: Task) -> list[Written]:
    """Plan, render and write the pages of some keys."""
    if _renderings is None or _renderer is None or _writer is None:
        raise RuntimeError("prepare_rendering was not called")
    view, written = _renderings.view, []
    planner = _BY_NAME[task[0]]
    for key in task[1]:
        for page in planner.pages(view, key):
            if isinstance(page, Page):
                data = _renderer.render(page.address, page.template, page.values)
            elif isinstance(page, Copy):
                data = (view.root / page.source).read_bytes()
            else:
                data = page.content
            written.append(_writer.write(page.address, data))
    return written


def tasks(planner: Planner, view: View) -> Iterator[Task]:
    """A planner's keys in runs worth a task each."""
    run: list[Any] = []
    size = _RUN.get(planner.name, 1)
    for key in planner.keys(view):
        run.append(key)
        if len(run) == size:
            yield planner.name, run
            run = []
    if run:
        yield planner.name, run


def _spare_the_collector() -> None:
    """What is there stays; rows and tokens are trees, so that counting references frees them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
