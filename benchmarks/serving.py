"""From a saved file to the page in the browser: what `gongkai serve` takes for it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from benchmarks.build import BenchmarkError, tail
from benchmarks.measure import memory_of
from benchmarks.peers import ROOT

_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")
_SCRIPT = re.compile(r'<script src="(/[^"]*/)live\.js')
_PATIENCE = 300.0  # seconds for the first build; a tenth of it for a page


def serves() -> bool:
    """Whether this version has a preview."""
    words = [sys.executable, "-m", "gongkai_ssg", "serve", "--help"]
    return subprocess.run(words, cwd=ROOT, capture_output=True, check=False).returncode == 0


def watched(command: Sequence[str], site: Path, item: Path, saves: int, log: Path) -> dict[str, Any]:
    """Save an item several times: seconds until its page has the new words, and memory at the end, in bytes."""
    text, about = item.read_bytes(), item.stat()
    code = next(line.partition(": ")[2] for line in text.decode().splitlines() if line.startswith("code: "))
    with log.open("wb") as errors:
        words = [*command, "--port", "0"]
        process = subprocess.Popen(
            words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors, start_new_session=True
        )
    try:
        page = f"{_address(process, log)}items/{quote(code)}.html"
        events = _events(page, process, log)
        seconds = []
        for number in range(saves):
            time.sleep(1.0)
            mark = f"第{number}次保存{time.monotonic_ns()}"
            begun = time.perf_counter()
            item.write_bytes(text + f"\n{mark}\n".encode())
            while mark not in _get(page):
                if time.perf_counter() - begun > _PATIENCE / 10:
                    raise BenchmarkError(f"a saved item does not show; the end of {log}:\n{tail(log)}")
                next(events)
            seconds.append(round(time.perf_counter() - begun, 4))
        return {"seconds": seconds, "memory": memory_of(process.pid)}
    finally:
        item.write_bytes(text)
        os.utime(item, ns=(about.st_atime_ns, about.st_mtime_ns))
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    """Where it serves, as it says itself."""
    begun = time.monotonic()
    while time.monotonic() - begun < _PATIENCE and process.poll() is None:
        found = _ADDRESS.search(log.read_text(encoding="utf-8"))
        if found:
            return found[0]
        time.sleep(0.05)
    raise BenchmarkError(f"serve says no address; the end of {log}:\n{tail(log)}")


def _events(page: str, process: subprocess.Popen[bytes], log: Path) -> Iterator[None]:
    """What a browser waits for before it looks again: an event of the page's own script; else some milliseconds."""
    begun = time.monotonic()
    while time.monotonic() - begun < _PATIENCE and process.poll() is None:
        try:
            found = _SCRIPT.search(_get(page))
            break
        except OSError:
            time.sleep(0.2)
    else:
        raise BenchmarkError(f"serve shows no page; the end of {log}:\n{tail(log)}")
    if found is None:
        return _pauses()
    root = page[: page.index("/", 8)]
    stream = urllib.request.urlopen(f"{root}{found[1]}events", timeout=_PATIENCE)  # noqa: S310 - our own
    told = threading.Semaphore(0)
    threading.Thread(target=_listen, args=(stream, told), daemon=True).start()
    told.acquire(timeout=5)  # how things stand now
    return _told(told)


def _listen(stream: IO[bytes], told: threading.Semaphore) -> None:
    try:
        for line in stream:
            if line.startswith(b"data:"):
                told.release()
    except (OSError, ValueError):
        return


def _told(told: threading.Semaphore) -> Iterator[None]:
    while True:
        told.acquire(timeout=_PATIENCE / 10)
        yield


def _pauses() -> Iterator[None]:
    while True:
        time.sleep(0.005)
        yield


def _get(page: str) -> str:
    with urllib.request.urlopen(page, timeout=_PATIENCE) as answer:  # noqa: S310 - our own
        data: bytes = answer.read()
    return data.decode("utf-8")
