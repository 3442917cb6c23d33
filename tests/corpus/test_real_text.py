"""Every character of 3,535 real documents stands in its page, and what is found wrong is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from tests.corpus import visible
from tests.corpus.importer import ImportedItem, ImportReport, import_corpus

ROOT = Path(__file__).resolve().parents[2]
CORPUS = Path(os.environ.get("GONGKAI_CORPUS") or ROOT.parent / "shared" / "corpus")
TODAY = "2026-01-01"
BLOCKING = frozenset({"stop", "error"})

pytestmark = pytest.mark.skipif(
    not (CORPUS / "laws").is_dir(),
    reason=f"真实语料不在 {CORPUS}；用环境变量 GONGKAI_CORPUS 指出它在何处",
)


@dataclass(frozen=True)
class Finding:
    """One line of ``--format json``."""

    code: str
    severity: str
    path: str
    line: int
    message: str

    @classmethod
    def parse(cls, line: str) -> Finding:
        """Read one line; the path is cut to what stands below the site."""
        found = json.loads(line)
        path = str(found["path"]).replace("\\", "/")
        place = path.find("content/")
        below = path[place:] if place >= 0 else path
        return cls(found["code"], found["severity"], below, found["line"] or 0, found["message"])


@dataclass(frozen=True)
class Built:
    """The corpus as a site, built once."""

    site: Path
    report: ImportReport
    status: int
    stdout: str
    stderr: str

    @cached_property
    def findings(self) -> list[Finding]:
        """All findings of the build, in its order."""
        return [Finding.parse(line) for line in self.stdout.splitlines() if line.startswith("{")]

    @cached_property
    def left_out(self) -> set[str]:
        """Paths of the sources that an error names."""
        return {finding.path for finding in self.findings if finding.severity in BLOCKING}

    @cached_property
    def published(self) -> list[ImportedItem]:
        """The items no error names."""
        return [item for item in self.report.items if item.path not in self.left_out]

    def page(self, item: ImportedItem) -> Path:
        """Where an item's page stands."""
        return self.site / "public" / item.address


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Import and build once for all tests of the module."""
    site = tmp_path_factory.mktemp("real-text")
    report = import_corpus(CORPUS, site)
    command = [sys.executable, "-m", "gongkai_ssg", "build", "--config", str(site / "config.yaml")]
    done = subprocess.run(
        [*command, "--today", TODAY, "--format", "json"],
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=1800,
        check=False,
    )
    return Built(site, report, done.returncode, done.stdout, done.stderr)


def test_the_importer_takes_over_every_law_and_document(built: Built) -> None:
    sources = sorted((CORPUS / "laws").rglob("*.md"))
    taken = {item.source for item in built.report.items}
    expected = {f"laws/{path.relative_to(CORPUS / 'laws').as_posix()}" for path in sources}
    assert expected - taken == set(built.report.skipped)
    assert len(taken) == len(built.report.items) == len({i.code for i in built.report.items})
    assert built.report.counts["国务院文件"] == 60


def test_the_build_ends_with_the_status_its_findings_call_for(built: Built) -> None:
    assert "Traceback" not in built.stderr, built.stderr[-3000:]
    blocked = any(finding.severity in BLOCKING for finding in built.findings)
    assert built.status == (1 if blocked else 0), built.stderr[-3000:]
    assert not [finding for finding in built.findings if finding.severity == "stop"]


def test_every_item_without_an_error_is_published_and_no_other(built: Built) -> None:
    assert (built.site / "public" / "index.html").is_file()
    missing = [item.path for item in built.published if not built.page(item).is_file()]
    leaked = [item.path for item in built.report.items if item.path in built.left_out and built.page(item).is_file()]
    assert (missing, leaked) == ([], [])


def test_every_character_of_the_source_stands_in_its_page(built: Built) -> None:
    lost = []
    for item in built.published:
        page = visible.of_page(built.page(item).read_text(encoding="utf-8"))
        if visible.dense(item.title) not in page:
            lost.append(f"{item.source}: 标题")
        # raw HTML is text, so a comment may show; either way nothing else may be lost
        if item.visible not in page and item.visible_with_comments not in page:
            lost.append(f"{item.source}: 正文 {_first_difference(item.visible, page)}")
    assert not lost, f"{len(lost)} 篇有缺:\n" + "\n".join(lost[:20])


def test_no_finding_is_untrue(built: Built) -> None:
    counts = Counter((finding.code, finding.severity) for finding in built.findings)
    for (code, severity), number in sorted(counts.items()):
        print(f"{number:6} {severity:8} {code}")
    assert not built.left_out & {item.path for item in built.report.items}, [
        finding for finding in built.findings if finding.severity in BLOCKING
    ][:20]


def _first_difference(expected: str, page: str) -> str:
    """Where ``expected`` leaves the page: the longest start of it that the page holds, and on."""
    low, high = 0, len(expected)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if expected[:middle] in page else (low, middle - 1)
    before = expected[max(0, low - 12) : low]
    place = page.find(expected[:low]) + low
    return f"“{before}”之后应为“{expected[low : low + 12]}”，页面为“{page[place : place + 12]}”"
