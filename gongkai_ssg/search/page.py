"""The search page, and where the engine is, for others to find."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from gongkai_ssg.pages.catalog import column
from gongkai_ssg.pages.page import Output, Page, Plain
from gongkai_ssg.search.shards import FORMAT


def search_pages(assets: Mapping[str, str]) -> Iterator[Output]:
    """``search.html`` and ``data/search.json``.

    :param assets: the addresses of assets by their plain names.
    """
    values: dict[str, Any] = {
        "title": "搜索",
        "section": "search",
        "crumbs": [],
        "column": column("搜索", "信息公开目录"),
    }
    yield Page("search.html", "search-page.html", values)
    told = {"format": FORMAT, "engine": assets["search-engine.js"], "index": "search/index.js", "page": "search.html"}
    yield Plain("data/search.json", (json.dumps(told, sort_keys=True) + "\n").encode())
