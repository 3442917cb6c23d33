"""``gongkai export``: the whole catalog as one CSV, JSON-lines or Excel file."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from gongkai_ssg.config import Folders
from gongkai_ssg.pages.data import CATALOG_COLUMNS, catalog_csv, catalog_records, cell
from gongkai_ssg.pages.view import View
from gongkai_ssg.rules.addresses import address_key

__all__ = ["is_taken", "write_catalog"]

_FIXED = datetime(2020, 1, 1, tzinfo=UTC)
"""Office files carry a date of their making; a fixed one keeps the bytes the same."""


def write_catalog(view: View, style: str, file: Path | None) -> int:
    """Write every published item's elements to a file, or to standard output; returns how many.

    :raises OSError: if the file can't be written.
    """
    records = list(catalog_records(view))
    if style == "xlsx":
        if file is None:
            raise ValueError("xlsx needs a file")
        _write_xlsx(records, file)
        return len(records)
    if style == "csv":
        data = catalog_csv(records).encode("utf-8-sig")
    else:
        data = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()
    if file is None:
        sys.stdout.buffer.write(data)
    else:
        file.write_bytes(data)
    return len(records)


def is_taken(file: Path, style: str, folders: Folders) -> bool:
    """Whether a file belongs to the site, or is one that no export has made."""
    own = [folders.content, folders.output, folders.cache]
    own += [folders.root / name for name in ("themes", "templates", "assets", ".git")]
    target = _comparable(file)
    if any(target == root or target.startswith(root + "/") for root in map(_comparable, own)):
        return True
    return file.exists() and file.suffix.lower() != f".{style}"


def _comparable(path: Path) -> str:
    return address_key(path.resolve().as_posix())


def _write_xlsx(records: Iterable[dict[str, Any]], file: Path) -> None:
    book = xlsxwriter.Workbook(str(file), {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _FIXED.replace(tzinfo=None)})
    sheet = book.add_worksheet("目录")
    bold = book.add_format({"bold": True})
    sheet.write_row(0, 0, CATALOG_COLUMNS, bold)
    for row, record in enumerate(records, 1):
        for place, name in enumerate(CATALOG_COLUMNS):
            sheet.write_string(row, place, cell(record[name]))
    sheet.freeze_panes(1, 0)
    try:
        book.close()
    except FileCreateError as error:
        raise error.args[0] from None
