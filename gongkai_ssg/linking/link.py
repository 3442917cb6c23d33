"""The link stage: duplicates, files, what is published, relations, validity, lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gongkai_ssg.diagnostics import CODES, Finding, Findings
from gongkai_ssg.linking.addresses import check_aliases, check_codes
from gongkai_ssg.linking.doors import check_doors
from gongkai_ssg.linking.files import Files, check_shared_files, resolve_attachments, resolve_file_links
from gongkai_ssg.linking.guides import link_guides
from gongkai_ssg.linking.relations import check_relations, resolve_item_links, resolve_relations
from gongkai_ssg.linking.status import compute_status
from gongkai_ssg.model.validity import STATES
from gongkai_ssg.reading.chunks import path_key
from gongkai_ssg.reading.guides import Guide
from gongkai_ssg.reading.sitefiles import SiteFiles
from gongkai_ssg.rules.withdrawals import future_withdrawals
from gongkai_ssg.store.store import Store


@dataclass(frozen=True, slots=True)
class Day:
    """The one day a build is for, and what it shows ahead of time."""

    today: date
    drafts: bool = False
    future: bool = False


def link(store: Store, files: Files, day: Day, site: SiteFiles, guides: list[Guide]) -> tuple[list[Guide], Findings]:
    """Link all rows, or those in the scope; then ``items.held`` tells what is published, and every list is complete.

    Returns the standing pages with their links, and the findings. What had a finding is always in the scope.
    """
    findings = Findings()
    config = site.config
    check_codes(store, findings)
    resolve_attachments(store, files, config, findings)
    check_aliases(store, site.units, site.catalog, site.old_addresses, findings)
    _hold_back(store, day)
    resolve_relations(store)
    _end_notices(store, day)
    compute_status(store, day.today, findings)
    resolve_file_links(store, files, config, findings)
    folder = site.folders.shown(site.folders.guides) + "/"
    resolve_item_links(store, {path_key(guide.path): guide.address for guide in guides}, folder, findings)
    check_relations(store, findings)
    findings.extend(future_withdrawals(store, files.folder, day.today))
    check_shared_files(store, day.today, findings)
    linked = link_guides(store, files, config, guides, findings)
    check_doors(store, site, linked, findings)
    _settle_lists(store)
    return linked, let_pass(findings, store)


def let_pass(findings: Iterable[Finding], store: Store) -> Findings:
    """Findings that their item lets pass become notes."""
    passed = Findings()
    for finding in findings:
        reason = None
        if CODES[finding.code].waivable:
            reason = store.value("SELECT reason FROM allowed WHERE path = ? AND rule = ?", finding.path, finding.code)
        passed.add(finding.allow(reason) if reason else finding)
    return passed


def _hold_back(store: Store, day: Day) -> None:
    """Mark what is not published on this day; errors and duplicates are marked already."""
    if day.drafts:
        store.db.execute(f"UPDATE items SET held = NULL WHERE held = 'draft' {store.among('id')}")
    if not day.future:
        store.db.execute(
            f"UPDATE items SET held = 'future' WHERE held IS NULL AND hold_until > ? {store.among('id')}",
            (day.today.isoformat(),),
        )


def _end_notices(store: Store, day: Day) -> None:
    """Of a 公示 whose time is over only title and period remain; nothing else reaches any page, feed or data."""
    over = f"SELECT id FROM items WHERE data IS NOT NULL AND NOT withdrawn AND public_until < ? {store.among('id')}"
    today = (day.today.isoformat(),)
    store.db.execute(f"UPDATE relations SET scope = NULL WHERE scope IS NOT NULL AND item IN ({over})", today)
    store.db.execute(
        "UPDATE items SET summary = '', doc_number = NULL, stage = NULL, data = CAST('{}' AS BLOB), text_digest = NULL "
        f"WHERE id IN ({over})",
        today,
    )


def _settle_lists(store: Store) -> None:
    """Lists hold what is published and not withdrawn; the library is listed by state too."""
    if store.scoped:
        _settle_scope(store)
    else:
        store.db.execute("DELETE FROM lists WHERE item IN (SELECT id FROM items WHERE held IS NOT NULL OR withdrawn)")
    states = store.rows(
        f"SELECT status, sort, id FROM items WHERE in_library AND held IS NULL AND NOT withdrawn {store.among('id')}"
    ).fetchall()
    store.insert_lists((f"library:{status}", sort, item) for status, sort, item in states)


def _settle_scope(store: Store) -> None:
    """Take what is in the scope from the lists of its state, and from all lists if it is not published any more."""
    now = store.rows(
        f"SELECT id, sort, lists, held IS NOT NULL OR withdrawn FROM items WHERE 1 {store.among('id')}"
    ).fetchall()
    store.delete_lists((name, sort, item) for item, sort, lists, gone in now if gone for name in lists.split())
    documents = [(sort, item) for item, sort, lists, _ in now if "library" in lists.split()]
    store.delete_lists((f"library:{state}", sort, item) for sort, item in documents for state in STATES)
