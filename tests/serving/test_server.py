"""What is served, to whom, and what never is."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gongkai_ssg.request import Request
from gongkai_ssg.serving.files import content_type, find, wanted_part
from gongkai_ssg.serving.live import Live
from gongkai_ssg.serving.preview import PortTaken, Preview
from gongkai_ssg.serving.server import open_server, with_script
from tests.serving.running import DAY, PATIENCE, Running, running
from tests.site import CODE, build, item, lay_out


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = lay_out(
        tmp_path_factory.mktemp("served"), f"-- content/items/xzf/a.md --\n{item(attachments='[声音.mp3]')}"
    )
    (folder / "content/items/xzf/声音.mp3").write_bytes(bytes(range(250)))
    return folder


@pytest.fixture(scope="module")
def run(site: Path) -> Iterator[Running]:
    with running(site) as started:
        yield started


def test_a_page_is_served_with_the_script_and_kept_by_nobody(run: Running) -> None:
    status, headers, body = run.get("/")
    assert status == 200
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert b'<script src="/.gongkai/live.js' in body
    assert run.get("/", "HEAD")[1:] == (headers | {"date": run.get("/", "HEAD")[1]["date"]}, b"")


def test_only_what_has_a_hash_in_its_name_is_kept(run: Running) -> None:
    page = run.text("/")
    style = next(part for part in page.split('"') if part.startswith("assets/style."))
    assert run.get(f"/{style}")[1]["cache-control"].endswith("immutable")
    assert run.get("/feed.xml")[1]["cache-control"] == "no-store"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_names_of_this_machine_are_served(run: Running, host: str) -> None:
    assert run.get("/", Host=f"{host}:{run.port}")[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "localhost:1", "127.0.0.1.evil.example:{port}", ""])
def test_other_names_are_refused_whatever_is_asked_for(run: Running, host: str) -> None:
    for path in ("/", "/.gongkai/events", "/.gongkai/live.js", "/feed.xml"):
        assert run.get(path, Host=host.format(port=run.port))[0] == 403


def test_a_request_that_names_no_host_is_refused(run: Running) -> None:
    with socket.create_connection(("127.0.0.1", run.port), PATIENCE) as plain:
        plain.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert b" 403 " in plain.recv(100)


def test_nobody_else_on_the_network_is_listened_to(run: Running) -> None:
    assert run.preview.server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize(
    "path",
    [
        "/../config.yaml", "/%2e%2e/config.yaml", "/items/%2e%2e/%2e%2e/%2e%2e/%2e%2e/config.yaml", "/..%2fconfig.yaml",
        "/..%5cconfig.yaml", "//etc/passwd", "/%2fetc/passwd", "http://x/../../config.yaml", "/index.html%00.txt",
        "/index.html::$DATA", "/c:/windows/win.ini", "/.gongkai-output", "/.gongkai/../index.html", "/.gongkai/no.js",
        "/items/", "/assets/", "/data", "/%ff",
    ],
)  # fmt: skip
def test_nothing_but_the_pages_is_served_and_no_folder_is_listed(run: Running, path: str) -> None:
    status, _, body = run.get(path, Host=f"127.0.0.1:{run.port}")
    assert status == 404
    assert b"site:" not in body


def test_a_link_out_of_the_folder_is_not_followed(run: Running, site: Path) -> None:
    os.symlink(site / "config.yaml", run.folder / "out.html")
    os.symlink(site / "content", run.folder / "away")
    try:
        assert run.get("/out.html")[0] == 404
        assert run.get("/away/units.yaml")[0] == 404
    finally:
        (run.folder / "out.html").unlink()
        (run.folder / "away").unlink()


def test_a_folder_leads_to_its_page(run: Running) -> None:
    status, headers, _ = run.get("/units?a=b")
    assert (status, headers["location"]) == (301, "/units/?a=b")
    assert run.get("/units/")[0] == 200


def test_what_is_not_there_shows_the_page_of_the_site_that_says_so_with_its_own_links(run: Running) -> None:
    status, _, body = run.get("/nowhere.html")
    assert status == 404
    assert b"/zfxxgk/index.html" in body
    assert run.get("/zfxxgk/index.html")[2] == run.get("/index.html")[2]


def test_a_player_gets_the_part_it_asks_for(run: Running) -> None:
    path = f"/items/{CODE}/2024-00001/%E5%A3%B0%E9%9F%B3.mp3"
    status, headers, body = run.get(path, Range="bytes=10-19")
    assert (status, body, headers["content-range"]) == (206, bytes(range(10, 20)), "bytes 10-19/250")
    assert headers["content-type"] == "audio/mpeg"
    assert run.get(path)[2] == bytes(range(250))
    assert run.get(path, Range="bytes=900-")[0] == 416


def test_parts_are_what_players_mean() -> None:
    assert wanted_part("bytes=0-", 10) == (0, 9)
    assert wanted_part("bytes=-3", 10) == (7, 9)
    assert wanted_part("bytes=2-99", 10) == (2, 9)
    assert wanted_part("bytes=1-2,4-5", 10) is None
    assert wanted_part(None, 10) is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.html", "text/html; charset=utf-8"), ("a.css", "text/css; charset=utf-8"),
        ("a.js", "text/javascript; charset=utf-8"), ("a.json", "application/json; charset=utf-8"),
        ("a.PDF", "application/pdf"), ("a.ofd", "application/ofd"), ("feed.xml", "application/xml; charset=utf-8"),
        ("_headers", "application/octet-stream"), ("a.svg", "image/svg+xml; charset=utf-8"),
    ],
)  # fmt: skip
def test_types_are_the_same_on_every_machine(name: str, kind: str) -> None:
    assert content_type(name) == kind


def test_a_path_that_is_no_path_finds_nothing(tmp_path: Path) -> None:
    for target in ("", "*", "index.html", "?", "/a//b", "/./", "/con/../x"):
        assert find(tmp_path, "/", target) == (None, None)


def test_the_script_stands_at_the_end_of_the_body_or_of_what_there_is() -> None:
    assert with_script(b"<body>a</BODY></html>", "s").endswith(b"defer></script>\n</BODY></html>")
    assert with_script(b"a", "s").startswith(b"a<script ")


def test_a_port_that_is_taken_is_left_to_its_owner(tmp_path: Path) -> None:
    said: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTaken):
            Preview(Request(tmp_path / "config.yaml", DAY), lambda: DAY, said.append, port)
        server = open_server(None, Live(), first=port)
        assert server.port != port
        server.server_close()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_it_ends_within_a_second_and_leaves_nothing_locked(tmp_path: Path, sign: signal.Signals) -> None:
    lay_out(tmp_path, f"-- content/items/xzf/a.md --\n{item()}")
    command = [sys.executable, "-m", "gongkai_ssg", "serve", "--config", str(tmp_path / "config.yaml"), "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    killer = threading.Timer(PATIENCE, process.kill)
    killer.start()
    try:
        assert process.stderr is not None
        said: list[str] = []
        while "已更新" not in "".join(said):
            line = process.stderr.readline()
            assert line, said
            said.append(line)
        begin = time.monotonic()
        process.send_signal(sign)
        assert process.wait() == 0
        assert time.monotonic() - begin < 2.0  # one, and another for a machine that is busy
        assert "预览已结束" in process.stderr.read()
    finally:
        killer.cancel()
        process.kill()
        process.communicate()
    assert build(tmp_path, "--wait", "0").status == 0


def test_a_port_that_was_asked_for_and_is_taken_is_said_so_plainly(tmp_path: Path) -> None:
    lay_out(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        command = [sys.executable, "-m", "gongkai_ssg", "serve", "--config", str(tmp_path / "config.yaml")]
        done = subprocess.run([*command, "--port", port], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 2
    assert f"端口 {port} 已被别的程序占用" in done.stderr
