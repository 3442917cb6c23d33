"""A built site on this machine as a web server has it: packed ahead, kept in memory, a process of its own.

It also opens pages in a browser that nobody listens to. A page whose address begins with ``/~<number>/`` has its files
under that name too, so that nothing of it was seen before; it holds one script more, which tells the server when results
are painted and then leaves for an empty page, from where the next one is opened.
"""

from __future__ import annotations

import asyncio
import gzip
import multiprocessing
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import unquote

from gongkai_ssg.serving.files import content_type

BLANK = "/blank.html"
"""An empty page of the same site: where a browser is before it opens the search."""

_TURN = re.compile(r"/~(\d+)/")
_DONE = re.compile(r"/~done/([0-9.]+)")
_PAUSE = 100  # milliseconds on the empty page
_REST = 200  # milliseconds on a page of results, so that all it does is done

_WATCH = f"""
(() => {{
  const next = document.currentScript.dataset.next;
  const told = () => {{
    const time = performance.now();
    setTimeout(() => fetch("/~done/" + time).then(() => {{ location.href = next; }}), {_REST});
  }};
  const painted = () => requestAnimationFrame(() => {{
    const after = new MessageChannel();
    after.port1.onmessage = told;
    after.port2.postMessage(0);
  }});
  const watcher = new MutationObserver(() => {{
    const status = document.getElementById("search-status");
    if (status && /^(找到|没有)/.test(status.textContent)) {{ watcher.disconnect(); painted(); }}
  }});
  watcher.observe(document, {{ childList: true, subtree: true, characterData: true }});
}})();
"""


@dataclass
class _Host:
    """What is answered.

    :param turns: pages that are opened one after another, each with its query.
    """

    root: Path
    turns: Sequence[str]
    port: Connection

    def __post_init__(self) -> None:
        self.packed: dict[str, bytes] = {}

    def answer(self, address: str) -> bytes:
        done = _DONE.fullmatch(address)
        if done:
            self.port.send(float(done[1]))
            return b"HTTP/1.1 204 No Content\r\n\r\n"
        turn = _TURN.match(address)
        plain = "/" + address[turn.end() :] if turn else address
        if turn and plain == BLANK:
            return _packed(self.empty(int(turn[1])), plain)
        if turn and plain == self.turns[int(turn[1])]:
            return _packed(self.watched(int(turn[1]), self.read(plain)), plain)
        if plain not in self.packed:
            self.packed[plain] = _packed(self.read(plain), plain)
        return self.packed[plain]

    def read(self, address: str) -> bytes | None:
        if address == BLANK:
            return b""
        path = self.root / unquote(address.partition("?")[0]).lstrip("/")
        return path.read_bytes() if path.is_file() else None

    def empty(self, turn: int) -> bytes:
        if turn == len(self.turns):
            return b"<!DOCTYPE html><title>.</title>"
        to = f"/~{turn}{self.turns[turn]}"
        return f"<!DOCTYPE html><title>.</title><script>setTimeout(() => {{ location.href = '{to}'; }}, {_PAUSE})</script>".encode()

    def watched(self, turn: int, page: bytes | None) -> bytes:
        script = f'<script data-next="/~{turn + 1}{BLANK}">{_WATCH}</script></head>'
        return (page or b"").replace(b"</head>", script.encode(), 1)

    async def serve(self) -> None:
        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                while True:
                    address = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].decode()
                    writer.write(self.answer(address))
                    await writer.drain()
            except (asyncio.IncompleteReadError, ConnectionError):
                writer.close()

        server = await asyncio.start_server(connected, "127.0.0.1", 0)
        self.port.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()


def _packed(data: bytes | None, address: str) -> bytes:
    """An answer; that there is nothing, where there is none."""
    if data is None:
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    data = gzip.compress(data, 6)
    kind = content_type(address.partition("?")[0])
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Encoding: gzip\r\n"
        f"Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    return head.encode() + data


def _serve(root: Path, turns: Sequence[str], port: Connection) -> None:
    asyncio.run(_Host(root, turns, port).serve())


@contextmanager
def hosted(root: Path, turns: Sequence[str] = ()) -> Iterator[tuple[str, Connection]]:
    """The address of a folder, without final slash, as long as it is needed; and where times arrive.

    :param turns: pages, from the root of the folder, that open one after another once a browser is at ``/~0`` and ``BLANK``.
    """
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(root, turns, theirs), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}", ours
    finally:
        process.terminate()
        process.join()
