"""Sites from a table of files, and findings as rows that a test can write down."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.site import CODE, Built, build, item, lay_out

ITEMS = "content/items/xzf/"
GOOD = {ITEMS + "good.md": item("99999")}
"""An item without fault, to show that the others alone are left out."""
GOOD_PAGE = f"items/{CODE}/2024-99999.html"

Row = tuple[int, int, str, str]
"""Line, column, code and message of a finding."""


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """The default site in ``folder``, and these files over it, byte for byte."""
    lay_out(folder)
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def build_files(folder: Path, files: Mapping[str, str | bytes], *options: str, today: str = "2025-06-01") -> Built:
    """Build the default site with these files over it."""
    return build(write(folder, files), *options, today=today)


def rows(built: Built, path: str) -> list[Row]:
    """What was found in one file, in the order told."""
    return [
        (found["line"], found["column"], found["code"], found["message"])
        for found in built.findings
        if found["path"] == path
    ]


def front(number: int, *lines: str, leave: str = "", body: str = "正文。") -> str:
    """An item whose front matter ends in ``lines``; of the required keys, those in ``leave`` are left out.

    The required keys stand on lines 2 to 5, so ``lines`` begin on line 6 if none is left out.
    """
    required = {
        "标题": "测试文件",
        "索引号": f"{CODE}/2024-{number:05}",
        "类别": "qtwj",
        "发布日期": "2024-03-01",
    }
    head = [f"{key}: {value}" for key, value in required.items() if key not in leave.split()]
    return "\n".join(["---", *head, *lines, "---", "", body, ""])


def page(number: int) -> str:
    """The address of the item that ``front`` made with this number."""
    return f"items/{CODE}/2024-{number:05}.html"
