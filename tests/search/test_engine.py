"""The engine, in Node, over an index as it is written."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from gongkai_ssg.search import analysis
from gongkai_ssg.search.shards import FORMAT
from tests.search.county import make_county
from tests.search.node import needs_node, searched
from tests.site import CODE, build, item, lay_out

pytestmark = needs_node


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_county(tmp_path_factory.mktemp("county"))


def titles(result: Any) -> list[str]:
    return [hit["title"] for hit in result["hits"]]


def test_a_word_finds_what_holds_it_and_nothing_else(output: Path) -> None:
    (found,) = searched(output, ("应急预案", {}))
    assert (found["total"], found["relaxed"], found["partial"]) == (2, 0, False)
    assert titles(found) == ["应急预案", "旧的应急预案"]
    assert found["hits"][0] == {
        "code": f"{CODE}/2024-00001", "title": "应急预案", "url": f"items/{CODE}/2024-00001.html", "date": "2024-03-01",
        "unit": "xzf", "category": "zcwj/gfxwj", "kind": "行政规范性文件", "status": "现行有效",
        "summary": "全县防汛应急预案全文。第一条 为了做好防汛工作。",
    }  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    ["测政〔2024〕1号", "测政[2024]1号", "測政（２０２４）１號", f"{CODE}/2024-00001", f"{CODE}　／　2024－00001"],
)
def test_a_number_is_found_however_it_is_typed_and_stands_first(output: Path, typed: str) -> None:
    (found,) = searched(output, (typed, {}))
    assert titles(found)[0] == "应急预案"
    assert found["relaxed"] == 0


def test_white_space_marks_and_traditional_characters_do_not_hide_a_phrase(output: Path) -> None:
    found = searched(
        output,
        ("應急 預案", {}),
        ("防汛，应急", {}),
        ("养老服务补贴", {}),
        ('"通知每人"', {"relax": False}),
        ("pm2", {}),
    )
    assert [each["total"] for each in found[:3]] == [2, 1, 1]
    assert found[3]["total"] == 0
    assert found[4]["total"] == 1


def test_one_character_finds_titles_only(output: Path) -> None:
    bodies, headings = searched(output, ("汛", {}), ("预", {}))
    assert bodies["total"] == 0
    assert titles(headings) == ["财政局 2024 年部门预算", "应急预案", "旧的应急预案"] or headings["total"] == 3


def test_a_telephone_number_is_found_by_itself(output: Path) -> None:
    (found,) = searched(output, ("12345678", {}))
    assert titles(found) == ["关于提高最低生活保障标准的通知"]


def test_bigrams_of_one_text_that_do_not_follow_one_another_are_no_phrase(output: Path) -> None:
    (found,) = searched(output, ('"养老院"', {"relax": False}))
    assert found["total"] == 0


def test_excluded_words_take_items_away(output: Path) -> None:
    (found,) = searched(output, ("应急预案 -旧的", {}))
    assert titles(found) == ["应急预案"]


def test_other_words_for_the_same_are_searched_when_asked_for_and_told(output: Path) -> None:
    plain, wide = searched(output, ("低保", {"relax": False}), ("低保", {"expand": True}))
    assert (plain["total"], plain["expanded"]) == (0, [])
    assert titles(wide) == ["关于提高最低生活保障标准的通知"]
    assert wide["expanded"] == [{"from": "低保", "to": ["最低生活保障"]}]
    assert wide["relaxed"] == 0


def test_a_question_is_loosened_and_says_so(output: Path) -> None:
    (found,) = searched(output, ("怎么查询部门预算的收入总计是多少", {}))
    assert found["relaxed"] > 0
    assert titles(found)[0] == "财政局 2024 年部门预算"


def test_filters_narrow_and_their_counts_say_what_each_would_give(output: Path) -> None:
    every, of_unit, of_tree, of_year, of_days = searched(
        output, ("2024", {}), ("的", {}), ("会议纪要", {"filters": {"category": ["zcwj"]}}),
        ("会议纪要", {"filters": {"year": [2020]}}),
        ("会议纪要", {"filters": {"date": {"from": "2019-03-01", "to": "2021-02-28"}}}),
    )  # fmt: skip
    assert every["total"] == 1 and of_unit["total"] == 2
    assert of_tree["total"] == 60 and of_tree["facets"]["category"] == {"zcwj": 60, "zcwj/qtwj": 60}
    assert of_year["total"] == 6 and sum(of_year["facets"]["year"].values()) == 60
    assert of_year["facets"]["unit"] == {"xzf": 6}
    assert of_days["total"] == 12


def test_a_unit_takes_those_below_it_along(output: Path) -> None:
    (own, all_) = searched(output, ("2024", {"filters": {"unit": ["czj"]}}), ("2024", {"filters": {"unit": ["xzf"]}}))
    assert own["total"] == all_["total"] == 1


def test_seldom_filters_are_counted_when_asked_for(output: Path) -> None:
    (found,) = searched(output, ("应急预案", {"facets": ["kind", "status"], "filters": {"kind": ["行政规范性文件"]}}))
    assert found["facets"] == {"kind": {"行政规范性文件": 2}, "status": {"现行有效": 2}}


def test_every_page_of_results_can_be_turned_to_in_order_of_date(output: Path) -> None:
    pages = searched(output, *(("会议纪要", {"page": page, "pageSize": 25, "sort": "date"}) for page in (1, 2, 3, 4)))
    dates = [hit["date"] for page in pages for hit in page["hits"]]
    assert len(dates) == 60 and dates == sorted(dates, reverse=True)
    assert len({hit["code"] for page in pages for hit in page["hits"]}) == 60
    assert {page["total"] for page in pages} == {60}


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "👍",
        "'; DROP TABLE items; --",
        "<script>alert(1)</script>",
        "字" * 200,
        '"',
        "-",
        "-应急",
        '""',
        "\\u0000",
    ],
)
def test_odd_queries_are_answered(output: Path, typed: str) -> None:
    (found,) = searched(output, (typed, {}))
    assert found["hits"] == [] or found["relaxed"] or typed.startswith("<")


def test_any_substring_is_found(output: Path) -> None:
    chance = random.Random(4)
    body = analysis.units("研究了第33号议题，决定继续推进。")
    queries = []
    for _ in range(40):
        start = chance.randrange(len(body) - 2)
        part = body[start : start + chance.randrange(2, 12)]
        queries.append((f'"{"".join(part)}"', {"pageSize": 100}))
    for (query, _), found in zip(queries, searched(output, *queries), strict=True):
        assert "第33次会议纪要" in titles(found), query


def test_suggestions_name_units_and_titles(output: Path) -> None:
    (found,) = searched(output, ("财政", {"suggest": True}))
    assert [each["text"] for each in found] == ["测试县财政局", "财政局 2024 年部门预算"]


def test_a_missing_shard_makes_the_answer_partial_and_says_so(output: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(output, tmp_path / "copy"))
    for path in (copy / "search/old").glob("[0-9]*.js"):
        path.unlink()
    (found,) = searched(copy, ("应急预案", {}))
    assert found["partial"] is True


def test_an_index_of_another_format_is_refused(output: Path, tmp_path: Path) -> None:
    folder = tmp_path / "search"
    folder.mkdir()
    index = (output / "search/index.js").read_text(encoding="utf-8")
    (folder / "index.js").write_text(index.replace(f'"index",{FORMAT},', f'"index",{FORMAT + 1},'), encoding="utf-8")
    assert searched(tmp_path, ("应急预案", {})) == {"error": "format"}


def test_a_shard_of_another_numbering_is_never_believed(output: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(output, tmp_path / "copy"))
    for path in (copy / "search/old").glob("[0-9]*.js"):
        parts = path.read_text(encoding="utf-8").split(",", 3)
        path.write_text(",".join((parts[0], parts[1], json.dumps("00000000"), parts[3])), encoding="utf-8")
    assert searched(copy, ("应急预案", {})) == {"error": "stamp"}


def test_what_only_asks_is_no_hindrance_and_is_not_marked(output: Path) -> None:
    (found,) = searched(output, ("请问怎么查部门预算的收入总计呢？", {}))
    assert found["relaxed"] in (1, 2)
    assert titles(found)[0] == "财政局 2024 年部门预算"
    assert {"部门", "门预", "预算", "收入", "总计"} <= set(found["marks"])
    assert not {"怎么", "请问", "的收", "计呢"} & set(found["marks"])


def test_what_touches_a_word_that_only_asks_need_not_stand(output: Path) -> None:
    (found,) = searched(output, ("会议纪要有没有继续推进", {}))
    assert (found["relaxed"], found["total"]) == (1, 60)


def test_politeness_round_a_question_does_not_hide_what_is_asked(output: Path) -> None:
    (found,) = searched(output, ("你好，我想咨询一下会议纪要在哪里可以看到，谢谢", {}))
    assert found["total"] == 60
    assert all(title.endswith("会议纪要") for title in titles(found))


def test_few_texts_with_all_words_are_followed_by_those_with_most(output: Path) -> None:
    (found,) = searched(output, ("应急预案怎么过时", {}))
    assert (found["relaxed"], titles(found)) == (2, ["旧的应急预案", "应急预案"])


def test_what_comes_near_the_best_text_is_found_although_it_holds_little_of_the_query(output: Path) -> None:
    (found,) = searched(output, ("防汛应急预案和部门预算和最低生活保障标准", {}))
    assert found["relaxed"] == 2
    assert "财政局 2024 年部门预算" in titles(found)


def test_a_word_that_is_only_spoken_is_not_searched_for(output: Path) -> None:
    spoken, written = searched(output, ("开大会", {"expand": True}), ("会议", {"expand": True}))
    assert spoken["expanded"] == [{"from": "开大会", "to": ["会议"]}]
    assert [hit["code"] for hit in spoken["hits"]] == [hit["code"] for hit in written["hits"]] != []
    assert written["expanded"] == []


def test_several_everyday_words_of_a_query_are_replaced_each_and_together(output: Path) -> None:
    (found,) = searched(output, ("低保和房产证", {"expand": True}))
    assert found["expanded"] == [
        {"from": "房产证", "to": ["不动产权证书"]},
        {"from": "低保", "to": ["最低生活保障"]},
    ]
    assert titles(found)[0] == "关于提高最低生活保障标准的通知"


def test_a_word_that_the_other_words_hold_is_not_told(output: Path) -> None:
    (found,) = searched(output, ("低保", {"expand": True}))
    assert [each["to"] for each in found["expanded"]] == [["最低生活保障"]]
    (other,) = searched(output, ("预算", {"expand": True}))
    assert other["expanded"] == []


def test_a_title_that_holds_most_of_what_is_asked_comes_first(tmp_path: Path) -> None:
    told = "犬只管理办法已经印发，犬只管理办法由执法局解释，免疫另行通知。\n\n" * 3
    texts = [item("00001", 2024, title="犬只管理办法", body="第一条　为了城市整洁。")]
    texts += [item(f"0000{number}", 2024, title=f"第{number}次纪要", body=told) for number in range(2, 5)]
    texts += [item(f"000{number}", 2024, title=f"第{number}次会议", body="研究了道路。") for number in range(10, 60)]
    site = "\n".join(f"-- content/items/xzf/{number}.md --\n{text}" for number, text in enumerate(texts))
    built = build(lay_out(tmp_path, site), today="2025-06-01")
    (found,) = searched(built.output, ("犬只管理办法免疫吗", {}))
    assert titles(found)[0] == "犬只管理办法"
