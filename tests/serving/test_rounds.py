"""What happens between saving a file and seeing the page, and what must not stop it."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from gongkai_ssg.build import Outcome
from gongkai_ssg.build import build as build_site
from gongkai_ssg.progress import Progress
from gongkai_ssg.request import Request
from gongkai_ssg.serving import rounds
from gongkai_ssg.serving.watch import Watch
from tests.serving.running import DAY, running
from tests.site import CODE, build, item, lay_out, tree

PAGE = f"/items/{CODE}/2024-00001.html"
SOURCE = "content/items/xzf/a.md"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "site", f"-- {SOURCE} --\n{item(body='第一稿。')}")


def assert_as_clean(site: Path, folder: Path, today: date = DAY) -> None:
    """The preview holds what a clean build of the same files gives."""
    built = build(site, "--clean", "--output", str(site.parent / "clean"), today=today.isoformat())
    assert built.status in (0, 1)
    clean = tree(site.parent / "clean")
    del clean[".gongkai-output"]
    end = time.monotonic() + 10
    while True:  # what the system tells late is looked at once more
        with suppress(FileNotFoundError):
            shown = tree(folder)
            if shown.pop(".gongkai-output", None) is not None and (shown == clean or time.monotonic() > end):
                break
        time.sleep(0.1)
    assert shown == clean


def test_a_saved_item_is_seen_in_its_page(site: Path) -> None:
    with running(site) as run:
        assert "第一稿。" in run.text(PAGE)
        run.after(lambda: (site / SOURCE).write_text(item(body="第二稿。"), encoding="utf-8"))
        assert "第二稿。" in run.text(PAGE)
        assert_as_clean(site, run.folder)


def test_an_item_saved_by_renaming_is_seen_too(site: Path) -> None:
    def save() -> None:
        new = site / f"{SOURCE}.tmp"
        new.write_text(item(body="第二稿。"), encoding="utf-8")
        os.replace(new, site / SOURCE)

    with running(site) as run:
        run.after(save)
        assert "第二稿。" in run.text(PAGE)


def test_items_that_come_and_go_in_new_folders_are_seen(site: Path) -> None:
    def add() -> None:
        folder = site / "content/items/xzf/deep/down"
        folder.mkdir(parents=True)
        (folder / "b.md").write_text(item("00002", title="新来的"), encoding="utf-8")

    with running(site) as run:
        run.after(add)
        run.wait(lambda report: "新来的" in run.text(f"/items/{CODE}/2024-00002.html"))
        run.after(lambda: shutil.rmtree(site / "content/items/xzf/deep"))
        assert run.get(f"/items/{CODE}/2024-00002.html")[0] == 404
        assert_as_clean(site, run.folder)


def test_many_files_at_once_are_one_build(site: Path) -> None:
    def check_out() -> None:
        for number in range(2, 120):
            folder = site / f"content/items/xzf/{number % 7}"
            folder.mkdir(exist_ok=True)
            (folder / f"{number}.md").write_text(item(f"{number:05d}"), encoding="utf-8")
        (site / ".git/index.lock").unlink()

    (site / ".git").mkdir()
    (site / ".git/index.lock").touch()
    with running(site) as run:
        before = run.pages()
        run.after(check_out)
        assert run.pages() == before + 1
        assert_as_clean(site, run.folder)


def test_a_finding_is_told_with_its_place_and_remedy_and_goes_when_mended(site: Path) -> None:
    with running(site) as run:
        (site / SOURCE).write_text(item(category="zcwk/qtwj"), encoding="utf-8")
        report = run.wait(lambda report: bool(report["findings"]))
        finding = report["findings"][0]
        assert (finding["code"], finding["severity"], finding["kind"]) == ("GK102", "error", "错误")
        assert finding["place"].startswith(f"{SOURCE}:4:")
        assert "zcwk" in finding["message"]
        assert finding["hint"]
        (site / SOURCE).write_text(item(body="第三稿。"), encoding="utf-8")
        run.wait(lambda report: not report["findings"] and "第三稿。" in run.text(PAGE))


@pytest.mark.parametrize("path", ["config.yaml", "content/units.yaml", "content/catalog.yaml"])
def test_while_a_file_of_the_site_is_broken_the_old_pages_stay(site: Path, path: str) -> None:
    whole = (site / path).read_text(encoding="utf-8")
    with running(site) as run:
        (site / path).write_text(whole + "\n  broken: [\n", encoding="utf-8")
        report = run.wait(lambda report: bool(report["stopped"]))
        assert report["findings"][0]["place"].startswith(path)
        assert "第一稿。" in run.text(PAGE)
        (site / SOURCE).write_text(item(body="第二稿。"), encoding="utf-8")
        (site / path).write_text(whole, encoding="utf-8")
        run.wait(lambda report: not report["stopped"] and not report["findings"] and "第二稿。" in run.text(PAGE))
        assert_as_clean(site, run.folder)


def test_a_preview_that_begins_broken_shows_why_and_goes_on(site: Path) -> None:
    whole = (site / "config.yaml").read_text(encoding="utf-8")
    (site / "config.yaml").write_text("site: [", encoding="utf-8")
    with running(site) as run:
        status, _, body = run.get("/")
        assert (status, b".gongkai/live.js" in body) == (503, True)
        run.after(lambda: (site / "config.yaml").write_text(whole, encoding="utf-8"))
        assert "第一稿。" in run.text(PAGE)


def test_a_changed_unit_shows_in_the_pages(site: Path) -> None:
    units = site / "content/units.yaml"
    with running(site) as run:
        run.after(
            lambda: units.write_text(units.read_text(encoding="utf-8").replace("财政局", "财税局"), encoding="utf-8")
        )
        assert "测试县财税局" in run.text("/units/index.html")
        assert_as_clean(site, run.folder)


def test_another_content_folder_is_watched_from_then_on(site: Path) -> None:
    shutil.copytree(site / "content", site / "texts/inner")
    config = site / "config.yaml"
    with running(site) as run:
        text = config.read_text(encoding="utf-8")
        config.write_text(f"{text}content: texts/inner\n", encoding="utf-8")
        run.wait(lambda report: str(site / "texts/inner") in run.preview.watch._watches)
        run.after(lambda: (site / "texts/inner/items/xzf/a.md").write_text(item(body="换了地方。"), encoding="utf-8"))
        assert "换了地方。" in run.text(PAGE)


def test_templates_and_assets_of_the_site_are_watched_from_their_first_file_on(site: Path) -> None:
    def lay_over() -> None:
        (site / "templates").mkdir()
        (site / "templates/404.html").write_text("自己的 {{ title }}", encoding="utf-8")

    with running(site) as run:
        run.after(lay_over)
        run.wait(lambda report: "自己的" in run.text("/404.html"))
        run.after(lambda: (site / "templates/404.html").write_text("又改的 {{ title }}", encoding="utf-8"))
        assert "又改的" in run.text("/404.html")
        (site / "templates/404.html").write_text("{{ title", encoding="utf-8")
        report = run.wait(lambda report: bool(report["stopped"]))
        assert report["findings"][0]["place"] == "templates/404.html:1:1"
        assert "又改的" in run.text("/404.html")
        shutil.rmtree(site / "templates")
        run.wait(lambda report: not report["stopped"] and "又改的" not in run.text("/404.html"))
        assert_as_clean(site, run.folder)


def test_content_that_is_taken_away_and_put_back_is_watched_as_before(site: Path) -> None:
    with running(site) as run:
        os.rename(site / "content", site / "away")
        run.wait(lambda report: bool(report["stopped"]))
        assert "第一稿。" in run.text(PAGE)
        os.rename(site / "away", site / "content")
        run.wait(lambda report: not report["stopped"])
        run.after(lambda: (site / SOURCE).write_text(item(body="第二稿。"), encoding="utf-8"))
        assert "第二稿。" in run.text(PAGE)


def test_what_stopped_a_build_is_not_forgotten_over_the_next_save(site: Path) -> None:
    other = site / "content/items/czj/b.md"
    other.parent.mkdir()
    other.write_text(item("00002", unit="czj"), encoding="utf-8")
    with running(site) as run:
        (site / SOURCE).write_text(item(body="机密★1年"), encoding="utf-8")
        run.wait(lambda report: bool(report["stopped"]))
        number = len(run.told)
        other.write_text(item("00002", unit="czj", title="新的题目"), encoding="utf-8")
        report = run.wait(lambda report: len(run.told) > number)
        assert report["stopped"]
        assert "GK500" in [finding["code"] for finding in report["findings"]]
        (site / SOURCE).write_text(item(body="没有了。"), encoding="utf-8")
        run.wait(lambda report: not report["stopped"] and "没有了。" in run.text(PAGE))
        assert_as_clean(site, run.folder)


def test_a_fault_of_the_program_is_told_and_the_next_save_goes_well(
    site: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fails(request: Request, progress: Progress) -> Outcome:
        raise ZeroDivisionError("made up")

    with running(site) as run:
        monkeypatch.setattr(rounds, "build", fails)
        (site / SOURCE).write_text(item(body="第二稿。"), encoding="utf-8")
        report = run.wait(lambda report: bool(report["stopped"]))
        assert "ZeroDivisionError: made up" in report["stopped"]
        assert "第一稿。" in run.text(PAGE)
        monkeypatch.setattr(rounds, "build", build_site)
        (site / SOURCE).write_text(item(body="第三稿。"), encoding="utf-8")
        run.wait(lambda report: not report["stopped"] and "第三稿。" in run.text(PAGE))
    assert "Traceback" in capfd.readouterr().err


def test_a_damaged_cache_is_made_anew(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with running(site) as run:
        (rows,) = run.folder.parent.glob("build-*.sqlite")
        about = rows.stat()
        data = rows.read_bytes()
        rows.write_bytes(data[:200] + b"\xff" * (len(data) - 200))
        os.utime(rows, ns=(about.st_atime_ns, about.st_mtime_ns))
        (site / SOURCE).write_text(item(body="第二稿。"), encoding="utf-8")
        run.wait(lambda report: not report["stopped"] and "第二稿。" in run.text(PAGE))
        assert_as_clean(site, run.folder)


def test_what_no_event_told_of_is_found_all_the_same(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "LATER", 0.2)
    with running(site) as run:
        monkeypatch.setattr(Watch, "note", lambda *_: None)
        run.after(lambda: (site / SOURCE).write_text(item(body="第二稿。"), encoding="utf-8"))
        assert "第二稿。" in run.text(PAGE)


def test_without_events_files_are_looked_at_again_and_again(site: Path) -> None:
    with running(site, poll=True) as run:
        run.after(lambda: (site / SOURCE).write_text(item(body="第二稿。"), encoding="utf-8"))
        assert "第二稿。" in run.text(PAGE)


def test_a_new_day_begins_while_it_runs(site: Path) -> None:
    days = [DAY]
    (site / "content/items/xzf/b.md").write_text(item("00001", year=2025, date="2025-06-02"), encoding="utf-8")
    with running(site, day=lambda: days[0]) as run:
        assert run.get(f"/items/{CODE}/2025-00001.html")[0] == 404
        run.after(lambda: days.__setitem__(0, date(2025, 6, 2)))
        assert run.get(f"/items/{CODE}/2025-00001.html")[0] == 200
        assert_as_clean(site, run.folder, days[0])


def test_a_preview_leaves_no_trace_in_a_real_build_and_makes_no_output(site: Path) -> None:
    with running(site) as run:
        assert "/.gongkai/live.js" in run.text("/")
        assert not (site / "public").exists()
        shown = tree(run.folder)
        real = build(site)  # while it runs
        assert real.status == 0
        assert not any(
            b"/.gongkai/" in data or b"gongkai-live" in data for data in (*shown.values(), *tree(real.output).values())
        )
        assert_as_clean(site, run.folder)


def test_what_editors_make_for_a_moment_and_what_we_write_builds_nothing(site: Path) -> None:
    with running(site) as run:
        number = len(run.told)
        for name in (".a.md.swp", "a.md~", "4913", "~$a.docx", "__pycache__"):
            (site / "content/items/xzf" / name).write_text("x", encoding="utf-8")
        (site / "README.md").write_text("x", encoding="utf-8")
        (site / ".gongkai/x").write_text("x", encoding="utf-8")
        (site / "new.txt").write_text(item(body="第二稿。"), encoding="utf-8")
        run.after(lambda: (site / "new.txt").replace(site / SOURCE))  # in one move: two may be two bursts
        assert len(run.told) == number + 2  # busy, done
