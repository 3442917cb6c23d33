"""A whole small site in one string: lay it out, build it, look at files and findings."""

from __future__ import annotations

import contextlib
import io
import json
import re
import textwrap
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from gongkai_ssg.cli import run

CODE = "000001011"
"""The code of the default site's unit ``xzf``; ``czj`` has 00000102X."""

DEFAULTS = {
    "config.yaml": """
        site:
          title: 测试县人民政府信息公开
          url: https://www.example.gov.cn/zfxxgk/
          id_code: "3415990001"
          organizer: 测试县人民政府办公室
        """,
    "content/units.yaml": f"""
        - id: xzf
          name: 测试县人民政府
          short_name: 县政府
          code: "{CODE}"
          kind: government
        - id: czj
          name: 测试县财政局
          code: 00000102X
          kind: department
          parent: xzf
        """,
    "content/catalog.yaml": """
        - id: zcwj
          name: 政策文件
          children:
            - id: gfxwj
              name: 行政规范性文件
              kind: 行政规范性文件
              library: true
            - id: qtwj
              name: 其他文件
              kind: 其他公文
        - id: zcjd
          name: 政策解读
          kind: 解读
        """,
}

_FILE = re.compile(r"^-- (?P<path>.+?) --$", re.MULTILINE)


def item(code: str = "00001", year: int | str = 2024, body: str = "正文。", **keys: str) -> str:
    """An item's text with the required keys; ``keys`` replace or add to them (None of a key leaves it out)."""
    front = {"title": "测试文件", "code": f"{CODE}/{year}-{code}", "category": "qtwj", "date": f"{year}-03-01", **keys}
    lines = [f"{name}: {value}" for name, value in front.items() if value != "-"]
    return "\n".join(["---", *lines, "---", "", body, ""])


def lay_out(folder: Path, text: str = "", defaults: bool = True) -> Path:
    """Write the files of ``text`` (each behind a line ``-- path --``) and the defaults it doesn't name."""
    parts = _FILE.split(textwrap.dedent(text))
    files = {parts[place]: parts[place + 1].removeprefix("\n") for place in range(1, len(parts), 2)}
    if defaults:
        files = {**{path: textwrap.dedent(words).lstrip() for path, words in DEFAULTS.items()}, **files}
    for path, words in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(words, encoding="utf-8", newline="\n")
    return folder


@dataclass(frozen=True)
class Built:
    """What a build gave."""

    status: int
    findings: list[dict[str, Any]]
    folder: Path
    errors: str

    @property
    def output(self) -> Path:
        return self.folder / "public"

    @property
    def codes(self) -> list[str]:
        """The codes of all findings, in the order told."""
        return [finding["code"] for finding in self.findings]

    def finding(self, code: str) -> dict[str, Any]:
        """The one finding with a code."""
        found = [finding for finding in self.findings if finding["code"] == code]
        assert len(found) == 1, self.findings
        return found[0]

    def page(self, address: str) -> str:
        """A page's source."""
        return (self.output / address).read_text(encoding="utf-8")

    def text(self, address: str) -> str:
        """A page's visible text."""
        return visible_text(self.page(address))

    def has(self, address: str) -> bool:
        return (self.output / address).is_file()


def command(folder: Path, *words: str) -> tuple[int, str, str]:
    """Run a command in this process: (exit status, standard output, standard error)."""
    out, err = io.StringIO(), io.StringIO()
    status = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            run(list(words))
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
    return status, out.getvalue(), err.getvalue()


def build(folder: Path, *options: str, today: str = "2025-06-01", jobs: int = 1) -> Built:
    """Build the site in ``folder``."""
    words = ["build", "--config", str(folder / "config.yaml"), "--today", today, "--jobs", str(jobs)]
    status, out, err = command(folder, *words, "--format", "json", *options)
    return Built(status, [json.loads(line) for line in out.splitlines()], folder, err)


def build_text(folder: Path, text: str, *options: str, today: str = "2025-06-01") -> Built:
    """Lay a site out and build it."""
    return build(lay_out(folder, text), *options, today=today)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style", "head")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style", "head")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def visible_text(page: str) -> str:
    """The text of a page that a reader sees, runs of white space as one blank."""
    parser = _Text()
    parser.feed(page)
    return re.sub(r"\s+", " ", "".join(parser.parts)).strip()
