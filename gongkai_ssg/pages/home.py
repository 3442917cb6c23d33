"""The platform's front page: search, doors, what is new or open, the statutory blocks in their fixed order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from gongkai_ssg.linking.changes import Changes, Reason
from gongkai_ssg.linking.doors import door_address
from gongkai_ssg.model.topics import TOPICS
from gongkai_ssg.model.values import is_web_address
from gongkai_ssg.pages.catalog import category_tree, column
from gongkai_ssg.pages.page import Page, Planner
from gongkai_ssg.pages.reports import reports
from gongkai_ssg.pages.timely import in_force_lately, lapsed_lately, open_notices
from gongkai_ssg.pages.units import unit_groups
from gongkai_ssg.pages.view import View
from gongkai_ssg.rendering.links import quoted

_NEWEST = 12


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
                "doors": doors(view),
                "guides": _guides(view, "指南"),
                "rules": _guides(view, "制度"),
                "reports": reports(view),
                "services": _guides(view, "办事指南"),
                "catalog": category_tree(view),
                "cards": view.newest("all", _NEWEST),
                "notices": open_notices(view),
                "in_force": in_force_lately(view),
                "lapsed": lapsed_lately(view),
                "units": unit_groups(view),
                "topics": [
                    {"name": name, "address": f"topics/{place:02d}/index.html"}
                    for place, name in enumerate(TOPICS, 1)
                    if view.has(f"topic:{place:02d}")
                ],
                "years": [
                    {"year": year, "address": f"years/{year}/index.html"} for year, _ in reversed(view.years("all"))
                ],
            },
        )


def doors(view: View) -> list[dict[str, Any]]:
    """The doors of config.yaml that lead somewhere, their addresses ready to stand in a link."""
    found = [
        (door, door_address(door.target, view.store, view.units, view.catalog, view.guides))
        for door in view.config.doors
    ]
    return [{"label": door.label, "note": door.note, "address": _linked(to)} for door, to in found if to]


def _linked(address: str) -> str:
    if is_web_address(address):
        return address
    page, mark, place = address.partition("#")
    return f"{quoted(page)}{mark}{quote(place)}"


def _guides(view: View, kind: str) -> list[dict[str, Any]]:
    return [
        {"title": guide.title, "address": guide.address}
        for guide in view.guides
        if guide.unit is None and guide.type == kind
    ]
