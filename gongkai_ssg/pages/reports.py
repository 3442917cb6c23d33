"""政府信息公开年报, as far as pages lead there: the category that config.yaml names for them."""

from __future__ import annotations

from typing import Any

from gongkai_ssg.pages.view import View

_REPORTS = 5


def reports(view: View, unit: str = "") -> dict[str, Any] | None:
    """年报: the newest of the category for it, of the whole site or of one unit; None without one."""
    category = view.catalog.find(view.config.report_category or "")
    if category is None:
        return None
    name = f"unit:{unit}:{category.path}" if unit else f"category:{category.path}"
    folder = f"units/{unit}/catalog" if unit else "catalog"
    if unit and not view.has(name):
        return None
    return {"address": f"{folder}/{category.path}/index.html", "cards": view.newest(name, _REPORTS)}
