"""Where the program raises findings, and with which params: read from its source, never run.

A site is *closed* where every param is known from the source alone; messages can be held to those.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from pathlib import Path

from gongkai_ssg.reading.typed import ITEM, SITE

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "gongkai_ssg"

_CODE = re.compile(r"GK\d{3}")
_DEPTH = 4
_FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Site:
    """One way in which one place raises a code.

    ``hints`` are the variants of the remedy it may ask for; None where the source alone does not tell.
    """

    code: str
    place: str
    params: frozenset[str]
    closed: bool
    hints: frozenset[str] | None = frozenset()


@dataclass(frozen=True)
class _Params:
    """One set of params that a dictionary may come to: name → the expression of its value."""

    known: dict[str, ast.expr | None]
    closed: bool = True

    def __or__(self, other: _Params) -> _Params:
        return _Params(self.known | other.known, self.closed and other.closed)


def mentioned_codes() -> dict[str, str]:
    """Every finding code that stands as a string somewhere outside the list of codes → one such place."""
    found: dict[str, str] = {}
    for path, tree in _modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _CODE.fullmatch(node.value):
                found.setdefault(node.value, f"{path}:{node.lineno}")
    return found


def raise_sites() -> list[Site]:
    """All sites that can be read from the source."""
    found = [site for scope, call in _calls() for site in scope.sites(call)]
    found += [
        site for path, tree in _modules() if path.endswith("linking/files.py") for site in _file_sites(path, tree)
    ]
    return found


def hints_set_later() -> set[str]:
    """Variants that are put into params which exist already: ``params["hint"] = …``."""
    return {
        node.value.value
        for _, tree in _modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        and any(ast.unparse(target).endswith("['hint']") for target in node.targets)
    }


def mentioned_keys() -> dict[str, str]:
    """Every message key that is looked up by its name, ``text("build.done", …)`` → one such place."""
    return {key: place for key, place, _ in _lookups()}


def filled_keys() -> Iterator[tuple[str, str, set[str]]]:
    """Message keys that are looked up with params that can be read: key, place, names of the params."""
    for key, place, given in _lookups():
        if given is not None:
            yield key, place, given


def wanted_kinds() -> set[str]:
    """Every kind of value that some finding says was wanted, such as ``date``."""
    kinds: set[str] = set()
    for scope, call in _calls():
        kinds.update(*(scope.strings(word.value) or () for word in call.keywords if word.arg == "wanted"))
    for _, tree in _modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                named = [value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "wanted"]
                kinds.update(*(_Scope("").strings(value) or () for value in named))
    return kinds


def _lookups() -> Iterator[tuple[str, str, set[str] | None]]:
    for scope, call in _calls():
        if _name_of(call) != "text" or not isinstance(call.func, ast.Name) or not call.args:
            continue
        for key in scope.strings(call.args[0]) or ():
            given: set[str] | None = {word.arg for word in call.keywords if word.arg}
            if len(call.args) > 1:
                params = scope.dicts(call.args[1])
                given = (
                    set.intersection(*(set(each.known) for each in params))
                    if all(each.closed for each in params)
                    else None
                )
            yield key, f"{scope.path}:{call.lineno}", given


@cache
def _modules() -> tuple[tuple[str, ast.Module], ...]:
    files = [(file.relative_to(ROOT).as_posix(), file) for file in sorted(PACKAGE.rglob("*.py"))]
    return tuple(
        (path, ast.parse(file.read_text(encoding="utf-8")))
        for path, file in files
        if not path.endswith("diagnostics/codes.py")
    )


@cache
def _calls() -> tuple[tuple[_Scope, ast.Call], ...]:
    return tuple(found for path, tree in _modules() for found in _calls_below(tree, _Scope(path)))


@cache
def _calls_by_name() -> dict[str, list[tuple[_Scope, ast.Call]]]:
    table: dict[str, list[tuple[_Scope, ast.Call]]] = defaultdict(list)
    for scope, call in _calls():
        table[_name_of(call)].append((scope, call))
    return table


def _calls_below(node: ast.AST, scope: _Scope) -> Iterator[tuple[_Scope, ast.Call]]:
    if isinstance(node, ast.Call):
        yield scope, node
    for child in ast.iter_child_nodes(node):
        yield from _calls_below(child, replace(scope, function=child) if isinstance(child, _FunctionNode) else scope)


def _name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else str(getattr(call.func, "id", ""))


@dataclass(frozen=True)
class _Scope:
    """A function, in which names have values."""

    path: str
    function: _FunctionNode | None = None

    def sites(self, call: ast.Call) -> Iterator[Site]:
        """The sites that a call is, if it raises a finding."""
        name, place = _name_of(call), f"{self.path}:{call.lineno}"
        inside_add = self.function is not None and self.function.name == "_add"  # which only hands on what it is given
        if name not in ("Finding", "_add", "bad") or not call.args or inside_add:
            return
        for code in sorted(self.strings(call.args[0]) or ()):
            if name == "Finding":
                given = next((word.value for word in call.keywords if word.arg == "params"), _last_positional(call))
                for params in self.dicts(given) if given is not None else [_Params({})]:
                    yield self._site(code, place, params)
                continue
            known: dict[str, ast.expr | None] = {word.arg: word.value for word in call.keywords if word.arg}
            params = _Params(known, all(word.arg for word in call.keywords))
            if name == "_add":
                yield self._site(code, place, params)
                continue
            for told, more in _as_told(code):
                yield self._site(told, place, _Params(dict.fromkeys(("key", "value", *more))) | params)

    def _site(self, code: str, place: str, params: _Params) -> Site:
        hints: frozenset[str] | None = frozenset()
        if "hint" in params.known:
            node = params.known["hint"]
            hints = self.strings(node) if node is not None else None
        return Site(code, place, frozenset(params.known), params.closed, hints)

    def dicts(self, node: ast.expr) -> list[_Params]:
        """Every set of params an expression may come to."""
        if isinstance(node, ast.Dict):
            parts = [self._entry(key, value) for key, value in zip(node.keys, node.values, strict=True)]
            return [_merged(way) for way in product(*parts)]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return [left | right for left in self.dicts(node.left) for right in self.dicts(node.right)]
        if isinstance(node, ast.IfExp):
            return self.dicts(node.body) + self.dicts(node.orelse)
        values = self._assigned(node.id) if isinstance(node, ast.Name) else None
        if values is None or self._is_changed(node):
            return [_Params({}, closed=False)]
        return [params for value in values for params in self.dicts(value)]

    def _entry(self, key: ast.expr | None, value: ast.expr) -> list[_Params]:
        if key is None:
            return self.dicts(value)
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            return [_Params({key.value: value})]
        return [_Params({}, closed=False)]

    def strings(self, node: ast.expr, depth: int = 0) -> frozenset[str] | None:
        """Every text an expression may come to, or None where the source does not tell."""
        if isinstance(node, ast.Constant):
            return frozenset([node.value]) if isinstance(node.value, str) else None
        if isinstance(node, ast.Attribute):
            is_slip = ast.unparse(node.value).endswith("codes") and hasattr(SITE, node.attr)
            return frozenset([getattr(SITE, node.attr), getattr(ITEM, node.attr)]) if is_slip else None
        found: list[frozenset[str] | None] = []
        if isinstance(node, ast.IfExp):
            found = [self.strings(part, depth) for part in (node.body, node.orelse)]
        elif isinstance(node, ast.Name):
            parts = self._assigned(node.id)
            found = [self.strings(part, depth) for part in parts] if parts else self._given(node.id, depth + 1)
        if not found or None in found:
            return None
        return frozenset().union(*(each for each in found if each))

    def _assigned(self, name: str) -> list[ast.expr] | None:
        """What a name is set to in this function; None where it comes from elsewhere."""
        values: list[ast.expr] = []
        for node in ast.walk(self.function) if self.function else ():
            if isinstance(node, ast.For | ast.comprehension) and name in _names_in(node.target):
                return None
            if isinstance(node, ast.AnnAssign):
                if name in _names_in(node.target) and node.value is not None:
                    values.append(node.value)
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name) and target.id == name:
                        values.append(node.value)
                    elif isinstance(target, ast.Tuple) and name in _names_in(target):
                        return None
        return values or None

    def _given(self, name: str, depth: int) -> list[frozenset[str] | None]:
        """What callers anywhere in the package give for a parameter of this function."""
        if self.function is None or depth > _DEPTH:
            return [None]
        plain = [*self.function.args.posonlyargs, *self.function.args.args]
        names = [argument.arg for argument in plain if argument.arg != "self"]
        if name not in names:
            return [None]
        place = names.index(name)
        found: list[frozenset[str] | None] = []
        for scope, call in _calls_by_name()[self.function.name]:
            named = [word.value for word in call.keywords if word.arg == name]
            given = named or call.args[place : place + 1]
            found += [scope.strings(each, depth) for each in given]
        defaults = dict(
            zip([argument.arg for argument in reversed(plain)], reversed(self.function.args.defaults), strict=False)
        )
        return [*found, self.strings(defaults[name])] if name in defaults else found

    def _is_changed(self, node: ast.expr) -> bool:
        """Whether a dictionary gets more keys after it was made."""
        name = ast.unparse(node)
        marks = (f"{name}[", f"{name}.setdefault(", f"{name}.update(", f"{name} |=")
        body = ast.unparse(self.function) if self.function else ""
        return any(mark in body for mark in marks)


def _last_positional(call: ast.Call) -> ast.expr | None:
    """The params of ``Finding(code, path, line, column, params)``, where line and column may be one ``*place``."""
    starred = any(isinstance(argument, ast.Starred) for argument in call.args)
    return call.args[-1] if len(call.args) == (4 if starred else 5) else None


def _names_in(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _merged(way: tuple[_Params, ...]) -> _Params:
    params = _Params({})
    for part in way:
        params |= part
    return params


def _as_told(code: str) -> list[tuple[str, tuple[str, ...]]]:
    """The codes under which a field type's error is told, by the kind of file, and the params that come with it."""
    if code == "GK105":
        return [(ITEM.wrong_type, ()), (SITE.wrong_type, ())]
    if code == "GK106":
        return [("GK106", ("wanted",)), (SITE.wrong_value, ("wanted",))]
    return [(code, ())]


def _file_sites(path: str, tree: ast.Module) -> Iterator[Site]:
    """Judgements of files: ``("GK203", {…})``, told with the file, and under another code for a link."""
    other: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict) and node.keys:
            pairs = {_code_in(key): _code_in(value) for key, value in zip(node.keys, node.values, strict=True)}
            if all(pairs) and all(pairs.values()):
                other |= pairs
    for node in ast.walk(tree):
        if isinstance(node, ast.Tuple) and len(node.elts) == 2 and _code_in(node.elts[0]):
            code, place = _code_in(node.elts[0]), f"{path}:{node.lineno}"
            for params in _Scope(path).dicts(node.elts[1]):
                yield Site(code, place, frozenset(params.known) | {"file"}, params.closed)
                if code in other:
                    yield Site(other[code], place, frozenset(params.known) | {"file", "target"}, params.closed)


def _code_in(node: ast.expr | None) -> str:
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, str) and _CODE.fullmatch(value) else ""
