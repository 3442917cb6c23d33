"""Where the doors of the home page lead: a category, a unit, a page of the site, or a web address."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai_ssg.diagnostics import Finding, Findings
from gongkai_ssg.model.catalog import Catalog
from gongkai_ssg.model.codes import code_key
from gongkai_ssg.model.units import Units
from gongkai_ssg.model.values import is_web_address
from gongkai_ssg.reading.guides import Guide
from gongkai_ssg.reading.sitefiles import SiteFiles
from gongkai_ssg.reading.typed import guess
from gongkai_ssg.store.store import Store

_FIXED = frozenset({
    "index.html", "apply.html", "search.html", "sitemap.html", "guides/index.html", "catalog/index.html",
    "policies/index.html", "units/index.html", "topics/index.html", "years/index.html",
})  # fmt: skip
"""Pages that every site has."""


def door_address(target: str, store: Store, units: Units, catalog: Catalog, guides: Sequence[Guide]) -> str | None:
    """The address a door leads to, from the output's root or absolute; None where nothing is there."""
    if is_web_address(target):
        return target
    page = target.partition("#")[0]
    if page.endswith(".html"):
        return target if _is_page(page, store, units, catalog, guides) else None
    category = catalog.find(target)
    if category is not None:
        return f"catalog/{category.path}/index.html"
    return f"units/{target}/index.html" if target in units.by_id else None


def check_doors(store: Store, site: SiteFiles, guides: Sequence[Guide], findings: Findings) -> None:
    """Tell what config.yaml points to and is not there."""
    tree, name = site.config_tree, site.folders.config_file.name
    if tree is None:
        return
    for number, door in enumerate(site.config.doors):
        if door_address(door.target, store, site.units, site.catalog, guides) is None:
            place = next(
                (tree.values[way] for key in ("target", "指向") if (way := ("doors", number, key)) in tree.values),
                tree.place(("doors", number)),
            )
            known = [*site.catalog.names(), *site.units.by_id, *_FIXED, *(guide.address for guide in guides)]
            params = {"key": door.label, "value": door.target, "guess": guess(door.target, known)}
            findings.add(Finding("GK027", name, *place, params))
    report = site.config.report_category
    if report is not None and site.catalog.find(report) is None:
        params = {"key": "report_category", "value": report, "guess": guess(report, site.catalog.names())}
        findings.add(Finding("GK027", name, *tree.place(("report_category",)), {**params, "hint": "category"}))


def _is_page(page: str, store: Store, units: Units, catalog: Catalog, guides: Sequence[Guide]) -> bool:
    if page in _FIXED or any(guide.address == page for guide in guides):
        return True
    folder = page.removesuffix("/index.html")
    if folder != page:
        return (folder.startswith("catalog/") and folder[8:] in catalog.by_path) or (
            folder.startswith("units/") and folder[6:] in units.by_id
        )
    code = page.removeprefix("items/").removesuffix(".html")
    return page.startswith("items/") and bool(
        store.value("SELECT 1 FROM items WHERE code_key = ? AND code = ? AND held IS NULL", code_key(code), code)
    )
