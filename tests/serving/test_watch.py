"""Bursts: what belongs together is one."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gongkai_ssg.serving.interest import Interest, interest_of
from gongkai_ssg.serving.watch import Watch


@pytest.fixture
def watch() -> Iterator[Watch]:
    made = Watch()
    yield made
    made.close()


def interest(root: Path) -> Interest:
    (root / "content/items").mkdir(parents=True, exist_ok=True)
    return interest_of(root / "config.yaml", None)


def test_five_thousand_files_are_one_burst(tmp_path: Path, watch: Watch) -> None:
    watch.arm(interest(tmp_path))
    for number in range(5000):
        (tmp_path / f"content/items/{number}.md").write_text("x")
    burst = watch.wait(5)
    assert burst is not None
    assert burst.folders == {str(tmp_path / "content/items")}
    assert (burst.changes >= 5000, burst.whole) == (True, False)
    assert watch.wait(0.5) is None


def test_a_save_names_its_folder_and_no_other(tmp_path: Path, watch: Watch) -> None:
    wanted = interest(tmp_path)
    (tmp_path / "content/items/a").mkdir()
    (tmp_path / "content/items/b").mkdir()
    assert watch.arm(wanted)
    assert not watch.arm(wanted)
    (tmp_path / "content/items/a/x.md").write_text("x")
    burst = watch.wait(5)
    assert burst is not None
    assert burst.folders == {str(tmp_path / "content/items/a")}
    assert not burst.whole


def test_folders_that_come_and_go_ask_for_a_look_at_everything(tmp_path: Path, watch: Watch) -> None:
    watch.arm(interest(tmp_path))
    (tmp_path / "content/items/new").mkdir()
    burst = watch.wait(5)
    assert burst is not None
    assert burst.whole


def test_while_git_is_at_work_nothing_is_over(tmp_path: Path, watch: Watch) -> None:
    (tmp_path / ".git").mkdir()
    lock = tmp_path / ".git/index.lock"
    lock.touch()
    watch.arm(interest(tmp_path))
    (tmp_path / "content/items/1.md").write_text("x")

    def end() -> None:
        (tmp_path / "content/items/2.md").write_text("x")
        lock.unlink()

    threading.Timer(0.5, end).start()
    burst = watch.wait(5)
    assert burst is not None
    assert {os.path.basename(file) for file in burst.files} == {"1.md", "2.md"}


def test_a_lock_that_git_left_behind_holds_nothing_up(tmp_path: Path, watch: Watch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/index.lock").touch()
    os.utime(tmp_path / ".git/index.lock", (1_000_000_000, 1_000_000_000))
    watch.arm(interest(tmp_path))
    (tmp_path / "content/items/1.md").write_text("x")
    begin = time.monotonic()
    assert watch.wait(5) is not None
    assert time.monotonic() - begin < 3


def test_reading_is_no_change(tmp_path: Path, watch: Watch) -> None:
    wanted = interest(tmp_path)
    (tmp_path / "content/items/x.md").write_text("x")
    watch.arm(wanted)
    (tmp_path / "content/items/x.md").read_text()
    os.listdir(tmp_path / "content/items")
    assert watch.wait(0.3) is None


def test_a_folder_that_was_replaced_is_watched_again(tmp_path: Path, watch: Watch) -> None:
    wanted = interest(tmp_path)
    watch.arm(wanted)
    os.rename(tmp_path / "content", tmp_path / "old")
    (tmp_path / "content/items").mkdir(parents=True)
    assert watch.wait(5) is not None
    assert watch.arm(wanted)
    while watch.wait(0.7):
        pass
    (tmp_path / "content/items/x.md").write_text("x")
    burst = watch.wait(5)
    assert burst is not None
    assert burst.folders == {str(tmp_path / "content/items")}


@pytest.mark.parametrize(
    ("path", "matters"),
    [
        ("config.yaml", True), ("other.yaml", False), ("content", True), ("content/units.yaml", True),
        ("content/items/x.md", True), ("content/items/x.md~", False), ("content/.git/x", False),
        ("contents/x", False), ("templates", True), ("templates/base.html", True), ("public/index.html", False),
        (".gongkai/lock", False), ("content/items/~$公文.docx", False), ("content/items/.x.md.swp", False),
        ("themes/a/assets/x.css", True), ("content/items/.goutputstream-AB12", False),
    ],
)  # fmt: skip
def test_only_what_the_site_depends_on_matters(tmp_path: Path, path: str, matters: bool) -> None:
    assert interest(tmp_path).matters(str(tmp_path / path)) is matters
