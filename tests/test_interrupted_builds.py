"""A build that is cut off, runs out of space or meets another: the next one makes it good, and nothing is left behind."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.rich_site import RICH
from tests.site import CODE, build, item, lay_out, tree

ROOT = Path(__file__).parents[1]
KILLS = int(os.environ.get("GONGKAI_KILLS", "10"))
ITEMS = int(os.environ.get("GONGKAI_KILL_ITEMS", "300"))
STAGE = ".gongkai-stage"
SHARED_MEMORY = Path("/dev/shm")


def start(folder: Path, *options: str, jobs: int = 2) -> subprocess.Popen[bytes]:
    """A build in a process group of its own."""
    words = [sys.executable, "-m", "gongkai_ssg", "build", "--today", "2025-06-01", "--jobs", str(jobs), "--quiet"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GONGKAI")}
    return subprocess.Popen(
        [*words, *options],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def finish(folder: Path, *options: str) -> None:
    process = start(folder, *options)
    _, errors = process.communicate(timeout=100)
    assert process.returncode == 0, errors.decode()


def many(number: int) -> str:
    """Items enough for two processes, with relations, files and old addresses."""
    parts = []
    for each in range(1, number + 1):
        keys = {"attachments": "[表.txt]"} if each % 9 == 0 else {}
        keys |= {"related": f'["{CODE}/2024-{each - 1:05d}"]'} if each % 5 == 0 else {}
        keys |= {"aliases": f"[old/{each}.html]"} if each % 11 == 0 else {}
        text = item(
            f"{each:05d}",
            title=f"文件{each}",
            date=f"2024-{each % 12 + 1:02d}-{each % 28 + 1:02d}",
            body=f"第{each}个。\n\n" * 20,
            category=("gfxwj", "qtwj", "zcjd")[each % 3],
            **keys,
        )
        parts.append(f"-- content/items/xzf/{each % 7}/{each}.md --\n{text}")
    parts += [f"-- content/items/xzf/{folder}/表.txt --\n表" for folder in range(7)]
    return "\n".join(parts)


def change(folder: Path, source: random.Random, turn: int) -> None:
    """Some edits: few, so that the next build goes on from the last, or of what every page shows."""
    items = sorted((folder / "content/items/xzf").rglob("*.md"))
    for path in source.sample(items, source.choice([1, 5, 40])):
        text = path.read_text(encoding="utf-8")
        match source.randrange(4):
            case 0:
                path.unlink()
            case 1:
                path.write_text(text.replace("title: 文件", f"title: 新{turn}文件"), encoding="utf-8")
            case 2:
                path.rename(path.with_name(f"{path.stem}-{turn}.md"))
            case _:
                path.write_text(f"{text}\n又一段 {turn}。\n", encoding="utf-8")
    if source.random() < 0.3:
        config = folder / "config.yaml"
        config.write_text(config.read_text(encoding="utf-8").replace("organizer: ", "organizer: 新"), encoding="utf-8")
    if source.random() < 0.3:
        shutil.rmtree(folder / ".gongkai")
    if source.random() < 0.2:
        shutil.rmtree(folder / "public")


def left_behind(folder: Path) -> list[str]:
    """Whatever is neither the site, nor its output, nor its cache."""
    cache = [path.name for path in (folder / ".gongkai").iterdir()]
    odd = [name for name in cache if not (name in ("lock", "templates") or name.startswith(("build-", "texts-")))]
    odd += sorted(name for name in cache if name.startswith("texts-"))[1:]
    odd += [name for name in cache if name.startswith("build-") and not name.endswith((".sqlite", ".json"))]
    odd += [name for name in cache if ".new" in name or name.endswith((".tmp", "-journal", "-wal", "-shm"))]
    empty = [str(path) for path in (folder / "public").rglob("*") if path.is_dir() and not any(path.iterdir())]
    beside = {path.name for path in folder.iterdir()} - {"config.yaml", "content", "templates", "public", ".gongkai"}
    return [*odd, *empty, *beside, *([STAGE] if (folder / "public" / STAGE).exists() else [])]


def clean_copy(folder: Path, place: Path) -> dict[str, bytes]:
    """What a clean build of the same sources gives."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(folder, place, ignore=shutil.ignore_patterns("public", ".gongkai"))
    finish(place)
    return tree(place / "public")


