"""The platform's front page: the statutory blocks in their fixed order, and what is new."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gongkai_ssg.linking.changes import Changes, Reason
from gongkai_ssg.pages.catalog import category_tree, column
from gongkai_ssg.pages.page import Page, Planner
from gongkai_ssg.pages.units import unit_node
from gongkai_ssg.pages.view import View

_NEWEST = 20


class HomePage(Planner):
    """``index.html``."""

    name = "home"

    def keys(self, view: View) -> Iterator[str]:
        """The one page."""
        yield "index.html"

    def dirty(self, view: View, changes: Changes) -> Iterator[tuple[str, Reason]]:
        """Whenever anything changed: it shows a bit of everything."""
        yield "index.html", Reason("day" if changes.day else "list", "all")

    def pages(self, view: View, key: str) -> Iterator[Page]:
        """The blocks of a disclosure platform: 指南, 制度, 法定主动公开内容, 年报; 依申请公开 beside them."""
        yield Page(
            key,
            "home.html",
            {
                "title": view.config.site.title,
                "section": "home",
                "crumbs": [],
                "column": column("首页", "首页"),
                "guides": _guides(view, "指南"),
                "rules": _guides(view, "制度"),
                "services": _guides(view, "办事指南"),
                "applications": _guides(view, "依申请公开"),
                "catalog": category_tree(view),
                "cards": view.newest("all", _NEWEST),
                "units": [unit_node(unit) for unit in view.units if unit.until is None or unit.until >= view.today],
                "years": [
                    {"year": year, "address": f"years/{year}/index.html"} for year, _ in reversed(view.years("all"))
                ],
            },
        )


def _guides(view: View, kind: str) -> list[dict[str, Any]]:
    return [
        {"title": guide.title, "address": guide.address}
        for guide in view.guides
        if guide.unit is None and guide.type == kind
    ]
