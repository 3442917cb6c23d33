"""html-validate and the Nu checker find no error on any kind of page. Run by ``make test-all``."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.programs import needed
from tests.site import build
from tools.kinds import KINDS

ROOT = Path(__file__).parents[1]
MODULES = ROOT / "tests/validators/node_modules"

pytestmark = pytest.mark.java


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A page of every kind of the sample county."""
    folder = tmp_path_factory.mktemp("county")
    shutil.copytree(ROOT / "content", folder / "content")
    shutil.copy(ROOT / "config.yaml", folder / "config.yaml")
    built = build(folder, today="2026-11-20")
    assert built.status == 0
    return [built.output / kind.find(built.output) for kind in KINDS.values()] + [built.output / "404.html"]


def test_the_nu_checker_finds_no_error(pages: list[Path]) -> None:
    jar = str(MODULES / "vnu-jar/build/dist/vnu.jar")
    java = needed("java", jar)
    command = [java, "-jar", jar, "--format", "json", "--exit-zero-always", *map(str, pages)]
    ended = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    found = json.loads(ended.stderr)["messages"]
    assert [each for each in found if each["type"] == "error"] == []


def test_html_validate_finds_no_error(pages: list[Path]) -> None:
    program = str(MODULES / "html-validate/bin/html-validate.mjs")
    node = needed("node", program)
    config = str(ROOT / "tests/validators/htmlvalidate.json")
    command = [node, program, "--config", config, "--formatter", "json", *map(str, pages)]
    ended = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    found = json.loads(ended.stdout)
    wrong = {
        (message["ruleId"], message["message"], Path(each["filePath"]).name)
        for each in found
        for message in each["messages"]
    }
    assert wrong == set()
