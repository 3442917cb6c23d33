"""The words the program says: complete, compiled, and fillable wherever a finding is raised."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from gongkai_ssg.diagnostics import CODES, Finding
from gongkai_ssg.reading import typed
from tests.site import command
from tools import messages
from tools.raise_sites import (
    Site,
    filled_keys,
    hints_set_later,
    mentioned_codes,
    mentioned_keys,
    raise_sites,
    wanted_kinds,
)

read_words = cache(messages.read_words)
SITES = raise_sites()
CLOSED = sorted((site for site in SITES if site.closed), key=lambda site: (site.code, site.place, sorted(site.params)))
FILLED_BY_FINDING = {"guess"}


@pytest.fixture(params=messages.sources(), ids=lambda source: source.parents[1].name)
def source(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def variants_of(words: dict[str, str], site: Site) -> set[str]:
    """The keys of the remedies that a site may show."""
    base = f"{site.code}.hint"
    if site.hints is None:
        return {key for key in words if key == base or key.startswith(base + ".")}
    asked = {f"{base}.{hint}" for hint in site.hints} or {base}
    return {key if key in words else base for key in asked}


def test_every_code_has_a_message_a_remedy_a_short_title_and_an_explanation(source: Path) -> None:
    assert list(messages.complaints(read_words(source))) == []


def test_the_compiled_catalogue_says_what_the_source_says(source: Path) -> None:
    assert not messages.is_stale(source), "run python tools/messages.py"


def test_compiling_twice_gives_the_same_bytes(source: Path) -> None:
    assert messages.compiled(source) == messages.compiled(source)


def test_every_code_that_is_raised_exists() -> None:
    unknown = {code: place for code, place in mentioned_codes().items() if code not in CODES}
    assert unknown == {}


def test_every_code_is_raised_somewhere() -> None:
    assert sorted(CODES.keys() - mentioned_codes().keys()) == []


def test_most_raise_sites_can_be_read_from_the_source() -> None:
    assert len({site.code for site in CLOSED}) > 0.8 * len(CODES)


@pytest.mark.parametrize("site", CLOSED, ids=lambda site: f"{site.code}-{site.place}")
def test_the_words_of_a_finding_ask_only_for_what_its_raise_site_gives(source: Path, site: Site) -> None:
    words = read_words(source)
    given = site.params | FILLED_BY_FINDING
    for key in {site.code, *variants_of(words, site)}:
        assert messages.placeholders(words[key]) <= given, f"{key} at {site.place}"


@pytest.mark.parametrize("site", [site for site in SITES if site.hints], ids=lambda site: f"{site.code}-{site.place}")
def test_a_variant_of_a_remedy_that_the_code_asks_for_is_in_the_catalogue(source: Path, site: Site) -> None:
    words = read_words(source)
    missing = [hint for hint in site.hints or () if f"{site.code}.hint.{hint}" not in words]
    assert missing == [], f"{site.code} at {site.place}: {missing}"


def test_every_variant_of_a_remedy_is_asked_for_somewhere(source: Path) -> None:
    dynamic = {site.code for site in SITES if site.hints is None or not site.closed}
    asked = {(site.code, hint) for site in SITES for hint in site.hints or ()}
    asked |= {(code, hint) for code in CODES for hint in hints_set_later()}
    variants = {tuple(key.split(".hint.")) for key in read_words(source) if ".hint." in key}
    assert sorted(variant for variant in variants - asked if variant[0] not in dynamic) == []


def test_a_guess_is_part_of_the_message() -> None:
    finding = Finding("GK102", "content/items/zfb/x.md", 4, 7, {"value": "zcwk", "guess": "zcwj"})
    assert finding.message == "类别“zcwk”不存在,是否想写“zcwj”?"


def test_without_a_guess_the_message_ends_before_it() -> None:
    assert Finding("GK102", "content/items/zfb/x.md", 4, 7, {"value": "zcwk"}).message == "类别“zcwk”不存在"


def test_a_remedy_has_the_variant_that_the_finding_names_and_the_general_one_where_there_is_none() -> None:
    params = {"value": "x", "guess": ""}
    special = Finding("GK108", "x.md", params={**params, "hint": "guide"}).hint
    general = Finding("GK108", "x.md", params=params).hint
    assert special != general == Finding("GK108", "x.md", params={**params, "hint": "unheard-of"}).hint


def test_what_a_value_should_be_is_said_in_words() -> None:
    finding = Finding("GK105", "x.md", params={"key": "date", "wanted": "date"})
    assert "日期" in finding.message and "{" not in finding.message + finding.hint


def test_every_key_of_the_program_has_words(source: Path) -> None:
    words = read_words(source)
    assert {key: place for key, place in mentioned_keys().items() if key not in words} == {}


def test_the_words_of_the_program_ask_only_for_what_they_are_given(source: Path) -> None:
    words = read_words(source)
    for key, place, given in filled_keys():
        assert messages.placeholders(words[key]) <= given, f"{key} at {place}"


def test_every_kind_of_value_that_a_finding_names_has_words(source: Path) -> None:
    words = read_words(source)
    assert sorted(kind for kind in {*wanted_kinds(), *typed._TYPES.values()} if f"wanted.{kind}" not in words) == []


def test_a_language_that_is_not_there_is_said_to_be_missing() -> None:
    assert "no messages in “en”" in command(Path(), "--lang", "en", "stats", "--help")[2]
    assert command(Path(), "--lang", "zh-CN", "stats", "--help")[2] == ""
