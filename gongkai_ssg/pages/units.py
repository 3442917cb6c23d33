"""发布机构: the tree of units, and each one's own platform: contact, guide, catalog, newest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from gongkai_ssg.linking.changes import Changes, Reason
from gongkai_ssg.model.units import Unit
from gongkai_ssg.pages.catalog import column, grown
from gongkai_ssg.pages.listing import SINGLE, dirty_years, index_cards, year_keys, year_links, year_page
from gongkai_ssg.pages.page import Page, Planner
from gongkai_ssg.pages.reports import reports
from gongkai_ssg.pages.view import View

_GROUPS = {
    "government": "人民政府",
    "department": "政府部门",
    "subdistrict": "乡镇、街道",
    "township": "乡镇、街道",
    "vertical": "垂直管理部门",
    "authorized": "法律法规授权的组织",
    "institution": "事业单位",
    "enterprise": "公共企业",
    "village": "村（社区）",
}
"""Kind of a unit → the group it is listed in."""

_FUNCTIONS = 3
"""How many items about a unit itself (机构信息) its page names."""


class UnitPages(Planner):
    """``units/…``. Keys: ``unit|category|year|number``, each part but the unit may be empty.

    The category is ``*`` for the unit's catalog as a whole; an empty unit is the tree of units.
    """

    name = "units"

    def keys(self, view: View) -> Iterator[str]:
        """The tree of units; each unit's index and years; each of its categories."""
        yield "|||"
        for unit in view.units:
            yield f"{unit.id}|||"
            name = f"unit:{unit.id}"
            if view.has(name):
                yield f"{unit.id}|*||"
                for year, number in year_keys(view, name):
                    yield f"{unit.id}||{year}|{number}"
            for category in view.catalog:
                listed = f"{name}:{category.path}"
                total = view.count(listed)
                if total:
                    yield f"{unit.id}|{category.path}||"
                if total > SINGLE and not _is_divided(view, category.path):
                    for year, number in year_keys(view, listed):
                        yield f"{unit.id}|{category.path}|{year}|{number}"

    def dirty(self, view: View, changes: Changes) -> Iterator[tuple[str, Reason]]:
        """Units whose lists changed; all pages where the units or the catalog did, or a standing page."""
        if changes.units or changes.categories:
            yield from ((key, Reason("units")) for key in self.keys(view))
        elif changes.guides:
            yield from ((f"{unit.id}|||", Reason("guides")) for unit in view.units)
        touched = {name.split(":")[1] for name in changes.lists if name.startswith("unit:")}
        for unit in view.units:
            name = f"unit:{unit.id}"
            if unit.id not in touched:
                continue
            reason = Reason("list", name)
            yield f"{unit.id}|||", reason
            if changes.toggled(view, name):
                yield f"{unit.id}|*||", reason
            for year, number in dirty_years(view, changes, name):
                yield f"{unit.id}||{year}|{number}", reason
            for category in view.catalog:
                listed = f"{name}:{category.path}"
                if listed in changes.lists:
                    yield from _dirty_category(view, changes, unit.id, category.path)

    def pages(self, view: View, key: str) -> Iterator[Page]:
        """The pages of one key."""
        unit_id, path, year, number = key.split("|")
        if not unit_id:
            yield _tree_page(view)
            return
        unit = view.units.by_id[unit_id]
        home = (unit.name, f"units/{unit.id}/index.html")
        if path == "*":
            if view.has(f"unit:{unit.id}"):
                yield _unit_catalog(view, unit, home)
        elif path:
            yield from _category(view, unit, home, path, year, number)
        elif year:
            values = {
                "heading": unit.name,
                "own": unit.name,
                "section": "units",
                "crumbs": [_UNITS, home],
                "column": column(unit.name, "信息公开目录"),
            }
            yield from year_page(view, f"unit:{unit.id}", f"units/{unit.id}/", year, int(number), values)
        else:
            yield _platform(view, unit)


