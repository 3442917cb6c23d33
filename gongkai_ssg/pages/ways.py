"""Other ways in: by year of publication, and by 主题分类."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gongkai_ssg.model.topics import TOPICS
from gongkai_ssg.pages.catalog import column
from gongkai_ssg.pages.listing import index_cards, newest_shown, year_links, year_pages
from gongkai_ssg.pages.page import Page
from gongkai_ssg.pages.view import View


class YearPages:
    """``years/…``: everything, by the year in which it was published."""

    name = "years"

    def keys(self, view: View) -> Iterator[str]:
        """The list of years, then each year."""
        yield ""
        yield from (year for year, _ in view.years("all"))

    def pages(self, view: View, key: str) -> Iterator[Page]:
        """The list of years, or a year's index and pages."""
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
        total = dict(view.years("all"))[key]
        shown = view.newest_of_year("all", key, newest_shown(total))
        year = next(each for each in year_links(view, "all", "years/") if each["year"] == key)
        values = {"heading": title, "section": "years", "crumbs": crumbs, "column": column(title, "信息公开目录")}
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
        for page in year_pages(view, "all", "years/", key, {**values, "heading": "公开的信息"}):
            yield Page(page.address, page.template, {**page.values, "index": f"years/{key}/index.html"})


class TopicPages:
    """``topics/01/`` to ``topics/22/``: the first level of the State Council table."""

    name = "topics"

    def keys(self, view: View) -> Iterator[tuple[str, str]]:
        """The list of topics, then each topic that holds something, with its years."""
        yield "", ""
        for place in range(1, len(TOPICS) + 1):
            number = f"{place:02d}"
            if view.has(f"topic:{number}"):
                yield number, ""
                yield from ((number, year) for year, _ in view.years(f"topic:{number}"))

    def pages(self, view: View, key: tuple[str, str]) -> Iterator[Page]:
        """The pages of one key."""
        number, year = key
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
        heading = list(TOPICS)[int(number) - 1]
        name, folder = f"topic:{number}", f"topics/{number}/"
        crumbs = [("按主题", "topics/index.html")]
        values = {"heading": heading, "section": "topics", "crumbs": crumbs, "column": column(heading, "信息公开目录")}
        if year:
            crumbs.append((heading, f"{folder}index.html"))
            yield from year_pages(view, name, folder, year, values)
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
