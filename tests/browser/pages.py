"""Which pages are looked at, and how a careful host serves them."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

WIDTHS = (1280, 390, 320)
POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
"""What ``_headers`` asks for."""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder as a careful host does."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def do_GET(self) -> None:
        if self.path == "/favicon.ico":  # the browser's own wish, no page's
            self.send_response(204)
            self.end_headers()
            return
        super().do_GET()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder on this machine, for a while."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()


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
