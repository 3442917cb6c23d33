"""Full-text search: its page, and the files that no item changes. Only where config.yaml does not switch it off."""

from __future__ import annotations

import json
from collections.abc import Iterator

from gongkai_ssg.linking.changes import Changes, Reason
from gongkai_ssg.pages.page import Output, Plain, Planner
from gongkai_ssg.pages.view import View
from gongkai_ssg.search.words import NEWEST, frequent_words


class SearchPages(Planner):
    """``search.html`` and ``data/search.json``. Key: ``page``."""

    name = "search"

    def keys(self, view: View) -> Iterator[str]:
        """The page's."""
        if view.config.search:
            yield "page"

    def dirty(self, view: View, changes: Changes) -> Iterator[tuple[str, Reason]]:
        """Nothing but the look of the site changes it."""
        return iter(())

    def pages(self, view: View, key: str) -> Iterator[Output]:
        """Both files."""
        from gongkai_ssg.search.page import search_pages

        yield from search_pages(view.assets)


class SearchWords(Planner):
    """Phones, the table of characters; words to suggest. Keys: ``standing``, ``words``."""

    name = "words"
    styled = False

    def keys(self, view: View) -> Iterator[str]:
        """Both of them."""
        if view.config.search:
            yield from ("standing", "words")

    def dirty(self, view: View, changes: Changes) -> Iterator[tuple[str, Reason]]:
        """Phones of units; words to suggest, where one of the newest items is another."""
        if not view.config.search:
            return
        if changes.units:
            yield "standing", Reason("units")
        if "all" in changes.lists or not changes.items.keys().isdisjoint(number for number, *_ in _newest(view)):
            yield "words", Reason("list", "all")

    def pages(self, view: View, key: str) -> Iterator[Output]:
        """The files of one key."""
        from gongkai_ssg.search.standing import standing_files

        if key == "words":
            yield _words(view)
        else:
            for name, data in standing_files(view.units):
                yield Plain(f"search/{name}", data)


def _newest(view: View) -> list[tuple[int, str, str]]:
    """Number, title and data of the newest items."""
    rows: list[tuple[int, str, str]] = view.store.rows(
        "SELECT items.id, title, data FROM lists JOIN items ON items.id = lists.item WHERE list = ? "
        "ORDER BY lists.sort DESC LIMIT ?", view.list_number("all"), NEWEST
    ).fetchall()  # fmt: skip
    return rows


def _words(view: View) -> Plain:
    from gongkai_ssg.search.shards import script

    rows = _newest(view)
    keywords = (word for *_, data in rows for word in json.loads(data).get("keywords", ()))
    return Plain("search/words.js", script("words", "", frequent_words([title for _, title, _ in rows], keywords)))
