"""The sample county in Chromium: nothing scrolls sideways, nothing is fetched from elsewhere, the keyboard suffices."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.rich_site import CODE, RICH
from tests.site import build, build_text, item
from tools.browser import find_chromium

ROOT = Path(__file__).parents[2]
ARGUMENTS = [
    "--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    "--disable-quic",
]  # fmt: skip
KINDS = {
    "home": "index.html", "item": "items/993415103/2023-00021.html", "table": "items/993415197/2025-00031.html",
    "catalog": "catalog/index.html", "category": "catalog/zcwj/index.html", "list": "years/2025/p1.html", "units": "units/index.html",
    "unit": "units/jyj/index.html", "unit-category": "units/jyj/catalog/msbz/index.html", "unit-guide": "units/jyj/guide.html",
    "years": "years/index.html", "year": "years/2025/index.html", "topics": "topics/index.html", "policies": "policies/index.html",
    "numbers": "policies/numbers/index.html", "guides": "guides/index.html", "guide": "guides/zfxxgkzn.html", "sitemap": "sitemap.html",
}  # fmt: skip
WIDTHS = (1280, 390, 320)

pytestmark = pytest.mark.browser


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder as a careful host does."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "default-src 'self'")
        super().end_headers()

    def do_GET(self) -> None:
        if self.path == "/favicon.ico":  # the browser's own wish, no page's
            self.send_response(204)
            self.end_headers()
            return
        super().do_GET()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample county's output."""
    folder = tmp_path_factory.mktemp("county")
    shutil.copytree(ROOT / "content", folder / "content")
    shutil.copy(ROOT / "config.yaml", folder / "config.yaml")
    built = build(folder, today="2026-11-20")
    assert built.status == 0
    return built.output


@pytest.fixture(scope="module")
def server(county: Path) -> Iterator[str]:
    handler = functools.partial(Quiet, directory=str(county))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as served:
        thread = threading.Thread(target=served.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{served.server_address[1]}/"
        served.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = find_chromium()
    if path is None and not os.environ.get("CI"):
        pytest.skip("no Chromium or Chrome found; name its path in CHROMIUM")
    assert path is not None, "CI needs Chromium or Chrome"
    launched = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
    yield launched
    launched.close()


@pytest.fixture(params=["http", "file", "http without JavaScript"])
def visit(
    request: pytest.FixtureRequest, browser: Browser, server: str, county: Path
) -> Iterator[tuple[BrowserContext, str]]:
    """A fresh context, and the address of the output's root in it."""
    base = f"{county.as_uri()}/" if request.param == "file" else server
    context = browser.new_context(java_script_enabled="without" not in request.param, locale="zh-CN")
    yield context, base
    context.close()


def open_page(context: BrowserContext, base: str, complaints: list[str]) -> Page:
    """A page that notes every message and every request that leaves the site."""
    page = context.new_page()
    page.on("console", lambda message: complaints.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.on("request", lambda asked: None if asked.url.startswith(base) else complaints.append(f"request: {asked.url}"))
    page.on("requestfailed", lambda asked: complaints.append(f"failed: {asked.url}"))
    page.on(
        "response", lambda answer: None if answer.status < 400 else complaints.append(f"{answer.status}: {answer.url}")
    )
    return page


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_fits_every_screen_and_asks_nothing_of_others(visit: tuple[BrowserContext, str], kind: str) -> None:
    context, base = visit
    complaints: list[str] = []
    page = open_page(context, base, complaints)
    page.goto(base + KINDS[kind])
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate("[document.documentElement.scrollWidth, document.body.scrollWidth]")
        assert max(wide) <= width, f"{kind} is {max(wide)} pixels wide on a screen of {width}"
        assert page.locator("h1").inner_text()
        assert page.locator("footer").is_visible()
    assert complaints == []


def test_the_style_sheet_is_applied(visit: tuple[BrowserContext, str]) -> None:
    context, base = visit
    page = open_page(context, base, [])
    page.goto(base + KINDS["item"])
    assert page.evaluate("getComputedStyle(document.querySelector('.body p')).textIndent") != "0px"


def test_the_skip_link_is_the_first_stop_of_the_keyboard_and_leads_to_main(visit: tuple[BrowserContext, str]) -> None:
    context, base = visit
    page = open_page(context, base, [])
    for kind in ("home", "item", "list", "unit"):
        page.goto(base + KINDS[kind])
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
    page.goto(base + KINDS["home"])
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
    page.locator("ul.cards a").first.click()
    assert "/items/" in page.url
    page.locator("nav.crumbs a").first.click()
    assert page.url == base + "index.html"
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
