"""Search in Chromium, over http under a strict policy and from files."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from gongkai_ssg.search.shards import FORMAT
from tests.browser.pages import served
from tests.search.county import QUERIES, make_county
from tests.search.node import needs_node, searched
from tests.site import CODE

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_county(tmp_path_factory.mktemp("county"))


@pytest.fixture(scope="module")
def server(county: Path) -> Iterator[str]:
    with served(county) as base:
        yield base


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
        page.on("console", lambda message: complaints.append(f"{message.text} {message.location['url']}"))
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


@pytest.mark.parametrize(
    "query",
    [
        "<img src=x onerror=alert(1)>应急预案",
        "应急预案'; DROP TABLE items; --",
        "😀👨\u200d👩\u200d👧应急预案🇨🇳",
        "应急预案" * 50,
        "\\u0000%00%zz应急预案&q=1#x",
        '"“」应急预案',
    ],
)
def test_whatever_is_typed_is_text(context: BrowserContext, base: str, query: str) -> None:
    complaints: list[str] = []
    page = opened(context, base + "search.html", complaints)
    page.get_by_label("搜索词").fill(query)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("找到")
    assert page.get_by_label("搜索词").input_value() == query[:200]
    assert page.locator("main img, main script:not([src])").count() == 0
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("找到")
    assert page.get_by_label("搜索词").input_value() == query[:200]
    assert complaints == []


def test_more_filters_open_when_asked_for(context: BrowserContext, base: str) -> None:
    page = opened(context, base + "search.html?q=应急预案")
    page.get_by_role("button", name="更多筛选").click()
    expect(page.get_by_role("group", name="信息类型")).to_be_visible()
    expect(page.get_by_role("group", name="发布日期")).to_be_visible()


@needs_node
def test_browser_and_node_agree_query_for_query(context: BrowserContext, base: str, county: Path) -> None:
    page = opened(context, base + "search.html")
    script = "async ([base, queries]) => { const engine = await GongkaiSearch.open(base); const found = []; for (const query of queries) found.push(await engine.search(query, {})); return found; }"
    assert page.evaluate(script, [base, QUERIES]) == searched(county, *((query, {}) for query in QUERIES))


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


@pytest.mark.parametrize("other", [FORMAT - 1, FORMAT + 1])
def test_an_index_of_an_older_or_newer_format_asks_for_the_page_anew(
    context: BrowserContext, server: str, county: Path, other: int
) -> None:
    text = (county / "search/index.js").read_text(encoding="utf-8").replace(f'"index",{FORMAT},', f'"index",{other},')
    context.route("**/search/index.js*", lambda route: route.fulfill(body=text, content_type="text/javascript"))
    page = opened(context, server + "search.html?q=应急预案")
    expect(page.locator(".search-notes")).to_contain_text("重新打开")


def test_an_index_that_is_published_anew_while_a_page_is_open_is_taken_up(
    context: BrowserContext, server: str, county: Path
) -> None:
    page = opened(context, server + "search.html?q=会议纪要")
    expect(page.get_by_role("status")).to_contain_text("找到 60 条")
    stamp = re.findall(r'"old","([0-9a-f]{8})"', (county / "search/index.js").read_text(encoding="utf-8"))[0]

    def republished(route: Route) -> None:
        name = route.request.url.partition("/search/")[2].partition("?")[0]
        text = (county / "search" / name).read_text(encoding="utf-8").replace(stamp, "00000000")
        route.fulfill(body=text, content_type="text/javascript")

    context.route("**/search/*/*.js*", republished)
    context.route("**/search/index.js*", republished)
    page.get_by_label("搜索词").fill("应急预案")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("找到 2 条")


def test_results_of_the_files_that_came_are_shown_and_said_to_be_a_part(context: BrowserContext, server: str) -> None:
    context.route(re.compile(r"/search/old/d\d+\.js"), lambda route: route.abort())
    page = opened(context, server + "search.html?q=会议纪要")
    expect(page.get_by_role("status")).to_contain_text("找到 60 条")
    expect(page.locator(".search-notes")).to_contain_text("不完整")
    context.unroute_all()
    page.get_by_role("button", name="重新搜索").click()
    expect(page.locator(".search-hits > li")).to_have_count(10)
    expect(page.locator(".search-notes")).not_to_contain_text("不完整")


def test_without_network_the_page_says_so(context: BrowserContext, server: str) -> None:
    page = opened(context, server + "search.html")
    context.set_offline(True)
    page.get_by_label("搜索词").fill("应急预案")
    page.keyboard.press("Enter")
    expect(page.locator(".search-notes")).to_contain_text("没有网络")
    context.set_offline(False)
    expect(page.get_by_role("status")).to_have_text("找到 2 条")


def test_passages_come_from_the_pages_over_http_when_the_results_stand(context: BrowserContext, server: str) -> None:
    wait = threading.Event()

    def late(route: Route) -> None:
        assert wait.is_set() or page.locator(".search-passage").first.text_content()
        route.continue_()

    page = context.new_page()
    context.route("**/items/**", late)
    page.goto(server + "search.html?q=商业保险")
    expect(page.locator(".search-passage mark").first).to_have_text("商业保险")
    wait.set()
    assert "发布日期" not in (page.locator(".search-passage").first.text_content() or "")


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


def test_nothing_moves_once_it_is_there(context: BrowserContext, server: str) -> None:
    page = context.new_page()
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver((list) => { for (const each of list.getEntries()) window.moved += each.value; })"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(server + "search.html?q=决定继续推进")
        expect(page.locator(".search-passage mark").first).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.moved") < 0.02


def test_what_is_found_is_announced_and_filters_have_names(context: BrowserContext, base: str) -> None:
    page = opened(context, base + "search.html?q=会议纪要")
    assert page.get_by_role("status").get_attribute("aria-live") == "polite"
    for name in ("发布机构", "类别", "年份"):
        expect(page.get_by_role("group", name=name)).to_be_visible()
    expect(page.get_by_role("checkbox", name="测试县人民政府 60")).to_be_visible()
    expect(page.get_by_role("region", name="搜索结果")).to_be_visible()
    expect(page.get_by_role("complementary", name="筛选")).to_be_visible()


def test_the_next_page_begins_at_the_results_for_the_keyboard_too(context: BrowserContext, base: str) -> None:
    page = opened(context, base + "search.html?q=会议纪要")
    page.get_by_role("link", name="下一页").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("第 11 至 20 条")
    expect(page.locator("#search-results")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("排序")).to_be_focused()
    page.go_back()
    expect(page.get_by_role("status")).to_contain_text("第 1 至 10 条")


def test_on_a_phone_filters_open_above_the_results(context: BrowserContext, base: str) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(base + "search.html?q=会议纪要")
    expect(page.get_by_role("group", name="年份")).to_be_hidden()
    button = page.get_by_role("button", name="筛选", exact=True)
    assert button.get_attribute("aria-expanded") == "false"
    button.click()
    assert button.get_attribute("aria-expanded") == "true"
    page.get_by_role("checkbox", name="2020").check()
    expect(page.get_by_role("status")).to_have_text("找到 6 条")
    expect(page.get_by_role("button", name="筛选（已选 1 项）")).to_be_visible()
    expect(page.get_by_role("checkbox", name="2020")).to_be_focused()


def test_where_nothing_is_found_the_unit_that_may_know_is_named(context: BrowserContext, base: str) -> None:
    page = opened(context, base + 'search.html?q="部门预算里没有的话"&year=2015')
    expect(page.get_by_role("status")).to_contain_text("没有找到")
    ways = page.locator("#search-nothing")
    expect(ways).to_contain_text("测试县财政局，电话 0564-5550002")
    expect(ways.get_by_role("link", name="去掉筛选条件再搜")).to_be_visible()
    ways.get_by_role("link", name="放宽条件，只要包含部分字词").click()
    expect(page).to_have_url(re.compile("relax=1"))


def test_below_a_few_hits_stands_what_comes_near(context: BrowserContext, base: str) -> None:
    page = opened(context, base + "search.html?q=防汛应急预案")
    expect(page.get_by_role("status")).to_have_text("找到 1 条")
    near = page.locator("#search-near")
    expect(near.get_by_role("heading", name="相近的信息")).to_be_visible()
    expect(near.locator("li h2")).to_have_text(["旧的应急预案"])
    page.get_by_label("搜索词").fill("会议纪要")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("找到 60 条")
    expect(near).to_have_count(0)


@pytest.mark.parametrize("query", ['"防汛应急预案"', "防汛应急预案 -会议"])
def test_who_asks_for_exact_words_gets_no_others(context: BrowserContext, base: str, query: str) -> None:
    page = opened(context, base + f"search.html?q={quote(query)}")
    expect(page.get_by_role("status")).to_have_text("找到 1 条")
    page.wait_for_timeout(300)
    expect(page.locator("#search-near")).to_have_count(0)


def test_words_are_offered_while_typing_and_fetched_no_sooner(context: BrowserContext, server: str) -> None:
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server + "search.html?q=应急预案")
    expect(page.get_by_role("status")).to_have_text("找到 2 条")
    assert not [url for url in asked if "words.js" in url or "phones.js" in url]
    page.get_by_label("搜索词").fill("")
    page.get_by_label("搜索词").press_sequentially("次会")
    expect(page.locator("#search-suggestions option").first).to_have_attribute("value", "次会议纪要")
    page.get_by_label("搜索词").fill("财政")
    expect(page.locator("#search-suggestions option[value='测试县财政局']")).to_have_count(1)
    expect(page.locator("#search-suggestions option[value='财政局 2024 年部门预算']")).to_have_count(1)


def test_axe_finds_nothing_wrong_with_results(context: BrowserContext, server: str) -> None:
    page = opened(context, server + "search.html?q=怎么办理低保的会议纪要")
    expect(page.get_by_role("status")).to_contain_text("找到")
    page.get_by_role("button", name="更多筛选").click()
    expect(page.get_by_role("group", name="信息类型")).to_be_visible()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("address", ["index.html", "catalog/index.html", f"items/{CODE}/2024-00001.html"])
def test_every_page_has_a_box_to_search_in(context: BrowserContext, server: str, address: str) -> None:
    page = opened(context, server + address)
    page.get_by_role("searchbox").fill("应急预案")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("找到 2 条")
