"""The preview in a browser: the page reloads by itself, and the findings lie over it while there are any."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.serving.running import Running, running
from tests.site import CODE, item, lay_out

pytestmark = pytest.mark.browser

SOURCE = "content/items/xzf/a.md"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; require-trusted-types-for 'script'"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site whose pages forbid all that is inline."""
    lay_out(tmp_path, f"-- {SOURCE} --\n{item(body='第一稿。')}")
    base = (ROOT / "themes/default/templates/base.html").read_text(encoding="utf-8")
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/base.html").write_text(base.replace("<head>", f"<head>\n{policy}"), encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(site: Path) -> Iterator[Running]:
    with running(site) as started:
        yield started


def save(site: Path, text: str) -> None:
    (site / SOURCE).write_text(text, encoding="utf-8")


def test_a_page_shows_what_was_saved_and_what_is_wrong_with_it(browser: Browser, run: Running, site: Path) -> None:
    context = browser.new_context(locale="zh-CN")
    page: Page = context.new_page()
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if "Security Policy" in message.text or "TrustedHTML" in message.text:
            complaints.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"http://127.0.0.1:{run.port}/items/{CODE}/2024-00001.html")
    panel = page.locator("#gongkai-live")
    expect(page.locator("main")).to_contain_text("第一稿。")

    save(site, item(body="第二稿。"))
    expect(page.locator("main")).to_contain_text("第二稿。")
    assert panel.locator("li").count() == 0

    save(site, item(body="第三稿。", category="zcwk/qtwj"))
    finding = panel.locator("li.error")
    expect(finding).to_contain_text(f"{SOURCE}:4:")
    expect(finding).to_contain_text("GK102")
    expect(finding.locator(".hint")).not_to_be_empty()
    expect(finding).to_be_visible()
    assert (
        page.evaluate(
            "getComputedStyle(document.querySelector('#gongkai-live').shadowRoot.firstChild.nextSibling).position"
        )
        == "fixed"
    )

    save(site, item(body="第四稿。"))
    expect(page.locator("main")).to_contain_text("第四稿。")
    expect(panel.locator("li")).to_have_count(0)

    (site / "config.yaml").rename(site / "away.yaml")
    expect(panel.locator(".stopped")).to_contain_text("仍显示原来的网页")
    expect(page.locator("main")).to_contain_text("第四稿。")
    (site / "away.yaml").rename(site / "config.yaml")
    expect(panel.locator(".stopped")).to_have_count(0)
    assert complaints == []
    context.close()


def test_findings_that_were_folded_away_stay_so_until_there_are_others(
    browser: Browser, run: Running, site: Path
) -> None:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    (site / "content/items/xzf/b.md").write_text(item("00002", category="no"), encoding="utf-8")
    page.goto(f"http://127.0.0.1:{run.port}/")
    finding = page.locator("#gongkai-live li").first
    expect(finding).to_be_visible()
    page.locator("#gongkai-live summary").click()
    expect(finding).to_be_hidden()
    page.reload()
    expect(finding).to_be_attached()
    expect(finding).to_be_hidden()
    save(site, item(category="no"))
    expect(finding).to_be_visible()
    context.close()


def test_a_browser_that_closes_and_a_page_in_the_background_hold_nothing_up(
    browser: Browser, run: Running, site: Path
) -> None:
    for number in range(8):
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{run.port}/items/{CODE}/2024-00001.html")
        save(site, item(body=f"第{number}次。"))
        expect(page.locator("main")).to_contain_text(f"第{number}次。")
        context.close()
