"""The short way through plain front matter gives what the YAML reader gives, or nothing."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai_ssg.reading import yamltree
from gongkai_ssg.reading.yamltree import Tree, Trouble, parse, parse_simple

PIECES = (
    "a", "b: ", ": ", "标题", "：", "- ", "-", "[", "]", ", ", ",", "#", " #", "  ", " ", "\n", "x", "2024-01-01", "，",
    "《办法》", "{", "}", "&", "*", "!", "|", ">", "%", "@", "`", "?", "\t", "\\", "~", "'", '"', "a:", "...", "---",
    "e\u3000f", "😀", "\u2028", "\x85",
)  # fmt: skip
lines = st.tuples(
    st.sampled_from(("key", "标题", "code", "also")),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=6),
    st.sampled_from(("\n", " \n", "")),
).map(lambda each: f"{each[0]}: {''.join(each[1])}{each[2]}")


def by_yaml(text: str) -> Tree | Trouble:
    with patch.object(yamltree, "parse_simple", lambda *_: None):
        try:
            return parse(text, 3)
        except Trouble as trouble:
            return trouble


@given(st.lists(lines, min_size=1, max_size=4).map("".join))
def test_what_is_taken_the_short_way_is_what_yaml_says(text: str) -> None:
    simple = parse_simple(text, 3)
    if simple is not None:
        whole = by_yaml(text)
        assert isinstance(whole, Tree), text
        assert (simple.value, simple.keys, simple.values) == (whole.value, whole.keys, whole.values)
        assert whole.doubles == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (
            "title: 关于防汛的通知\ncode: 00000102X/2024-00001\n",
            {"title": "关于防汛的通知", "code": "00000102X/2024-00001"},
        ),
        ("关键词: [防汛, 抗旱 ]\n", {"关键词": ["防汛", "抗旱"]}),
        ("also: []", {"also": []}),
        ("title: 10:30 开会", {"title": "10:30 开会"}),
    ],
)
def test_plain_lines_take_the_short_way(text: str, value: object) -> None:
    simple = parse_simple(text)
    assert simple is not None
    assert simple.value == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "title: a: b",
        "title: a #b",
        "title: '引号'",
        "title:\n- a",
        "title: a\ntitle: b",
        "- a",
        "a: [b, ]",
        "a:\tb",
        "a: &b c",
    ],
)
def test_anything_else_is_left_to_yaml(text: str) -> None:
    assert parse_simple(text) is None
