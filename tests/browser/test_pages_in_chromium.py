"""The sample county in Chromium: nothing scrolls sideways, nothing is fetched from elsewhere, the keyboard suffices."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.pages import WIDTHS, open_page
from tests.rich_site import CODE, RICH
from tests.site import build_text, item
from tools.kinds import KINDS

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_fits_every_screen_and_asks_nothing_of_others(
    visit: tuple[BrowserContext, str], county: Path, kind: str
) -> None:
    context, base = visit
    complaints: list[str] = []
    page = open_page(context, base, complaints)
    page.goto(base + KINDS[kind].find(county))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate("[document.documentElement.scrollWidth, document.body.scrollWidth]")
        assert max(wide) <= width, f"{kind} is {max(wide)} pixels wide on a screen of {width}"
        assert page.locator("h1").inner_text()
        assert page.locator("footer").is_visible()
    assert complaints == []


def test_the_style_sheet_is_applied(visit: tuple[BrowserContext, str], county: Path) -> None:
    context, base = visit
    page = open_page(context, base, [])
    page.goto(base + KINDS["policy"].find(county))
    assert page.evaluate("getComputedStyle(document.querySelector('.body p:not(.addressee)')).textIndent") != "0px"


def test_the_skip_link_is_the_first_stop_of_the_keyboard_and_leads_to_main(
    visit: tuple[BrowserContext, str], county: Path
) -> None:
    context, base = visit
    page = open_page(context, base, [])
    for kind in ("home", "policy", "list", "unit"):
        page.goto(base + KINDS[kind].find(county))
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        box = page.locator("a.skip").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)"), kind


def test_the_keyboard_passes_through_the_navigation_with_visible_focus(visit: tuple[BrowserContext, str]) -> None:
    context, base = visit
    page = open_page(context, base, [])
    page.goto(base + "index.html")
    for _ in range(9):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(e => [getComputedStyle(e).outlineStyle, getComputedStyle(e).outlineWidth])(document.activeElement)"
        )
        assert style[0] != "none"
        assert style[1] != "0px"


def test_links_lead_from_home_to_an_item_and_its_attachment(visit: tuple[BrowserContext, str]) -> None:
    context, base = visit
    complaints: list[str] = []
    page = open_page(context, base, complaints)
    page.goto(base + "index.html")
    page.locator(".sections a", has_text="规范性文件库").click()
    page.wait_for_url("**/policies/index.html")
    page.locator("ul.cards a").first.click()
    page.wait_for_url("**/items/**")
    page.go_back()
    page.wait_for_url("**/policies/index.html")
    page.locator("nav.crumbs a").first.click()
    page.wait_for_url(base + "index.html")
    assert complaints == []


def test_a_wide_table_scrolls_within_itself_and_by_the_keyboard(browser: Browser, tmp_path: Path) -> None:
    row = f"|{'一列|' * 20}"
    body = f"{row}\n|{'---|' * 20}\n{row}"
    output = build_text(tmp_path, f"-- content/items/xzf/1.md --\n{item(body=body)}").output
    page = browser.new_page(viewport={"width": 320, "height": 800})
    page.goto((output / f"items/{CODE}/2024-00001.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    table = page.locator("div.table")
    assert table.evaluate("e => e.scrollWidth > e.clientWidth")
    table.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("e => e.scrollLeft > 0", arg=table.element_handle())
    page.close()


def test_an_old_address_moves_on_by_itself(browser: Browser, tmp_path: Path) -> None:
    output = build_text(tmp_path, RICH).output
    for java_script in (True, False):
        context = browser.new_context(java_script_enabled=java_script)
        page = context.new_page()
        page.goto((output / "old/1.html").as_uri())
        page.wait_for_url(f"**/items/{CODE}/2024-00001.html")
        context.close()
