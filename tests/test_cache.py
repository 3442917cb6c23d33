"""The cache: what can't be trusted is dropped with a word, and nothing depends on it."""

from __future__ import annotations

import io
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from gongkai_ssg.store import cache
from tests.site import CODE, Built, build, item, lay_out, tree

TWO = f"-- content/items/xzf/1.md --\n{item()}\n-- content/items/xzf/2.md --\n{item('00002')}"
FIRST = f"items/{CODE}/2024-00001.html"


def edited(folder: Path) -> Built:
    lay_out(folder, f"-- content/items/xzf/2.md --\n{item('00002', title='新标题')}", defaults=False)
    return build(folder)


def cache_of(folder: Path) -> Path:
    return next((folder / ".gongkai").glob("build-*.sqlite"))


def clean(folder: Path) -> dict[str, bytes]:
    return tree(build(folder, "--output", str(folder.parent / "clean"), "--clean").output.parent.parent / "clean")


@pytest.mark.parametrize("how", ["missing", "foreign", "truncated", "overwritten", "no stamp"])
def test_a_cache_that_is_not_as_it_was_written_is_dropped_and_said(tmp_path: Path, how: str) -> None:
    folder = lay_out(tmp_path / "site", TWO)
    build(folder)
    cache = cache_of(folder)
    data = cache.read_bytes()
    if how == "missing":
        cache.unlink()
    elif how == "no stamp":
        cache.with_suffix(".json").unlink()
    else:
        cache.write_bytes(
            {"foreign": b"hello", "truncated": data[:9000]}.get(how, data[:8192] + b"x" * 4096 + data[12288:])
        )
    built = edited(folder)
    assert built.status == 0
    assert ("缓存被改动过" in built.errors) == (how != "missing")
    assert tree(built.output) == clean(folder)


