"""YAML without surprises: every scalar stays the text that was typed, every value knows its place.

Only maps, lists and scalars; anchors, aliases and tags are refused. Depth and size are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Composes without guessing types: what ``no`` or ``010`` means is the schema's to say."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        """One tag for everything, without looking."""
        return "tag:yaml.org,2002:str"


_MAX_DEPTH = 20
_MAY_REFER = re.compile(r"[&*!]")

Place = tuple[int, int]
"""Line and column from 1."""

Path = tuple[str | int, ...]
"""The way from the root to a value: keys and list places."""


@dataclass(frozen=True, slots=True)
class Trouble(Exception):
    """Why a text is no YAML we take. ``kind``: syntax, reference, depth."""

    kind: str
    line: int
    column: int
    what: str = ""


@dataclass(slots=True)
class Tree:
    """Plain values with the places of their keys and values."""

    value: Any
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    doubles: list[tuple[Path, str, Place]] = field(default_factory=list)

    def place(self, path: Path) -> Place:
        """Where a value stands; else the nearest thing above it."""
        while path:
            if path in self.values:
                return self.values[path]
            if path in self.keys:
                return self.keys[path]
            path = path[:-1]
        return self.values.get((), (1, 1))


def parse(text: str, first_line: int = 1) -> Tree:
    """Parse one YAML document.

    :param first_line: the line of the file on which ``text`` begins.
    :raises Trouble: if it is not YAML, or holds an anchor, an alias or a tag.
    """
    shift = first_line
    try:
        if _MAY_REFER.search(text):
            _refuse_references(text, shift)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + shift, mark.column + 1) if mark else (shift, 1)
        raise Trouble("syntax", line, column, error.problem or "") from None
    except yaml.YAMLError as error:
        place = getattr(error, "position", None)
        line = text.count("\n", 0, place) + shift if isinstance(place, int) else shift
        raise Trouble("syntax", line, 1, str(error).splitlines()[0]) from None
    except RecursionError:
        raise Trouble("depth", shift, 1) from None
    tree = Tree(None)
    if node is not None:
        tree.value = _plain(node, (), tree, shift)
    return tree


def _refuse_references(text: str, shift: int) -> None:
    for event in yaml.parse(text, Loader=_Loader):
        anchor = getattr(event, "anchor", None)
        tag = getattr(event, "tag", None)
        if anchor is not None or tag is not None:
            mark = event.start_mark
            line, column = (mark.line + shift, mark.column + 1) if mark else (shift, 1)
            what = f"*{anchor}" if isinstance(event, yaml.AliasEvent) else f"&{anchor}" if anchor else f"{tag}"
            raise Trouble("reference", line, column, what)


def _plain(node: Any, path: Path, tree: Tree, shift: int) -> Any:
    mark = node.start_mark
    tree.values[path] = (mark.line + shift, mark.column + 1)
    if isinstance(node, yaml.ScalarNode):
        return node.value if node.value or node.style else None
    if len(path) >= _MAX_DEPTH:
        raise Trouble("depth", mark.line + shift, mark.column + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*path, index), tree, shift) for index, child in enumerate(node.value)]
    mapping: dict[str, Any] = {}
    for key_node, value_node in node.value:
        mark = key_node.start_mark
        place = (mark.line + shift, mark.column + 1)
        if not isinstance(key_node, yaml.ScalarNode):
            raise Trouble("syntax", *place)
        name = key_node.value
        inner = (*path, name)
        if name in mapping:
            tree.doubles.append((path, name, place))
            continue
        tree.keys[inner] = place
        mapping[name] = _plain(value_node, inner, tree, shift)
    return mapping


def walk_maps(value: Any, path: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every mapping below ``value`` with the way to it."""
    if isinstance(value, dict):
        yield path, value
        for name, inner in value.items():
            yield from walk_maps(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from walk_maps(inner, (*path, index))
