"""How findings are told: text, JSON, GitHub, SARIF; exit statuses; languages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gongkai_ssg import __version__, messages
from gongkai_ssg.diagnostics import CODES, Finding
from gongkai_ssg.diagnostics.printers import PRINTERS
from tests.site import build, command, tree
from tests.tables import GOOD, GOOD_PAGE, ITEMS, front, write

CLEAN = {ITEMS + "a.md": front(1)}
WARNING = {ITEMS + "a.md": front(1, "文号: 青政(2024)5号")}
ERROR = {ITEMS + "a.md": front(1, "五公开: 决测"), **GOOD}
STOP = {ITEMS + "a.md": front(1, body="机密★5年"), **GOOD}
MIXED = {
    ITEMS + "a.md": front(1, "五公开: 决测"),
    ITEMS + "b.md": front(2, "zzz: 1"),
    ITEMS + "c.md": front(3, "文号: 青政(2024)5号"),
    **GOOD,
}


def run(folder: Path, *options: str, name: str = "build") -> tuple[int, str, str]:
    words = [name, "--config", str(folder / "config.yaml"), "--today", "2025-06-01", "--jobs", "1"]
    return command(folder, *words, *options)


@pytest.fixture(autouse=True)
def _language_as_found() -> Iterator[None]:
    yield
    messages.use_language(None)


def caret(column: int, line: str) -> str:
    """What the caret's line looks like: full-width characters are two cells wide."""
    return "    " + " " * sum(1 if ord(char) < 0x2E80 else 2 for char in line[: column - 1]) + "^"


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        ("五公开: 决测", 6, "“五公开”不能是“决测”"),
        ("咨询: {电话: '1', 电活号码: '2'}", 15, "不认识的键“电活号码”"),
        ("关键词: [甲, (ａ), 𠮷, [乙]]", 18, "“关键词”的内容不对,应当是一行文字"),
    ],
)
def test_a_finding_is_one_line_then_the_source_with_a_caret_then_the_remedy(
    tmp_path: Path, line: str, column: int, message: str
) -> None:
    write(tmp_path, {ITEMS + "a.md": front(1, line)})
    status, out, _ = run(tmp_path)
    first, source, mark, remedy = out.splitlines()
    code = re.findall(r"GK\d{3}", first)[0]
    assert first.startswith(f"{ITEMS}a.md:6:{column}: error {code} {message}")
    assert source == f"    {line}"
    assert mark == caret(column, line)
    assert remedy.startswith("    → ")
    assert status == 1


def test_a_finding_about_a_whole_file_has_no_place_and_no_excerpt(tmp_path: Path) -> None:
    write(tmp_path, {ITEMS + "a.md": ""})
    _, out, _ = run(tmp_path)
    first, remedy = out.splitlines()
    assert first == f"{ITEMS}a.md: error GK121 文件是空的"
    assert remedy.startswith("    → ")


@pytest.mark.parametrize("before", ["\x85", "\u2028", "\u2029", "\r\n", "\r"], ids=ascii)
def test_the_excerpt_is_the_line_that_was_counted(tmp_path: Path, before: str) -> None:
    text = front(1, body=f"甲{before}乙\n\n::: 没有这种\n丙\n:::\n")
    write(tmp_path, {ITEMS + "a.md": text})
    _, out, _ = run(tmp_path)
    first, source, *_ = out.splitlines()
    assert " GK301 " in first
    assert source == "    ::: 没有这种"


def test_a_long_line_is_cut_to_what_surrounds_the_place(tmp_path: Path) -> None:
    line = "咨询: {电话: '" + "1" * 300 + "', 电活号码: '" + "2" * 300 + "'}"
    write(tmp_path, {ITEMS + "a.md": front(1, line)})
    _, out, _ = run(tmp_path)
    _, source, mark, _ = out.splitlines()
    assert len(source) < 120
    assert "电活号码" in source
    cells = 0
    for char in source:
        if cells == mark.index("^"):
            assert char == "电"
            break
        cells += 1 if ord(char) < 0x2E80 else 2


def test_json_is_one_object_a_line_on_standard_output_alone(tmp_path: Path) -> None:
    write(tmp_path, MIXED)
    status, out, err = run(tmp_path, "--format", "json")
    objects = [json.loads(line) for line in out.split("\n") if line]
    assert [list(each) for each in objects] == [["code", "severity", "path", "line", "column", "message", "hint"]] * 3
    assert [(each["code"], each["severity"], each["path"], each["line"], each["column"]) for each in objects] == [
        ("GK115", "error", ITEMS + "a.md", 6, 6),
        ("GK103", "error", ITEMS + "b.md", 6, 1),
        ("GK114", "warning", ITEMS + "c.md", 6, 5),
    ]
    assert "共有阻断 0 个、错误 2 个、警告 1 个、提示 0 个" in err
    assert "已生成网站" in err
    assert status == 1


