"""YAML without surprises: every scalar stays the text that was typed, every value knows its place.

Only maps, lists and scalars; anchors, aliases and tags are refused. Depth and size are bounded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Composes without guessing types: what ``no`` or ``010`` means is the schema's to say."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        """One tag for everything, without looking."""
        return "tag:yaml.org,2002:str"


_MAX_DEPTH = 20
_ODD_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_MAY_REFER = re.compile(r"[&*!]")

Place = tuple[int, int]
"""Line and column from 1."""

Path = tuple[str | int, ...]
"""The way from the root to a value: keys and list places."""


@dataclass(frozen=True, slots=True)
class Trouble(Exception):
    """Why a text is no YAML we take. ``kind``: syntax, reference, depth, control."""

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
    :raises Trouble: if it is not YAML, or holds an anchor, an alias, a tag, or an escaped control character.
    """
    simple = parse_simple(text, first_line)
    if simple is not None:
        return simple
    places = _Places(text, first_line)
    try:
        if _MAY_REFER.search(text):
            _refuse_references(text, places)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        # What was opened and not closed is best shown where it was opened.
        ended = "end of" in (error.problem or "") or "did not find" in (error.problem or "")
        opened = ended and ("quoted scalar" in (error.context or "") or "flow" in (error.context or ""))
        mark = error.context_mark if opened and error.context_mark else error.problem_mark or error.context_mark
        raise Trouble("syntax", *places.of(mark), error.problem or "") from None
    except yaml.YAMLError as error:
        raise Trouble("syntax", first_line, 1, str(error).splitlines()[0]) from None
    except RecursionError:
        raise Trouble("depth", first_line, 1) from None
    tree = Tree(None)
    if node is not None:
        tree.value = _plain(node, (), tree, places)
    return tree


_SIMPLE_LINE = re.compile(
    r"""(?P<key>[A-Za-z_]+|[\u4e00-\u9fff]+):\ +
    (?:\[(?P<list>[^\[\]{}"'#&*!|>%@`:?\n]*)\]|(?P<plain>[^\s\-?:,\[\]{}#&*!|>'"%@`][^\n]*?))\ *(?:\n|\Z)""",
    re.VERBOSE,
)
_UNUSUAL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def parse_simple(text: str, first_line: int = 1) -> Tree | None:
    """The tree of lines that are plain ``key: text`` or ``key: [text, text]``, most of every front matter.

    None where any line is more than that. The result is that of the YAML reader; a property test holds it to that.
    """
    if _UNUSUAL.search(text):
        return None
    tree = Tree({}, values={(): (first_line, 1)})
    mapping, keys, values = tree.value, tree.keys, tree.values
    position, line, length = 0, first_line, len(text)
    match_line = _SIMPLE_LINE.match
    while position < length:
        match = match_line(text, position)
        if match is None:
            return None
        key, inner, plain = match.groups()
        if key in mapping:
            return None
        place = (key,)
        if plain is not None:
            if ": " in plain or " #" in plain or plain[-1] == ":":
                return None
            mapping[key] = plain
            values[place] = (line, match.start("plain") - position + 1)
        else:
            start = match.start("list") - position
            values[place] = (line, start)
            mapping[key] = found = []
            if inner.strip():
                offset = start
                for number, part in enumerate(inner.split(",")):
                    word = part.strip(" ")
                    if not word or word[0] in "-\t":
                        return None
                    found.append(word)
                    values[(key, number)] = (line, offset + len(part) - len(part.lstrip(" ")) + 1)
                    offset += len(part) + 1
        keys[place] = (line, 1)
        position = match.end()
        line += 1
    return tree if mapping else None


class _Places:
    """Marks of the YAML reader → lines and columns as editors count them.

    YAML takes U+0085, U+2028 and U+2029 for ends of lines, editors do not.
    """

    def __init__(self, text: str, first_line: int) -> None:
        self._text = text if _ODD_LINE_ENDS.search(text) else None
        self._first_line = first_line

    def of(self, mark: Any) -> Place:
        if mark is None:
            return self._first_line, 1
        if self._text is None:
            return mark.line + self._first_line, mark.column + 1
        start = self._text.rfind("\n", 0, mark.index) + 1
        return self._text.count("\n", 0, mark.index) + self._first_line, mark.index - start + 1


def _refuse_references(text: str, places: _Places) -> None:
    for event in yaml.parse(text, Loader=_Loader):
        anchor = getattr(event, "anchor", None)
        tag = getattr(event, "tag", None)
        if anchor is not None or tag is not None:
            mark = event.start_mark
            typed = text[mark.index :].split(maxsplit=1)[0] if mark else ""
            raise Trouble("reference", *places.of(mark), typed)


def _plain(node: Any, path: Path, tree: Tree, places: _Places) -> Any:
    place = tree.values[path] = places.of(node.start_mark)
    if isinstance(node, yaml.ScalarNode):
        value = node.value
        if node.style == '"' and (found := _CONTROL.search(value)):
            raise Trouble("control", *place, f"U+{ord(found[0]):04X}")
        return value if value or node.style else None
    if len(path) >= _MAX_DEPTH:
        raise Trouble("depth", *place)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*path, index), tree, places) for index, child in enumerate(node.value)]
    mapping: dict[str, Any] = {}
    for key_node, value_node in node.value:
        place = places.of(key_node.start_mark)
        if not isinstance(key_node, yaml.ScalarNode):
            raise Trouble("syntax", *place)
        name = key_node.value
        if found := _CONTROL.search(name):
            raise Trouble("control", *place, f"U+{ord(found[0]):04X}")
        inner = (*path, name)
        if name in mapping:
            tree.doubles.append((path, name, place))
            continue
        tree.keys[inner] = place
        mapping[name] = _plain(value_node, inner, tree, places)
    return mapping
