"""An item is light: few requests, few bytes, and paper gets what paper needs."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.site import build_text, item
from tools.kinds import KINDS

pytestmark = pytest.mark.browser

LONG = "\n\n".join(
    f"第{number}条　各乡镇人民政府、县政府各部门应当在{place}个工作日内公开第{place}批信息，并说明依据、条件、程序和结果。"
    for place, number in enumerate("一二三四五六七八九十", 1)
)


def test_an_item_of_five_thousand_characters_loads_in_four_requests_and_thirty_kilobytes(
    browser: Browser, tmp_path: Path
) -> None:
    words = "".join(chr(0x4E00 + (number * 37) % 2500) for number in range(4600))
    body = f"{LONG}\n\n" + "\n\n".join(words[start : start + 200] for start in range(0, len(words), 200))
    assert len(body) > 5000
    text = item(category="gfxwj", doc_number="测政〔2024〕1号", effective="2024-04-01", expires="5年", body=body)
    output = build_text(tmp_path, f"-- content/items/xzf/1.md --\n{text}").output
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((output / "items/000001011/2024-00001.html").as_uri())
    files = [output / url.partition("/public/")[2] for url in asked]
    assert len(files) <= 4
    assert sum(len(gzip.compress(path.read_bytes())) for path in files) <= 30_000
    page.close()


def test_the_search_box_asks_the_search_page(browser: Browser, server: str) -> None:
    page = browser.new_page()
    for start in ("index.html", "units/index.html", "search.html"):
        page.goto(server + start)
        page.locator("input[name=q]").fill("应急预案")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search.html?q=**")
        assert page.url.startswith(server + "search.html?q=")
        page.go_back()
        assert page.url == server + start
    page.close()


def test_an_article_can_be_linked_to(browser: Browser, server: str, county: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 700})
    page.goto(server + KINDS["policy"].find(county))
    page.get_by_role("link", name="第十条", exact=True).click()
    assert page.evaluate("decodeURIComponent(location.hash)") == "#第十条"
    assert page.evaluate("document.querySelector(':target').getBoundingClientRect().top") < 200
    page.close()


def test_paper_shows_the_text_and_where_it_is_from(browser: Browser, server: str, county: Path) -> None:
    page = browser.new_page(viewport={"width": 590, "height": 850})
    page.emulate_media(media="print")
    page.goto(server + KINDS["policy"].find(county))
    for hidden in ("header.site", "footer.site", "nav.crumbs", "nav.contents", ".pager"):
        assert not page.locator(hidden).first.is_visible(), hidden
    for shown in ("h1", ".caption", ".body", ".paper"):
        assert page.locator(shown).is_visible(), shown
    style = page.evaluate("(s => [s.fontSize, s.lineHeight])(getComputedStyle(document.querySelector('.body p')))")
    points = [float(size.removesuffix("px")) * 0.75 for size in style]
    assert points == pytest.approx([16, 28.95], abs=0.05)
    assert page.evaluate("document.documentElement.scrollWidth") <= 590
    page.close()