def published(folder: Path) -> dict[str, bytes]:
    """What readers see."""
    return {path: data for path, data in tree(folder / "public").items() if not path.startswith(".gongkai")}


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kills a group of processes")
def test_a_build_that_is_killed_at_any_moment_is_made_good_by_the_next(tmp_path: Path) -> None:
    seed = int(os.environ.get("GONGKAI_SEED", "0")) or random.randrange(10**6)
    print(f"GONGKAI_SEED={seed}")
    source = random.Random(seed)
    folder = lay_out(tmp_path / "site", many(ITEMS))
    began = time.monotonic()
    finish(folder)
    longest = time.monotonic() - began
    killed = 0
    for turn in range(KILLS * 4):
        if killed == KILLS:
            break
        change(folder, source, turn)
        before = published(folder)
        process = start(folder)
        time.sleep(source.uniform(0.05, longest))
        if process.poll() is None:
            killed += 1
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        after = published(folder)
        finish(folder)
        now, clean = tree(folder / "public"), clean_copy(folder, tmp_path / "clean")
        assert differing(now, clean) == [], f"turn {turn}"
        assert left_behind(folder) == [], f"turn {turn}"
        if before:
            torn = [path for path, data in after.items() if data not in (before.get(path), clean.get(path))]
            assert torn == [], f"turn {turn}: whole files at every instant"
    assert killed == KILLS