def test_json_lines_are_lines_to_every_reader(tmp_path: Path) -> None:
    write(tmp_path, {ITEMS + "a.md": front(1, "五公开: '甲\u2028乙\x85丙\u2029丁'")})
    _, out, _ = run(tmp_path, "--format", "json")
    assert [json.loads(line)["code"] for line in out.splitlines()] == ["GK115"]


@pytest.mark.parametrize("style", ["json", "github", "text"])
def test_a_clean_site_says_nothing_on_standard_output(tmp_path: Path, style: str) -> None:
    write(tmp_path, CLEAN)
    status, out, err = run(tmp_path, "--format", style)
    assert (status, out) == (0, "")
    assert "条目 1 个" in err


def test_github_gets_workflow_commands(tmp_path: Path) -> None:
    write(tmp_path, MIXED)
    _, out, _ = run(tmp_path, "--format", "github")
    lines = out.splitlines()
    assert lines[0].startswith(f"::error file={ITEMS}a.md,line=6,col=6,title=GK115::“五公开”不能是“决测”")
    assert lines[2].startswith(f"::warning file={ITEMS}c.md,line=6,col=5,title=GK114::")
    assert len(lines) == 3


@pytest.mark.parametrize(
    ("finding", "told"),
    [
        (Finding("GK121", "a,b:c%d\n.md"), "::error file=a%2Cb%3Ac%25d%0A.md,title=GK121::文件是空的。"),
        (Finding("GK103", "x.md", 3, 4, {"key": "100%\r\n::error::"}), "::error file=x.md,line=3,col=4,title=GK103::不认识的键“100%25<U+000D><U+000A>::error::”。"),
        (Finding("GK118", "x.md", 3, 4, {"line": "甲"}), "::notice file=x.md,line=3,col=4,title=GK118::"),
        (Finding("GK500", "x.md", 1, 1, {"mark": "机密★"}), "::error file=x.md,line=1,col=1,title=GK500::"),
    ],
)  # fmt: skip
def test_what_would_break_a_workflow_command_is_escaped(tmp_path: Path, finding: Finding, told: str) -> None:
    lines = list(PRINTERS["github"]([finding], tmp_path))
    assert len(lines) == 1
    assert "\n" not in lines[0]
    assert lines[0].startswith(told)


def test_no_finding_in_text_is_more_than_its_lines(tmp_path: Path) -> None:
    finding = Finding("GK103", "x\n.md", 3, 4, {"key": "甲\r\n乙\x1b[31m"})
    lines = list(PRINTERS["text"]([finding], tmp_path))
    assert all("\n" not in line and "\r" not in line and "\x1b" not in line for line in lines)


