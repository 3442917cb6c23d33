"""Search in Chromium, over http under a strict policy and from files."""

from __future__ import annotations

import functools
import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.search.county import make_county
from tests.search.node import needs_node, searched

POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
pytestmark = pytest.mark.browser


class Strict(http.server.SimpleHTTPRequestHandler):
    """Serves under the policy that ``_headers`` asks for."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name it has in the base
        """Say nothing."""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_county(tmp_path_factory.mktemp("county"), pages=True)


@pytest.fixture(scope="module")
def server(county: Path) -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Strict, directory=str(county))) as served:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{served.server_address[1]}/"
        served.shutdown()


@pytest.fixture(params=["http", "file"])
def base(request: pytest.FixtureRequest, server: str, county: Path) -> str:
    return f"{county.as_uri()}/" if request.param == "file" else server


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(locale="zh-CN")
    yield made
    made.close()


def opened(context: BrowserContext, address: str, complaints: list[str] | None = None) -> Page:
    page = context.new_page()
    if complaints is not None:
        page.on(
            "console",
            lambda message: (
                None
                if "/favicon.ico" in message.location["url"]
                else complaints.append(f"{message.text} {message.location['url']}")
            ),
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    return page


def test_what_is_typed_is_found_and_stands_in_the_address(context: BrowserContext, base: str) -> None:
    complaints: list[str] = []
    page = opened(context, base + "search.html", complaints)
    page.keyboard.type("应急预案")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("找到 2 条")
    expect(page.locator(".search-hits h2").first).to_have_text("应急预案")
    expect(page.locator(".search-hits mark").first).to_have_text("应急预案")
    assert "q=%E5%BA%94" in page.url
    page.get_by_role("checkbox", name="2019").check()
    expect(page.get_by_role("status")).to_have_text("找到 1 条")
    assert page.evaluate("document.activeElement.getAttribute('data-key')") == "year:2019"
    page.go_back()
    expect(page.get_by_role("status")).to_have_text("找到 2 条")
    assert complaints == []


def test_an_address_that_is_shared_shows_the_same(context: BrowserContext, base: str) -> None:
    page = opened(context, base + "search.html?q=会议纪要&year=2020&sort=date")
    expect(page.get_by_role("status")).to_have_text("找到 6 条")
    expect(page.get_by_role("checkbox", name="2020")).to_be_checked()


def test_pages_are_turned(context: BrowserContext, base: str) -> None:
    page = opened(context, base + "search.html?q=会议纪要")
    page.get_by_role("link", name="下一页").click()
    expect(page.get_by_role("status")).to_have_text("找到 60 条，这是第 11 至 20 条")


def test_other_words_are_told_and_can_be_left_out(context: BrowserContext, base: str) -> None:
    page = opened(context, base + "search.html?q=低保")
    expect(page.locator(".search-notes")).to_contain_text("也搜索了：最低生活保障")
    page.get_by_role("link", name="只搜“低保”").click()
    expect(page.get_by_role("status")).to_have_text("没有找到“低保”")
    expect(page.locator("#search-nothing")).to_contain_text("依申请公开")


def test_html_in_a_query_is_text(context: BrowserContext, base: str) -> None:
    complaints: list[str] = []
    page = opened(context, base + "search.html?q=<img src=x onerror=alert(1)>😀应急预案", complaints)
    expect(page.get_by_role("status")).to_contain_text("找到")
    assert page.locator("#search-notes img, #search-status img").count() == 0
    assert complaints == []


def test_more_filters_open_when_asked_for(context: BrowserContext, base: str) -> None:
    page = opened(context, base + "search.html?q=应急预案")
    page.get_by_role("button", name="更多筛选").click()
    expect(page.get_by_role("group", name="信息类型")).to_be_visible()
    expect(page.get_by_role("group", name="发布日期")).to_be_visible()


@needs_node
def test_browser_and_node_agree_query_for_query(context: BrowserContext, base: str, county: Path) -> None:
    queries = [
        "应急预案",
        "養老服務",
        "会议 议题",
        '"第33号"',
        "怎么办理部门预算",
        "低保",
        "2024",
        "预",
        "测政〔2024〕1号 -旧",
    ]
    page = opened(context, base + "search.html")
    script = "async ([base, queries]) => { const engine = await GongkaiSearch.open(base); const found = []; for (const query of queries) found.push(await engine.search(query, {})); return found; }"
    assert page.evaluate(script, [base, queries]) == searched(county, *((query, {}) for query in queries))


def test_the_engine_runs_in_a_worker_over_http(context: BrowserContext, server: str, county: Path) -> None:
    engine = next(county.glob("assets/search-engine.*.js")).name
    (county / "assets" / "worker-test.js").write_text(
        f"importScripts({engine!r}); onmessage = async ({{ data }}) => "
        "postMessage((await (await GongkaiSearch.open(data)).search('应急预案')).total);",
        encoding="utf-8",
    )
    page = opened(context, server + "search.html")
    script = "(base) => new Promise((resolve) => { const worker = new Worker('assets/worker-test.js'); worker.onmessage = (event) => resolve(event.data); worker.postMessage(base); })"
    assert page.evaluate(script, server) == 2


def test_a_shard_that_fails_is_said_and_can_be_tried_again(context: BrowserContext, server: str) -> None:
    broken = True
    context.route(re.compile(r"/search/old/\d+\.js"), lambda route: route.abort() if broken else route.continue_())
    page = opened(context, server + "search.html?q=应急预案")
    expect(page.locator(".search-notes")).to_contain_text("没有取到")
    broken = False
    page.get_by_role("button", name="重试").click()
    expect(page.get_by_role("status")).to_have_text("找到 2 条")


def test_an_index_of_another_format_asks_for_the_page_anew(context: BrowserContext, server: str, county: Path) -> None:
    text = (county / "search/index.js").read_text(encoding="utf-8").replace('"index",2,', '"index",1,')
    context.route("**/search/index.js*", lambda route: route.fulfill(body=text, content_type="text/javascript"))
    page = opened(context, server + "search.html?q=应急预案")
    expect(page.locator(".search-notes")).to_contain_text("重新打开")


def test_without_network_the_page_says_so(context: BrowserContext, server: str) -> None:
    page = opened(context, server + "search.html")
    context.set_offline(True)
    page.get_by_label("搜索词").fill("应急预案")
    page.keyboard.press("Enter")
    expect(page.locator(".search-notes")).to_contain_text("没有网络")
    context.set_offline(False)
    expect(page.get_by_role("status")).to_have_text("找到 2 条")


def test_passages_come_from_the_pages_over_http(context: BrowserContext, server: str) -> None:
    page = opened(context, server + "search.html?q=收入总计")
    expect(page.locator(".search-passage mark").first).to_have_text("收入总计")


def test_without_javascript_the_page_leads_to_the_catalog(browser: Browser, base: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = opened(context, base + "search.html")
    expect(page.get_by_text("搜索需要浏览器开启 JavaScript")).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_results_fit_the_screen(context: BrowserContext, base: str, width: int) -> None:
    page = opened(context, base + "search.html?q=会议纪要")
    page.set_viewport_size({"width": width, "height": 800})
    expect(page.get_by_role("status")).to_contain_text("找到 60 条")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_two_tabs_search_side_by_side(context: BrowserContext, base: str) -> None:
    one, two = opened(context, base + "search.html?q=应急预案"), opened(context, base + "search.html?q=会议纪要")
    expect(one.get_by_role("status")).to_have_text("找到 2 条")
    expect(two.get_by_role("status")).to_contain_text("找到 60 条")
