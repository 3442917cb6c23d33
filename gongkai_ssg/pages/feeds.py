"""Atom feeds: the whole site's newest, and each unit's."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from gongkai_ssg.linking.changes import Changes, Reason
from gongkai_ssg.pages.page import Plain, Planner
from gongkai_ssg.pages.view import View
from gongkai_ssg.rendering.links import quoted

_ENTRIES = 30


class Feeds(Planner):
    """``feed.xml`` and ``units/<id>/feed.xml``."""

    name = "feeds"

    def keys(self, view: View) -> Iterator[str]:
        """The site's feed, and one for each unit that has published."""
        yield ""
        yield from (unit.id for unit in view.units if view.has(f"unit:{unit.id}"))

    def dirty(self, view: View, changes: Changes) -> Iterator[tuple[str, Reason]]:
        """Feeds of lists that changed."""
        if changes.units:
            yield from ((key, Reason("units")) for key in self.keys(view))
        if "all" in changes.lists:
            yield "", Reason("list", "all")
        for unit in view.units:
            if f"unit:{unit.id}" in changes.lists:
                yield unit.id, Reason("list", f"unit:{unit.id}")

    def pages(self, view: View, key: str) -> Iterator[Plain]:
        """One feed."""
        site = view.config.site
        if key and not view.has(f"unit:{key}"):
            return
        if key:
            yield _feed(
                view,
                f"unit:{key}",
                f"units/{key}/feed.xml",
                f"units/{key}/index.html",
                f"{view.units.by_id[key].name} - {site.title}",
            )
        else:
            yield _feed(view, "all", "feed.xml", "index.html", site.title)


def _feed(view: View, name: str, address: str, page: str, title: str) -> Plain:
    url = view.config.site.url
    rows = view.store.rows(
        "SELECT title, code, substr(items.sort, 1, 19), updated, unit_name, summary FROM lists JOIN items ON items.id = lists.item "
        "WHERE list = ? ORDER BY lists.sort DESC LIMIT ?", view.list_number(name), _ENTRIES
    )  # fmt: skip
    newest = ""
    entries = []
    for item_title, code, published, updated, unit, summary in rows:
        changed = _stamp(updated) if updated else f"{published}+08:00"
        newest = max(newest, changed)
        link = url + quoted(f"items/{code}.html")
        entries.append(
            f"<entry>\n<title>{escape(item_title)}</title>\n<link href={quoteattr(link)}/>\n<id>{escape(link)}</id>\n"
            f"<published>{published}+08:00</published>\n<updated>{changed}</updated>\n"
            f"<author><name>{escape(unit)}</name></author>\n<summary>{escape(summary)}</summary>\n</entry>\n"
        )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">\n'
        f"<title>{escape(title)}</title>\n<id>{escape(url + address)}</id>\n<updated>{newest or '1970-01-01T00:00:00+08:00'}</updated>\n"
        f'<link rel="self" href={quoteattr(url + address)}/>\n<link href={quoteattr(url + page)}/>\n'
        f"{''.join(entries)}</feed>\n"
    )
    return Plain(address, text.encode())


def _stamp(moment: str) -> str:
    return f"{moment.replace(' ', 'T')}+08:00" if " " in moment else f"{moment}T00:00:00+08:00"
