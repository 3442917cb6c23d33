"""Publishing: the same bytes whatever the circumstances, only what changed, and never anything that is not ours."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gongkai_ssg.store.lock import build_lock
from tests.rich_site import CODE, RICH
from tests.site import build, build_text, item, lay_out, tree

ROOT = Path(__file__).parents[1]
FIRST = f"items/{CODE}/2024-00001.html"
SECRET = item("00009", body="机密★10年")


def run(folder: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Build in a process of its own, from the site's folder."""
    words = [sys.executable, "-m", "gongkai_ssg", "build", "--today", "2025-06-01", "--format", "json", *options]
    variables = {
        name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "TZ", "GONGKAI"))
    }
    variables |= {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **environment}
    return subprocess.run(
        words, cwd=folder, env=variables, capture_output=True, text=True, encoding="utf-8", check=False
    )


def big() -> str:
    """Enough items that two processes are put to work, with relations, files and titles in many scripts."""
    parts = []
    for number in range(10, 230):
        keys = {"related": f'["{CODE}/2024-{number - 1:05d}"]'} if number > 10 else {}
        text = item(
            f"{number:05d}",
            title=f"文件{number}",
            date=f"2024-{number % 12 + 1:02d}-{number % 28 + 1:02d}",
            category="gfxwj",
            **keys,
        )
        parts.append(f"-- content/items/xzf/{number % 7}/é{number}.md --\n{text}")
    return RICH + "\n".join(parts)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The output of the big site, built in one process."""
    folder = lay_out(tmp_path_factory.mktemp("plain"), big())
    done = run(folder, "--jobs", "1", LANG="C", TZ="UTC", PYTHONHASHSEED="1")
    assert done.returncode == 0, done.stderr + done.stdout
    return tree(folder / "public")


@pytest.mark.parametrize(
    ("options", "environment"),
    [
        (["--jobs", "2"], {"LANG": "C"}),
        (["--jobs", "1"], {"LANG": "zh_CN.UTF-8", "TZ": "America/New_York", "PYTHONHASHSEED": "2"}),
        (["--jobs", "2"], {"LC_ALL": "en_US.UTF-8", "TZ": "Asia/Shanghai", "PYTHONHASHSEED": "3"}),
    ],
)
def test_the_bytes_are_the_same_whatever_folder_processes_language_zone_and_hashes(
    tmp_path: Path, plain: dict[str, bytes], options: list[str], environment: dict[str, str]
) -> None:
    folder = lay_out(tmp_path / "一个 很深" / "文件夹", big())
    done = run(folder, *options, **environment)
    assert done.returncode == 0, done.stderr
    made = tree(folder / "public")
    assert [path for path in plain.keys() | made.keys() if plain.get(path) != made.get(path)] == []


def test_no_output_tells_the_folder_of_the_machine(tmp_path: Path, plain: dict[str, bytes]) -> None:
    assert not [path for path, data in plain.items() if b"/plain" in data or str(tmp_path.parent).encode() in data]


def test_a_change_and_back_gives_the_same_as_a_clean_build(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "one", RICH)
    build(folder, today="2024-03-02")
    build(folder, "--drafts", "--future", today="2026-01-01")
    (folder / "content/items/xzf/2.md").rename(folder / "content/items/czj/2.md")
    build(folder)
    (folder / "content/items/czj/2.md").rename(folder / "content/items/xzf/2.md")
    clean = build_text(tmp_path / "other", RICH)
    assert tree(build(folder).output) == tree(clean.output)


def test_a_second_build_writes_nothing(tmp_path: Path) -> None:
    built = build_text(tmp_path, RICH)
    for path in built.output.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    again = build(tmp_path)
    touched = [path for path in again.output.rglob("*") if path.stat().st_mtime_ns != 1_000_000_000 * 10**9]
    assert touched == []
    assert "写入 0 个" in again.errors


def test_what_a_removed_item_leaves_vanishes_with_its_folders(tmp_path: Path) -> None:
    text = f"-- content/items/czj/1.md --\n{item('00001', 2023, attachments='[下/表.pdf]', topic='综合政务')}\n"
    folder = lay_out(
        tmp_path, f"{text}-- content/items/czj/下/表.pdf --\nx\n-- content/items/xzf/2.md --\n{item('00002')}"
    )
    before = build(folder)
    assert before.has(f"items/{CODE}/2023-00001/下/表.pdf")
    (folder / "content/items/czj/1.md").unlink()
    after = build(folder)
    clean = build_text(tmp_path / "clean", f"-- content/items/xzf/2.md --\n{item('00002')}")
    assert tree(after.output) == tree(clean.output)
    assert not [path for path in after.output.rglob("*") if path.is_dir() and not any(path.iterdir())]


def test_foreign_files_in_the_output_stay(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, f"-- content/items/xzf/1.md --\n{item()}")
    output = build(folder).output
    foreign = {
        "BingSiteAuth.xml": b"1",
        ".well-known/x": b"2",
        f"items/{CODE}/2024-00001/note.txt": b"3",
        "units/xzf/2024/own.html": b"4",
    }
    for name, data in foreign.items():
        (output / name).parent.mkdir(parents=True, exist_ok=True)
        (output / name).write_bytes(data)
    (folder / "content/items/xzf/1.md").unlink()
    after = tree(build(folder).output)
    assert {name: after.get(name) for name in foreign} == foreign
    assert FIRST not in after


def test_a_page_that_was_edited_or_lost_in_the_output_is_written_again(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, RICH)
    before = tree(build(folder).output)
    (folder / "public" / FIRST).write_text("改过", encoding="utf-8")
    (folder / "public/index.html").unlink()
    (folder / "public/data/manifest/00.json").write_text("{", encoding="utf-8")
    assert tree(build(folder, "--check-output").output) == before


@pytest.mark.parametrize("what", ["folder", "file"])
def test_an_output_that_is_not_ours_stops_and_is_not_touched(tmp_path: Path, what: str) -> None:
    folder = lay_out(tmp_path, f"-- content/items/xzf/1.md --\n{item()}")
    mine = folder / "public"
    if what == "folder":
        mine.mkdir()
        mine /= "我的论文.doc"
    mine.write_text("重要", encoding="utf-8")
    built = build(folder)
    assert (built.status, built.codes, built.findings[0]["path"]) == (1, ["GK016"], "public")
    assert mine.read_text(encoding="utf-8") == "重要"
    assert len(list((folder / "public").rglob("*"))) == (what == "folder")


@pytest.mark.parametrize(
    ("path", "words", "code", "status"),
    [
        ("content/items/xzf/9.md", SECRET, "GK500", 1),
        ("content/units.yaml", "- {id: xzf}", "GK005", 1),
        ("content/catalog.yaml", "- {id: x, name: 名, nmae: 名}", "GK003", 1),
        ("config.yaml", "site: [", "GK002", 2),
        ("themes/default/theme.yaml", "name: [", "GK002", 1),
    ],
)
def test_a_stop_leaves_the_old_output_untouched(tmp_path: Path, path: str, words: str, code: str, status: int) -> None:
    folder = lay_out(tmp_path, RICH)
    before = tree(build(folder).output)
    (folder / "content/items/xzf/2.md").unlink()
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(words, encoding="utf-8")
    built = build(folder)
    assert code in built.codes
    assert built.status in (status, 2) if path.endswith(".yaml") else built.status == status
    assert tree(folder / "public") == before


def test_strict_stops_at_a_warning_and_without_it_an_error_leaves_one_item_out(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, f"-- content/items/xzf/1.md --\n{item(body='')}")
    assert build(folder, "--strict").status == 1
    assert not (folder / "public").exists()
    assert build(folder).status == 0
    lay_out(folder, f"-- content/items/xzf/2.md --\n{item('00002', category='nowhere')}", defaults=False)
    built = build(folder)
    assert (built.status, built.has(FIRST)) == (1, True)
    assert not built.has(f"items/{CODE}/2024-00002.html")


def test_of_two_items_with_one_code_the_later_by_date_then_by_path_is_left_out(tmp_path: Path) -> None:
    text = "\n".join(
        f"-- content/items/xzf/{name}.md --\n{item(title=f'文件{name}', date=day)}"
        for name, day in (("a", "2024-03-02"), ("c", "2024-03-01"), ("b", "2024-03-01"))
    )
    built = build_text(tmp_path, text)
    assert [(finding["code"], finding["path"][-4:]) for finding in built.findings] == [
        ("GK112", "a.md"),
        ("GK112", "c.md"),
    ]
    assert "文件b" in built.text(FIRST)


@pytest.mark.parametrize("which", ["cache", "output"])
def test_a_build_that_finds_another_at_work_says_who_and_gives_one(tmp_path: Path, which: str) -> None:
    folder = lay_out(tmp_path / "site", f"-- content/items/xzf/1.md --\n{item()}")
    cache = folder / ".gongkai" if which == "cache" else tmp_path / "another"
    output = folder / "public" if which == "output" else tmp_path / "elsewhere"
    with build_lock(cache, output, 0, lambda holder: None):
        done = run(folder, "--wait", "0")
    assert done.returncode == 1
    assert str(os.getpid()) in done.stderr
    assert not (folder / "public").exists()
    assert run(folder, "--wait", "0").returncode == 0


def test_nothing_is_left_beside_the_site_but_output_and_cache(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, RICH)
    before = {path.name for path in folder.iterdir()}
    build(folder)
    assert {path.name for path in folder.iterdir()} == before | {"public", ".gongkai"}
    assert not list((folder / ".gongkai").glob("build-*/"))
    assert not [path for path in tree(folder / "public") if ".gongkai-" in path and path != ".gongkai-output"]


def test_the_output_may_be_elsewhere(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "site", RICH)
    here = tree(build(folder).output)
    build(folder, "--output", str(tmp_path / "other"))
    assert tree(tmp_path / "other") == here


def test_drafts_and_the_future_are_shown_only_when_asked_for(tmp_path: Path) -> None:
    text = f"-- content/items/xzf/1.md --\n{item(draft='true')}\n-- content/items/xzf/2.md --\n{item('00002', 2026)}\n"
    text += f"-- content/items/xzf/3.md --\n{item('00003', 2026, draft='true')}"
    drafts, future, both = (
        f"items/{CODE}/2024-00001.html",
        f"items/{CODE}/2026-00002.html",
        f"items/{CODE}/2026-00003.html",
    )
    folder = lay_out(tmp_path, text)
    for options, wanted in (
        ((), set()),
        (("--drafts",), {drafts}),
        (("--future",), {future}),
        (("--drafts", "--future"), {drafts, future, both}),
    ):
        built = build(folder, *options)
        assert {page for page in (drafts, future, both) if built.has(page)} == wanted, options


@pytest.mark.parametrize(
    "ways", [("old/a.html", "old/a.html/b.html"), ("old/a.html/b.html", "old/a.html"), ("old/", "OLD/x.html")]
)
def test_an_address_may_turn_from_a_file_into_a_folder_and_back(tmp_path: Path, ways: tuple[str, str]) -> None:
    for number, alias in enumerate((*ways, ways[0])):
        text = f"-- content/items/xzf/1.md --\n{item(aliases=f'[{alias}]')}"
        built = build_text(tmp_path / "site", text)
        assert built.status == 0, built.errors
        assert tree(built.output) == tree(build_text(tmp_path / str(number), text).output)


@pytest.mark.skipif(os.name == "nt", reason="processes end otherwise there")
def test_a_worker_that_the_system_ends_is_told_of_and_the_old_site_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = "\n".join(f"-- content/items/xzf/{n}.md --\n{item(f'{n:05}')}" for n in range(1, 210))
    before = tree(build(lay_out(tmp_path, many), jobs=2).output)

    def killed(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr("gongkai_ssg.worker.Workshop.make", killed)
    again = build(tmp_path, "--clean", jobs=2)
    assert (again.status, "内存不够" in again.errors, "Traceback" in again.errors) == (1, True, False)
    assert tree(again.output) == before
    monkeypatch.undo()
    assert build(tmp_path, jobs=2).status == 0
