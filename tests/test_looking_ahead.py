"""Another process looks at the content folder while the program loads: the build finds what it would have found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gongkai_ssg.reading.listing import list_folder
from tests.site import item, lay_out

pytestmark = pytest.mark.skipif(
    sys.platform == "win32" or (os.cpu_count() or 1) < 2, reason="there is no second process to look ahead"
)

_LOOK = """
import json, os, sys
from gongkai_ssg.reading.listing import looking_ahead

with looking_ahead(sys.argv[1]) as ahead:
    seen = ahead.listings() if sys.argv[2] == "ask" else {}
    again = ahead.listings() if sys.argv[2] == "ask" else {}
try:
    os.waitpid(-1, os.WNOHANG)
    left = True
except ChildProcessError:
    left = False
print(json.dumps([{path: each.digest.hex() for path, each in seen.items()}, again, left]))
"""


def _looked(config: Path, ask: str) -> list[object]:
    told = subprocess.run([sys.executable, "-c", _LOOK, str(config), ask], capture_output=True, check=True)
    found: list[object] = json.loads(told.stdout)
    return found


def test_it_sees_what_a_look_sees(tmp_path: Path) -> None:
    lay_out(tmp_path, f"-- content/items/xzf/2024/1.md --\n{item()}\n-- content/items/xzf/a.txt --\nx\n")
    items = tmp_path / "content/items"
    (items / "link").symlink_to(tmp_path)
    seen, again, left = _looked(tmp_path / "config.yaml", "ask")
    folders = (items, items / "xzf", items / "xzf/2024")
    assert seen == {str(folder): list_folder(str(folder), 0).digest.hex() for folder in folders}
    assert again == {}, "what it has seen grows old"
    assert not left


def test_it_ends_unasked(tmp_path: Path) -> None:
    assert _looked(lay_out(tmp_path) / "config.yaml", "leave") == [{}, {}, False]


def test_content_under_another_name_is_found_as_ever(tmp_path: Path) -> None:
    lay_out(tmp_path, f"-- content/items/xzf/1.md --\n{item()}\n")
    (tmp_path / "content").rename(tmp_path / "内容")
    config = tmp_path / "config.yaml"
    config.write_text(config.read_text(encoding="utf-8") + "\ncontent: 内容\n", encoding="utf-8")
    command = [sys.executable, "-m", "gongkai_ssg", "build", "--config", str(config), "--today", "2026-07-01"]
    first, second = (subprocess.run(command, capture_output=True, check=True).stderr.decode() for _ in range(2))
    assert "条目 1 个" in first
    assert "写入 0 个" in second
    assert "写入 0 个" not in first
