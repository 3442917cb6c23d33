"""Looking at the folders that were touched gives what looking at all of them gives."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from gongkai_ssg.config import Folders
from gongkai_ssg.diagnostics import Findings
from gongkai_ssg.reading.sitefiles import read_config
from gongkai_ssg.reading.sources import Scan, scan
from tests.site import item, lay_out


def folders_of(root: Path) -> Folders:
    for name in ("a", "b"):
        folder = root / f"content/items/{name}"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "x.md"
        path.write_text(item(), encoding="utf-8")
        os.utime(path, (1_000_000_000, 1_000_000_000))
    configured = read_config(lay_out(root) / "config.yaml", Findings())
    assert configured is not None
    return configured[1]


def digests(found: Scan) -> dict[str, bytes]:
    return {folder.path: folder.digest for folder in found.folders}


def test_only_the_touched_folder_is_looked_at(tmp_path: Path) -> None:
    folders = folders_of(tmp_path)
    known = digests(scan(folders, {}))
    for name in ("a", "b"):
        os.utime(tmp_path / f"content/items/{name}/x.md", (1_100_000_000, 1_100_000_000))
    found = scan(folders, known, frozenset({"content/items/a/", "templates/"}))
    assert set(digests(found)) == {"content/items/a/"}
    assert found.same == known.keys() - {"content/items/a/"}
    assert digests(found)["content/items/a/"] == digests(scan(folders, known))["content/items/a/"]


def test_a_folder_too_young_to_be_sure_of_is_looked_at_again(tmp_path: Path) -> None:
    folders = folders_of(tmp_path)
    known = digests(scan(folders, {})) | {"content/items/b/": b""}
    assert set(digests(scan(folders, known, frozenset()))) == {"content/items/b/"}


def test_where_folders_came_or_went_everything_is_looked_at(tmp_path: Path) -> None:
    folders = folders_of(tmp_path)
    known = digests(scan(folders, {}))
    (tmp_path / "content/items/a/new").mkdir()
    assert "content/items/a/new/" in digests(scan(folders, known, frozenset({"content/items/a/"})))
    assert "content/items/a/new/" in digests(scan(folders, known, frozenset({"content/items/a/new/"})))
    shutil.rmtree(tmp_path / "content/items/a")
    found = scan(folders, known, frozenset({"content/items/a/"}))
    assert "content/items/a/" not in found.same | digests(found).keys()
