"""What the eye expects of a page: edges that agree, lines that are whole, tables that can be read on a telephone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.site import CODE, build_text, item
from tools.kinds import KINDS

pytestmark = pytest.mark.browser

Open = Callable[[str, int], Page]

BOXES = """(selector) => [...document.querySelectorAll(selector)].map((each) => {
  const box = each.getBoundingClientRect();
  return { left: box.left, right: box.right, top: box.top, bottom: box.bottom, height: box.height, width: box.width };
})"""


@pytest.fixture
def show(browser: Browser, county: Path) -> Iterator[Open]:
    """Opens a page of the county, by its kind or address, on a screen so many pixels wide."""
    page = browser.new_page()

    def open_at(name: str, width: int) -> Page:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto((county / (KINDS[name].find(county) if name in KINDS else name)).as_uri())
        return page

    yield open_at
    page.close()


def boxes(page: Page, selector: str) -> list[dict[str, float]]:
    found: list[dict[str, float]] = page.evaluate(BOXES, selector)
    assert found, selector
    return found


@pytest.mark.parametrize("width", [390, 1000, 1280])
@pytest.mark.parametrize("kind", ["policy", "table", "notice", "renamed", "merged", "guide", "unit-guide", "apply"])
def test_a_title_stands_over_the_middle_of_its_text(show: Open, kind: str, width: int) -> None:
    page = show(kind, width)
    (title,), (body,) = boxes(page, "article > h1"), boxes(page, ".body")
    assert abs(title["left"] + title["right"] - body["left"] - body["right"]) <= 2


@pytest.mark.parametrize("width", [390, 1000, 1280])
def test_the_parts_of_the_page_on_applications_begin_at_one_edge(show: Open, width: int) -> None:
    page = show("apply", width)
    assert len({round(box["left"]) for box in boxes(page, "article > .lead, article > .body, article > .part")}) == 1


@pytest.mark.parametrize("width", [320, 390, 1000])
@pytest.mark.parametrize("kind", ["policy", "guide", "notice"])
def test_a_contents_list_ends_between_two_lines(show: Open, kind: str, width: int) -> None:
    page = show(kind, width)
    (box,) = boxes(page, ".contents")
    cut = [
        line
        for line in page.evaluate(
            "() => [...document.querySelectorAll('.contents a')].flatMap((each) => [...each.getClientRects()])"
            ".map((line) => ({ top: line.top, bottom: line.bottom }))"
        )
        if line["top"] < box["bottom"] - 4 and line["bottom"] > box["bottom"] + 4
    ]
    assert cut == []


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("kind", ["home", "category", "list", "policies"])
def test_a_row_of_a_list_breaks_between_number_unit_and_date(show: Open, kind: str, width: int) -> None:
    page = show(kind, width)
    pieces = boxes(page, ".cards .meta > *, .cards time")
    assert max(piece["height"] for piece in pieces) < 30


@pytest.mark.parametrize("width", [320, 390])
def test_columns_of_a_wide_table_stay_readable_on_a_telephone(browser: Browser, tmp_path: Path, width: int) -> None:
    row = ["本机关不掌握相关政府信息的情形", *["社会公益组织"] * 6, "总计"]
    line = f"|{'|'.join(row)}|"
    body = f"{line}\n|{'---|' * 8}\n" + line
    output = build_text(tmp_path, f"-- content/items/xzf/1.md --\n{item(body=body)}").output
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto((output / f"items/{CODE}/2024-00001.html").as_uri())
    cells: list[Any] = boxes(page, "td")
    assert cells[0]["width"] >= 150
    assert cells[1]["height"] < 80, "six characters stand in one line or two"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_a_signature_stands_to_the_right(show: Open) -> None:
    page = show("policy", 1280)
    (signature,), (body,) = boxes(page, ".signature"), boxes(page, ".body")
    assert body["right"] - signature["right"] < 60
    assert signature["left"] > (body["left"] + body["right"]) / 2
