"""Put the scripts of search together: ``python tools/scripts.py``.

Their parts, in folders of ``gongkai_ssg/search/``, are written by hand; the script beside each folder is what sites
publish, and is committed with them. It holds no comments, little white space and short names, as each visitor has to
load it. ``--check`` writes nothing and fails if a script is stale.
"""

from __future__ import annotations

import argparse
import itertools
import re
import string
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_SEARCH = Path(__file__).resolve().parents[1] / "gongkai_ssg" / "search"


@dataclass(frozen=True)
class Script:
    """A script of several parts, which share one function.

    :param path: what is published; its parts lie in the folder of that name without ending.
    :param parts: in this order, without ending.
    :param head: what opens the function.
    :param tail: what closes it.
    """

    path: Path
    parts: tuple[str, ...]
    head: str
    tail: str

    def joined(self) -> str:
        """The script as it is written."""
        parts = ((self.path.with_suffix("") / f"{part}.js").read_text("utf-8") for part in self.parts)
        return self.head + "\n".join(parts) + self.tail

    def published(self) -> str:
        """The script as visitors get it."""
        folder = self.path.with_suffix("").relative_to(_SEARCH.parents[1]).as_posix()
        return f"/* gongkai-ssg, readable in {folder}/ */\n{compact(self.joined())}\n"


_HEAD = """\
(function (root, make) {
  "use strict";
  var made = make(root);
  if (typeof module === "object" && module.exports) module.exports = made;
  else root.GongkaiSearch = made;
})(typeof self !== "undefined" ? self : this, function (root) {
"use strict";
"""
_TAIL = """
return { FORMAT, open, put, analysis: { units, fold, pairTerm, aloneTerm, wholeTerm, mayBeTraditional } };
});
"""
ENGINE = Script(
    _SEARCH / "engine.js", ("files", "analysis", "shards", "query", "ranking", "filters", "api"), _HEAD, _TAIL
)
PAGE = Script(
    _SEARCH / "search_page.js",
    ("state", "results", "filters", "answers", "main"),
    '(function () {\n"use strict";\n',
    "\n})();\n",
)

_TOKEN = re.compile(
    r"""(?P<gap>(?:\s|//[^\n]*|/\*.*?\*/)+)
      | (?P<word>[A-Za-z_$][\w$]*)
      | (?P<number>0x[0-9a-fA-F]+|\d[\d.]*(?:e\d+)?)
      | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<sign>=>|\.\.\.|[-+*/%&|^!=<>?:;,.(){}[\]~])""",
    re.VERBOSE | re.DOTALL,
)
_PATTERN = re.compile(r"/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
_PATTERN_AFTER = {*"(,=:[!&|?{};", "=>", "return"}
_JOINED = {*";{}()[],:?=><&|+*/!.", "=>", "..."}
_KEYWORDS = set(
    "async await break case catch class const constructor continue default delete do else false finally for function "
    "get if in instanceof let new null of return static super switch this throw true try typeof undefined var void "
    "while".split()
)


def compact(source: str) -> str:
    """The same program in fewer characters.

    :raises ValueError: at something the parts are not to hold, such as template strings.
    """
    tokens = list(_tokens(source))
    words = [text for kind, text in tokens if kind != "gap"]
    short = _short_names(words)
    out: list[str] = []
    gap, place = "", 0
    for kind, text in tokens:
        if kind == "gap":
            gap = "\n" if "\n" in text and "/*" not in text else " "
            continue
        before = out[-1] if out else ";"
        if gap and not (gap == "\n" and (before in _JOINED or text in _JOINED)):
            wordy = re.match(r"[\w$]", before[-1]) and re.match(r"[\w$]", text)
            if gap == "\n" or wordy or before + text in ("++", "--"):
                out.append(gap)
        out.append(short.get(text, text) if kind == "word" and words[place - 1] != "." else text)
        gap, place = "", place + 1
    return "".join(out)


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    at, before = 0, ";"
    while at < len(source):
        pattern = _PATTERN.match(source, at) if before in _PATTERN_AFTER and source[at] == "/" else None
        match = _TOKEN.match(source, at)
        if pattern and source[at + 1] not in "/*":
            kind, text = "pattern", pattern[0]
        elif match and match.lastgroup:
            kind, text = match.lastgroup, match[0]
        else:
            raise ValueError(source[at : at + 40])
        yield kind, text
        at += len(text)
        before = before if kind == "gap" else text


def _short_names(words: Sequence[str]) -> dict[str, str]:
    """Short names for what the program declares itself and never uses as the name of a property."""
    pairs = _pairs(words)
    chosen = _declared(words, pairs) - _properties(words, pairs) - _KEYWORDS
    counts = Counter(word for word in words if word in chosen and len(word) > 1)
    taken = set(words)
    letters = string.ascii_letters
    free = (
        name
        for size in (1, 2)
        for name in map("".join, itertools.product(letters, repeat=size))
        if name not in taken | _KEYWORDS
    )
    return {word: name for (word, _), name in zip(counts.most_common(), free, strict=False) if len(name) < len(word)}


def _pairs(words: Sequence[str]) -> dict[int, int]:
    """Where each bracket's other half is."""
    found, stack = {}, []
    for place, word in enumerate(words):
        if word in ("(", "[", "{"):
            stack.append(place)
        elif word in (")", "]", "}"):
            found[place] = stack.pop()
            found[found[place]] = place
    return found


def _is_name(word: str) -> bool:
    return re.fullmatch(r"[A-Za-z_$][\w$]*", word) is not None


def _declared(words: Sequence[str], pairs: dict[int, int]) -> set[str]:
    found = set()
    for place, word in enumerate(words):
        after = words[place + 1] if place + 1 < len(words) else ""
        if word in ("class", "function"):
            found.add(after)
        elif word in ("const", "let", "var"):
            at, fresh = place + 1, True
            while words[at] not in (";", "of", "in"):
                if words[at] in ("(", "[", "{"):
                    if fresh:
                        found |= set(words[at : pairs[at]])
                    at = pairs[at]
                elif fresh:
                    found.add(words[at])
                at += 1
                fresh = words[at] == ","
                at += fresh
        elif word == "=>" and _is_name(words[place - 1]):
            found.add(words[place - 1])
        elif word == ")" and after in ("=>", "{") and words[pairs[place] - 1] not in ("if", "for", "while", "switch"):
            found |= set(words[pairs[place] : place])
    return set(filter(_is_name, found))


def _properties(words: Sequence[str], pairs: dict[int, int]) -> set[str]:
    found, inside = set(), [""]
    for place, word in enumerate(words):
        before, after = words[place - 1], words[place + 1] if place + 1 < len(words) else ""
        if word in ("(", "[", "{"):
            inside.append(word)
        elif word in (")", "]", "}"):
            inside.pop()
        elif _is_name(word):
            listed = before in ("{", ",") and inside[-1] == "{"
            method = after == "(" and words[pairs[place + 1] + 1] == "{" and before != "function"
            if before == "." or (listed and after in (",", "}", ":")) or (method and word not in _KEYWORDS):
                found.add(word)
    return found


def main() -> None:
    """Write, or compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a script is stale")
    check = parser.parse_args().check
    for script in (ENGINE, PAGE):
        made = script.published().encode()
        if not check:
            script.path.write_bytes(made)
        elif script.path.read_bytes() != made:
            sys.exit(f"{script.path} is stale: run python tools/scripts.py")


if __name__ == "__main__":
    main()
