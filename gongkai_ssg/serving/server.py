"""The HTTP server: this machine only, one folder, nothing kept by browsers; the live script goes into every page."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import socketserver
import sys
import traceback
from functools import cache
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from gongkai_ssg.messages import text
from gongkai_ssg.serving.files import content_type, find, wanted_part
from gongkai_ssg.serving.live import Live, Report

HOST = "127.0.0.1"
RESERVED = "/.gongkai/"
"""Addresses of our own: no page of a site begins with a dot."""
_OWN = Path(__file__).with_name("browser")
_NAMES = ("live.css", "live.js")
_KEPT = {"Cache-Control": "private, max-age=31536000, immutable"}
"""For what has a hash of its content in its address; nothing else may be kept."""
_HASHED = re.compile(r"/assets/.+\.[0-9a-f]{10}(\.[^./]+)?")
_BEAT = 15.0
"""Seconds after which a silent browser is written to, so that one that left is noticed."""
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_STAND_IN = '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>{0}</title></head><body><h1>{0}</h1></body></html>\n'


class PreviewServer(ThreadingHTTPServer):
    """Serves the folder that the last report names.

    :raises OSError: if the port is taken.
    """

    daemon_threads = True
    allow_reuse_address = os.name != "nt"  # there it would let two listen on one port

    def __init__(self, port: int, live: Live) -> None:
        self.live = live
        super().__init__((HOST, port), _Handler)
        self.port = int(self.server_address[1])
        names = (HOST, "localhost", "[::1]")
        self.hosts = {f"{name}:{self.port}" for name in names} | (set(names) if self.port == 80 else set())

    @property
    def address(self) -> str:
        """Where it is, for browsers."""
        return f"http://{HOST}:{self.port}/"

    def server_bind(self) -> None:
        """Bind, and ask no name server who we are."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that went away is no fault."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            traceback.print_exc()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "gongkai", ""
    timeout = 60
    disable_nagle_algorithm = True
    server: PreviewServer

    def do_GET(self) -> None:
        """A page, a file, or one of our own addresses."""
        if self.headers.get_all("Host", []) not in [[host] for host in self.server.hosts]:
            # The page of another site that has a name lead here may read nothing (DNS rebinding).
            self._send_text(HTTPStatus.FORBIDDEN, text("serve.forbidden"))
            return
        report = self.server.live.report  # before the file is read: a page may be newer than it says, never older
        path = urlsplit(self.path).path
        if path == f"{RESERVED}events":
            self._send_events()
        elif path.startswith(RESERVED):
            self._send_own(path.removeprefix(RESERVED))
        elif report.folder is None or not report.page:
            self._send_stand_in(report)
        else:
            self._send_found(report)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Requests are not told."""

    def _send_found(self, report: Report) -> None:
        assert report.folder is not None
        found = find(report.folder, report.base, self.path)
        if found.address is not None:
            self._send(HTTPStatus.MOVED_PERMANENTLY, b"", "text/plain", Location=found.address)
            return
        status, path = HTTPStatus.OK, found.path
        if path is None:
            status, path = HTTPStatus.NOT_FOUND, find(report.folder, "/", "/404.html").path
        try:
            if path is None:
                self._send_text(HTTPStatus.NOT_FOUND, "404")
            elif path.endswith((".html", ".htm")):
                with open(path, "rb") as file:
                    self._send(status, with_script(file.read(), report.page), "text/html; charset=utf-8")
            else:
                self._send_file(path, report.folder)
        except (FileNotFoundError, PermissionError, IsADirectoryError):
            self._send_text(HTTPStatus.NOT_FOUND, "404")  # a build took it away a moment ago

    def _send_file(self, path: str, folder: Path) -> None:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            part = wanted_part(self.headers.get("Range"), size)
            if part is not None and part[0] > part[1]:
                self._send(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, b"", "text/plain")
                return
            first, last = part or (0, size - 1)
            self.send_response(HTTPStatus.PARTIAL_CONTENT if part else HTTPStatus.OK)
            headers = {"Content-Length": str(last - first + 1), "Accept-Ranges": "bytes"}
            if _HASHED.fullmatch(path.removeprefix(os.path.realpath(folder)).replace(os.sep, "/")):
                headers.update(_KEPT)
            if part:
                headers["Content-Range"] = f"bytes {first}-{last}/{size}"
            self._send_headers(content_type(path), headers)
            if self.command == "HEAD":
                return
            file.seek(first)
            if part is None:
                shutil.copyfileobj(file, self.wfile)
            else:
                left = last - first + 1
                while left and (data := file.read(min(left, 1 << 16))):
                    self.wfile.write(data)
                    left -= len(data)

    def _send_own(self, name: str) -> None:
        if name not in _NAMES:
            self._send_text(HTTPStatus.NOT_FOUND, "404")
            return
        self._send(HTTPStatus.OK, (_OWN / name).read_bytes(), content_type(name), **_KEPT)

    def _send_stand_in(self, report: Report) -> None:
        """There are no pages yet."""
        words = _STAND_IN.format(escape(report.stopped or text("serve.panel.busy")))
        page = with_script(words.encode(), report.page)
        self._send(HTTPStatus.SERVICE_UNAVAILABLE, page, "text/html; charset=utf-8")

    def _send_events(self) -> None:
        """Reports as Server-Sent Events, the last one at once, until the browser leaves or the server ends."""
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self._send_headers("text/event-stream; charset=utf-8", {"Connection": "close"})
        if self.command == "HEAD":
            return
        live, seen = self.server.live, -1
        try:
            self.wfile.write(b"retry: 500\n\n")
            while not live.closed:
                new = live.next(seen, _BEAT)
                if new is None:
                    self.wfile.write(b":\n\n")
                else:
                    seen, report = new
                    self.wfile.write(f"data: {report.as_json()}\n\n".encode("utf-8", "replace"))
        except (ConnectionError, TimeoutError):
            return

    def _send_text(self, status: HTTPStatus, words: str) -> None:
        self._send(status, f"{words}\n".encode(), "text/plain; charset=utf-8")

    def _send(self, status: HTTPStatus, body: bytes, kind: str, **more: str) -> None:
        self.send_response(status)
        self._send_headers(kind, {"Content-Length": str(len(body)), **more})
        if self.command != "HEAD":
            self.wfile.write(body)

    def _send_headers(self, kind: str, more: dict[str, str]) -> None:
        for name, value in {"Content-Type": kind, **_HEADERS, **more}.items():
            self.send_header(name, value)
        self.end_headers()


def with_script(page: bytes, state: str) -> bytes:
    """A page with the live script, which is told what state the page is of."""
    script = f'<script src="{RESERVED}live.js?{_own_digest()}" data-page="{escape(state)}" defer></script>\n'.encode()
    end = page.lower().rfind(b"</body>")
    return page + script if end < 0 else page[:end] + script + page[end:]


@cache
def _own_digest() -> str:
    """Changes with what we send, so that browsers may keep it as long as it is the same."""
    return hashlib.sha256(b"".join((_OWN / name).read_bytes() for name in _NAMES)).hexdigest()[:10]


def open_server(port: int | None, live: Live, first: int = 8000, tries: int = 20) -> PreviewServer:
    """A server on a port; where none is asked for, on the first that is free.

    :raises OSError: if the port is taken, or all that were tried.
    """
    if port is not None:
        return PreviewServer(port, live)
    for number in range(first, first + tries - 1):
        try:
            return PreviewServer(number, live)
        except OSError:
            continue
    return PreviewServer(0, live)
