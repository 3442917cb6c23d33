"""A preview that runs in a thread: edit, wait for what browsers are told, ask for pages."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from gongkai_ssg.request import Request
from gongkai_ssg.serving.preview import Preview

PATIENCE = 20.0
DAY = date(2025, 6, 1)


class Running:
    """A preview at work.

    :ivar told: every report so far, as browsers get it.
    """

    def __init__(self, preview: Preview) -> None:
        self.preview = preview
        self.told: list[dict[str, Any]] = []
        self._new = threading.Condition()

    @property
    def port(self) -> int:
        return self.preview.server.port

    @property
    def folder(self) -> Path:
        folder = self.preview.live.report.folder
        assert folder is not None
        return folder

    def get(self, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers, body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.putrequest(method, path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        got = (answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        connection.close()
        return got

    def text(self, path: str) -> str:
        return self.get(path)[2].decode()

    def wait(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The last report, once it is finished and as wanted."""
        end = time.monotonic() + PATIENCE
        with self._new:
            while not (self.told and not self.told[-1]["busy"] and wanted(self.told[-1])):
                left = end - time.monotonic()
                assert left > 0, self.told[-3:]
                self._new.wait(left)
            return self.told[-1]

    def after(self, change: Callable[[], object]) -> dict[str, Any]:
        """The report of other pages that follows a change."""
        page = self.wait(lambda report: True)["page"]
        change()
        return self.wait(lambda report: report["page"] != page)

    def pages(self) -> int:
        """How many different states of the pages were told one after another."""
        told = [report["page"] for report in self.told]
        return sum(one != other for one, other in pairwise(told))

    def listen(self) -> None:
        """Take part as a browser does."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE * 2)
        connection.request("GET", "/.gongkai/events")
        answer = connection.getresponse()
        assert answer.getheader("Content-Type") == "text/event-stream; charset=utf-8"
        while line := answer.readline():
            if line.startswith(b"data: "):
                with self._new:
                    self.told.append(json.loads(line[6:]))
                    self._new.notify_all()
        connection.close()


@contextmanager
def running(
    folder: Path, day: Callable[[], date] = lambda: DAY, poll: bool = False, config: str = "config.yaml"
) -> Iterator[Running]:
    """A preview of the site in a folder, until the block ends."""
    said: list[str] = []
    preview = Preview(Request(folder / config, day(), jobs=1, wait=5.0), day, said.append, 0, poll)
    stop = threading.Event()
    runner = threading.Thread(target=preview.run, args=(stop,))
    runner.start()
    run = Running(preview)
    listener = threading.Thread(target=run.listen)
    listener.start()
    try:
        run.wait(lambda report: bool(report["page"] or report["stopped"]))
        assert preview.rounds.at_rest.wait(PATIENCE)
        run.wait(lambda report: True)
        yield run
    finally:
        stop.set()
        runner.join(PATIENCE)
        listener.join(PATIENCE)
        assert not runner.is_alive()