def _dirty_category(view: View, changes: Changes, unit: str, path: str) -> Iterator[tuple[str, Reason]]:
    """The pages of one of a unit's lists; those of all years when it grows beyond one page, or no more does."""
    name = f"unit:{unit}:{path}"
    reason = Reason("list", name)
    yield f"{unit}|{path}||", reason
    if _is_divided(view, path):
        return
    now = view.count(name)
    before = now - sum(year.grown for year in changes.lists[name].values())
    if (now > SINGLE) != (before > SINGLE):
        pages = {(year, number) for year, number in year_keys(view, name)}
        pages |= set(dirty_years(view, changes, name))
    elif now > SINGLE:
        pages = set(dirty_years(view, changes, name))
    else:
        return
    yield from ((f"{unit}|{path}|{year}|{number}", reason) for year, number in sorted(pages))


_UNITS = ("发布机构", "units/index.html")


def unit_node(unit: Unit) -> dict[str, Any]:
    """A unit as lists show it."""
    return {
        "name": unit.name,
        "address": f"units/{unit.id}/index.html",
        "kind": unit.kind,
        "until": unit.until.isoformat() if unit.until else None,
    }


def group_of(unit: Unit) -> str:
    """The name of the group a unit is listed in."""
    return _GROUPS[unit.kind]


def in_groups(units: Iterable[Unit]) -> list[Unit]:
    """Units in the order of their groups, within a group as they came."""
    order = list(dict.fromkeys(_GROUPS.values()))
    return sorted(units, key=lambda unit: order.index(group_of(unit)))


def unit_groups(view: View) -> list[dict[str, Any]]:
    """The units there are today by kind, each with the telephone to call."""
    groups: dict[str, list[dict[str, Any]]] = {name: [] for name in _GROUPS.values()}
    for unit in view.units:
        if not unit.gone(view.today):
            groups[group_of(unit)].append(_entry(unit))
    return [{"name": name, "units": units} for name, units in groups.items() if units]


def _entry(unit: Unit) -> dict[str, Any]:
    contact = unit.contact
    return {
        **unit_node(unit),
        "short_name": unit.short_name or unit.name,
        "phone": contact.phone if contact else None,
        "office_address": contact.address if contact else None,
    }


def _tree(view: View, parent: str | None = None) -> list[dict[str, Any]]:
    return [{**unit_node(unit), "children": _tree(view, unit.id)} for unit in view.units.children(parent)]


def _tree_page(view: View) -> Page:
    values = {
        "title": "发布机构",
        "section": "units",
        "tree": _tree(view),
        "groups": unit_groups(view),
        "dissolved": [
            {**unit_node(unit), "successors": [unit_node(view.units.by_id[each]) for each in unit.successors]}
            for unit in view.units
            if unit.gone(view.today)
        ],
        "crumbs": [],
        "column": column("发布机构", "信息公开目录"),
    }
    return Page("units/index.html", "units.html", values)


def _platform(view: View, unit: Unit) -> Page:
    name, folder = f"unit:{unit.id}", f"units/{unit.id}/"
    guides = [guide for guide in view.guides if guide.unit == unit.id]
    return Page(
        f"{folder}index.html",
        "unit.html",
        {
            "title": unit.name,
            "section": "units",
            "crumbs": [_UNITS],
            "column": column(unit.name, "信息公开目录"),
            "unit": unit_node(unit),
            "dissolved": unit.gone(view.today),
            "duties": unit.duties or _duties(view, unit),
            "functions": _functions(view, unit),
            "contact": unit.contact,
            "reports": reports(view, unit.id),
            "apply": _apply(view, unit),
            "parent": unit_node(view.units.by_id[unit.parent]) if unit.parent else None,
            "children": [_entry(child) for child in view.units.children(unit.id)],
            "successors": [unit_node(view.units.by_id[each]) for each in unit.successors],
            "predecessors": [unit_node(each) for each in view.units if unit.id in each.successors],
            "former_names": [
                {"name": period.name, "from": _iso(period.from_), "to": _iso(period.to)}
                for period in unit.names
                if period.name != unit.name
            ],
            "guides": [{"title": guide.title, "address": guide.address, "type": guide.type} for guide in guides],
            "catalog": f"{folder}catalog/index.html" if view.has(name) else None,
            "feed": f"{folder}feed.xml" if view.has(name) else None,
            "cards": index_cards(view, name),
            "years": year_links(view, name, folder),
        },
    )


