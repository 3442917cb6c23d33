"""First queries in headless Chromium: bytes over the wire and time until results are painted, caches empty each time.

Bytes are counted in fresh browser contexts. Times are taken in a browser that nobody listens to, since listening in costs
it as much again as a small answer does: pages tell themselves when they are painted.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote, urljoin, urlsplit

from playwright.sync_api import Browser, Page, Request, sync_playwright

from benchmarks.build import BenchmarkError
from benchmarks.host import BLANK, hosted
from tools.browser import ARGUMENTS, find_chromium

_NOT_COUNTED = re.compile(r"/items/|/favicon\.ico$")
_PAINTED = "/^(找到|没有)/.test((document.getElementById('search-status') || {}).textContent) && performance.now()"
_ASK = "document.getElementById('search-form').requestSubmit(), performance.now()"
_PATIENCE = 60  # seconds for a page
_FIRST = "预热"
"""A query that is asked before the others and not counted."""


OURS = "search.html"


def measured_in_browser(output: Path, queries: Sequence[str], name: str = OURS) -> dict[str, float]:
    """The 90th percentiles and medians over queries; item pages are not counted.

    :param name: the page that searches: it takes ``?q=``, and says in ``#search-status`` what it found.
    """
    pages = [f"/{name}?q={quote(query)}" for query in (_FIRST, *queries)]
    with hosted(output) as (base, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        costs = [_bytes(browser, base + page) for page in pages[1:]]
        asked = list(_times_on_open_page(browser, f"{base}/{name}", (_FIRST, *queries)))[1:] if name == OURS else []
        browser.close()
    times = painted(output, pages)[1:]
    measures = {
        "first query, KB": [cost for cost, _ in costs],
        "first query, ms": times,
        "first query, requests": [float(count) for _, count in costs],
        "first query on an open page, ms": asked,
    }
    found: dict[str, float] = {}
    for measure, values in measures.items():
        if not values:
            continue
        ordered = sorted(values)
        found[f"{measure} p50"] = ordered[len(ordered) // 2]
        found[f"{measure} p90"] = ordered[len(ordered) * 9 // 10]
    return found


def _bytes(browser: Browser, address: str) -> tuple[float, int]:
    """(kilobytes, requests) of opening the page with a query until results stand there."""
    context = browser.new_context()
    page = context.new_page()
    ended: list[Request] = []
    context.on("requestfinished", lambda request: ended.append(request))
    page.goto(address, wait_until="commit")
    page.wait_for_function(_PAINTED, polling="raf")
    page.wait_for_timeout(20)
    sizes = [request.sizes() for request in ended if not _NOT_COUNTED.match(urlsplit(request.url).path)]
    context.close()
    return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes) / 1000, len(sizes)


def painted(output: Path, pages: Sequence[str]) -> list[float]:
    """Milliseconds from opening each page until results are painted, nothing of it known before.

    :param pages: their addresses from the root, one after another.
    :raises BenchmarkError: if one shows no results.
    """
    with hosted(output, pages) as (base, told), TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [
            find_chromium() or "chromium",
            "--headless",
            *ARGUMENTS,
            f"--user-data-dir={profile}",
            f"{base}/~0{BLANK}",
        ]
        quiet = subprocess.DEVNULL
        browser = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
        try:
            return [_told(told, page) for page in pages]
        finally:
            os.killpg(browser.pid, signal.SIGKILL)  # all of its processes
            browser.wait()


def _told(times: Connection, page: str) -> float:
    if not times.poll(_PATIENCE):
        raise BenchmarkError(f"no results within {_PATIENCE} s: {page}")
    return float(times.recv())


def _times_on_open_page(browser: Browser, address: str, queries: Sequence[str]) -> Iterator[float]:
    """Milliseconds from asking each query on a page that is open, and has nothing but itself, until results are painted."""
    page = browser.new_context().new_page()
    for query in queries:
        _forget(page, urljoin(address, BLANK))
        page.goto(address)
        page.wait_for_timeout(300)
        page.fill("#search-q", query)
        page.wait_for_timeout(50)  # less than it takes for words to be suggested
        asked = float(page.evaluate(_ASK))
        yield float(page.wait_for_function(_PAINTED, polling="raf").json_value()) - asked


def _forget(page: Page, blank: str) -> None:
    """Leave a page for an empty one, and clear all caches."""
    page.goto(blank)
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    page.wait_for_timeout(100)
