"""First queries in headless Chromium: bytes over the wire and time until results are painted, caches empty each time."""

from __future__ import annotations

import gzip
import http.server
import re
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from playwright.sync_api import Browser, Request, sync_playwright

from tools.browser import ARGUMENTS, find_chromium

_NOT_COUNTED = re.compile(r"/items/|/favicon\.ico$")
_TYPES = {
    "html": "text/html",
    "js": "text/javascript",
    "css": "text/css",
    "json": "application/json",
    "wasm": "application/wasm",
}


@cache
def _packed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6)


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_: Any) -> None:
        """A browser that leaves early is no news."""


class _Gzip(http.server.BaseHTTPRequestHandler):
    root: Path
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Serve a file, compressed."""
        path = self.root / self.path.partition("?")[0].lstrip("/")
        if not path.is_file():
            self.send_error(404)
            return
        data = _packed(path)
        self.send_response(200)
        self.send_header("Content-Type", _TYPES.get(path.suffix[1:], "application/octet-stream"))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def send_error(self, *_: Any) -> None:
        """Nothing is there, and nothing more is said."""
        self.send_response(404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name it has in the base
        """Say nothing."""


def measured_in_browser(output: Path, queries: Sequence[str], name: str = "search.html") -> dict[str, float]:
    """The 90th percentiles and medians over queries, each asked in a fresh context; item pages are not counted.

    :param name: the page that searches: it takes ``?q=``, and says in ``#search-status`` what it found.
    """
    handler = type("Handler", (_Gzip,), {"root": output})
    with _Server(("127.0.0.1", 0), handler) as served, sync_playwright() as playwright:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{served.server_address[1]}/"
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        costs = [_first_query(browser, base + name, query) for query in ("预热", *queries)][1:]
        browser.close()
        served.shutdown()
    found: dict[str, float] = {}
    for measure, place in (("first query, KB", 0), ("first query, ms", 1), ("first query, requests", 2)):
        values = sorted(cost[place] for cost in costs)
        found[f"{measure} p50"] = values[len(values) // 2]
        found[f"{measure} p90"] = values[len(values) * 9 // 10]
    return found


def _first_query(browser: Browser, address: str, query: str) -> tuple[float, float, float]:
    """(kilobytes, milliseconds, requests) of opening the page with a query until results stand there."""
    context = browser.new_context()
    page = context.new_page()
    ended: list[Request] = []
    context.on("requestfinished", lambda request: ended.append(request))
    page.goto(f"{address}?q={quote(query)}", wait_until="commit")
    script = "/^(找到|没有)/.test((document.getElementById('search-status') || {}).textContent) && performance.now()"
    elapsed = page.wait_for_function(script, polling="raf").json_value()
    page.wait_for_timeout(20)
    sizes = [request.sizes() for request in ended if not _NOT_COUNTED.match(urlsplit(request.url).path)]
    context.close()
    total = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
    return total / 1000, elapsed, len(sizes)
