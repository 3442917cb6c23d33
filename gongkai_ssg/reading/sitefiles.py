"""config.yaml, units.yaml, catalog.yaml and synonyms.yaml: typed, or findings that stop the build."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from gongkai_ssg.config import Config, Folders, Site
from gongkai_ssg.diagnostics import Finding, Findings
from gongkai_ssg.model.catalog import Catalog, CategoryEntry
from gongkai_ssg.model.codes import expected_unit_code
from gongkai_ssg.model.schema import Schema, key, names_of, nested_schemas
from gongkai_ssg.model.units import Unit, Units
from gongkai_ssg.reading.options import ReadingOptions
from gongkai_ssg.reading.text import control_character, decode, why
from gongkai_ssg.reading.typed import SITE, guess, read_model
from gongkai_ssg.reading.yamltree import Place, Tree, Trouble, parse
from gongkai_ssg.rendering.theme import find_theme
from gongkai_ssg.rules.addresses import unsafe_name
from gongkai_ssg.search.synonyms import Groups, own_synonyms

Model = TypeVar("Model", bound=BaseModel)

_WIDE_COLON = re.compile(r"[ \t\u3000-]*([a-z_]+)[ \t\u3000]*：")
_BLOCK = re.compile(r"[:\-] [|>][+-]?\d?[ \t]*(?:#.*)?$")


class _UnitList(Schema):
    units: list[Unit] = key(doc="发布机构,依次列出。")


class _CategoryList(Schema):
    catalog: list[CategoryEntry] = key(doc="类别,依次列出。")


@dataclass(frozen=True, slots=True)
class OldAddress:
    """An old address of a unit or category, with the page it leads to and where it was typed."""

    address: str
    target: str
    path: str
    line: int
    column: int


@dataclass(frozen=True)
class SiteFiles:
    """What a site's own files say.

    :ivar synonyms: its own groups of words, without those that ship with the program.
    """

    config: Config
    folders: Folders
    units: Units
    catalog: Catalog
    old_addresses: tuple[OldAddress, ...]
    synonyms: Groups = field(default_factory=list)
    config_tree: Tree | None = None  # for the places of what config.yaml points to

    @cached_property
    def options(self) -> ReadingOptions:
        """What reading goes by."""
        config = self.config
        return ReadingOptions(self.units, self.catalog, tuple(config.code_pattern), config.limits, config.raw_html)


def read_config(config_file: Path, findings: Findings, output: Path | None = None) -> tuple[Config, Folders] | None:
    """config.yaml, or None with findings, then about units and catalog too, so that one run tells all."""
    name = config_file.name
    tree = _read_tree(config_file, name, findings)
    config = _validated(Config, tree, name, findings)
    folders = Folders(config_file, config or _stand_in(tree), output)
    if config is not None and tree is not None:
        _check_folders(folders, config, tree, name, findings, own_output=output is not None)
        if not len(findings) and find_theme(folders.root, config.theme) is None:
            findings.add(Finding("GK017", name, *tree.place(("theme",)), {"name": config.theme}))
    if config is None or findings.stops():
        if tree is not None and folders.content.is_dir():
            read_site(config or _stand_in(tree), folders, findings)
        return None
    return config, folders


def _stand_in(tree: Tree | None) -> Config:
    """Enough of a configuration to look at the other files, where config.yaml is wrong."""
    content = tree.value.get("content") if tree is not None and isinstance(tree.value, dict) else None
    site = Site(title="?", url="https://example.invalid/")
    return Config(site=site, content=content if isinstance(content, str) and content.strip() else "content")


def read_site(config: Config, folders: Folders, findings: Findings) -> SiteFiles | None:
    """units.yaml and catalog.yaml, or None with findings about both."""
    units_path, catalog_path = folders.content / "units.yaml", folders.content / "catalog.yaml"
    units_name, catalog_name = folders.shown(units_path), folders.shown(catalog_path)
    units_tree = _listed(_read_tree(units_path, units_name, findings), "units", units_name, findings)
    catalog_tree = _listed(_read_tree(catalog_path, catalog_name, findings), "catalog", catalog_name, findings)
    unit_list = _validated(_UnitList, units_tree, units_name, findings)
    category_list = _validated(_CategoryList, catalog_tree, catalog_name, findings)
    if unit_list is not None and units_tree is not None:
        findings.extend(_check_units(unit_list.units, units_tree, units_name))
    if category_list is not None and catalog_tree is not None:
        known = {unit.id for unit in unit_list.units} if unit_list else None
        findings.extend(_check_categories(category_list.catalog, catalog_tree, catalog_name, known))
    if units_tree is None or catalog_tree is None or unit_list is None or category_list is None or findings.stops():
        return None
    old = (
        *_old_unit_addresses(unit_list.units, units_tree, units_name),
        *_old_category_addresses(category_list.catalog, catalog_tree, catalog_name),
    )
    words = folders.content / "synonyms.yaml"
    synonyms, found = own_synonyms(words, folders.shown(words)) if config.search else ([], [])
    findings.extend(found)
    points = bool(config.doors or config.report_category)
    config_tree = _read_tree(folders.config_file, folders.config_file.name, Findings()) if points else None
    units, catalog = Units.of(unit_list.units), Catalog.of(category_list.catalog)
    return SiteFiles(config, folders, units, catalog, old, synonyms, config_tree)


def _read_tree(path: Path, name: str, findings: Findings) -> Tree | None:
    try:
        data = path.read_bytes()
    except OSError as error:
        findings.add(Finding("GK001", name, params={"why": why(error)}))
        return None
    text, finding = decode(data, name, "GK022")
    finding = finding or control_character(text, name, "GK026")
    if finding:
        findings.add(finding)
        return None
    wide = list(_wide_colons(text, name)) if "：" in text else []
    findings.extend(wide)
    try:
        tree = _parsed(text)
    except Trouble as trouble:
        if wide and trouble.kind == "syntax":
            return None
        if trouble.kind == "depth":
            findings.add(Finding("GK002", name, trouble.line, trouble.column, {"hint": "depth"}))
            return None
        code = {"reference": "GK007", "control": "GK026"}.get(trouble.kind, "GK002")
        params = {"what": trouble.what, "char": trouble.what}
        findings.add(Finding(code, name, trouble.line, trouble.column, params))
        return None
    return None if wide else tree


def _wide_colons(text: str, name: str) -> Iterator[Finding]:
    """Keys with a full-width colon, which make a line part of the value above it; texts of many lines aside."""
    block: int | None = None
    for number, line in enumerate(text.split("\n"), 1):
        indent = len(line) - len(line.lstrip(" "))
        if block is not None and (not line.strip() or indent > block):
            continue
        block = indent if _BLOCK.search(line) else None
        key = _WIDE_COLON.match(line)
        if key and key[1] in _known_keys():
            yield Finding("GK002", name, number, key.end(1) + 1, {"hint": "colon", "key": key[1]})


@lru_cache(maxsize=4)
def _parsed(text: str) -> Tree:
    """The tree of a text; a process that builds again and again reads the same ones."""
    return parse(text)


@cache
def _known_keys() -> frozenset[str]:
    """Every key that may stand in a site file."""
    known: set[str] = set()
    todo: list[type[BaseModel]] = [Config, Unit, CategoryEntry]
    while todo:
        schema = todo.pop()
        known |= names_of(schema).keys()
        todo += [each for each in nested_schemas(schema).values() if each is not schema]
    return frozenset(known)


def _validated(schema: type[Model], tree: Tree | None, name: str, findings: Findings) -> Model | None:
    if tree is None:
        return None
    model, found = read_model(schema, tree, name, SITE)
    findings.extend(found)
    return model


def _listed(tree: Tree | None, root: str, name: str, findings: Findings) -> Tree | None:
    """Put the list that a file is under a key, as a schema needs one."""
    if tree is None:
        return None
    if not isinstance(tree.value, list):
        findings.add(Finding("GK008", name, *tree.place(()), {"key": "", "wanted": "list", "hint": "list"}))
        return None
    top = (root,)
    return Tree(
        {root: tree.value},
        {top: (1, 1), **{top + path: place for path, place in tree.keys.items()}},
        {top + path: place for path, place in tree.values.items()} | {(): (1, 1)},
        [(top + path, key, place) for path, key, place in tree.doubles],
    )


def _old_unit_addresses(units: list[Unit], tree: Tree, name: str) -> Iterator[OldAddress]:
    for number, unit in enumerate(units):
        for place, alias in enumerate(unit.aliases):
            where = tree.place(("units", number, "aliases", place))
            yield OldAddress(alias, f"units/{unit.id}/index.html", name, *where)


def _old_category_addresses(entries: list[CategoryEntry], tree: Tree, name: str) -> Iterator[OldAddress]:
    def walk(siblings: list[CategoryEntry], at: tuple[str | int, ...], folder: str) -> Iterator[OldAddress]:
        for number, entry in enumerate(siblings):
            here = (*at, number)
            for place, alias in enumerate(entry.aliases):
                where = tree.place((*here, "aliases", place))
                yield OldAddress(alias, f"catalog/{folder}{entry.id}/index.html", name, *where)
            yield from walk(entry.children, (*here, "children"), f"{folder}{entry.id}/")

    yield from walk(entries, ("catalog",), "")


def _check_folders(
    folders: Folders, config: Config, tree: Tree, name: str, findings: Findings, own_output: bool
) -> None:
    root = folders.root
    for option in ("content", "cache") if own_output else ("content", "output", "cache"):
        path: Path = getattr(folders, option).resolve()
        if path == root or not path.is_relative_to(root):
            params = {"key": option, "value": getattr(config, option), "wanted": "folder", "hint": "outside"}
            findings.add(Finding("GK004", name, *tree.place((option,)), params))
    places = {"content": folders.content, "output": folders.output, "cache": folders.cache}
    for first, second in (("content", "output"), ("content", "cache"), ("output", "cache")):
        one, other = places[first].resolve(), places[second].resolve()
        if one.is_relative_to(other) or other.is_relative_to(one):
            both = {"first": first, "second": second}
            if own_output and "output" in (first, second):  # config.yaml is not to blame
                findings.add(Finding("GK023", name, params={**both, "hint": "option"}))
            else:
                findings.add(Finding("GK023", name, *tree.place((second,)), both))


def _check_units(units: list[Unit], tree: Tree, name: str) -> Iterator[Finding]:
    known: dict[str, Unit] = {}
    codes: dict[str, str] = {}
    names: dict[str, str] = {}

    def at(number: int, option: str) -> Place:
        return tree.place(("units", number, option))

    for number, unit in enumerate(units):
        for option, value, seen in (("id", unit.id, known), ("code", unit.code, codes), ("name", unit.name, names)):
            if value in seen:
                yield Finding("GK010", name, *at(number, option), {"key": option, "value": value})
        known.setdefault(unit.id, unit)
        codes.setdefault(unit.code, unit.id)
        names.setdefault(unit.name, unit.id)
        if unsafe_name(unit.id):
            yield Finding("GK004", name, *at(number, "id"), {"key": "id", "value": unit.id, "wanted": "unit"})
        expected = expected_unit_code(unit.code)
        if expected != unit.code:
            variant = {"hint": "form"} if expected is None else {}
            yield Finding(
                "GK013", name, *at(number, "code"), {"value": unit.code, "expected": expected or "", **variant}
            )
        yield from _check_names(unit, number, tree, name)
    for number, unit in enumerate(units):
        if unit.parent is not None and unit.parent not in known:
            params = {"key": "parent", "value": unit.parent, "guess": guess(unit.parent, known)}
            yield Finding("GK011", name, *at(number, "parent"), params)
        elif unit.parent is not None and (cycle := _cycle(unit, known)):
            yield Finding("GK012", name, *at(number, "parent"), {"cycle": " → ".join(cycle)})
        for place, successor in enumerate(unit.successors):
            if successor not in known or successor == unit.id:
                params = {"key": "successors", "value": successor, "guess": guess(successor, known.keys() - {unit.id})}
                yield Finding("GK011", name, *tree.place(("units", number, "successors", place)), params)


def _cycle(unit: Unit, known: dict[str, Unit]) -> list[str]:
    """The way round from a unit to itself; told once, at the member whose id comes first."""
    way, current = [unit.id], unit
    while current.parent in known:
        current = known[current.parent]
        if current.id == unit.id:
            return [*way, unit.id] if unit.id == min(way) else []
        if current.id in way:
            return []
        way.append(current.id)
    return []


def _check_names(unit: Unit, number: int, tree: Tree, name: str) -> Iterator[Finding]:
    periods = sorted(
        (period.from_ or date.min, period.to or date.max, place, period.name) for place, period in enumerate(unit.names)
    )
    latest: date | None = None
    for start, end, place, _ in periods:
        overlaps = latest is not None and start <= latest
        latest = end if latest is None else max(latest, end)
        if start > end or overlaps:
            where = tree.place(("units", number, "names", place, "from" if start > date.min else "name"))
            yield Finding("GK014", name, *where, {"unit": unit.id})


def _check_categories(entries: list[CategoryEntry], tree: Tree, name: str, units: set[str] | None) -> Iterator[Finding]:
    def walk(siblings: list[CategoryEntry], at: tuple[str | int, ...]) -> Iterator[Finding]:
        seen: set[str] = set()
        for number, entry in enumerate(siblings):
            here = (*at, number)
            if entry.id in seen:
                yield Finding("GK010", name, *tree.place((*here, "id")), {"key": "id", "value": entry.id})
            seen.add(entry.id)
            if entry.id == "index" or entry.id.isdigit() or unsafe_name(entry.id):
                yield Finding(
                    "GK004", name, *tree.place((*here, "id")), {"key": "id", "value": entry.id, "wanted": "category"}
                )
            if entry.owner is not None and units is not None and entry.owner not in units:
                params = {"value": entry.owner, "guess": guess(entry.owner, units)}
                yield Finding("GK015", name, *tree.place((*here, "owner")), params)
            yield from walk(entry.children, (*here, "children"))

    yield from walk(entries, ("catalog",))
