"""Links and files of standing pages."""

from __future__ import annotations

import posixpath

from gongkai_ssg.config import Config
from gongkai_ssg.diagnostics import Finding, Findings
from gongkai_ssg.linking.files import Files, Home, file_address
from gongkai_ssg.linking.relations import item_address
from gongkai_ssg.reading.chunks import link_key
from gongkai_ssg.reading.guides import Guide
from gongkai_ssg.store.store import Store


def link_guides(store: Store, files: Files, config: Config, guides: list[Guide], findings: Findings) -> list[Guide]:
    """The same pages with every link's address; copies of their files are noted in the store."""
    by_path = {guide.path: guide for guide in guides}
    return [guide.resolved(_addresses(store, files, config, guide, by_path, findings)) for guide in guides]


def _addresses(
    store: Store, files: Files, config: Config, guide: Guide, by_path: dict[str, Guide], findings: Findings
) -> list[str | None]:
    addresses: list[str | None] = []
    for link in guide.links:
        found: str | None = None
        finding: Finding | None = None
        if not link.target:
            pass
        elif link.kind in ("item", "source"):
            other = by_path.get(posixpath.normpath(posixpath.join(posixpath.dirname(guide.path), link.target)))
            if other is not None:
                found = other.address
            else:
                place = (link.line, link.column)
                key = link_key(link, guide.path)
                found, finding = item_address(store, guide.path, link.kind, link.target, key, place)
        else:
            home = Home(guide.path, guide.address.removesuffix(".html"))
            found, finding = file_address(store, files, config, home, link.kind, link.target, (link.line, link.column))
        if finding:
            findings.add(finding)
        addresses.append(found)
    return addresses