def test_sarif_is_a_log_with_rules_results_and_places(tmp_path: Path) -> None:
    write(tmp_path, {**MIXED, ITEMS + "空 文件.md": ""})
    status, out, _ = run(tmp_path, "--format", "sarif")
    log = json.loads(out)
    assert (log["version"], log["$schema"].endswith("sarif-2.1.0.json"), status) == ("2.1.0", True, 1)
    (told,) = log["runs"]
    driver = told["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("gongkai-ssg", __version__)
    rules = [rule["id"] for rule in driver["rules"]]
    assert rules == ["GK103", "GK114", "GK115", "GK121"]
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
    results = told["results"]
    assert [(each["ruleId"], each["level"]) for each in results] == [
        ("GK115", "error"), ("GK103", "error"), ("GK114", "warning"), ("GK121", "error"),
    ]  # fmt: skip
    assert all(rules[each["ruleIndex"]] == each["ruleId"] for each in results)
    assert told["columnKind"] == "unicodeCodePoints"
    places = [each["locations"][0]["physicalLocation"] for each in results]
    assert places[0]["region"] == {"startLine": 6, "startColumn": 6}
    assert "region" not in places[3]
    assert places[0]["artifactLocation"]["uri"] == ITEMS + "a.md"
    assert places[3]["artifactLocation"]["uri"] == ITEMS + "%E7%A9%BA%20%E6%96%87%E4%BB%B6.md"


def test_sarif_without_findings_is_a_log_too(tmp_path: Path) -> None:
    write(tmp_path, CLEAN)
    log = json.loads(run(tmp_path, "--format", "sarif")[1])
    assert log["runs"][0]["results"] == []


def test_every_code_has_words_for_title_message_remedy_and_page() -> None:
    assert all(messages.has(f"{code}{part}") for code in CODES for part in ("", ".title", ".hint", ".about"))


CASES = {
    "clean": (CLEAN, 0, 0), "a warning": (WARNING, 0, 1), "an error": (ERROR, 1, 1), "a stop": (STOP, 1, 1),
    "a wrong configuration": ({"config.yaml": "site: x\n"}, 2, 2),
}  # fmt: skip


@pytest.mark.parametrize("name", ["build", "check"])
@pytest.mark.parametrize(("files", "status", "strict"), CASES.values(), ids=CASES)
def test_the_exit_status_says_how_it_went(
    tmp_path: Path, files: dict[str, str], status: int, strict: int, name: str
) -> None:
    write(tmp_path, files)
    assert run(tmp_path, name=name)[0] == status
    assert run(tmp_path, "--strict", name=name)[0] == strict
    assert name == "build" or not (tmp_path / "public").exists()


def test_a_warning_published_is_said_and_under_strict_nothing_is_published(tmp_path: Path) -> None:
    before = tree(build(write(tmp_path, GOOD)).output)
    write(tmp_path, WARNING)
    status, _, err = run(tmp_path, "--strict")
    assert (status, tree(tmp_path / "public") == before) == (1, True)
    assert "没有发布,原有网站保持不变" in err
    assert "已生成网站" not in err
    status, _, err = run(tmp_path)
    assert (status, "已生成网站" in err, "没有发布" in err) == (0, True, False)


def test_errors_leave_the_rest_published_and_this_is_said(tmp_path: Path) -> None:
    write(tmp_path, ERROR)
    status, _, err = run(tmp_path)
    assert status == 1
    assert "有 1 个条目因错误没有发布,其余已发布" in err
    assert (tmp_path / "public" / GOOD_PAGE).is_file()


def test_a_note_stops_nothing_even_under_strict(tmp_path: Path) -> None:
    write(tmp_path, {ITEMS + "a.md": front(1, "文号：无")})
    status, out, _ = run(tmp_path, "--strict", "--format", "json")
    assert (status, json.loads(out)["severity"]) == (0, "note")


@pytest.mark.parametrize(
    "words",
    [["build", "--zz"], ["bild"], ["build", "--today", "morgen"], ["build", "--jobs", "0"], ["build", "--format", "xml"], ["export"], ["build", "zuviel"]],
)  # fmt: skip
def test_wrong_usage_is_two_and_says_what_is_wrong(tmp_path: Path, words: list[str]) -> None:
    status, out, err = command(tmp_path, *words)
    assert (status, out) == (2, "")
    assert "用法不对" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("stage", ["link", "scan", "read_site"])
@pytest.mark.parametrize("name", ["build", "check"])
def test_an_internal_fault_is_three_and_asks_for_a_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str, name: str
) -> None:
    before = tree(build(write(tmp_path, GOOD)).output)

    def fall(*_: object, **__: object) -> None:
        raise RuntimeError("verflixt")

    monkeypatch.setattr(f"gongkai_ssg.assemble.{stage}", fall)
    status, out, err = run(tmp_path, name=name)
    assert (status, out) == (3, "")
    assert "程序内部出错:RuntimeError: verflixt" in err
    assert "报告给软件维护者" in err
    assert tree(tmp_path / "public") == before


def test_a_fault_of_a_stage_leaves_no_lock_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, GOOD)
    with monkeypatch.context() as patched:
        patched.setattr("gongkai_ssg.assemble.link", lambda *_: 1 / 0)
        assert run(tmp_path)[0] == 3
    assert run(tmp_path, "--wait", "0")[0] == 0


@pytest.mark.parametrize(
    ("option", "environment"),
    [
        (["--lang", "zh_CN"], {"LANG": "de_DE.UTF-8"}), (["--lang=zh-CN"], {}), (["--lang", "zh_CN.UTF-8"], {}), ([], {"LANG": "C"}),
        ([], {"LC_ALL": "POSIX"}), ([], {"LC_ALL": "C.UTF-8"}), ([], {"GONGKAI_LANG": "zh_CN", "LANG": "en_US.UTF-8"}), ([], {}),
    ],
)  # fmt: skip
def test_messages_are_chinese_unless_asked_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: list[str], environment: dict[str, str]
) -> None:
    for name in ("GONGKAI_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    write(tmp_path, {ITEMS + "a.md": ""})
    assert "文件是空的" in run(tmp_path, *option)[1]


def test_help_is_there_for_every_command(tmp_path: Path) -> None:
    status, out, _ = command(tmp_path, "--help")
    assert status == 0
    for name in ("init", "new", "build", "check", "stats", "export"):
        assert name in out
        told, words, _ = command(tmp_path, name, "--help")
        assert (told, "--help" in words) == (0, True)
