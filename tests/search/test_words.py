"""Words that titles often use."""

from __future__ import annotations

from gongkai_ssg.search.words import frequent_words

TITLES = [
    "关于住房公积金缴存的通知", "住房公积金提取办法", "县住房公积金中心年报", "调整住房公积金基数", "2024年住房公积金贷款",
    "农村公路养护", "县农村公路规划", "2023年农村公路建设", "乡镇农村公路名单", "养护单位公示", "缴存基数",
]  # fmt: skip


def test_what_stands_in_several_titles_among_different_neighbours_is_a_word() -> None:
    words = frequent_words(TITLES, [])
    assert words[:2] == ["住房公积金", "农村公路"]
    assert not {"公积", "住房公", "房公积金", "村公路", "关于"} & set(words)


def test_keywords_count_as_they_were_written() -> None:
    assert frequent_words(TITLES, ["高龄津贴"] * 9 + ["少见"])[0] == "高龄津贴"
    assert "少见" not in frequent_words(TITLES, ["高龄津贴"] * 9 + ["少见"])


def test_a_word_that_also_stands_by_itself_is_one_beside_the_longer() -> None:
    words = frequent_words(
        [f"{each}公路{other}" for each, other in zip("东西南北中上下", "一二三四五六七", strict=True)] + TITLES, []
    )
    assert "公路" in words
    assert "农村公路" in words
