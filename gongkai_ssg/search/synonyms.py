"""``content/synonyms.yaml``: words people use and words documents use for the same thing."""

from __future__ import annotations

from pathlib import Path

from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.reading.text import decode, why
from gongkai_ssg.reading.yamltree import Trouble, parse

DEFAULT = Path(__file__).with_name("synonyms.yaml")
"""What every site goes by, as far as it does not say otherwise."""

SPOKEN = "~"
"""Stands before a word that people type and no document holds: others stand for it, it stands for none."""

_SPOKEN = (SPOKEN, "\uff5e")
"""As input methods type it."""
_MARKS = "".join(_SPOKEN) + " \u3000"

Groups = list[list[str]]


def with_shipped(own: Groups) -> Groups:
    """A site's groups, then those that ship with the program, but for those that share a word with one of the site's."""
    words = {word.lstrip(SPOKEN) for group in own for word in group}
    shipped: Groups = parse(DEFAULT.read_text(encoding="utf-8")).value
    return [*own, *(group for group in shipped if words.isdisjoint(word.lstrip(SPOKEN) for word in group))]


def in_one_line(groups: Groups) -> str:
    """Groups as the index has them: ``;`` between groups, ``,`` between words, ``|`` before those that are only spoken."""
    return ";".join(
        "|".join(filter(None, (",".join(_plain(group, False)), ",".join(_plain(group, True))))) for group in groups
    )


def _plain(group: list[str], spoken: bool) -> list[str]:
    """The words of a group that are only spoken, or the others."""
    return [word.lstrip(SPOKEN).translate(_WIDE) for word in group if word.startswith(SPOKEN) is spoken]


_WIDE = str.maketrans(",;|", "，；｜")
"""What divides words and groups, as it stands in words: search takes both for the same."""


def own_synonyms(path: Path, name: str) -> tuple[Groups, list[Finding]]:
    """A site's groups of words that stand for each other, and what is wrong with the file.

    Of a file that can't be read nothing counts; a group that is wrong is left out alone.

    :param name: the file as findings name it.
    """
    if not path.is_file():
        return [], []
    try:
        text, finding = decode(path.read_bytes(), name, "GK022")
    except OSError as error:
        return [], [Finding("GK029", name, params={"what": why(error), "hint": "file"})]
    if finding is not None:
        return [], [Finding("GK029", name, params={"what": finding.message, "hint": "file"})]
    try:
        tree = parse(text)
    except Trouble as trouble:
        return [], [Finding("GK029", name, trouble.line, trouble.column, {"what": trouble.what, "hint": "file"})]
    if not isinstance(tree.value, list):
        return [], [Finding("GK029", name, *tree.place(()), {"what": "", "hint": "file"})]
    groups, found = [], []
    for number, group in enumerate(tree.value):
        words = _words(group)
        if words is None:
            found.append(Finding("GK029", name, *tree.place((number,)), {"what": ""}))
        else:
            groups.append(words)
    return groups, found


def _words(group: object) -> list[str] | None:
    """The words of a group: two or more, none empty, one at least that documents hold; None for anything else."""
    if not isinstance(group, list) or not all(isinstance(word, str) for word in group):
        return None
    words = [
        SPOKEN + word.lstrip(_MARKS).strip() if word.startswith(_SPOKEN) else word for word in map(str.strip, group)
    ]
    sound = len(words) > 1 and all(word.lstrip(SPOKEN) for word in words)
    return words if sound and not all(word.startswith(SPOKEN) for word in words) else None
