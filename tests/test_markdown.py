"""Bodies: CommonMark made fit for Chinese official text, and never a character lost."""

from __future__ import annotations

import re
from functools import partial

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it.common.normalize_url import normalizeLink

from gongkai_ssg.reading.markdown import Body, body, read_body
from gongkai_ssg.reading.markdown.parser import PLAIN_ADDRESS, parser
from tests.corpus.visible import dense, of_page

IS_CODE = re.compile(r"\d{8}[0-9X]/\d{4}-\d{5}").fullmatch
LETTERS = "关于印发办法的通知一二三县政府年月日第条款项"
MARKS = "，。、；：？！“”‘’（）《》〈〉【】〔〕…—·～％￥"
LATIN = "abcXYZ0123456789"
ASCII_MARKS = ".,:;%+-=#~@${}'\"/?|>])"

prose = st.text(LETTERS + MARKS + LATIN + ASCII_MARKS + " \u3000", max_size=30)
starts = st.sampled_from(
    [
        *LETTERS,
        "《",
        "“",
        "（一）",
        "2024年",
        "1.甲",
        "3. 甲",
        "10）",
        "10) 甲",
        "第一条　",
        "第一条 ",
        "第二条",
        "(甲",
        "　　甲",
        "    甲",
        "A",
    ]
)
plain_line = st.builds(str.__add__, starts, prose)
markdown_line = st.one_of(
    plain_line,
    st.builds("{}{}".format, st.sampled_from(["# ", "## ", "- ", "* ", "+ ", "> ", "1. ", "7) ", "   ", ":::", "|"]), prose),
    st.builds("**{}**{}".format, prose, prose),
    st.builds('{}[{}](a.md#b "t"){}'.format, prose, prose, prose),
    st.sampled_from(
        ["", "", "", "　", " 　 ", "\u00a0", "---", "===", "***", "```", "| 甲 | 乙 |", "|---|:-:|", "| 1 | 2 |", "![图](a.png)",
         "[^1]", "正文[^1]。", "[^1]: 注", "    [^1]: 注", "::: 提示 标题", ":::", "[注]: 见附件", "[注]: ./a.pdf", "[注]", "a_b_c",
         "**第一条** 甲", "*第二条*", "第三条[链](a.md)", "> 第一条 甲", "\\*", "&amp;", "<b>", "`x`", "    缩进", "- 项", "    1. 项", "甲  ", "乙\\"]
    ),
)  # fmt: skip
markdown_text = st.lists(markdown_line, max_size=12).map("\n".join)


def read(source: str, raw_html: bool = False) -> Body:
    return read_body(source, 1, "x.md", lambda text: IS_CODE(text) is not None, raw_html)


def html(source: str) -> str:
    return read(source).html.strip()


def seen(source: str) -> str:
    """The visible text with white space as it stands."""
    return re.sub(r"<[^>]*>", "", re.sub("[\x02\x03]\\d+\x04", "", html(source)))


def read_slowly(source: str, monkeypatch: pytest.MonkeyPatch) -> Body:
    with monkeypatch.context() as patch:
        patch.setattr(body, "parser", partial(parser, fast=False))
        return read(source)


