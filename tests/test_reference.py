"""The reference pages say what the code does."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest

from gongkai_ssg.config import Config
from gongkai_ssg.diagnostics import CODES
from gongkai_ssg.model.catalog import CategoryEntry
from gongkai_ssg.model.item import Item
from gongkai_ssg.model.schema import Schema, names_of
from gongkai_ssg.model.units import Unit
from gongkai_ssg.reading.guides import GuideKeys
from tools import reference
from tools.findings_pages import can_be_allowed
from tools.schema_words import cell

PAGES = reference.pages()
DESCRIBED: list[tuple[type[Schema], str]] = [
    (Item, "reference/front-matter.md"),
    (GuideKeys, "reference/front-matter.md"),
    (Config, "reference/config.md"),
    (Unit, "reference/units-and-catalog.md"),
    (CategoryEntry, "reference/units-and-catalog.md"),
]


def test_the_committed_pages_are_what_the_code_gives() -> None:
    assert reference.stale_pages() == [], "run python tools/reference.py"


def test_making_the_pages_twice_gives_the_same_text() -> None:
    assert reference.pages() == PAGES


@pytest.mark.parametrize(("schema", "page"), DESCRIBED, ids=lambda value: getattr(value, "__name__", value))
def test_every_name_of_every_key_stands_in_its_page(schema: type[Schema], page: str) -> None:
    assert [name for name in names_of(schema) if name not in PAGES[page]] == []


@pytest.mark.parametrize(("schema", "page"), DESCRIBED, ids=lambda value: getattr(value, "__name__", value))
def test_every_key_has_its_meaning_in_its_page(schema: type[Schema], page: str) -> None:
    meanings = {name: field.description or "" for name, field in schema.model_fields.items()}
    assert [name for name, meaning in meanings.items() if not meaning or cell(meaning) not in PAGES[page]] == []


def test_every_code_has_a_page_and_a_row_in_the_index() -> None:
    index = PAGES["reference/findings.md"]
    assert [code for code in CODES if f"findings/{code}.md" not in PAGES or f"[{code}]" not in index] == []


def test_a_page_tells_how_to_allow_a_finding_exactly_where_an_item_may() -> None:
    explained = {code for code in CODES if "## 怎样豁免" in PAGES[f"findings/{code}.md"]}
    assert explained == {code for code in CODES if can_be_allowed(code)}


def test_no_place_of_a_message_is_left_unfilled_in_a_page() -> None:
    assert [path for path, page in PAGES.items() if path.startswith("findings/") and ("{" in page or "}" in page)] == []


def test_the_rows_of_a_table_have_as_many_cells_as_its_head() -> None:
    for path, page in PAGES.items():
        width = 0
        for line in page.splitlines():
            cells = line.replace("\\|", "").count("|") if line.startswith("|") else 0
            assert not cells or not width or cells == width, f"{path}: {line}"
            width = cells


def test_links_between_pages_lead_somewhere() -> None:
    for path, page in PAGES.items():
        for target in (part.partition(")")[0] for part in page.split("](")[1:]):
            assert (reference.DOCS / path).parent.joinpath(unquote(target)).resolve().is_file(), f"{path}: {target}"


def test_checking_fails_where_a_page_is_stale_and_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reference, "DOCS", tmp_path)
    assert reference.main(["--check"]) == 1
    assert "docs/reference/config.md" in capsys.readouterr().err
    assert reference.main([]) == 0
    assert reference.main(["--check"]) == 0


def test_a_page_of_a_code_that_is_gone_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "DOCS", tmp_path)
    reference.main([])
    left_over = tmp_path / "findings" / "GK999.md"
    left_over.write_text("", encoding="utf-8")
    assert reference.main(["--check"]) == 1
    reference.main([])
    assert not left_over.exists()
