"""Pages and files that hosts and crawlers ask for: site map, 404, robots, sitemaps, headers, redirects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any
from urllib.parse import urlsplit

from gongkai_ssg.linking.changes import Changes, Reason
from gongkai_ssg.pages.catalog import category_tree, column
from gongkai_ssg.pages.guides import guides_of_units, own_guides
from gongkai_ssg.pages.page import Output, Page, Plain, Planner
from gongkai_ssg.pages.units import in_groups, unit_node
from gongkai_ssg.pages.view import View
from gongkai_ssg.rendering.filters import chinese_date
from gongkai_ssg.rendering.links import quoted

SITEMAP_PART = 50_000
"""Addresses a sitemap may hold (sitemaps.org)."""

_POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"


_TODAY = """\
@charset "utf-8";
.answers.as-of > :first-child > dd > :first-child::after {{ content: "截至{day}"; display: block; font-weight: 400; }}
p.as-of > span::after {{ content: "，截至{day}"; }}
"""
"""The day for which validity was computed stands in one file, so that midnight changes it and not every page."""


class Extras(Planner):
    """One file a key."""

    name = "extras"

    def keys(self, view: View) -> Iterator[str]:
        """The fixed files, the sitemap's parts, redirects in runs."""
        if not view.config.search:
            yield "search.html"
        yield from ("today.css", "sitemap.html", "404.html", "robots.txt", "_headers", "sitemap.xml")
        yield from (f"sitemap-{year}" for year, _ in view.years("all"))
        yield "redirects"
        rows = view.store.rows("SELECT DISTINCT item FROM aliases WHERE item IS NOT NULL")
        yield from (f"redirect-{item}" for (item,) in rows)

    def dirty(self, view: View, changes: Changes) -> Iterator[tuple[str, Reason]]:
        """The site map where units, catalog or years did; a year's addresses; old addresses of what changed."""
        if changes.day:
            yield "today.css", Reason("day")
        if (
            changes.units
            or changes.categories
            or changes.guides
            or changes.toggled(view, "all")
            or any(year.grown for year in changes.lists.get("all", {}).values())
        ):
            yield "sitemap.html", Reason("units")
            yield "sitemap.xml", Reason("list", "all")
        yield from ((f"sitemap-{year}", Reason("list", "all")) for year in changes.lists.get("all", {}))
        if changes.units or changes.categories:
            yield "redirects", Reason("units")
        yield from ((f"redirect-{item}", Reason("source")) for item in sorted(changes.redirected))

    def pages(self, view: View, key: str) -> Iterator[Output]:
        """The file or files of one key."""
        url = view.config.site.url
        if key == "sitemap.html":
            yield _site_map(view)
        elif key == "today.css":
            yield Plain(key, _TODAY.format(day=chinese_date(view.today.isoformat())).encode())
        elif key == "search.html":
            yield Page(
                key,
                "search.html",
                {"title": "搜索", "section": "search", "crumbs": [], "column": column("搜索", "信息公开目录")},
            )
        elif key == "404.html":
            values = {
                "title": "没有找到这个页面",
                "section": "",
                "crumbs": [],
                "column": column("没有找到这个页面", "信息公开目录"),
            }
            yield Page(key, "404.html", values)
        elif key == "robots.txt":
            yield Plain(key, f"User-agent: *\nAllow: /\n\nSitemap: {url}sitemap.xml\n".encode())
        elif key == "_headers":
            base = urlsplit(url).path
            lines = [f"{base}*", f"  Content-Security-Policy: {_POLICY}", "  X-Content-Type-Options: nosniff"]
            lines += ["  Referrer-Policy: strict-origin-when-cross-origin", "", f"{base}assets/*"]
            lines += ["  Cache-Control: public, max-age=31536000, immutable", ""]
            yield Plain(key, "\n".join(lines).encode())
        elif key == "sitemap.xml":
            yield _sitemap_index(view)
        elif key == "redirects":
            yield from _redirects(view.store.rows("SELECT address, target FROM aliases WHERE item IS NULL ORDER BY 1"))
        elif key.startswith("redirect-"):
            rows = view.store.rows(
                "SELECT address, target FROM aliases JOIN items ON items.id = aliases.item "
                "WHERE aliases.item = ? AND items.held IS NULL ORDER BY 1", int(key.removeprefix("redirect-"))
            )  # fmt: skip
            yield from _redirects(rows)
        else:
            yield from _sitemap_parts(view, key.removeprefix("sitemap-"))


def _redirects(rows: Iterable[tuple[str, str]]) -> Iterator[Page]:
    for address, target in rows:
        values: dict[str, Any] = {
            "title": "页面已移至新地址",
            "section": "",
            "crumbs": [],
            "target": target,
            "column": None,
        }
        yield Page(address, "redirect.html", values)


def _site_map(view: View) -> Page:
    values = {
        "title": "站点地图",
        "section": "",
        "crumbs": [],
        "column": column("站点地图", "信息公开目录"),
        "catalog": category_tree(view),
        "units": [unit_node(unit) for unit in in_groups(view.units)],
        "guides": own_guides(view),
        "of_units": guides_of_units(view),
        "years": [{"year": year, "address": f"years/{year}/index.html"} for year, _ in reversed(view.years("all"))],
    }
    return Page("sitemap.html", "sitemap.html", values)


def _part_names(view: View) -> Iterator[tuple[str, int]]:
    """Parts by year, so that a new item changes the newest one only; each of at most 50,000 addresses."""
    for year, count in view.years("all"):
        for part in range((count - 1) // SITEMAP_PART + 1):
            yield f"sitemap-{year}-{part + 1}.xml", part


def _sitemap_index(view: View) -> Plain:
    url = escape(view.config.site.url)
    parts = "".join(f"<sitemap><loc>{url}{name}</loc></sitemap>\n" for name, _ in _part_names(view))
    if not parts:
        text = f'<urlset xmlns="{_NAMESPACE}">\n<url><loc>{url}</loc></url>\n</urlset>\n'
        return Plain("sitemap.xml", (_DECLARATION + text).encode())
    text = f'<sitemapindex xmlns="{_NAMESPACE}">\n{parts}</sitemapindex>\n'
    return Plain("sitemap.xml", (_DECLARATION + text).encode())


_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def _sitemap_parts(view: View, year: str) -> Iterator[Plain]:
    rows = view.store.rows(
        "SELECT code, coalesce(substr(updated, 1, 10), substr(items.sort, 1, 10)) FROM lists JOIN items ON items.id = lists.item "
        "WHERE list = ? AND lists.sort >= ? AND lists.sort < ? ORDER BY lists.sort",
        view.list_number("all"), year, f"{year}~"
    )  # fmt: skip
    url = escape(view.config.site.url)
    part = 1
    lines: list[str] = []
    for code, changed in rows:
        if len(lines) == SITEMAP_PART:
            yield _urlset(year, part, lines)
            part, lines = part + 1, []
        lines.append(f"<url><loc>{url}{quoted(f'items/{code}.html')}</loc><lastmod>{changed}</lastmod></url>\n")
    if lines:
        yield _urlset(year, part, lines)


def _urlset(year: str, part: int, lines: list[str]) -> Plain:
    text = f'{_DECLARATION}<urlset xmlns="{_NAMESPACE}">\n{"".join(lines)}</urlset>\n'
    return Plain(f"sitemap-{year}-{part}.xml", text.encode())
