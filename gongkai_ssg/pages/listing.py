"""Lists of items: an index with the newest, and the pages of each year, numbered from the oldest.

A new item changes the index and the newest page of its year, nothing else: page N of a year holds
the same twenty items for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gongkai_ssg.linking.changes import Changes
from gongkai_ssg.pages.page import Page
from gongkai_ssg.pages.view import PAGE, Card, View

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


def page_count(items: int) -> int:
    """How many pages of a year so many items fill."""
    return (items + PAGE - 1) // PAGE


def year_keys(view: View, name: str) -> Iterator[tuple[str, int]]:
    """The year and number of each page of a list."""
    for year, count in view.years(name):
        yield from ((year, number) for number in range(1, page_count(count) + 1))


def dirty_years(view: View, changes: Changes, name: str) -> Iterator[tuple[str, int]]:
    """The year and number of each page of a list that may differ, and of those that are no more."""
    counts = dict(view.years(name))
    for year, change in changes.lists.get(name, {}).items():
        now = counts.get(year, 0)
        last, before = page_count(now), page_count(now - change.grown)
        numbers = {view.rank(name, year, sort) // PAGE + 1 for sort in change.shown}
        if change.moved is not None:
            first = view.rank(name, year, change.moved) // PAGE + 1
            numbers.update(range(first, max(last, before) + 1))
        if last != before:
            numbers.add(min(last, before))  # it has a newer page now, or no more
        yield from ((year, number) for number in sorted(numbers - {0}))


def year_page(view: View, name: str, folder: str, year: str, number: int, values: dict[str, Any]) -> Iterator[Page]:
    """One page of one year of a list, if it holds anything.

    :param folder: where the list lives, with a final slash: the page goes to ``<folder><year>/p<number>.html``.
    :param values: what every page of the list shows: title, breadcrumbs, column.
    """
    cards = view.of_year(name, year, number)
    if not cards:
        return
    more = len(cards) > PAGE
    yield Page(
        f"{folder}{year}/p{number}.html",
        "list.html",
        {
            **values,
            "heading": f"{values['heading']} {year}年",
            "title": f"{values['heading']} {year}年 第{number}页",
            "number": number,
            "year": year,
            "cards": cards[:PAGE][::-1],
            "newer": f"{folder}{year}/p{number + 1}.html" if more else None,
            "older": f"{folder}{year}/p{number - 1}.html" if number > 1 else None,
            "oldest": f"{folder}{year}/p1.html" if number > 2 else None,
            "index": f"{folder}index.html",
        },
    )
