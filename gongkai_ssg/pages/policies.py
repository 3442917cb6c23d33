"""规范性文件库: everything in the library by validity, by number and by year, with relations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from gongkai_ssg.linking.changes import Changes, Reason
from gongkai_ssg.pages.catalog import column
from gongkai_ssg.pages.listing import dirty_years, index_cards, year_keys, year_links, year_page
from gongkai_ssg.pages.page import Page, Planner
from gongkai_ssg.pages.view import View

STATES = {"现行有效": "valid", "尚未施行": "pending", "失效": "expired", "废止": "repealed"}
"""State → its folder."""

_NUMBER = re.compile(r"(?P<code>.*?)[〔（(\[［【]?(?P<year>(?:19|20)\d{2})[〕）)\]］】]?年?第?(?P<number>\d+)号")


class PolicyPages(Planner):
    """``policies/…``. Keys: ``library|year|number``, ``<state>|year|number``, ``numbers||``."""

    name = "policies"

    def keys(self, view: View) -> Iterator[str]:
        """The library's front page and years; each state's; the tables of numbers."""
        for which in ("library", *STATES):
            if which == "library" or view.has(_list(which)):
                yield f"{which}||"
                yield from (f"{which}|{year}|{number}" for year, number in year_keys(view, _list(which)))
        if view.has("library"):
            yield "numbers||"

    def dirty(self, view: View, changes: Changes) -> Iterator[tuple[str, Reason]]:
        """What changed in the library; every index when a state got its first document or lost its last."""
        toggled = changes.toggled(view, "library")
        for which in ("library", *STATES):
            name = _list(which)
            if name in changes.lists or toggled:
                yield f"{which}||", Reason("list", name)
            yield from (
                (f"{which}|{year}|{number}", Reason("list", name)) for year, number in dirty_years(view, changes, name)
            )
        if changes.numbered:
            yield "numbers||", Reason("list", "library")

    def pages(self, view: View, key: str) -> Iterator[Page]:
        """The pages of one key."""
        which, year, number = key.split("|")
        if which == "numbers":
            if view.has("library"):
                yield from _numbers(view)
            return
        if which != "library" and not view.has(_list(which)):
            return
        name = _list(which)
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
            yield from year_page(view, name, folder, year, int(number), values)
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


def _list(which: str) -> str:
    return which if which == "library" else f"library:{which}"


def _numbers(view: View) -> Iterator[Page]:
    """A table of 发文字号 for each year that stands in one, sorted by issuing code, then number."""
    rows = view.store.rows(
        "SELECT doc_number, title, code, status FROM items "
        "WHERE in_library AND held IS NULL AND NOT withdrawn AND doc_number IS NOT NULL AND doc_number <> '无'"
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
