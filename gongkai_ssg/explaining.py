"""``gongkai explain``: why a file of the output exists, what it is made from, and why it was made last."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gongkai_ssg.config import Config, Folders
from gongkai_ssg.messages import text
from gongkai_ssg.rendering.theme import Theme, load_theme
from gongkai_ssg.store.store import Store

_LISTS = {
    "catalog": "category:{0}",
    "units": "unit:{0}:{1}",
    "years": "all",
    "topics": "topic:{0}",
    "feeds": "unit:{0}",
}


def explain(store: Store, configured: tuple[Config, Folders], path: str) -> list[str] | None:
    """Lines about an output, or about each output of a source; None for what the last build knows nothing of."""
    config, folders = configured
    address = _address(path, folders)
    row = _output(store, address)
    if row is not None:
        return list(_about_output(store, config, folders, row))
    item = store.rows("SELECT code, held FROM items WHERE path = ?", _below(path, folders.root)).fetchone()
    if item is None:
        return None
    code, held = item
    if held is not None:
        return [text("explain.held", path=_below(path, folders.root), why=text(f"held.{held}"))]
    row = _output(store, f"items/{code}.html")
    return list(_about_output(store, config, folders, row)) if row is not None else None


def _address(path: str, folders: Folders) -> str:
    """An address from the output's root, however the file was named."""
    try:
        return Path(path).absolute().relative_to(folders.output.absolute()).as_posix()
    except ValueError:
        return posixpath.normpath(path).lstrip("/")


def _below(path: str, root: Path) -> str:
    try:
        return Path(path).resolve().relative_to(root).as_posix()
    except ValueError:
        return path


def _output(store: Store, address: str) -> Any:
    return store.rows(
        "SELECT address, planner, key, template, size, digest, reason, looked, written FROM outputs WHERE address = ?",
        address,
    ).fetchone()


def _about_output(store: Store, config: Config, folders: Folders, row: Any) -> Iterator[str]:
    address, planner, key, template, size, digest, reason, looked, written = row
    yield text("explain.what", address=address, planner=text(f"planner.{planner}"), size=size, digest=digest[:12])
    for source in _sources(store, planner, key, address):
        yield text("explain.source", path=source)
    theme = load_theme(folders.root, config.theme)
    if template and isinstance(theme, Theme):
        from gongkai_ssg.rendering.templates import templates_behind

        yield text("explain.template", names="、".join(sorted(templates_behind(theme, template))))
    kind, _, about = reason.partition(" ")
    yield text("explain.reason", build=looked, why=text(f"reason.{kind}", about=about))
    outcome = "written" if written == looked else "left" if written else "left_earlier"
    yield text(f"explain.{outcome}", build=written)


def _sources(store: Store, planner: str, key: str, address: str) -> Iterator[str]:
    """What a file is made from, as far as it is one thing or a list of them."""
    if planner in ("items", "attachments") and key:
        yield str(store.value("SELECT path FROM items WHERE id = ?", int(key)))
        if planner == "attachments":
            yield str(store.value("SELECT source FROM copies WHERE address = ?", address))
    elif planner == "guides" and key:
        yield key
    elif planner in _LISTS and key:
        parts = [*key.split("|"), "", ""]
        name = _LISTS[planner].format(*parts).rstrip(":")
        count = store.value(
            "SELECT sum(count) FROM list_years JOIN list_names ON list_names.id = list WHERE name = ?", name
        )
        if count:
            yield text("explain.list", name=name, count=count)
