"""``gongkai serve``: the server, the watch and the rounds, from the first build to Ctrl-C."""

from __future__ import annotations

import multiprocessing
import signal
import threading
import webbrowser
from collections.abc import Callable
from datetime import date

from gongkai_ssg.messages import text
from gongkai_ssg.request import Request
from gongkai_ssg.serving.live import Live
from gongkai_ssg.serving.rounds import Rounds, Say
from gongkai_ssg.serving.server import PreviewServer, open_server
from gongkai_ssg.serving.watch import Watch

FIRST_PORT = 8000


class PortTaken(Exception):
    """The port that was asked for is another program's."""


class Preview:
    """A site as it would be published now.

    :raises PortTaken: if the port that was asked for is taken; where none was, a free one is found.
    """

    def __init__(
        self, request: Request, day: Callable[[], date], say: Say, port: int | None = None, poll: bool = False
    ) -> None:
        self.live = Live()
        self.say = say
        self.server = _opened(port, self.live)
        self.watch = Watch(poll)
        self.rounds = Rounds(request, day, self.watch, self.live, say)
        if port is None and self.server.port != FIRST_PORT:
            say(text("serve.port_taken", port=FIRST_PORT, other=self.server.port))

    def run(self, stop: threading.Event) -> None:
        """Serve and build until told to stop, or interrupted."""
        thread = threading.Thread(target=self.server.serve_forever, args=(0.1,), daemon=True)
        thread.start()
        self.say(text("serve.ready", address=self.server.address))
        try:
            self.rounds.run(stop)
        finally:
            self.live.close()
            self.server.shutdown()
            self.server.server_close()
            self.watch.close()


def run_until_interrupted(preview: Preview, open_browser: bool) -> None:
    """What the command does: the signals that end programs end this one tidily."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    if "forkserver" in multiprocessing.get_all_start_methods():
        # A copy of a process with threads may stand still for ever; these are copies of one that has none.
        multiprocessing.set_start_method("forkserver", force=True)
        multiprocessing.set_forkserver_preload(["gongkai_ssg.worker"])
    if open_browser:
        threading.Thread(target=webbrowser.open, args=(preview.server.address,), daemon=True).start()
    try:
        preview.run(threading.Event())
    except KeyboardInterrupt:
        preview.say(text("serve.ended"))


def _opened(port: int | None, live: Live) -> PreviewServer:
    try:
        return open_server(port, live, FIRST_PORT)
    except (OSError, OverflowError) as error:
        raise PortTaken(str(port)) from error