def test_damage_that_does_not_show_at_once_is_met_by_building_anew(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "site", TWO)
    build(folder)
    cache = cache_of(folder)
    about = cache.stat()
    with sqlite3.connect(cache) as db:
        (page,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'items'").fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
    with cache.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    os.utime(cache, ns=(about.st_atime_ns, about.st_mtime_ns))
    built = edited(folder)
    assert built.status == 0
    assert "缓存损坏" in built.errors
    assert tree(built.output) == clean(folder)


def test_a_cache_restored_from_an_archive_with_whole_seconds_is_used(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, TWO)
    build(folder)
    cache = cache_of(folder)
    about = cache.stat()
    os.utime(cache, ns=(about.st_atime_ns, about.st_mtime_ns // 10**9 * 10**9))
    assert "缓存" not in edited(folder).errors


def test_an_output_that_is_not_the_one_on_record_is_compared_whole(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "site", TWO)
    build(folder)
    (folder / "public/.gongkai-output").write_text("gongkai-ssg\nanother\n", encoding="utf-8")
    (folder / "public" / FIRST).write_text("anders", encoding="utf-8")
    built = edited(folder)
    assert "与缓存记录的不一致" in built.errors
    assert tree(built.output) == clean(folder)


def test_where_no_cache_can_be_kept_the_site_is_built_all_the_same(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, TWO)
    (folder / ".gongkai").write_text("in the way", encoding="utf-8")
    built = build(folder)
    assert (built.status, built.has(FIRST)) == (0, True)
    assert "这次不留缓存" in built.errors


def test_a_build_that_changes_nothing_tells_the_same_findings(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, TWO + f"\n-- content/items/xzf/3.md --\n{item('00003', date='nie', related='[x/1]')}")
    first = build(folder)
    assert first.codes
    again = build(folder)
    assert (again.findings, again.status) == (first.findings, first.status)
    assert "写入 0 个" in again.errors


def test_files_of_what_ended_are_told_where_another_item_gives_them_out(tmp_path: Path) -> None:
    notice = item(public_until="2025-06-01", attachments="[名单.txt]")
    other = item("00002", body="[名单](名单.txt)")
    folder = lay_out(
        tmp_path,
        f"-- content/items/xzf/1.md --\n{notice}\n-- content/items/xzf/2.md --\n{other}\n-- content/items/xzf/名单.txt --\n名",
    )
    assert build(folder, today="2025-06-01").codes == []
    built = build(folder, today="2025-06-02")
    assert (built.codes, built.findings[0]["path"]) == (["GK217"], "content/items/xzf/2.md")
    assert build(folder, today="2025-06-01").codes == []


def test_a_link_in_the_output_that_leads_out_stops_the_build(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "site", TWO)
    build(folder)
    outside = tmp_path / "outside"
    (folder / "public/topics").rename(outside)
    (folder / "public/topics").symlink_to(outside)
    before = tree(outside)
    built = build(folder, "--clean", "--check-output")
    lay_out(folder, f"-- content/items/xzf/3.md --\n{item('00003', topic='综合政务/政务公开')}", defaults=False)
    built = build(folder)
    assert (built.status, built.codes) == (1, ["GK028"])
    assert tree(outside) == before


def test_a_folder_in_the_way_of_a_page_stops_the_build_before_anything_is_touched(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, TWO)
    build(folder)
    (folder / "public/sitemap.html").unlink()
    (folder / "public/sitemap.html/mine").mkdir(parents=True)
    (folder / "public/sitemap.html/mine/file.txt").write_text("我的", encoding="utf-8")
    before = tree(folder / "public")
    built = build(folder, "--clean")
    assert (built.status, built.codes) == (1, ["GK028"])
    assert tree(folder / "public") == before


def test_many_pages_that_change_at_once_are_made_in_several_processes(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "site", TWO)
    build(folder, jobs=2)
    lay_out(folder, "-- templates/footer.html --\n<footer>本县自己的页脚</footer>\n", defaults=False)
    lay_out(folder, f"-- content/items/xzf/2.md --\n{item('00002', title='新标题')}", defaults=False)
    text = "\n".join(f"-- content/items/xzf/n{number}.md --\n{item(f'{number:05d}')}" for number in range(3, 200))
    lay_out(folder, text, defaults=False)
    built = build(folder, jobs=2)
    assert built.status == 0, built.errors
    assert "本县自己的页脚" in built.page("404.html")
    assert tree(built.output) == clean(folder)


def test_the_journal_of_rows_that_are_dropped_does_not_undo_new_ones(tmp_path: Path) -> None:
    lay_out(tmp_path, f"-- content/items/xzf/1.md --\n{item()}")
    build(tmp_path)
    (rows,) = (tmp_path / ".gongkai").glob("build-*.sqlite")
    journal = rows.with_name(rows.name + "-journal")
    journal.write_bytes(b"what a build that was killed had begun")
    os.utime(rows, (1, 1))  # nor are the rows what the last build that ended has left
    build(tmp_path)
    assert not journal.exists()
    assert "写入 0 个" in build(tmp_path).errors


def test_a_program_with_other_words_is_another_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_PACKAGE", tmp_path)
    seen = set()
    for name, content in (("a.py", "1"), ("search/words.yaml", "- [一]"), ("search/words.yaml", "- [二]")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
        seen.add(cache.fingerprint_of_program.__wrapped__())
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__/a.pyc").write_bytes(b"")
    assert len(seen) == 3
    assert cache.fingerprint_of_program.__wrapped__() in seen


@pytest.mark.parametrize("kind", ["items", "guides"])
def test_what_could_not_be_read_is_read_as_soon_as_it_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    guide = "---\n标题: 工作制度\n---\n\n按时公开。\n"
    lay_out(tmp_path, f"-- content/items/xzf/1.md --\n{item('00001')}\n-- content/guides/site/rule.md --\n{guide}")
    for path in (tmp_path / "content").rglob("*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))  # leave to read changes no time, and these are old enough
    closed = tmp_path / f"content/{kind}/{'xzf/1' if kind == 'items' else 'site/rule'}.md"
    opened = io.open

    def refused(path: Any, *more: Any, **words: Any) -> Any:
        if str(path) == str(closed):
            raise PermissionError(13, "closed")
        return opened(path, *more, **words)

    with monkeypatch.context() as patch:
        patch.setattr("builtins.open", refused)
        patch.setattr("io.open", refused)  # which Path opens with
        assert "GK136" in build(tmp_path).codes
    again = build(tmp_path)
    assert again.status == 0
    assert "GK136" not in again.codes
    assert tree(again.output) == clean(tmp_path)
