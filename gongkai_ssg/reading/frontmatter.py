"""Front matter: split from the body, mended where the slip is plain, validated as an item's keys."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pydantic import BaseModel

from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.model.schema import names_of, nested_schemas
from gongkai_ssg.reading.yamltree import Tree, Trouble, parse

_FENCE = re.compile(r"-{3,}[ \t\u3000]*")
_WIDE_FENCE = re.compile(r"[-—－–―]{2,}[ \t\u3000]*")
_KEY_LINE = re.compile(r"(?P<key>[^\s:：#\-][^:：]*)(?P<colon>[:：])(?P<value>.*)")
_NESTED_LINE = re.compile(r"(?P<indent>[ \u3000\t]+|(?=- ))(?P<rest>\S.*)")
_NESTED_SLIP = re.compile(r"^(?:[ \t\u3000]+(?:- )?|- )[^\s:：]{1,12}：", re.MULTILINE)
_REFERENCE = re.compile(r"[ \t]*(?:- )?(?:[^:：\s]+:[ \t]+)?(?P<value>[&*!]\S.*)")
_COMMENT = re.compile(r"[^\s#][ \t]+#")


@dataclass(frozen=True, slots=True)
class Split:
    """A file in two parts. ``body_line`` is the line on which the body begins."""

    front: str
    front_line: int
    body: str
    body_line: int


def split(text: str, path: str, schema: type[BaseModel]) -> Split | Finding:
    """Divide a file at its two ``---`` lines, or say what is missing and where it belongs."""
    if text.startswith("---\n"):  # the usual case, without looking at every line
        end = text.find("\n---\n", 3)
        front = text[4:end]
        if end > 3 and "\n---" not in front:
            return Split(front, 2, text[end + 5 :], front.count("\n") + 4)
    lines = text.split("\n")
    start = next((number for number, line in enumerate(lines) if line.strip()), None)
    if start is None:
        return Finding("GK121", path)
    if not _FENCE.fullmatch(lines[start]):
        first = lines[start].strip()
        if _WIDE_FENCE.fullmatch(first):
            return Finding("GK122", path, start + 1, 1, {"hint": "dashes", "line": first})
        if _is_key_line(first, schema):
            return Finding("GK122", path, start + 1, 1, {"hint": "unopened"})
        return Finding("GK122", path, start + 1, 1)
    for number in range(start + 1, len(lines)):
        if _FENCE.fullmatch(lines[number]):
            front, body = "\n".join(lines[start + 1 : number]), "\n".join(lines[number + 1 :])
            return Split(front, start + 2, body, number + 2)
    for number in range(start + 1, len(lines)):
        if _WIDE_FENCE.fullmatch(lines[number]) or lines[number].strip() in ("...", "…", "……"):
            params = {"line": number + 1, "opened": start + 1, "hint": "replace", "typed": lines[number].strip()}
            return Finding("GK123", path, number + 1, 1, params)
    belongs = _where_it_should_close(lines, start + 1, schema)
    return Finding("GK123", path, belongs + 1, 1, {"line": belongs + 1, "opened": start + 1})


def read_front(front: str, path: str, first_line: int, schema: type[BaseModel]) -> tuple[Tree | None, list[Finding]]:
    """The tree of a front matter; plain slips of hand are understood and told as notes."""
    try:
        tree = parse(front, first_line)
    except Trouble as trouble:
        if trouble.kind == "syntax":
            return _mend(front, path, first_line, schema, trouble)
        return None, [_explained(front, path, first_line, trouble)]
    if tree.value is not None and not isinstance(tree.value, dict):
        return _mend(front, path, first_line, schema, Trouble("syntax", first_line, 1, ""))
    if "：" in front and _NESTED_SLIP.search(front) and (mended := _mended(front, first_line, schema))[1]:
        try:
            return parse(mended[0], first_line), [_note(path, *slip) for slip in mended[1]]
        except Trouble:
            pass  # it was right as it stood
    return tree, _lost_comments(front, path, first_line, tree)


def _mended(front: str, first_line: int, schema: type[BaseModel]) -> tuple[str, list[tuple[int, str, str]]]:
    """The text with plain slips mended, and the slips: line, as typed, as meant."""
    lines: list[str] = []
    slips: list[tuple[int, str, str]] = []
    above: type[BaseModel] | None = None
    for number, line in enumerate(front.split("\n"), first_line):
        if line[:1] not in (" ", "\t", "\u3000", "-", ""):
            key = re.split("[:：]", line, maxsplit=1)[0].strip()
            above = nested_schemas(schema).get(names_of(schema).get(key, ""))
        better = _mended_line(line, schema, above)
        lines.append(better)
        if better != line:
            slips.append((number, line, better))
    return "\n".join(lines), slips


def _note(path: str, number: int, line: str, better: str) -> Finding:
    return Finding("GK118", path, number, len(line) - len(line.lstrip()) + 1, {"line": better.strip()})


def _mend(
    front: str, path: str, first_line: int, schema: type[BaseModel], trouble: Trouble
) -> tuple[Tree | None, list[Finding]]:
    text, slips = _mended(front, first_line, schema)
    if slips:
        try:
            tree = parse(text, first_line)
        except Trouble as still:
            trouble = still
        else:
            if tree.value is None or isinstance(tree.value, dict):
                return tree, [_note(path, *slip) for slip in slips]
    return None, [_explained(front, path, first_line, trouble)]


def _is_key_line(line: str, schema: type[BaseModel]) -> bool:
    match = _KEY_LINE.fullmatch(line.strip())
    return bool(match) and match["key"].strip() in names_of(schema)  # type: ignore[index]


def _mended_line(line: str, schema: type[BaseModel], above: type[BaseModel] | None) -> str:
    """One line as it was meant: full-width colon, tabs, values that YAML would misread.

    :param above: the schema of the key that the line stands under, if it is indented.
    """
    nested = _NESTED_LINE.fullmatch(line)
    indent, rest = (nested["indent"], nested["rest"]) if nested else ("", line)
    indent = indent.replace("\t", "  ").replace("\u3000", "  ")
    dash = ""
    if nested and rest.startswith("- "):
        dash, rest = "- ", rest[2:].lstrip()
    match = _KEY_LINE.fullmatch(rest)
    names = names_of(schema) if not nested else names_of(above) if above else {}
    if not match or match["key"].strip() not in names:
        if dash and rest.startswith("[") and not _is_plain_yaml(rest):
            return f"{indent}{dash}{_quoted(rest)}"
        return f"{indent}{dash}{rest}"
    key, value = match["key"].strip(), match["value"].strip()
    if not value:
        return f"{indent}{dash}{key}:" if match["colon"] == "：" else f"{indent}{dash}{rest}"
    if _is_plain_yaml(value):
        return f"{indent}{dash}{rest}" if rest.startswith(f"{key}: ") else f"{indent}{dash}{key}: {value}"
    mark = value[0]
    if mark in "&*!":
        return line  # an anchor, an alias or a tag is refused, not understood
    if mark in "\"'" and (value.count(mark) < 2 or (value.count(mark) == 2 and value[-1] == mark)):
        return line  # a quote that was not closed, or an escape that is none: what was meant is not ours to guess
    return f"{indent}{dash}{key}: {_quoted(value)}"


def _is_plain_yaml(value: str) -> bool:
    """Whether a value can stand after ``key: `` as it is, or must be refused as it is."""
    if value in ("|", ">", "|-", ">-", "|+", ">+"):
        return True
    try:
        tree = parse(f"k: {value}")
    except Trouble as trouble:
        return trouble.kind != "syntax"
    return isinstance(tree.value, dict) and tree.value.keys() == {"k"} and tree.value["k"] is not None


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _lost_comments(front: str, path: str, first_line: int, tree: Tree) -> list[Finding]:
    """Text behind `` #`` in a plain value: YAML drops it, the author may have meant it."""
    if " #" not in front and "\t#" not in front:
        return []
    lines = front.split("\n")
    found = []
    for way, (line, column) in tree.values.items():
        value = tree.value
        for part in way:
            value = value[part]
        typed = lines[line - first_line][column - 1 :] if line - first_line < len(lines) else ""
        if value is None and way and typed.lstrip(" \t:").startswith("#"):
            lost = typed.lstrip(" \t:")
            found.append(Finding("GK132", path, line, column + len(typed) - len(lost), {"text": lost}))
        if isinstance(value, str) and not typed.startswith(("'", '"', "|", ">")):
            match = _COMMENT.search(typed)
            if match and "\n" not in value and typed[: match.end() - 1].rstrip().endswith(value):
                found.append(Finding("GK132", path, line, column + match.end() - 1, {"text": typed[match.end() - 1 :]}))
    return found