def _about_itself(view: View, unit: Unit) -> list[str]:
    """The unit's lists of items about itself: 机构职能 and the like (条例 art. 20, item 2)."""
    names = (f"unit:{unit.id}:{category.path}" for category in view.catalog if category.kind == "机构信息")
    return [name for name in names if view.has(name)]


def _functions(view: View, unit: Unit) -> list[Any]:
    cards = {card.code: card for name in _about_itself(view, unit) for card in view.newest(name, _FUNCTIONS)}
    return sorted(cards.values(), key=lambda card: (card.day, card.code), reverse=True)[:_FUNCTIONS]


def _duties(view: View, unit: Unit) -> str | None:
    """What the unit's newest item about its functions says of itself."""
    for name in _about_itself(view, unit):
        rows = view.store.rows(
            "SELECT summary FROM lists JOIN items ON items.id = lists.item "
            "WHERE list = ? AND (title LIKE '%职能%' OR title LIKE '%职责%' OR title LIKE '%机构%') ORDER BY lists.sort DESC LIMIT 1",
            view.list_number(name),
        )
        row = rows.fetchone()
        if row is not None:
            return str(row[0]) or None
    return None


def _apply(view: View, unit: Unit) -> str | None:
    """Where one applies to this unit: its own page, else the site's; villages and enterprises take no applications."""
    if unit.gone(view.today) or not unit.owes_disclosure:
        return None
    own = (guide.address for guide in view.guides if guide.unit == unit.id and guide.type == "依申请公开")
    return next(own, "apply.html")


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None


def _unit_catalog(view: View, unit: Unit, home: tuple[str, str]) -> Page:
    values = {
        "title": f"{unit.name}政府信息公开目录",
        "section": "units",
        "crumbs": [_UNITS, home],
        "tree": _held(view, unit, None),
        "column": column(f"{unit.name}政府信息公开目录", "信息公开目录"),
    }
    return Page(f"units/{unit.id}/catalog/index.html", "catalog.html", values)


def _held(view: View, unit: Unit, parent: str | None) -> list[dict[str, Any]]:
    """The part of the catalog in which the unit has something."""
    return [
        grown(
            {
                "name": category.name,
                "address": f"units/{unit.id}/catalog/{category.path}/index.html",
                "article": category.entry.article,
                "description": None,
            },
            _held(view, unit, category.path),
        )
        for category in view.catalog.children(parent)
        if view.has(f"unit:{unit.id}:{category.path}")
    ]


def _is_divided(view: View, path: str) -> bool:
    """Whether a category has others below it: in a unit's own catalog those have the pages of all years, it has none."""
    return next(view.catalog.children(path), None) is not None


def _category(view: View, unit: Unit, home: tuple[str, str], path: str, year: str, number: str) -> Iterator[Page]:
    name = f"unit:{unit.id}:{path}"
    total = view.count(name)
    if not total or (year and (total <= SINGLE or _is_divided(view, path))):
        return
    base = f"units/{unit.id}/catalog/"
    lineage = view.catalog.lineage(path)
    crumbs = [_UNITS, home, ("目录", f"{base}index.html")]
    crumbs += [(each.name, f"{base}{each.path}/index.html") for each in lineage[: None if year else -1]]
    heading = f"{unit.short_name or unit.name}：{lineage[-1].name}"
    values = {
        "heading": heading,
        "own": unit.name,
        "section": "units",
        "crumbs": crumbs,
        "column": column(heading, "信息公开目录"),
    }
    folder = f"{base}{path}/"
    if year:
        yield from year_page(view, name, folder, year, int(number), values)
        return
    small = total <= SINGLE
    cards = view.newest(name, SINGLE) if small else index_cards(view, name)
    by_year = [{"year": each, "cards": list(group)} for each, group in groupby(cards, key=lambda card: card.day[:4])]
    yield Page(
        f"{folder}index.html",
        "unit-category.html",
        {
            **values,
            "title": heading,
            "groups": by_year,
            "site_category": f"catalog/{path}/index.html",
            "children": _held(view, unit, path),
            "years": [] if small or _is_divided(view, path) else year_links(view, name, folder),
        },
    )
