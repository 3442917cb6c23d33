"""Lists of items: an index with the newest, and the pages of each year, numbered from the oldest.

A new item changes the index and the newest page of its year, nothing else: page N of a year holds
the same twenty items for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gongkai_ssg.pages.page import Page
from gongkai_ssg.pages.view import Card, View

PAGE = 20
"""Items a page."""

SINGLE = 100
"""A unit's own lists stay one page up to this many items."""


def newest_shown(total: int) -> int:
    """How many of a list's items its index shows: the last full page's worth and what came after it."""
    return PAGE + total % PAGE if total >= PAGE else total


def index_cards(view: View, name: str) -> list[Card]:
    """The newest 20 to 39 items of a list, or all of a shorter one."""
    return view.newest(name, newest_shown(view.count(name)))


def year_links(view: View, name: str, folder: str) -> list[dict[str, Any]]:
    """The years of a list, the newest first, each with its newest page and the page on which each month begins."""
    links = []
    for year, count in reversed(view.years(name)):
        last = (count - 1) // PAGE + 1
        months = []
        if count > PAGE:
            before = 0
            for month, number in view.months(name, year):
                months.append({"month": int(month), "address": f"{folder}{year}/p{before // PAGE + 1}.html"})
                before += number
        links.append({"year": year, "address": f"{folder}{year}/p{last}.html", "months": months})
    return links


def year_pages(view: View, name: str, folder: str, year: str, values: dict[str, Any]) -> Iterator[Page]:
    """The pages of one year of a list.

    :param folder: where the list lives, with a final slash: pages go to ``<folder><year>/p<N>.html``.
    :param values: what every page of the list shows: title, breadcrumbs, column.
    """
    for number, (cards, more) in enumerate(_paged(view.of_year(name, year)), 1):
        address = f"{folder}{year}/p{number}.html"
        yield Page(
            address,
            "list.html",
            {
                **values,
                "heading": f"{values['heading']} {year}年",
                "title": f"{values['heading']} {year}年 第{number}页",
                "number": number,
                "year": year,
                "cards": cards[::-1],
                "newer": f"{folder}{year}/p{number + 1}.html" if more else None,
                "older": f"{folder}{year}/p{number - 1}.html" if number > 1 else None,
                "oldest": f"{folder}{year}/p1.html" if number > 2 else None,
                "index": f"{folder}index.html",
            },
        )


def _paged(cards: Iterator[Card]) -> Iterator[tuple[list[Card], bool]]:
    """Runs of twenty, each with whether another follows."""
    page: list[Card] = []
    for card in cards:
        if len(page) == PAGE:
            yield page, True
            page = []
        page.append(card)
    if page:
        yield page, False
