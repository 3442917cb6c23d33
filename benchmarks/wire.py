"""First queries in headless Chromium: bytes over the wire and time until results are painted, caches empty each time.

Bytes are counted in fresh browser contexts. Times are taken afterwards, in one tab whose caches are cleared before each
query, with nobody listening in; the server, a process of its own, has all files packed by then, as web servers do.
"""

from __future__ import annotations

import asyncio
import gzip
import multiprocessing
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

from playwright.sync_api import Browser, Page, Request, sync_playwright

from tools.browser import ARGUMENTS, find_chromium

_NOT_COUNTED = re.compile(r"/items/|/favicon\.ico$")
_TYPES = {
    "html": "text/html",
    "js": "text/javascript",
    "css": "text/css",
    "json": "application/json",
    "wasm": "application/wasm",
}
_PAINTED = "/^(找到|没有)/.test((document.getElementById('search-status') || {}).textContent) && performance.now()"
_ASK = "document.getElementById('search-form').requestSubmit(), performance.now()"
_BLANK = "/blank.html"
"""An empty page of the same site: where a browser is before it opens the search."""
_FIRST = "预热"
"""A query that is asked before the others and not counted."""


async def _serve(root: Path, port: Connection) -> None:
    packed: dict[str, bytes] = {}

    def answer(address: str) -> bytes:
        path = root / unquote(address.partition("?")[0]).lstrip("/")
        if address != _BLANK and not path.is_file():
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        data = gzip.compress(b"" if address == _BLANK else path.read_bytes(), 6)
        kind = _TYPES.get(path.suffix[1:], "application/octet-stream")
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Encoding: gzip\r\n"
            f"Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Length: {len(data)}\r\n\r\n"
        )
        return head.encode() + data

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                address = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].decode()
                if address not in packed:
                    packed[address] = answer(address)
                writer.write(packed[address])
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    port.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _serve_process(root: Path, port: Connection) -> None:
    asyncio.run(_serve(root, port))


@contextmanager
def _served(root: Path) -> Iterator[str]:
    """The address of a folder, as long as it is needed."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve_process, args=(root, theirs), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}/"
    finally:
        process.terminate()
        process.join()


OURS = "search.html"


def measured_in_browser(output: Path, queries: Sequence[str], name: str = OURS) -> dict[str, float]:
    """The 90th percentiles and medians over queries; item pages are not counted.

    :param name: the page that searches: it takes ``?q=``, and says in ``#search-status`` what it found.
    """
    with _served(output) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        address = f"{base}{name}?q="
        costs = [_bytes(browser, address + quote(query)) for query in queries]
        times = list(_times(browser, [address + quote(query) for query in (_FIRST, *queries)]))[1:]
        asked = list(_times_on_open_page(browser, base + name, (_FIRST, *queries)))[1:] if name == OURS else []
        browser.close()
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


def _times(browser: Browser, addresses: Sequence[str]) -> Iterator[float]:
    """Milliseconds from opening each address until results are painted."""
    page = browser.new_context().new_page()
    for address in addresses:
        _forget(page, urljoin(address, _BLANK))
        page.goto(address, wait_until="commit")
        yield float(page.wait_for_function(_PAINTED, polling="raf").json_value())


def _times_on_open_page(browser: Browser, address: str, queries: Sequence[str]) -> Iterator[float]:
    """Milliseconds from asking each query on a page that is open, and has nothing but itself, until results are painted."""
    page = browser.new_context().new_page()
    for query in queries:
        _forget(page, urljoin(address, _BLANK))
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
