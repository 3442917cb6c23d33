"""What a build depends on besides items: hashes and texts that tell one site's files from another's."""

from __future__ import annotations

import hashlib
import json

from gongkai_ssg.reading.sitefiles import SiteFiles
from gongkai_ssg.rendering.theme import Theme


def reading_fingerprint(files: SiteFiles) -> str:
    """A hash of all that what is read from an item depends on besides the item."""
    config = files.config
    options = config.model_dump_json(
        include={"content", "code_pattern", "limits", "raw_html", "attachment_types", "search"}
    )
    units = [(unit.id, unit.name, unit.code, [name.model_dump_json() for name in unit.names]) for unit in files.units]
    kinds = [(each.path, each.kind, each.in_library, each.require_formed) for each in files.catalog]
    return hashlib.sha256(repr((options, sorted(units), sorted(kinds))).encode()).hexdigest()


def looks(files: SiteFiles) -> dict[str, str]:
    """What pages show: the configuration as a whole, each unit, each category."""
    return {
        "site": files.config.model_dump_json() + json.dumps(files.synonyms),
        "units": json.dumps([[unit.id, unit.model_dump_json()] for unit in files.units]),
        "catalog": json.dumps(
            [[each.path, each.entry.model_dump_json(exclude={"children"})] for each in files.catalog]
        ),
    }


def theme_state(theme: Theme) -> str:
    """The theme's assets with their addresses, its templates with their hashes."""
    return json.dumps({"assets": theme.addresses, "templates": theme.template_digests()})


def differing(before: str, now: str) -> set[str]:
    """The names of entries that differ; an empty name too where only their order does."""
    if before == now:
        return set()
    old, new = dict(json.loads(before)), dict(json.loads(now))
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)} or {""}