class Fault:
    """A layer over ``os`` that lets some calls pass and fails from then on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, after: int, error: int, lasting: bool) -> None:
        self.left = after
        self.error = error
        self.lasting = lasting
        self.struck = False
        for name in ("write", "replace", "mkdir", "unlink", "rmdir"):
            monkeypatch.setattr(os, name, self.wrapped(getattr(os, name), name))

    def wrapped(self, real: Callable[..., Any], name: str) -> Callable[..., Any]:
        def called(*values: Any, **named: Any) -> Any:
            self.left -= 1
            # Nothing is harder to do on a full disk for what only takes away.
            grows = name in ("write", "replace", "mkdir")
            if grows and (self.left < 0 if self.lasting else self.left == 0):
                self.struck = True
                raise OSError(self.error, os.strerror(self.error))
            return real(*values, **named)

        return called


@pytest.mark.parametrize("kind", ["fresh", "changed", "template"])
@pytest.mark.parametrize("lasting", [True, False])
def test_a_disk_that_fills_up_anywhere_leaves_the_old_site_or_lets_the_next_build_finish(
    tmp_path: Path, kind: str, lasting: bool
) -> None:
    folder = lay_out(tmp_path / "site", RICH)
    if kind != "fresh":
        build(folder)
        (folder / "content/items/xzf/2.md").unlink()
        lay_out(folder, f"-- content/items/xzf/9.md --\n{item('00009', title='新的')}", defaults=False)
    if kind == "template":
        lay_out(folder, "-- templates/item.html --\n<p>{{ title }}</p>", defaults=False)
    shutil.copytree(folder, tmp_path / "start")
    clean = build(lay_out(tmp_path / "clean", RICH)) if kind == "fresh" else None
    wanted = tree(clean.output) if clean else clean_copy(folder, tmp_path / "clean")
    source = random.Random(kind)
    after, struck = 0, True
    while struck:
        shutil.rmtree(folder)
        shutil.copytree(tmp_path / "start", folder, symlinks=True)
        with pytest.MonkeyPatch.context() as patch:
            fault = Fault(patch, after, errno.ENOSPC, lasting)
            status = build(folder).status
            struck = fault.struck
        assert status in ((1, 3) if struck and lasting else (0, 1, 3)), after
        again = build(folder)
        assert again.status == 0, again.errors
        assert differing(tree(again.output), wanted) == [], after
        assert left_behind(folder) == [], after
        after += source.randint(1, 120) if after > 15 else 1


@contextlib.contextmanager
def mounted(place: Path) -> Iterator[Callable[[], None]]:
    """A file system of two megabytes; what is given makes it large."""
    if sys.platform != "linux" or not shutil.which("mount"):
        pytest.skip("needs Linux")
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    if subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("may not mount")
    try:
        yield lambda: void(subprocess.run(["mount", "-o", "remount,size=64m", str(place)], check=True))
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=False)


def void(_: object) -> None:
    """Nothing."""


def test_on_a_full_disk_nothing_is_published_and_with_room_everything_is(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "site", many(20))
    with mounted(tmp_path / "small") as enlarge:
        output = tmp_path / "small/public"
        done = build(folder, "--output", str(output))
        assert done.status == 0, done.errors
        before = tree(output)
        lay_out(folder, many(400), defaults=False)
        full = build(folder, "--output", str(output))
        assert (full.status, full.codes) == (1, ["GK028"])
        assert tree(output) == before, "the old site stands"
        enlarge()
        again = build(folder, "--output", str(output))
        assert again.status == 0, again.errors
        assert differing(tree(output), clean_copy(folder, tmp_path / "clean")) == []
        assert not (output / STAGE).exists()


def test_a_first_build_on_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "site", many(400))
    with mounted(tmp_path / "small"):
        assert build(folder, "--output", str(tmp_path / "small/public")).codes == ["GK028"]
        assert list((tmp_path / "small").iterdir()) == []


def test_a_full_disk_under_the_cache_publishes_nothing_and_with_room_everything(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "site", many(400))
    with mounted(folder / ".gongkai") as enlarge:
        (folder / ".gongkai/fill").write_bytes(b"0" * 1_500_000)
        assert build(folder).status != 0
        assert not (folder / "public").exists()
        (folder / ".gongkai/fill").unlink()
        enlarge()
        again = build(folder)
        assert again.status == 0
        assert differing(tree(again.output), clean_copy(folder, tmp_path / "clean")) == []


@pytest.mark.parametrize("edited", [False, True])
def test_two_builds_at_once_give_what_one_gives(tmp_path: Path, edited: bool) -> None:
    folder = lay_out(tmp_path / "site", many(120))
    if edited:
        finish(folder)
        change(folder, random.Random(1), 1)
    runs = [start(folder, "--wait", "200") for _ in range(2)]
    for run in runs:
        _, errors = run.communicate(timeout=100)
        assert run.returncode == 0, errors.decode()
    assert differing(tree(folder / "public"), clean_copy(folder, tmp_path / "clean")) == []
    assert left_behind(folder) == []


def test_two_builds_of_two_sites_into_one_output_dont_mix(tmp_path: Path) -> None:
    sites = [lay_out(tmp_path / name, many(number)) for name, number in (("one", 60), ("two", 90))]
    output = tmp_path / "output"
    runs = [start(folder, "--wait", "200", "--output", str(output)) for folder in sites]
    for run in runs:
        _, errors = run.communicate(timeout=100)
        assert run.returncode == 0, errors.decode()
    made = tree(output)
    assert any(differing(made, clean_copy(folder, tmp_path / "clean")) == [] for folder in sites)


@pytest.fixture
def other_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on another file system than the site."""
    if not SHARED_MEMORY.is_dir() or SHARED_MEMORY.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("needs another file system")
    place = SHARED_MEMORY / hashlib.sha256(str(tmp_path).encode()).hexdigest()[:16]
    place.mkdir()
    yield place
    shutil.rmtree(place)


def test_the_output_may_lie_on_another_file_system(tmp_path: Path, other_disk: Path) -> None:
    folder = lay_out(tmp_path / "site", many(60))
    source = random.Random(3)
    output = other_disk / "public"
    for turn in range(3):
        finish(folder, "--output", str(output))
        assert differing(tree(output), clean_copy(folder, tmp_path / "clean")) == []
        gone, edited = source.sample(sorted((folder / "content/items/xzf").rglob("*.md")), 2)
        gone.unlink()
        edited.write_bytes(edited.read_bytes() + f"\n又一段 {turn}。\n".encode())


def test_a_fresh_clone_goes_on_from_the_cache_that_was_kept(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "site", many(300))
    finish(folder)
    cache = next((folder / ".gongkai").glob("build-*.sqlite"))
    before = cache.stat().st_ino
    items = sorted((folder / "content/items").rglob("*.md"))
    for path in items:
        os.utime(path)
    items[0].write_bytes(items[0].read_bytes() + "\n又一段。\n".encode())
    finish(folder)
    assert cache.stat().st_ino == before, "only a build from nothing makes a new file"
    assert differing(tree(folder / "public"), clean_copy(folder, tmp_path / "clean")) == []