def _where_it_should_close(lines: list[str], start: int, schema: type[BaseModel]) -> int:
    """The first line after the keys that looks like the body."""
    last_key = start
    for number in range(start, min(len(lines), start + 200)):
        line = lines[number]
        if _is_key_line(line, schema) or (line[:1] in (" ", "\t", "-") and last_key == number):
            last_key = number + 1
        elif line.strip() and number > last_key:
            break
    return last_key


def _explained(front: str, path: str, first_line: int, trouble: Trouble) -> Finding:
    lines = front.split("\n")
    for number, line in enumerate(lines, first_line):
        reference = _REFERENCE.match(line)
        if reference and trouble.kind == "syntax" and trouble.line == number:
            what = {"what": reference["value"].strip()}
            return Finding("GK117", path, number, reference.start("value") + 1, what)
    number = min(max(trouble.line - first_line, 0), len(lines) - 1)
    line = lines[number]
    hint = "syntax"
    if trouble.kind == "control":
        return Finding("GK126", path, trouble.line, trouble.column, {"char": trouble.what})
    if trouble.kind == "reference":
        return Finding("GK117", path, trouble.line, trouble.column, {"what": trouble.what})
    if trouble.kind == "depth":
        hint = "depth"
    elif "\t" in line[: len(line) - len(line.lstrip())]:
        hint = "tab"
    elif line.count('"') % 2 or line.count("'") % 2:
        hint = "quote"
    return Finding("GK100", path, trouble.line, trouble.column, {"hint": hint, "line": line.strip()})
