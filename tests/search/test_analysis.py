"""The analysis: the vectors, Python and JavaScript, one text and many."""

from __future__ import annotations

import itertools
import json
import random
import subprocess
from pathlib import Path

import numpy as np
import pytest

from gongkai_ssg.search import analysis
from gongkai_ssg.search.entry import pack
from gongkai_ssg.search.positions import read_positions
from tests.search.node import ENGINE, needs_node
from tools.scripts import ENGINE as PARTS

VECTORS = json.loads(Path(__file__).with_name("analysis.json").read_text(encoding="utf-8"))

_SCRIPT = """
const { analysis } = require(process.argv[1]);
const chunks = [];
process.stdin.on("data", (chunk) => chunks.push(chunk)).on("end", () => {
  const { pairs, texts } = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  const table = new Map(pairs);
  process.stdout.write(JSON.stringify(texts.map((text) => {
    const found = analysis.units(text, analysis.mayBeTraditional(text) ? table : null);
    const terms = found.slice(1).map((unit, place) => analysis.pairTerm(found[place], unit));
    const homes = found.slice(1).map((unit, place) => analysis.home(found[place], unit));
    return [found, terms.concat(found.map(analysis.aloneTerm)), found.length ? analysis.wholeTerm(found) : 0, homes];
  })));
});
"""


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: repr(vector["text"]))
def test_python_cuts_as_the_vectors_say(vector: dict[str, object]) -> None:
    assert analysis.units(str(vector["text"])) == vector["units"]


def javascript(texts: list[str]) -> list[tuple[list[str], list[int], int, list[int]]]:
    """Units, terms, whole term and homes of texts, by the engine."""
    data = json.dumps({"pairs": list(analysis.simplified().items()), "texts": texts}).encode()
    done = subprocess.run(["node", "-e", _SCRIPT, str(ENGINE)], input=data, capture_output=True, check=True)
    result: list[tuple[list[str], list[int], int, list[int]]] = json.loads(done.stdout)
    return result


@needs_node
def test_javascript_cuts_as_the_vectors_say() -> None:
    assert [row[0] for row in javascript([v["text"] for v in VECTORS])] == [v["units"] for v in VECTORS]


def strange_texts(count: int, seed: int = 1) -> list[str]:
    """Random text from all over Unicode, much of it where folding does something."""
    chance = random.Random(seed)
    interesting = [
        *(
            code
            for ranges in (analysis.DECOMPOSED, analysis.LETTERS, analysis.TRANSPARENT)
            for r in ranges
            for code in r
        ),
        *map(ord, analysis.simplified()),
    ]

    def character() -> str:
        kind = chance.randrange(9)
        if kind < 2:
            return chr(chance.randrange(0x4E00, 0xA000))
        if kind < 4:
            return chr(chance.randrange(0x20, 0x7F))
        if kind == 4:
            return chr(chance.choice(interesting))
        if kind == 5:
            return chr(chance.randrange(0xA0, 0x3400))
        if kind == 6:
            return chr(chance.randrange(0xF900, 0x10000))
        if kind == 7:
            return chance.choice(analysis.COMMONEST)
        code = chance.randrange(0x110000)
        return chr(code) if not 0xD800 <= code < 0xE000 else "一"

    return ["".join(character() for _ in range(chance.randrange(1, 40))) for _ in range(count)]


def whole_term(text: str) -> int:
    """The key of a 索引号 or 文号 as a whole, however its brackets and widths were typed: from its units, one by one."""
    values = map(analysis.unit_number, analysis.units(text))
    weighed = sum(
        value * factor for value, factor in zip(values, itertools.cycle(analysis.run_factors()), strict=False)
    )
    return analysis.term(analysis.mixed(weighed & 0xFFFFFFFF), analysis.WHOLE)


@needs_node
def test_python_and_javascript_agree_on_ten_thousand_random_texts() -> None:
    texts = strange_texts(10_000)
    for text, (units, terms, whole, homes) in zip(texts, javascript(texts), strict=True):
        assert units == analysis.units(text), ascii(text)
        numbers = [analysis.unit_number(unit) for unit in units]
        pairs = [analysis.term(*pair) for pair in itertools.pairwise(numbers)]
        assert terms == [*pairs, *(analysis.term(number, analysis.ALONE) for number in numbers)]
        assert whole == (whole_term(text) if units else 0)
        assert homes == [analysis.home(*pair) for pair in itertools.pairwise(numbers)]


def test_many_texts_at_once_give_the_terms_of_each() -> None:
    texts = [text for text in strange_texts(400, 2) if not set(text) & set("\x1c\x1d\x1e")]
    places = read_positions([pack("", [], [], "", text.replace("<", "").replace("&", "")) for text in texts])
    for number, text in enumerate(texts):
        values = [analysis.unit_number(unit) for unit in analysis.units(text.replace("<", "").replace("&", ""))]
        pairs = [analysis.term(*pair) for pair in itertools.pairwise(values)]
        assert places.keys[places.texts == number][: len(pairs)].tolist() == pairs, ascii(text)
        assert places.lengths[number] == len(values)


@pytest.mark.parametrize("homes", [1, 7, 49])
def test_terms_lie_in_the_range_of_the_rarer_of_their_units(homes: int) -> None:
    texts = [text for text in strange_texts(200, 3) if not set(text) & set("<&\x1c\x1d\x1e")]
    plain, moved = (read_positions([pack("", [], [], "", text) for text in texts], how) for how in (0, homes))
    assert (np.sort(moved.keys & 0xFFFF) == np.sort(plain.keys & 0xFFFF)).all()
    for number, text in enumerate(texts):
        values = [analysis.unit_number(unit) for unit in analysis.units(text)]
        wanted = [analysis.home(*pair) * homes >> 16 for pair in itertools.pairwise(values)]
        keys = moved.keys[moved.texts == number][: len(wanted)].astype(np.uint64)
        assert ((keys >> np.uint64(16)) * np.uint64(homes) >> np.uint64(16)).tolist() == wanted, ascii(text)


def test_every_simplified_character_is_its_own() -> None:
    table = analysis.simplified()
    assert not set(table.values()) & set(table)


@needs_node
def test_the_engine_knows_which_common_characters_are_traditional() -> None:
    listed = PARTS.joined().partition('NOT_SIMPLIFIED = "')[2].partition('"')[0]
    common = [bytes((high, low)).decode("gbk", "replace") for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF)]
    assert set(listed) == set(common) & set(analysis.simplified())


def test_a_number_is_one_term_however_it_is_typed() -> None:
    wanted = whole_term("青政办发〔2024〕15号")
    for typed in ("青政办发[2024]15号", "青政辦發（２０２４）１５號", "青政办发 2024 15 号"):
        assert whole_term(typed) == wanted
    places = read_positions([pack("", ["无关", "青政办发〔2024〕15号"], [], "", "")])
    assert wanted in places.keys.tolist()
    assert np.array_equal(places.lengths, [0])
