"""A theme: templates, assets with content hashes in their names, theme.yaml. The site's own come first."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.model.schema import Schema, key
from gongkai_ssg.model.values import Text
from gongkai_ssg.reading.text import decode
from gongkai_ssg.reading.typed import SITE, read_model
from gongkai_ssg.reading.yamltree import Trouble, parse

_SEARCH = Path(__file__).parents[1] / "search"
OWN = {"search-engine.js": _SEARCH / "engine.js", "search-page.js": _SEARCH / "search_page.js"}
"""The program's own assets: they and the index are of one format. A theme may have others of these names."""

_COMMENT = re.compile(rb"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|/\*(?!!).*?\*/\s*""", re.DOTALL)
"""Strings, which are kept, and comments; those that begin with ``!`` are kept too."""
_IMPORT = re.compile(rb"""@import\s+(?:url\(\s*)?["']([A-Za-z0-9_./-]+\.css)["']\s*\)?\s*;\s*""")
_URL = re.compile(rb"url\(\s*['\"]?([A-Za-z0-9_./-]+)['\"]?\s*\)")


class ThemeKeys(Schema):
    """theme.yaml."""

    name: Text = key(doc="主题的名称。")
    description: Text | None = key(doc="一句话说明。", default=None)
    version: Text | None = key(doc="版本。", default=None)


@dataclass(frozen=True)
class Theme:
    """Where templates are looked for, in order, and the assets by their plain names."""

    root: Path
    folder: Path
    templates: tuple[Path, ...]
    assets: dict[str, Path]
    addresses: dict[str, str]

    def shown(self, template: str) -> str:
        """A template's path as findings name it: from the site's root, or from the theme's name."""
        path = Path(template)
        if path.is_relative_to(self.root):
            return path.relative_to(self.root).as_posix()
        if path.is_relative_to(self.folder):
            return f"themes/{self.folder.name}/{path.relative_to(self.folder).as_posix()}"
        return f"templates/{template}"

    def template_digests(self) -> dict[str, str]:
        """Each template by name, with the hash of the file that serves it."""
        return self._digests

    @cached_property
    def _digests(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for folder in self.templates:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    name = path.relative_to(folder).as_posix()
                    found.setdefault(name, hashlib.sha256(path.read_bytes()).hexdigest())
        return found

    def content(self, name: str) -> bytes:
        """An asset's bytes; of a style sheet what is published: see :func:`_sheet`."""
        return _sheet(name, self.assets, self.addresses) if name.endswith(".css") else self.assets[name].read_bytes()


def find_theme(root: Path, name: str) -> Path | None:
    """The theme's folder: the site's own ``themes/``, then the one that ships with the program."""
    package = Path(__file__).resolve().parents[1]
    for folder in (root / "themes", package / "themes", package.parent / "themes"):
        if (folder / name / "theme.yaml").is_file():
            return folder / name
    return None


def load_theme(root: Path, name: str) -> Theme | Finding:
    """The theme with the site's ``templates/`` and ``assets/`` laid over it.

    :raises FileNotFoundError: if there is no such theme; the configuration was checked for that.
    """
    folder = find_theme(root, name)
    if folder is None:
        raise FileNotFoundError(name)
    trouble = _check(folder, name)
    if trouble:
        return trouble
    templates = tuple(each for each in (root / "templates", folder / "templates") if each.is_dir())
    assets = dict(OWN)
    for base in (folder / "assets", root / "assets"):
        for path in sorted(base.rglob("*")) if base.is_dir() else ():
            if path.is_file() and not path.is_symlink():
                assets[path.relative_to(base).as_posix()] = path
    addresses: dict[str, str] = {}
    for style in (False, True):  # style sheets last: their hash depends on the names of the others
        for asset, path in assets.items():
            if asset.endswith(".css") is style:
                addresses[asset] = _address(asset, _sheet(asset, assets, addresses) if style else path.read_bytes())
    return Theme(root, folder, templates, assets, addresses)


def _check(folder: Path, name: str) -> Finding | None:
    shown = f"themes/{name}/theme.yaml"
    text, finding = decode((folder / "theme.yaml").read_bytes(), shown, "GK022")
    if finding:
        return finding
    try:
        tree = parse(text)
    except Trouble as trouble:
        return Finding("GK002", shown, trouble.line, trouble.column, {"what": trouble.what})
    _, found = read_model(ThemeKeys, tree, shown, SITE)
    return found[0] if found else None


def _address(name: str, data: bytes) -> str:
    stem, dot, ending = name.rpartition(".")
    return f"assets/{stem}.{hashlib.sha256(data).hexdigest()[:10]}{dot}{ending}"


def _sheet(name: str, assets: Mapping[str, Path], addresses: Mapping[str, str]) -> bytes:
    """A style sheet as it is published: without comments, with the sheets that it imports, other assets by their hashed names."""
    depth = name.count("/")

    def linked(match: re.Match[bytes]) -> bytes:
        address = addresses.get(match[1].decode())
        return f"url({'../' * depth}{address.removeprefix('assets/')})".encode() if address else match[0]

    return _URL.sub(linked, _imported(name, assets, ()))


def _imported(name: str, assets: Mapping[str, Path], around: tuple[str, ...]) -> bytes:
    """A style sheet with each one that it imports in the place of the import; once.

    :param around: the sheets that import this one.
    """
    inside = (*around, name)

    def put(match: re.Match[bytes]) -> bytes:
        other = match[1].decode()
        if other not in assets:
            return match[0]
        return b"" if other in inside else _imported(other, assets, inside)

    bare = _COMMENT.sub(lambda match: match[1] or b"", assets[name].read_bytes())
    return _IMPORT.sub(put, bare)