@settings(max_examples=300, deadline=None)
@given(markdown_text)
@example("正文一。\n\n正文二。")
@example("- 项\n\n正文。\n\n    再一段")
@example("[^1]: 注\n\n正文[^1]。\n\n    续")
@example("第一条　甲。\n\n**第二条**　乙*丙*。\n\n第一条 又\n\n# 第三条\n\n第三条")
@example("关于\n===\n\n正文。")
@example("甲 | 乙\n\n--|--")
@example("2024.\n\n1) 项\n\n12. 项")
@example("# 甲\n## 乙　\n### 丙 # \n# 甲\n乙\n#丁\n####### 戊")
@example("| 甲 | 乙 |\n|---|:-:|\n| 1 | <2 |\n| 1 |\n\n| 甲 |\n|--:|")
@example("县财政局：\n\n正文。")
def test_taking_plain_paragraphs_in_one_step_gives_the_same_body(source: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        slow = read_slowly(source, patch)
    assert read(source) == slow


@settings(max_examples=300, deadline=None)
@given(st.from_regex(PLAIN_ADDRESS, fullmatch=True))
@example("https://www.example.gov.cn/zwgk/2019/71668.html")
@example("http://a.cn/..")
def test_of_a_plain_address_normalizing_makes_nothing_else(address: str) -> None:
    assert normalizeLink(address) == address


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(plain_line, st.sampled_from(["", "　"])), max_size=8).map("\n".join))
@example("1. 一\n2. 二\n5. 五")
@example("0003. 三")
@example("1.")
@example("一、[1]的\n\n[注]: 见附件")
@example("3. 甲\n\n   乙\n4) 丙")
def test_every_character_of_plain_prose_stands_in_the_visible_text(source: str) -> None:
    assert of_page(html(source)) == dense(source)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("正文[^1]。\n\n[^1]: 用到的注", "用到的注"),
        ("正文[^1]。\n\n[^1]: 甲\n\n[^2]: 没有用到的注", "没有用到的注"),
        ("[^1]: 只有注", "只有注"),
        ("正文[^9]。", "[^9]"),
        ("| 甲 | 乙 |\n|---|---|\n| 1 | 2 | 多出的格 |", "多出的格"),
        ("| 甲 |\n|---|\n| 1 |\n下一行", "下一行"),
        ("[注]: 见附件", "[注]: 见附件"),
        ("[注1]：见《办法》", "[注1]：见《办法》"),
        ("    四格缩进", "四格缩进"),
        ("```\n代码\n```", "代码"),
        ("<!-- 说明 -->", "<!-- 说明 -->"),
        ("正文<b>粗</b>", "正文<b>粗</b>"),
        ("::: 提示 请注意\n内容\n:::", "请注意"),
        ("::: 不知道的 名称\n内容\n:::", "不知道的 名称"),
        ("::: 提示\n没有结束", "没有结束"),
        ("::: 音频 https://other.example/a.mp3 会议录音\n:::", "会议录音"),
        ("![会议现场](https://other.example/a.jpg)", "会议现场"),
        ("![会议现场](javascript:alert)", "会议现场"),
        ("[打不开](javascript:alert)", "打不开"),
    ],
)
def test_no_text_is_lost(source: str, shown: str) -> None:
    assert dense(shown) in of_page(html(source))


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("**《办法》**的", "<strong>《办法》</strong>的"),
        ("按照**“十五五”规划**，", "按照<strong>“十五五”规划</strong>，"),
        ("一、**总则。**本办法", "一、<strong>总则。</strong>本办法"),
        ("（**重点**）", "（<strong>重点</strong>）"),
        ("**问：**怎么办？", "<strong>问：</strong>怎么办？"),
        ("*（一）*条件", "<em>（一）</em>条件"),
        ("***《条例》***第三条", "<em><strong>《条例》</strong></em>第三条"),
        ("共**12%**的", "共<strong>12%</strong>的"),
        ("3 * 4 * 5", "3 * 4 * 5"),
        ("** 不是 **", "** 不是 **"),
        ("snake_case_name", "snake_case_name"),
    ],
)
def test_emphasis_works_beside_full_width_punctuation(source: str, wanted: str) -> None:
    assert html(source) == f"<p>{wanted}</p>"


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("中文\n中文", "中文中文"),
        ("中文，\n中文", "中文，中文"),
        ("中文“\n中文", "中文“中文"),
        ("**中文**\n中文", "中文中文"),
        ("中文\n**中文**", "中文中文"),
        ("中文\n　　中文", "中文中文"),
        ("word\nword", "word\nword"),
        ("中文\nword", "中文\nword"),
        ("2024\n年", "2024\n年"),
        ("한국\n한국", "한국\n한국"),
    ],
)
def test_a_line_break_is_a_space_only_where_one_belongs(source: str, wanted: str) -> None:
    assert seen(source) == wanted


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("　　正文。", "<p>正文。</p>"),
        (" 　正文。", "<p>正文。</p>"),
        ("    正文。", "<p>正文。</p>"),
        ("\t正文。", "<p>正文。</p>"),
        ("一。\n　\n二。", "<p>一。</p>\n<p>二。</p>"),
        ("一。\n\u00a0\n二。", "<p>一。</p>\n<p>二。</p>"),
        ("　　# 标题", '<h2 id="标题">标题</h2>'),
        ("- 项\n　　续", "<ul>\n<li>项续</li>\n</ul>"),
    ],
)  # fmt: skip
def test_blanks_at_the_start_of_a_line_do_no_harm(source: str, wanted: str) -> None:
    assert html(source) == wanted


@pytest.mark.parametrize("source", ["1. 甲\n2. 乙", "3. 甲\n4. 乙", "1. 甲\n1. 乙", "2) 甲\n5) 乙", "007. 甲"])
def test_a_list_shows_the_numbers_that_were_typed(source: str) -> None:
    assert of_page(html(source)) == dense(source)


def test_the_sides_of_a_table_are_classes_and_never_styles() -> None:
    table = html("| 甲 | 乙 | 丙 | 丁 |\n|:--|:-:|--:|---|\n| 1 | 2 | 3 | 4 |")
    assert re.findall(r"<t[hd]\b([^>]*)>", table) == [
        ' scope="col" class="left"', ' scope="col" class="center"', ' scope="col" class="right"', ' scope="col"',
        ' class="left"', ' class="center"', ' class="right"', "",
    ]  # fmt: skip
    assert "style" not in table


