"""法定主动公开内容: the catalog's front page, a page for each category, and the years of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gongkai_ssg.linking.changes import Changes, Reason
from gongkai_ssg.model.catalog import Category
from gongkai_ssg.pages.listing import dirty_years, index_cards, year_keys, year_links, year_page
from gongkai_ssg.pages.page import Page, Planner
from gongkai_ssg.pages.view import View


class CatalogPages(Planner):
    """``catalog/…``. Keys: ``path``, ``path|year|number``; nothing for the whole catalog."""

    name = "catalog"

    def keys(self, view: View) -> Iterator[str]:
        """The catalog, then each category's index and years."""
        yield ""
        for category in view.catalog:
            yield category.path
            for year, number in year_keys(view, f"category:{category.path}"):
                yield f"{category.path}|{year}|{number}"

    def dirty(self, view: View, changes: Changes) -> Iterator[tuple[str, Reason]]:
        """Categories whose lists changed; all of them where the catalog did."""
        if changes.categories:
            yield from ((key, Reason("catalog")) for key in self.keys(view))
        for category in view.catalog:
            name = f"category:{category.path}"
            if name in changes.lists:
                reason = Reason("list", name)
                yield category.path, reason
                for year, number in dirty_years(view, changes, name):
                    yield f"{category.path}|{year}|{number}", reason

    def pages(self, view: View, key: str) -> Iterator[Page]:
        """The page of one key."""
        path, _, page = key.partition("|")
        year, _, number = page.partition("|")
        if not path:
            yield Page(
                "catalog/index.html",
                "catalog.html",
                {
                    "title": "法定主动公开内容",
                    "section": "catalog",
                    "tree": category_tree(view),
                    "crumbs": [],
                    "column": column("法定主动公开内容", "信息公开目录"),
                },
            )
            return
        category = view.catalog.by_path[path]
        folder, name = f"catalog/{path}/", f"category:{path}"
        crumbs = [("法定主动公开内容", "catalog/index.html")]
        crumbs += [
            (each.name, f"catalog/{each.path}/index.html")
            for each in view.catalog.lineage(path)[: None if year else -1]
        ]
        values = {
            "heading": category.name,
            "section": "catalog",
            "crumbs": crumbs,
            "column": column(category.name, "信息公开目录", category.entry.description),
        }
        if year:
            yield from year_page(view, name, folder, year, int(number), values)
            return
        yield Page(
            f"{folder}index.html",
            "category.html",
            {
                **values,
                "title": category.name,
                "description": category.entry.description,
                "article": category.entry.article,
                "children": [_node(child) for child in view.catalog.children(path)],
                "cards": index_cards(view, name),
                "years": year_links(view, name, folder),
            },
        )


def category_tree(view: View, parent: str | None = None) -> list[dict[str, Any]]:
    """The whole catalog as nested nodes for templates."""
    return [grown(_node(each), category_tree(view, each.path)) for each in view.catalog.children(parent)]


def grown(node: dict[str, Any], children: list[dict[str, Any]]) -> dict[str, Any]:
    """A node with its children, and how many there are below it in all: what decides whether a tree is folded."""
    return {**node, "children": children, "size": sum(child["size"] + 1 for child in children)}


def _node(category: Category) -> dict[str, Any]:
    return {
        "name": category.name,
        "address": f"catalog/{category.path}/index.html",
        "article": category.entry.article,
        "description": category.entry.description,
    }


def column(name: str, kind: str, description: str | None = None, keywords: str | None = None) -> dict[str, str]:
    """The column tags of 政府网站发展指引 (国办发〔2017〕47号), all four required on column pages."""
    return {"name": name, "type": kind, "description": description or name, "keywords": keywords or name}
