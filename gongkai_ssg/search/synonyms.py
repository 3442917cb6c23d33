"""``content/synonyms.yaml``: words people use and words documents use for the same thing."""

from __future__ import annotations

from pathlib import Path

from gongkai_ssg.reading.text import decode
from gongkai_ssg.reading.yamltree import Trouble, parse

DEFAULT = Path(__file__).with_name("synonyms.yaml")
"""What a site without its own file goes by, and what a new site starts with."""


def read_synonyms(path: Path) -> list[list[str]]:
    """Groups of words that stand for each other; the list that ships with the program where a site has none.

    :raises ValueError: if the file is no list of lists of words.
    """
    text, _ = decode((path if path.is_file() else DEFAULT).read_bytes(), path.name)
    try:
        tree = parse(text).value
    except Trouble as trouble:
        raise ValueError(f"{path}:{trouble.line}: {trouble.what}") from trouble
    if not isinstance(tree, list):
        raise ValueError(path)
    groups = []
    for group in tree:
        words = [word.strip() for word in group if isinstance(word, str)] if isinstance(group, list) else []
        if len(words) < 2 or not all(words):
            raise ValueError(f"{path}: {group!r}")
        groups.append(words)
    return groups
