"""Words for values, as templates and planners show them."""

from __future__ import annotations

import re


def file_size(size: int) -> str:
    """A file's size as people read it."""
    if size < 1024:
        return f"{size} B"
    if size < 1024 * 1024:
        return f"{size / 1024:.0f} KB"
    return f"{size / 1024 / 1024:.1f} MB"


_PHONE = re.compile(r"\+?[0-9][0-9-]{5,17}")


def telephone(text: str) -> str:
    """The number to dial, where the text is one number and nothing else; or nothing."""
    return text if _PHONE.fullmatch(text) else ""


def chinese_date(day: str) -> str:
    """``2024-01-05`` → ``2024年1月5日`` (GB/T 9704: no zero before)."""
    year, month, number = day[:10].split("-")
    return f"{year}年{int(month)}月{int(number)}日"


def period(first: str, last: str) -> str:
    """Two days and what lies between: ``2024年1月5日至2月3日``, the year once where it is the same."""
    end = chinese_date(last)
    return f"{chinese_date(first)}至{end.partition('年')[2] if first[:4] == last[:4] else end}"