@pytest.mark.parametrize(
    ("source", "ids"),
    [
        ("## 一、总则", ["一总则"]),
        ("## 一、总则\n\n### Part 1", ["一总则", "part-1"]),
        ("# 甲\n\n# 甲", ["甲", "甲-2"]),
        ("## ***", ["section"]),
    ],
)
def test_headings_have_anchors_that_keep_chinese(source: str, ids: list[str]) -> None:
    assert [heading.id for heading in read(source).headings] == ids


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(["甲", "甲-2", "甲-3", "甲 2", "甲-2-2", "、", "section", "fn1", "fnref1", "main"]), max_size=7
    )
)
@example(["甲", "甲", "甲-2"])
@example(["fn1"])
@example(["main"])
def test_no_two_things_on_a_page_have_one_id(titles: list[str]) -> None:
    made = html("\n\n".join(["正文[^1]。", "[^1]: 注", *(f"## {title}" for title in titles)]))
    ids = [*re.findall(r' id="([^"]*)"', made), "main"]
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize(
    ("source", "ids"),
    [
        ("第一条　为了\n\n第二条 本办法\n\n第十条之一　后加", ["第一条", "第二条", "第十条之一"]),
        ("**第三条**　加粗\n\n第四条", ["第三条", "第四条"]),
        ("第一条　甲\n\n第一条　乙", ["第一条"]),
        ("第三条规定的\n\n> 第四条　引文\n\n- 第五条　列\n\n第5条 数字", []),
    ],
)
def test_an_article_has_an_anchor_and_its_number_leads_to_it(source: str, ids: list[str]) -> None:
    made = html(source)
    assert re.findall(r'<p id="(.*?)">', made) == ids
    assert re.findall(r'<a class="article" href="#(.*?)">', made) == ids
    assert read(f"{source}\n\n[见](#第一条)").findings == [] or "第一条" not in ids


def test_the_first_level_of_headings_is_left_to_the_title() -> None:
    assert [heading.level for heading in read("# 甲\n\n## 乙\n\n###### 丙").headings] == [2, 3, 6]
    assert [heading.level for heading in read("## 乙").headings] == [2]


def test_a_footnote_leads_there_and_back() -> None:
    made = html("正文[^甲]。\n\n[^甲]: 说明。")
    assert 'href="#fn1" id="fnref1"' in made
    assert 'id="fn1"' in made
    assert 'href="#fnref1"' in made


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("::: 提示\n内容\n:::", '<div class="note">\n<p>内容</p>\n</div>'),
        ("::: 注意 小心\n内容\n:::", '<div class="warning">\n<p class="block-title">小心</p>\n<p>内容</p>\n</div>'),
        ("::: 重要\n内容\n:::", '<div class="important">\n<p>内容</p>\n</div>'),
        ("::: 折叠 详情\n内容\n:::", "<details>\n<summary>详情</summary>\n<p>内容</p>\n</details>"),
        ("::: 折叠\n内容\n:::", "<details>\n<summary>折叠</summary>\n<p>内容</p>\n</details>"),
        ("::: 落款\n县政府\n:::", '<div class="signature">\n<p>县政府</p>\n</div>'),
        ("::: note\n内容\n:::", '<div class="note">\n<p>内容</p>\n</div>'),
        ("::: 音频 a.mp3 录音\n:::", '<div class="audio">\n\x020\x04\n</div>'),
        ("::: 视频 a.mp4\n说明\n:::", '<div class="video">\n\x020\x04\n<p>说明</p>\n</div>'),
        (
            ":::: 提示\n::: 折叠\n内容\n:::\n::::",
            '<div class="note">\n<details>\n<summary>折叠</summary>\n<p>内容</p>\n</details>\n</div>',
        ),
    ],
)
def test_containers(source: str, wanted: str) -> None:
    assert html(source) == wanted
    assert read(source).findings == []


def test_a_container_that_is_not_known_is_told_and_its_text_stays() -> None:
    found = read("\n::: 公告栏 县里\n内容\n:::")
    assert [(finding.code, finding.line) for finding in found.findings] == [("GK301", 2)]
    assert of_page(found.html) == "公告栏县里内容"


@pytest.mark.parametrize(
    ("source", "start"),
    [
        ("各乡镇人民政府：\n\n现将有关事项通知如下。", "现将有关事项通知如下。"),
        ("## 一、标题\n\n正文。", "正文。"),
        ("正**文**[链接](a.md)。", "正文链接。"),
        ("", ""),
    ],
)
def test_the_start_of_the_text_is_what_a_summary_comes_from(source: str, start: str) -> None:
    assert read(source).start == start


@pytest.mark.parametrize(
    ("source", "flush"),
    [
        ("各乡镇人民政府，县政府有关部门：\n\n现印发给你们。", True),
        ("各乡镇人民政府，\n县政府**有关**部门:", True),
        ("现将有关事项通知如下：\n\n一、时间", False),
        ("下达补助资金3240万元，安排项目11个：", False),
        ("正文。\n\n县财政局：", False),
        ("- 县财政局：", False),
    ],
)
def test_whom_a_document_is_sent_to_stands_flush_left(source: str, flush: bool) -> None:
    assert ('<p class="addressee">' in html(source)) is flush
