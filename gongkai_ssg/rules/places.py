"""Where a key of an item was typed: looked up again, since it is wanted so seldom."""

from __future__ import annotations

from pathlib import Path

from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.model.item import Item
from gongkai_ssg.model.schema import chinese_names, nested_schemas
from gongkai_ssg.reading.frontmatter import read_front, split
from gongkai_ssg.reading.text import decode


def place_of(folder: Path, path: str, key: str, inner: str | None = None) -> tuple[int, int]:
    """Line and column of a key's value, or of a key's within it; 0, 0 if the file can't be read any more.

    :param folder: what ``path`` starts from.
    """
    try:
        parts = split(decode((folder / path).read_bytes(), path)[0], path, Item)
    except OSError:
        return 0, 0
    tree = None if isinstance(parts, Finding) else read_front(parts.front, path, parts.front_line, Item)[0]
    if tree is None:
        return 0, 0
    names = (key, *chinese_names(Item.model_fields[key]))
    name = next((name for name in names if (name,) in tree.keys), key)
    if inner is None:
        return tree.place((name,))
    fields = nested_schemas(Item)[key].model_fields
    below = next((each for each in (inner, *chinese_names(fields[inner])) if (name, each) in tree.keys), inner)
    return tree.place((name, below))
