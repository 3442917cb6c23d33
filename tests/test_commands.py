"""Commands: a site that builds at once, an item with the next free code, counts, the catalog as one file."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.rich_site import CODE, RICH
from tests.site import DEFAULTS, build, command, item, lay_out, tree

ROOT = Path(__file__).parents[1]
COLUMNS = [
    "code",
    "title",
    "unit",
    "unit_name",
    "category",
    "kind",
    "doc_number",
    "formed",
    "date",
    "updated",
    "status",
    "topic",
    "summary",
    "keywords",
    "url",
]


def run(*words: str, folder: Path = ROOT) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    return subprocess.run([sys.executable, *words], cwd=folder, env=environment, capture_output=True, check=False)


def git(folder: Path, *words: str) -> None:
    names = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", "-C", str(folder), *names, *words], check=True, capture_output=True)


def new(folder: Path, *words: str) -> tuple[int, str, str]:
    given = dict(zip(words[::2], words[1::2], strict=True))
    wanted = {"--unit": "xzf", "--category": "qtwj", "--title": "新的文件", "--date": "2025-06-01", **given}
    return command(
        folder, "new", "--config", str(folder / "config.yaml"), *(word for pair in wanted.items() for word in pair)
    )


def test_init_makes_a_site_that_builds_without_a_finding(tmp_path: Path) -> None:
    status, out, _ = command(tmp_path, "init", str(tmp_path / "新站"))
    assert (status, "新站" in out) == (0, True)
    built = build(tmp_path / "新站", today="2090-01-01")
    assert (built.status, built.findings) == (0, [])
    assert len(list(built.output.glob("items/**/*.html"))) == 1
    assert "public/" in (tmp_path / "新站/.gitignore").read_text(encoding="utf-8")


@pytest.mark.parametrize("what", ["file", "folder"])
def test_init_never_writes_where_something_is(tmp_path: Path, what: str) -> None:
    target = tmp_path / "here"
    if what == "folder":
        target.mkdir()
        (target / "我的.doc").write_text("重要", encoding="utf-8")
    else:
        target.write_text("重要", encoding="utf-8")
    before = tree(tmp_path)
    assert command(tmp_path, "init", str(target))[0] == 2
    assert tree(tmp_path) == before


def test_new_puts_a_draft_in_place_that_builds(tmp_path: Path) -> None:
    folder = lay_out(tmp_path)
    status, out, errors = new(folder, "--title", "关于《办法》的“通知”: [转发] #1 a/b\\c?")
    assert status == 0, errors
    (path,) = (folder / "content/items/xzf/2025").glob("*.md")
    assert path.relative_to(folder).as_posix() in out
    assert f"{CODE}/2025-00001" in out
    assert not set('<>:"|?*\\') & set(path.name)
    built = build(folder, "--drafts")
    assert [code for code in built.codes if code != "GK300"] == []
    assert "关于《办法》的“通知”: [转发] #1 a/b\\c?" in built.text(f"items/{CODE}/2025-00001.html")
    assert not build(folder).has(f"items/{CODE}/2025-00001.html")


@pytest.mark.parametrize("title", ["con", "...", "///", "a" * 300, "aux.", " ", "\u202e反", "é"])
def test_new_finds_a_file_name_for_any_title(tmp_path: Path, title: str) -> None:
    folder = lay_out(tmp_path)
    status, _, errors = new(folder, "--title", title)
    if not title.strip():
        assert status == 2
        return
    assert status == 0, errors
    (path,) = (folder / "content/items/xzf/2025").glob("*.md")
    assert not re.fullmatch(r"(con|aux|nul|prn)(\..*)?|\..*", path.name, re.IGNORECASE)


def test_new_gives_the_next_free_code_of_unit_and_year(tmp_path: Path) -> None:
    text = f"-- content/items/xzf/1.md --\n{item('00007', 2025)}\n-- content/items/xzf/2.md --\n{item('00009', 2024)}"
    folder = lay_out(tmp_path, text)
    wanted: list[tuple[str, ...]] = [(), (), ("--unit", "czj"), ("--date", "2024-01-01"), ("--date", "2023-01-01")]
    codes = [re.findall(r"[0-9X]{9}/\d{4}-\d{5}", new(folder, *words)[1])[0] for words in wanted]
    assert codes == [
        f"{CODE}/2025-00008",
        f"{CODE}/2025-00009",
        "00000102X/2025-00001",
        f"{CODE}/2024-00010",
        f"{CODE}/2023-00001",
    ]


def test_new_knows_the_codes_of_other_branches_and_tags(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, f"-- content/items/xzf/1.md --\n{item('00001', 2025)}")
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "一")
    for name, number in (("科室甲", "00041"), ("乙", "00042")):
        git(folder, "checkout", "-q", "-b", name, "main")
        path = folder / f"content/items/xzf/中文{number}.md"
        path.write_text(item(number, 2025), encoding="utf-8")
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", name)
    git(folder, "tag", "v1")
    git(folder, "checkout", "-q", "main")
    git(folder, "branch", "-qD", "乙")
    assert f"{CODE}/2025-00043" in new(folder)[1]


@pytest.mark.parametrize(
    ("words", "guess"),
    [
        (("--unit", "xzff"), "xzf"),
        (("--unit", "测试县财政"), "测试县财政局"),
        (("--category", "qtwjj"), "qtwj"),
        (("--category", "政策解毒"), "政策解读"),
    ],
)
def test_new_asks_whether_something_like_it_was_meant(tmp_path: Path, words: tuple[str, ...], guess: str) -> None:
    folder = lay_out(tmp_path)
    status, _, errors = new(folder, *words)
    assert (status, f"“{guess}”" in errors) == (2, True)
    assert not (folder / "content/items").exists()


@pytest.mark.parametrize(
    "words", [("--unit", "测试县财政局"), ("--unit", "县政府"), ("--category", "zcwj/qtwj"), ("--category", "政策解读")]
)
def test_new_takes_names_as_well_as_ids(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert new(lay_out(tmp_path), *words)[0] == 0


def test_new_refuses_where_the_site_has_codes_of_another_form(tmp_path: Path) -> None:
    config = DEFAULTS["config.yaml"].rstrip() + "\n        code_pattern: 'A\\d+'\n"
    folder = lay_out(tmp_path, f"-- config.yaml --\n{config}")
    assert new(folder)[0] == 2
    assert not (folder / "content/items").exists()


def test_stats_counts_what_is_published(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, RICH)
    words = ("stats", "--config", str(folder / "config.yaml"), "--today", "2025-06-01")
    status, out, _ = command(folder, *words, "--format", "json")
    counts = json.loads(out)
    assert (status, counts["total"], counts["unit"]["xzf"]) == (0, 5, 3)
    status, out, _ = command(folder, *words)
    assert status == 0
    assert "测试县财政局" in out
    assert "public" not in {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("style", ["csv", "jsonl", "xlsx"])
def test_export_writes_the_whole_catalog_the_same_each_time(tmp_path: Path, style: str) -> None:
    folder = lay_out(tmp_path / "site", RICH.replace("title: 解读一篇", "title: =1+1"))
    files = [tmp_path / f"{number}.{style}" for number in (1, 2)]
    for file in files:
        status, out, errors = command(
            folder,
            "export",
            style,
            "--output",
            str(file),
            "--config",
            str(folder / "config.yaml"),
            "--today",
            "2025-06-01",
        )
        assert (status, out) == (0, ""), errors
    assert files[0].read_bytes() == files[1].read_bytes()
    rows: list[list[object]]
    if style == "csv":
        rows = [list(row) for row in csv.reader(io.StringIO(files[0].read_bytes().decode("utf-8-sig"), newline=""))]
    elif style == "jsonl":
        records = [json.loads(line) for line in files[0].read_text(encoding="utf-8").splitlines()]
        rows = [list(records[0]), *(list(record.values()) for record in records)]
    else:
        sheet = openpyxl.load_workbook(files[0]).worksheets[0]
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0] == COLUMNS
    assert [row[0] for row in rows[1:]] == [
        f"{CODE}/2024-{number}" for number in ("00001", "00002", "00003", "00005", "00006")
    ]
    assert rows[2][1] == ("'=1+1" if style == "csv" else "=1+1")


def test_export_goes_to_standard_output_in_utf_8(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, RICH)
    done = run("-m", "gongkai_ssg", "export", "csv", "--today", "2025-06-01", folder=folder)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.startswith(b"\xef\xbb\xbfcode,title,")
    assert done.stdout.count(b"\r\n") == 6


@pytest.mark.parametrize(
    "words", [("export", "xlsx"), ("export", "pdf"), ("export",), ("export", "csv", "--output", "nowhere/a.csv")]
)
def test_export_says_what_is_wrong_with_the_words(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = run("-m", "gongkai_ssg", *words, folder=lay_out(tmp_path))
    assert done.returncode == 2, done.stderr.decode()


def test_check_finds_the_same_as_build_and_writes_nothing(tmp_path: Path) -> None:
    text = f"{RICH}\n-- content/items/xzf/7.md --\n{item('00007', category='nowhere', body='[无](无.md)')}"
    folder = lay_out(tmp_path, text)
    before = tree(folder)
    status, out, _ = command(
        folder, "check", "--config", str(folder / "config.yaml"), "--today", "2025-06-01", "--format", "json"
    )
    assert tree(folder) == before
    built = build(folder)
    assert [json.loads(line) for line in out.splitlines()] == built.findings
    assert status == built.status == 1


def test_build_py_is_the_build_command(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, RICH)
    done = run("build.py", "--config", str(folder / "config.yaml"), "--today", "2025-06-01")
    assert done.returncode == 0, done.stderr.decode()
    assert (folder / "public/index.html").is_file()


@pytest.mark.parametrize("name", ["", "build", "check", "init", "new", "stats", "export"])
def test_every_command_has_help(name: str) -> None:
    status, out, _ = command(ROOT, *([name] if name else []), "--help")
    assert status == 0
    assert re.search("[\u4e00-\u9fff]", out)


def test_the_package_runs_as_a_module() -> None:
    done = run("-m", "gongkai_ssg", "--help")
    assert done.returncode == 0
    for name in ("init", "new", "build", "check", "stats", "export"):
        assert name in done.stdout.decode()


@pytest.mark.parametrize(
    "words", [["bulid"], ["build", "--nothing"], ["build", "--today", "morgen"], ["build", "--jobs", "0"], []]
)
def test_wrong_usage_gives_two(words: list[str]) -> None:
    status, _, errors = command(ROOT, *words)
    assert (status, bool(errors)) == (2, True)


def test_a_configuration_that_is_not_there_gives_two(tmp_path: Path) -> None:
    for name in ("build", "check", "stats"):
        assert command(tmp_path, name, "--config", str(tmp_path / "config.yaml"))[0] == 2


def test_new_counts_only_codes_that_items_bear(tmp_path: Path) -> None:
    front = [f"原索引号: {CODE}/2025-00090", f"解读: [{CODE}/2025-00091]", "依据:", f"- 索引号: {CODE}/2025-00092"]
    other = item("00003", 2025, body=f"索引号: {CODE}/2025-00093\n\n见 {CODE}/2025-00094。")
    other = other.replace("title:", "\n".join(front) + "\ntitle:", 1)
    windows = (
        item("00004", 2025).replace("code: ", "索引号：'").replace("2025-00004", "2025-00004'").replace("\n", "\r\n")
    )
    text = (
        f"-- content/items/xzf/a.md --\n{other}\n-- README.md --\n索引号: {CODE}/2025-00095\n"
        f"-- content/guides/site/a.md --\n---\n标题: 甲\n---\n索引号: {CODE}/2025-00096\n"
    )
    folder = lay_out(tmp_path, text)
    (folder / "content/items/xzf/b.md").write_bytes(windows.encode())
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "一")
    git(folder, "checkout", "-q", "-b", "别处")
    later = item("00005", 2025, body=f"索引号: {CODE}/2025-00097")
    (folder / "content/items/xzf/丙.md").write_text(later, encoding="utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "二")
    assert f"{CODE}/2025-00006" in new(folder)[1]
    git(folder, "clean", "-qfd")
    git(folder, "checkout", "-q", "main")
    assert f"{CODE}/2025-00006" in new(folder, "--title", "另一件")[1]


def blocked(folder: Path) -> Path:
    """A path below which nothing can be made, even by an administrator: there is a file in the way."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("", encoding="utf-8")
    return folder


