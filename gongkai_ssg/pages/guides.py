"""Standing pages: 公开指南, 公开制度, 办事指南 and others, of the site and of each unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.linking.changes import Changes, Reason
from gongkai_ssg.pages.catalog import column
from gongkai_ssg.pages.items import contents
from gongkai_ssg.pages.page import Page, Planner
from gongkai_ssg.pages.units import group_of, in_groups
from gongkai_ssg.pages.view import View
from gongkai_ssg.reading.frontmatter import split
from gongkai_ssg.reading.guides import APPLY, Guide, GuideKeys
from gongkai_ssg.reading.markdown import read_body
from gongkai_ssg.reading.text import decode
from gongkai_ssg.rendering.links import Target, root_of, settle

_COLUMN_TYPES = {"指南": "信息公开指南", "依申请公开": "依申请公开", "办事指南": "办事服务", "制度": "政策文件"}
_ORDER = ("指南", "制度", "办事指南", "依申请公开", "其他")


_APPLICATIONS = "依申请公开"


class GuidePages(Planner):
    """``guides/…``, ``units/<id>/guide.html`` and ``apply.html``."""

    name = "guides"

    def keys(self, view: View) -> Iterator[str]:
        """The list of standing pages, then each by its source."""
        yield ""
        yield APPLY
        yield from (guide.path for guide in view.guides if guide.address != APPLY)

    def dirty(self, view: View, changes: Changes) -> Iterator[tuple[str, Reason]]:
        """All of them, where any changed, or where a link leads from one may have."""
        yield from ((path, Reason("guides")) for path in sorted(changes.lost_guides))
        if changes.guides or changes.units:
            yield from ((key, Reason("guides")) for key in self.keys(view))

    def pages(self, view: View, key: str) -> Iterator[Page]:
        """One page."""
        if not key:
            values = {
                "title": "公开指南与制度",
                "section": "guides",
                "crumbs": [],
                "column": column("公开指南与制度", "信息公开指南"),
                "groups": own_guides(view),
                "of_units": guides_of_units(view),
            }
            yield Page("guides/index.html", "guides.html", values)
            return
        if key == APPLY:
            yield _apply_page(view)
            return
        for guide in view.guides:
            if guide.path == key and guide.address != APPLY:
                yield Page(guide.address, "guide.html", _values(view, guide))


def own_guides(view: View) -> list[dict[str, Any]]:
    """The site's own standing pages by type."""
    own = [guide for guide in view.guides if guide.unit is None]
    groups = [
        {"name": kind, "guides": [{"title": each.title, "address": each.address} for each in own if each.type == kind]}
        for kind in _ORDER
    ]
    return [group for group in groups if group["guides"]]


def guides_of_units(view: View) -> list[dict[str, Any]]:
    """The units' standing pages by type, and of each type by the kind of the unit."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = {kind: {} for kind in _ORDER}
    of_unit: dict[str | None, list[Guide]] = {}
    for guide in view.guides:
        of_unit.setdefault(guide.unit, []).append(guide)
    for unit in in_groups(view.units):
        for guide in of_unit.get(unit.id, ()):
            link = {"title": guide.title, "address": guide.address, "unit": unit.short_name or unit.name}
            found[guide.type].setdefault(group_of(unit), []).append(link)
    return [
        {"name": kind, "groups": [{"name": name, "guides": guides} for name, guides in groups.items()]}
        for kind, groups in found.items()
        if groups
    ]


def _apply_page(view: View) -> Page:
    """依申请公开: what the site says of it, if anything, around what the law says everywhere (条例 art. 27 to 45)."""
    own = next((guide for guide in view.guides if guide.address == APPLY), None)
    organizer = view.config.site.organizer or view.config.site.title
    values: dict[str, Any] = {
        "title": _APPLICATIONS,
        "section": "apply",
        "crumbs": [],
        "column": column(_APPLICATIONS, "依申请公开"),
        "published": None,
        "day": None,
        "updated": None,
        "source": organizer,
        "description": "向行政机关申请公开政府信息的步骤、期限、收费和申请表。",
        "headings": (),
        "articles": (),
        "long": False,
        "body": None,
    }
    if own is not None:
        values |= {**_values(view, own), "section": "apply", "crumbs": []}
    others = [
        {"title": guide.title, "address": guide.address}
        for guide in view.guides
        if guide.type == _APPLICATIONS and guide is not own
    ]
    return Page(APPLY, "apply.html", {**values, "organizer": organizer, "others": others})


def _values(view: View, guide: Guide) -> dict[str, Any]:
    options = view.reader.options
    text, _ = decode((view.root / guide.path).read_bytes(), guide.path)
    parts = split(text, guide.path, GuideKeys)
    if isinstance(parts, Finding):
        raise AssertionError(f"{guide.path} was read before and must split again")
    body = read_body(parts.body, parts.body_line, guide.path, options.is_code, options.raw_html)
    targets = [
        Target(link.kind, to, link.fragment, link.label or link.target)
        for link, to in zip(guide.links, guide.addresses, strict=True)
    ]
    unit = view.units.by_id[guide.unit] if guide.unit else None
    crumbs = (
        [("发布机构", "units/index.html"), (unit.name, f"units/{unit.id}/index.html")]
        if unit
        else [("公开指南与制度", "guides/index.html")]
    )
    return {
        "title": guide.title,
        "section": "units" if unit else "guides",
        "crumbs": crumbs,
        "column": column(guide.type, _COLUMN_TYPES.get(guide.type, "信息公开目录")),
        "published": f"{guide.date} 00:00" if guide.date else None,
        "day": guide.date.isoformat() if guide.date else None,
        "updated": guide.updated.isoformat() if guide.updated else None,
        "source": unit.name if unit else view.config.site.organizer or view.config.site.title,
        "description": guide.summary,
        **contents([(each.level, each.id, each.text) for each in body.headings]),
        "body": Markup(settle(body.html, targets, root_of(guide.address))),
    }
