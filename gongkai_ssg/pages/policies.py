"""规范性文件库: everything in the library by validity, by number and by year, with relations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from gongkai_ssg.pages.catalog import column
from gongkai_ssg.pages.listing import index_cards, year_links, year_pages
from gongkai_ssg.pages.page import Page
from gongkai_ssg.pages.view import View

STATES = {"现行有效": "valid", "尚未施行": "pending", "失效": "expired", "废止": "repealed"}
"""State → its folder."""

_NUMBER = re.compile(r"(?P<code>.*?)[〔（(\[［【]?(?P<year>(?:19|20)\d{2})[〕）)\]］】]?年?第?(?P<number>\d+)号")

Key = tuple[str, str]


class PolicyPages:
    """``policies/…``."""

    name = "policies"

    def keys(self, view: View) -> Iterator[Key]:
        """The library's front page and years; each state's; the numbers of each year."""
        yield "library", ""
        yield from (("library", year) for year, _ in view.years("library"))
        for state in STATES:
            if view.has(f"library:{state}"):
                yield state, ""
                yield from ((state, year) for year, _ in view.years(f"library:{state}"))
        if view.has("library"):
            yield "numbers", ""

    def pages(self, view: View, key: Key) -> Iterator[Page]:
        """The pages of one key."""
        which, year = key
        if which == "numbers":
            yield from _numbers(view)
            return
        name = "library" if which == "library" else f"library:{which}"
        folder = "policies/" if which == "library" else f"policies/{STATES[which]}/"
        heading = "规范性文件库" if which == "library" else f"规范性文件库：{which}"
        crumbs = [] if which == "library" and not year else [("规范性文件库", "policies/index.html")]
        values: dict[str, Any] = {
            "heading": heading,
            "section": "policies",
            "crumbs": crumbs,
            "column": column(heading, "政策文件"),
        }
        if year:
            yield from year_pages(view, name, folder, year, values)
            return
        states = [
            {"name": state, "address": f"policies/{slug}/index.html", "current": state == which}
            for state, slug in STATES.items()
            if view.has(f"library:{state}")
        ]
        index = {
            **values,
            "title": heading,
            "states": states,
            "numbers": "policies/numbers/index.html" if view.has("library") else None,
            "cards": index_cards(view, name),
            "years": year_links(view, name, folder),
        }
        yield Page(f"{folder}index.html", "policies.html", index)


def _numbers(view: View) -> Iterator[Page]:
    """A table of 发文字号 for each year that stands in one, sorted by issuing code, then number."""
    rows = view.store.rows(
        "SELECT doc_number, title, code, status FROM items "
        "WHERE library AND held IS NULL AND NOT withdrawn AND doc_number IS NOT NULL AND doc_number <> '无'"
    )
    by_year: dict[str, list[tuple[str, int, str, str, str, str]]] = {}
    for number, title, code, status in rows:
        match = _NUMBER.search(number)
        year, order = (match["year"], int(match["number"])) if match else ("0000", 0)
        by_year.setdefault(year, []).append((match["code"] if match else number, order, number, title, code, status))
    years = sorted(by_year, reverse=True)
    crumbs = [("规范性文件库", "policies/index.html")]
    base = {"section": "policies", "column": column("按发文字号查看", "政策文件")}
    links = [
        {"name": f"{year}年" if year != "0000" else "其他", "address": f"policies/numbers/{year}.html"}
        for year in years
    ]
    yield Page(
        "policies/numbers/index.html",
        "numbers.html",
        {**base, "title": "按发文字号查看", "crumbs": crumbs, "links": links, "rows": []},
    )
    for year in years:
        entries = [
            {"number": number, "title": title, "code": code, "status": status}
            for _, _, number, title, code, status in sorted(by_year[year])
        ]
        title = f"发文字号：{year}年" if year != "0000" else "发文字号：其他"
        values = {
            **base,
            "title": title,
            "crumbs": [*crumbs, ("按发文字号", "policies/numbers/index.html")],
            "links": [],
            "rows": entries,
        }
        yield Page(f"policies/numbers/{year}.html", "numbers.html", values)