def test_new_and_init_say_plainly_that_they_cannot_write(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "site")
    blocked(folder / "content/items")
    status, _, errors = new(folder)
    assert (status, "写不了 content/items/xzf/2025/" in errors, "Traceback" in errors) == (2, True, False)
    status, _, errors = command(tmp_path, "init", str(blocked(tmp_path / "file") / "site"))
    assert (status, "建不了" in errors, "Traceback" in errors) == (2, True, False)


@pytest.mark.parametrize(
    "path", ["content/units.yaml", "content/new.csv", "config.yaml", "public/a.csv", "themes/a.csv", "README.md", "content/../content/a.csv"]
)  # fmt: skip
def test_export_never_writes_over_the_site(tmp_path: Path, path: str) -> None:
    folder = lay_out(tmp_path, f"{RICH}\n-- README.md --\n说明\n")
    before = tree(folder)
    status, _, errors = command(folder, "export", "csv", "--config", str(folder / "config.yaml"), "--output", str(folder / path))  # fmt: skip
    assert (status, "没有动它" in errors) == (2, True)
    assert tree(folder) == before


@pytest.mark.parametrize("style", ["csv", "xlsx"])
def test_export_says_in_chinese_why_it_cannot_write(tmp_path: Path, style: str) -> None:
    folder = lay_out(tmp_path, RICH)
    words = ("export", style, "--config", str(folder / "config.yaml"), "--output", str(folder / f"nodir/a.{style}"))
    status, _, errors = command(folder, *words)
    assert (status, "没有这个文件夹" in errors, "Errno" in errors, "OPTIONS" in errors) == (2, True, False, False)


def test_usage_lines_speak_chinese() -> None:
    for words in (["build", "--nothing"], ["--help"], ["export", "--help"], []):
        _, out, errors = command(ROOT, *words)
        assert "OPTIONS" not in out + errors
        assert "COMMAND" not in out + errors
    assert "用法不对" not in command(ROOT)[2]


def test_a_build_names_its_output_from_the_site_or_in_full(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "site", RICH)
    assert build(folder).errors.rstrip().endswith("在 public")
    elsewhere = folder / "content/../../elsewhere/./out"
    assert build(folder, "--output", str(elsewhere)).errors.rstrip().endswith(f"在 {tmp_path / 'elsewhere/out'}")
