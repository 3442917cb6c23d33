"""Full-text search: its page, and the files that no item changes. Only where config.yaml does not switch it off."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai_ssg.linking.changes import Changes, Reason
from gongkai_ssg.pages.page import Output, Plain, Planner
from gongkai_ssg.pages.view import View


class SearchPages(Planner):
    """``search.html``, ``data/search.json``, names and everyday words. Keys: ``page``, ``standing``."""

    name = "search"

    def keys(self, view: View) -> Iterator[str]:
        """Both."""
        if view.config.search:
            yield from ("page", "standing")

    def dirty(self, view: View, changes: Changes) -> Iterator[tuple[str, Reason]]:
        """Names of units and categories."""
        if view.config.search and (changes.units or changes.categories):
            yield "standing", Reason("units")

    def pages(self, view: View, key: str) -> Iterator[Output]:
        """The files of one key."""
        from gongkai_ssg.search.page import search_pages
        from gongkai_ssg.search.standing import standing_files

        if key == "page":
            yield from search_pages(view.assets)
        else:
            for name, data in standing_files(view.units, view.catalog, view.root / view.config.content):
                yield Plain(f"search/{name}", data)
