"""What sites publish is the engine's parts put together, and does what they do."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.programs import needed
from tests.search.county import QUERIES, make_county
from tests.search.node import needs_node, searched
from tools.scripts import ENGINE, PAGE, TERSER, Script


@pytest.mark.parametrize("script", [ENGINE, PAGE])
def test_it_is_made_of_the_parts_as_they_are(script: Script) -> None:
    assert script.path.read_text(encoding="utf-8").startswith(script.first_line())


@pytest.mark.java
@pytest.mark.parametrize("script", [ENGINE, PAGE])
def test_making_it_again_gives_the_same(script: Script) -> None:
    needed("node", str(TERSER))
    assert script.path.read_text(encoding="utf-8") == script.published()


@needs_node
def test_it_answers_as_the_parts_answer(tmp_path: Path) -> None:
    output = make_county(tmp_path)
    written = tmp_path / "engine.js"
    written.write_text(ENGINE.joined(), encoding="utf-8")
    queries: list[tuple[str, dict[str, Any]]] = [
        (query, options) for query in QUERIES for options in ({}, {"expand": True}, {"sort": "date"})
    ]
    queries += [("预", {"suggest": True}), ("应急预案", {"facets": ["status", "kind"], "filters": {"year": [2024]}})]
    assert searched(output, *queries) == searched(output, *queries, engine=written)


@needs_node
def test_it_is_one_plain_script_without_eval() -> None:
    text = ENGINE.path.read_text(encoding="utf-8")
    subprocess.run(["node", "--check", str(ENGINE.path)], check=True)
    assert "eval(" not in text
    assert "Function(" not in text
    assert "import(" not in text
