"""axe-core finds nothing to complain of on any kind of page, wide, narrow, and enlarged."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tools.kinds import KINDS

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_no_violation(browser: Browser, server: str, county: Path, kind: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(server + KINDS[kind].find(county))
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
    page.close()


@pytest.mark.parametrize("kind", ["home", "policy", "table", "apply", "unit", "catalog", "list"])
def test_letters_of_twice_the_size_need_no_sideways_scrolling(
    browser: Browser, server: str, county: Path, kind: str
) -> None:
    page = browser.new_page(viewport={"width": 640, "height": 450}, device_scale_factor=2)
    page.goto(server + KINDS[kind].find(county))
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    page.close()


@pytest.mark.parametrize("scheme", ["more", "forced"])
def test_a_reader_who_asks_for_contrast_gets_it(browser: Browser, server: str, county: Path, scheme: str) -> None:
    page = browser.new_page()
    if scheme == "more":
        page.emulate_media(contrast="more")
    else:
        page.emulate_media(forced_colors="active")
    page.goto(server + KINDS["policy"].find(county))
    if scheme == "more":
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    border = page.evaluate("getComputedStyle(document.querySelector('.sections a[aria-current]')).borderTopStyle")
    assert border == ("none" if scheme == "more" else "solid")
    page.close()
