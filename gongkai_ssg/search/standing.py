"""What no item changes in the index: names and everyday words, the table of characters, phones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gongkai_ssg.model.catalog import Catalog
from gongkai_ssg.model.units import Unit, Units
from gongkai_ssg.search.analysis import simplified
from gongkai_ssg.search.documents import File
from gongkai_ssg.search.shards import script
from gongkai_ssg.search.synonyms import Groups, in_one_line, with_shipped


def standing_files(units: Units) -> Iterator[File]:
    """The table of characters and phones: addresses below ``search/`` and contents."""
    yield "fold.js", script("fold", "", "".join(source + target for source, target in simplified().items()))
    yield "phones.js", script("phones", "", {unit.id: phone for unit in units if (phone := _phone(unit))})


def names(units: Units, catalog: Catalog, synonyms: Groups) -> dict[str, Sequence[Sequence[str]] | str]:
    """What filters are called: units with their parents, categories by path; words that stand for one another.

    Those are one string, since hundreds of lists in brackets and quotation marks would take more bytes.

    :param synonyms: the site's own.
    """
    return {
        "units": [[unit.id, unit.name, unit.parent or ""] for unit in units],
        "categories": [[category.path, category.name] for category in catalog],
        "everyday": in_one_line(with_shipped(synonyms)),
    }


def _phone(unit: Unit) -> str:
    return (unit.contact.phone if unit.contact else None) or ""
