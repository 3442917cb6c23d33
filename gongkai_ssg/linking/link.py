"""The link stage: duplicates, files, what is published, relations, validity, lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gongkai_ssg.diagnostics import CODES, Findings
from gongkai_ssg.linking.addresses import check_aliases, check_codes
from gongkai_ssg.linking.doors import check_doors
from gongkai_ssg.linking.files import Files, resolve_attachments, resolve_file_links
from gongkai_ssg.linking.guides import link_guides
from gongkai_ssg.linking.relations import check_relations, resolve_item_links, resolve_relations
from gongkai_ssg.linking.status import compute_status
from gongkai_ssg.reading.guides import Guide
from gongkai_ssg.reading.sitefiles import SiteFiles
from gongkai_ssg.store.store import Store


@dataclass(frozen=True, slots=True)
class Day:
    """The one day a build is for, and what it shows ahead of time."""

    today: date
    drafts: bool = False
    future: bool = False


def link(
    store: Store,
    files: Files,
    day: Day,
    site: SiteFiles,
    guides: list[Guide],
    allowed: Mapping[str, Mapping[str, str]],
) -> tuple[list[Guide], Findings]:
    """Link all rows; afterwards ``items.held`` tells what is published, and every list is complete.

    Returns the standing pages with their links, and the findings.

    :param allowed: path of an item → the findings it lets pass → why.
    """
    findings = Findings()
    config = site.config
    check_codes(store, findings)
    resolve_attachments(store, files, config, findings)
    resolve_file_links(store, files, config, findings)
    check_aliases(store, site.units, site.catalog, site.old_addresses, findings)
    _hold_back(store, day)
    resolve_relations(store)
    _end_notices(store, day)
    compute_status(store, day.today, findings)
    resolve_item_links(store, findings)
    check_relations(store, findings)
    linked = link_guides(store, files, config, guides, findings)
    check_doors(store, site, linked, findings)
    _settle_lists(store)
    store.index()
    return linked, _let_pass(findings, allowed)


def _let_pass(findings: Findings, allowed: Mapping[str, Mapping[str, str]]) -> Findings:
    passed = Findings()
    for finding in findings:
        reason = allowed.get(finding.path, {}).get(finding.code) if CODES[finding.code].waivable else None
        passed.add(finding.allow(reason) if reason else finding)
    return passed


def _hold_back(store: Store, day: Day) -> None:
    """Mark what is not published on this day; errors and duplicates are marked already."""
    if day.drafts:
        store.db.execute("UPDATE items SET held = NULL WHERE held = 'draft'")
    if not day.future:
        store.db.execute(
            "UPDATE items SET held = 'future' WHERE held IS NULL AND hold_until > ?", (day.today.isoformat(),)
        )


def _end_notices(store: Store, day: Day) -> None:
    """Of a 公示 whose time is over only title and period remain; nothing else reaches any page, feed or data."""
    over = "SELECT id FROM items WHERE data IS NOT NULL AND NOT withdrawn AND public_until < ?"
    today = (day.today.isoformat(),)
    store.db.execute(f"UPDATE relations SET scope = NULL WHERE item IN ({over})", today)
    store.db.execute(
        "UPDATE items SET summary = '', doc_number = NULL, stage = NULL, data = CAST('{}' AS BLOB) "
        f"WHERE id IN ({over})",
        today,
    )


def _settle_lists(store: Store) -> None:
    """Lists hold what is published and not withdrawn; the library is listed by state too."""
    store.db.execute("DELETE FROM lists WHERE item IN (SELECT id FROM items WHERE held IS NOT NULL OR withdrawn)")
    states = store.rows(
        "SELECT status, sort, id FROM items WHERE library AND held IS NULL AND NOT withdrawn"
    ).fetchall()
    store.insert_lists((f"library:{status}", sort, item) for status, sort, item in states)
