"""Other ways in: by year of publication, and by 主题分类."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gongkai_ssg.linking.changes import Changes, Reason
from gongkai_ssg.model.topics import TOPICS
from gongkai_ssg.pages.catalog import column
from gongkai_ssg.pages.listing import dirty_years, index_cards, newest_shown, year_keys, year_links, year_page
from gongkai_ssg.pages.page import Page, Planner
from gongkai_ssg.pages.view import View


class YearPages(Planner):
    """``years/…``: everything, by the year in which it was published. Keys: ``year|number``."""

    name = "years"

    def keys(self, view: View) -> Iterator[str]:
        """The list of years, then each year's index and pages."""
        yield "|"
        for year, number in year_keys(view, "all"):
            if number == 1:
                yield f"{year}|"
            yield f"{year}|{number}"

    def dirty(self, view: View, changes: Changes) -> Iterator[tuple[str, Reason]]:
        """Years in which something changed."""
        years = changes.lists.get("all", {})
        if years:
            yield "|", Reason("list", "all")
        yield from ((f"{year}|", Reason("list", "all")) for year in years)
        yield from ((f"{year}|{number}", Reason("list", "all")) for year, number in dirty_years(view, changes, "all"))

    def pages(self, view: View, key: str) -> Iterator[Page]:
        """The list of years, or a year's index or one of its pages."""
        key, _, number = key.partition("|")
        crumbs = [("按年份", "years/index.html")]
        if not key:
            values: dict[str, Any] = {"title": "按年份查看", "heading": "按年份查看", "section": "years", "crumbs": []}
            years = year_links(view, "all", "years/")
            links = [{**each, "address": f"years/{each['year']}/index.html"} for each in years]
            yield Page(
                "years/index.html",
                "years.html",
                {**values, "years": links, "column": column("按年份查看", "信息公开目录")},
            )
            return
        title = f"{key}年公开的信息"
        total = dict(view.years("all")).get(key, 0)
        values = {"heading": title, "section": "years", "crumbs": crumbs, "column": column(title, "信息公开目录")}
        if not total:
            return
        if number:
            pages = year_page(view, "all", "years/", key, int(number), {**values, "heading": "公开的信息"})
            for page in pages:
                yield Page(page.address, page.template, {**page.values, "index": f"years/{key}/index.html"})
            return
        shown = view.newest_of_year("all", key, newest_shown(total))
        year = next(each for each in year_links(view, "all", "years/") if each["year"] == key)
        index = {
            **values,
            "title": title,
            "description": None,
            "article": None,
            "children": [],
            "cards": shown,
            "years": [year],
        }
        yield Page(f"years/{key}/index.html", "category.html", index)


class TopicPages(Planner):
    """``topics/01/`` to ``topics/22/``: the first level of the State Council table. Keys: ``topic|year|number``."""

    name = "topics"

    def keys(self, view: View) -> Iterator[str]:
        """The list of topics, then each topic that holds something, with its years."""
        yield "||"
        for place in range(1, len(TOPICS) + 1):
            if view.has(f"topic:{place:02d}"):
                yield f"{place:02d}||"
                for year, number in year_keys(view, f"topic:{place:02d}"):
                    yield f"{place:02d}|{year}|{number}"

    def dirty(self, view: View, changes: Changes) -> Iterator[tuple[str, Reason]]:
        """Topics in which something changed."""
        if changes.toggled(view, "topic:"):
            yield "||", Reason("list", "topic:")
        for name in sorted(changes.lists):
            if name.startswith("topic:"):
                topic = name.removeprefix("topic:")
                yield f"{topic}||", Reason("list", name)
                for year, number in dirty_years(view, changes, name):
                    yield f"{topic}|{year}|{number}", Reason("list", name)

    def pages(self, view: View, key: str) -> Iterator[Page]:
        """The page of one key."""
        number, year, page = key.split("|")
        if not number:
            topics: list[dict[str, Any]] = [
                {
                    "name": name,
                    "address": f"topics/{place:02d}/index.html",
                    "children": [],
                    "size": 0,
                    "article": None,
                    "description": None,
                }
                for place, name in enumerate(TOPICS, 1)
                if view.has(f"topic:{place:02d}")
            ]
            front: dict[str, Any] = {"title": "按主题查看", "section": "topics", "crumbs": [], "tree": topics}
            yield Page("topics/index.html", "catalog.html", {**front, "column": column("按主题查看", "信息公开目录")})
            return
        if not view.has(f"topic:{number}"):
            return
        heading = list(TOPICS)[int(number) - 1]
        name, folder = f"topic:{number}", f"topics/{number}/"
        crumbs = [("按主题", "topics/index.html")]
        values = {"heading": heading, "section": "topics", "crumbs": crumbs, "column": column(heading, "信息公开目录")}
        if year:
            crumbs.append((heading, f"{folder}index.html"))
            yield from year_page(view, name, folder, year, int(page), values)
            return
        cards = index_cards(view, name)
        years = year_links(view, name, folder)
        index = {
            **values,
            "title": heading,
            "description": None,
            "article": None,
            "children": [],
            "cards": cards,
            "years": years,
        }
        yield Page(f"{folder}index.html", "category.html", index)
