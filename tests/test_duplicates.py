"""``check`` tells of items that are almost the same and say nothing of each other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai_ssg.rules.duplicates import SHORT, alike, sketch
from tests.site import CODE, command, item, lay_out

WORDS = "为做好全县防汛抗旱工作切实保障人民群众生命财产安全现就有关事项通知如下一要压实责任二要排查隐患三要备足物资四要强化值守"
BODY = "".join(f"第{number}项{WORDS[number:]}{WORDS[:number]}。" for number in range(20))
OTHER = "".join(f"{number}号{WORDS[::-1][number:]}。" for number in range(20))


def found(folder: Path, text: str) -> list[dict[str, Any]]:
    """What ``check`` says of duplicates."""
    lay_out(folder, text)
    words = ("check", "--config", str(folder / "config.yaml"), "--today", "2025-06-01", "--format", "json")
    told = [json.loads(line) for line in command(folder, *words)[1].splitlines()]
    return [each for each in told if each["code"] in ("GK218", "GK219")]


def two(**second: str) -> str:
    """Two items with the same body, the second with some keys more."""
    first = item("00001", title="关于防汛工作的通知", body=BODY)
    other = item("00002", **{"title": "关于汛期工作的通知", "date": "2024-04-01", "body": BODY, **second})
    return f"-- content/items/xzf/1.md --\n{first}\n-- content/items/xzf/2.md --\n{other}"


def test_a_body_that_was_published_twice(tmp_path: Path) -> None:
    (each,) = found(tmp_path, two(body=BODY.replace("第7项", "第七项")))
    assert (each["code"], each["severity"], each["path"], each["line"]) == (
        "GK218",
        "warning",
        "content/items/xzf/2.md",
        2,
    )
    assert f"{CODE}/2024-00001" in each["message"]


def test_a_title_that_was_used_twice(tmp_path: Path) -> None:
    (each,) = found(tmp_path, two(title="关于防汛工作的通知", body=OTHER))
    assert (each["code"], each["path"], each["line"]) == ("GK219", "content/items/xzf/2.md", 2)


@pytest.mark.parametrize(
    "second",
    [
        {"body": OTHER},
        {"forwards": f"[{CODE}/2024-00001]"},
        {"version_of": f"[{CODE}/2024-00001]", "title": "关于防汛工作的通知"},
        {"draft": "true"},
        {"date": "2026-01-01"},
    ],
    ids=["another", "forwarded", "a version", "a draft", "not yet published"],
)
def test_what_is_no_duplicate(tmp_path: Path, second: dict[str, str]) -> None:
    assert found(tmp_path, two(**second)) == []


def test_one_may_be_let_pass(tmp_path: Path) -> None:
    (each,) = found(tmp_path, two(allow="[{rule: GK218, reason: 两次会议各发一次}]"))
    assert each["severity"] == "note"
    assert "两次会议各发一次" in each["message"]


def test_short_bodies_are_not_compared() -> None:
    assert sketch("<p>" + "短" * (SHORT - 1) + "</p>") is None
    assert sketch("<p>" + "长" * SHORT + "</p>") is not None


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_likeness_is_about_the_part_that_is_common(data: st.DataObject) -> None:
    length = data.draw(st.integers(800, 1600))
    chance = data.draw(st.randoms(use_true_random=False))
    letters = [chr(chance.randrange(0x4E00, 0x9000)) for _ in range(length)]
    changed = data.draw(st.integers(0, length // 2))
    start = data.draw(st.integers(0, length - changed))
    other = [
        *letters[:start],
        *(chr(chance.randrange(0x4E00, 0x9000)) for _ in range(changed)),
        *letters[start + changed :],
    ]
    drawn = {number: sketch("".join(text)) or b"" for number, text in enumerate((letters, other))}
    common = (length - changed) / (length + changed)
    pairs = list(alike(drawn, {0: "1", 1: "2"}))
    if common > 0.98:
        assert pairs == [(1, 0)]
    if common < 0.7:
        assert pairs == []


def test_many_of_a_kind_are_told_once_each() -> None:
    drawn = {number: sketch(BODY) or b"" for number in range(50)}
    pairs = list(alike(drawn, {number: f"{number:02}" for number in drawn}))
    assert sorted(later for later, _ in pairs) == list(range(1, 50))
