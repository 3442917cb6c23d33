"""A YAML tree → a typed value of a schema, or findings: all of them, each at its place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.model.schema import chinese_names, names_of, nested_schemas
from gongkai_ssg.reading.yamltree import Path, Tree

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Codes:
    """Which finding codes a kind of file uses for the same slips."""

    unknown: str
    missing: str
    double: str
    wrong_type: str
    wrong_value: str
    empty: str


SITE = Codes("GK003", "GK005", "GK006", "GK008", "GK004", "GK005")
ITEM = Codes("GK103", "GK101", "GK104", "GK105", "GK115", "GK133")

_TYPES = {
    "string_type": "text",
    "list_type": "list",
    "model_type": "mapping",
    "model_attributes_type": "mapping",
    "dict_type": "mapping",
    "int_type": "number",
    "int_parsing": "number",
}


def guess(word: str, known: Iterable[str]) -> str:
    """The known word most like ``word``, or nothing."""
    close = difflib.get_close_matches(word[:80], list(known), n=1, cutoff=0.5 if len(word) <= 3 else 0.6)
    return close[0] if close else ""


def read_model(schema: type[Model], tree: Tree, path: str, codes: Codes) -> tuple[Model | None, list[Finding]]:
    """Validate a whole tree as ``schema``."""
    if tree.value is None:
        tree.value = {}
    if not isinstance(tree.value, dict):
        line, column = tree.place(())
        return None, [Finding(codes.wrong_type, path, line, column, {"key": "", "wanted": "mapping", "hint": "root"})]
    english = _Translation(tree, path, codes)
    plain = english.mapping(schema, tree.value, ())
    for _, name, (line, column) in tree.doubles:
        english.findings.append(Finding(codes.double, path, line, column, {"key": name, "same": name}))
    try:
        return schema.model_validate(plain), english.findings
    except ValidationError as error:
        found = [_finding(schema, each, english, tree, path, codes) for each in error.errors(include_url=False)]
        return None, [*english.findings, *(finding for finding in found if finding)]


def read_partly(schema: type[Model], tree: Tree, stand_ins: Mapping[str, str]) -> tuple[Model, frozenset[str]] | None:
    """What is right of a tree with wrong or missing keys, and those keys; for checks that need only the others.

    :param stand_ins: values for required keys that are wrong or missing.
    """
    if not isinstance(tree.value, dict):
        return None
    plain = _Translation(tree, "", SITE).mapping(schema, tree.value, ())
    try:
        return schema.model_validate(plain), frozenset()
    except ValidationError as error:
        wrong = frozenset(str(each["loc"][0]) for each in error.errors(include_url=False) if each["loc"])
    kept = {name: value for name, value in plain.items() if name not in wrong}
    kept |= {name: value for name, value in stand_ins.items() if name in wrong}
    try:
        return schema.model_validate(kept), wrong
    except ValidationError:
        return None


class _Translation:
    """Chinese keys → English ones, remembering what was typed where."""

    def __init__(self, tree: Tree, path: str, codes: Codes) -> None:
        self.tree = tree
        self.path = path
        self.codes = codes
        self.typed: dict[Path, Path] = {}
        self.findings: list[Finding] = []

    def mapping(
        self, schema: type[BaseModel], typed: Mapping[str, Any], typed_path: Path, at: Path = ()
    ) -> dict[str, Any]:
        names = names_of(schema)
        nested = nested_schemas(schema)
        fields = schema.model_fields
        plain: dict[str, Any] = {}
        for name, value in typed.items():
            english = names.get(name.strip())
            here = (*typed_path, name)
            if english is None:
                self._unknown(name, here, names)
                continue
            alias = fields[english].alias or english
            if alias in plain:
                line, column = self.tree.keys[here]
                same = self.typed[(*at, alias)][-1]
                self.findings.append(Finding(self.codes.double, self.path, line, column, {"key": name, "same": same}))
                continue
            self.typed[(*at, alias)] = here
            blank = value is None or (isinstance(value, str) and not value.strip())
            if blank and not fields[english].is_required():
                continue
            if blank:
                line, column = self.tree.keys[here]
                self.findings.append(Finding(self.codes.empty, self.path, line, column, {"key": name, "hint": "empty"}))
                plain[alias] = ""
                continue
            inner = nested.get(english)
            plain[alias] = self._value(inner, value, here, (*at, alias)) if inner else value
        return plain

    def _value(self, schema: type[BaseModel], value: Any, typed_path: Path, at: Path) -> Any:
        if isinstance(value, dict):
            self.typed[at] = typed_path
            return self.mapping(schema, value, typed_path, at)
        if isinstance(value, list):
            return [self._value(schema, each, (*typed_path, i), (*at, i)) for i, each in enumerate(value)]
        return value

    def _unknown(self, name: str, here: Path, names: Mapping[str, str]) -> None:
        line, column = self.tree.keys[here]
        if "：" in name or "，" in name:  # all of a mapping in braces taken for one key
            params = {"key": name, "guess": "", "hint": "wide"}
        else:
            params = {"key": name, "guess": guess(name, names)}
        self.findings.append(Finding(self.codes.unknown, self.path, line, column, params))

    def typed_path(self, at: Path) -> Path:
        """What was typed where a validated value came from."""
        for depth in range(len(at), -1, -1):
            if at[:depth] in self.typed:
                return (*self.typed[at[:depth]], *at[depth:])
            alone = tuple(part for part in at[:depth] if isinstance(part, str))
            if isinstance(at[depth - 1], str) and alone in self.typed:  # one thing where a list may stand
                return (*self.typed[alone], *at[depth:])
        return at


def _finding(
    schema: type[BaseModel], error: Any, english: _Translation, tree: Tree, path: str, codes: Codes
) -> Finding | None:
    at: Path = error["loc"]
    typed = english.typed_path(at)
    line, column = tree.place(typed)
    name = next((str(part) for part in reversed(typed) if isinstance(part, str)), "")
    kind, context = error["type"], error.get("ctx", {})
    value = error.get("input")
    if kind == "missing":
        line, column = tree.place(typed[:-1])
        return Finding(codes.missing, path, line, column, {"key": _both_names(schema, at)})
    if any(
        finding.code == codes.empty and (finding.line, finding.column) == tree.keys.get(typed)
        for finding in english.findings
    ):
        return None
    if kind.startswith("GK"):
        code = {"GK105": codes.wrong_type, "GK106": "GK106" if codes is ITEM else codes.wrong_value}.get(kind, kind)
        params = {"key": name, "value": "", **context}
        if kind == "GK106":
            params.setdefault("wanted", "date")
            if at == ("expires",):
                params["hint"] = "term"
        return Finding(code, path, line, column, params)
    if kind == "literal_error" and not isinstance(value, str):
        return Finding(codes.wrong_type, path, line, column, {"key": name, "wanted": "text"})
    if kind == "literal_error":
        expected = [word.strip().strip("'") for word in context["expected"].replace(" or ", ", ").split(",")]
        params = {"key": name, "value": str(value), "wanted": "choice", "choices": "、".join(expected)}
        return Finding(
            codes.wrong_value, path, line, column, params | {"guess": guess(str(value), expected), "hint": "choice"}
        )
    if kind == "string_pattern_mismatch":
        params = {
            "key": name,
            "value": str(value),
            "wanted": "pattern",
            "pattern": context["pattern"],
            "hint": "pattern",
        }
        return Finding(codes.wrong_value, path, line, column, params)
    return Finding(codes.wrong_type, path, line, column, {"key": name, "wanted": _TYPES.get(kind, "text")})


def _both_names(schema: type[BaseModel], at: Path) -> str:
    """The English name of a key and, where it has one, the Chinese: ``title(标题)``."""
    for part in at[:-1]:
        if isinstance(part, str):
            schema = nested_schemas(schema).get(names_of(schema).get(part, part), schema)
    name = str(at[-1])
    field = schema.model_fields.get(names_of(schema).get(name, name))
    chinese = chinese_names(field) if field else []
    return f"{name}({chinese[0]})" if chinese else name
