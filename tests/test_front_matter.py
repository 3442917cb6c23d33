"""Front matter as people type it: understood, or told with line, column and the mended line."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai_ssg.reading.yamltree import Tree, Trouble, parse
from tests.site import Built
from tests.tables import GOOD, GOOD_PAGE, ITEMS, Row, build_files, front, page, rows

UNDERSTOOD = "这一行的写法不合规范,已按“{}”理解"
UNREADABLE = "条目信息的这一行读不懂:“{}”"
NO_ADDRESS = "的内容不对,应当是以 http:// 或 https:// 开头的网址"
REFUSED = "不能使用 YAML 的锚点、别名或标签“{}”"


def note(line: int, mended: str, column: int = 1) -> Row:
    return line, column, "GK118", UNDERSTOOD.format(mended)


CASES: dict[str, tuple[list[str], list[Row], str | None]] = {
    # name: lines from line 5 on, what is told, the heading of the page (None: left out)
    "a full-width colon": (["标题：关于防汛的通知"], [note(5, "标题: 关于防汛的通知")], "关于防汛的通知"),
    "a full-width colon and another in the title": (["标题：甲：乙"], [note(5, "标题: 甲：乙")], "甲：乙"),
    "full-width colons all over": (
        ["标题：甲", "关键词：", "- 乙", "文号：无"],
        [note(5, "标题: 甲"), note(6, "关键词:"), note(8, "文号: 无")],
        "甲",
    ),
    "a full-width colon below a key": (
        ["标题: 甲", "咨询:", "  科室：办公室", "  电话：123"],
        [note(7, "科室: 办公室", 3), note(8, "电话: 123", 3)],
        "甲",
    ),
    "a full-width colon in a list of mappings": (
        ["标题: 甲", "审核:", "- 环节：初审", "  审核人：某人", "  日期：2024-01-01"],
        [note(7, "- 环节: 初审"), note(8, "审核人: 某人", 3), note(9, "日期: 2024-01-01", 3)],
        "甲",
    ),
    "no blank after the colon": (["标题:甲"], [note(5, "标题: 甲")], "甲"),
    "an ideographic space after the colon": (["标题:　甲"], [note(5, "标题: 甲")], "甲"),
    "a no-break space after the colon": (["标题:\u00a0甲"], [note(5, "标题: 甲")], "甲"),
    "blanks before the colon": (["标题 : 甲", "文号　: 无"], [], "甲"),
    "an ideographic space before a key": (["　标题: 甲"], [], "甲"),
    "a bracket at the start": (["标题: [转发]关于防汛的通知"], [note(5, '标题: "[转发]关于防汛的通知"')], "[转发]关于防汛的通知"),
    "a colon in the title": (["标题: a: b"], [note(5, '标题: "a: b"')], "a: b"),
    "a colon at the end": (["标题: 甲:"], [note(5, '标题: "甲:"')], "甲:"),
    "a quoted word at the start": (['标题: "放管服"改革'], [note(5, r'标题: "\"放管服\"改革"')], '"放管服"改革'),
    "a percent sign at the start": (["标题: %5的增长"], [note(5, '标题: "%5的增长"')], "%5的增长"),
    "an at sign at the start": (["标题: @全体"], [note(5, '标题: "@全体"')], "@全体"),
    "a back quote at the start": (["标题: `甲`"], [note(5, '标题: "`甲`"')], "`甲`"),
    "a hyphen at the start": (["标题: - 甲"], [note(5, '标题: "- 甲"')], "- 甲"),
    "a tab after the colon": (["标题:\t甲"], [], "甲"),
    "a tab before a nested key": (["标题: 甲", "咨询:", "\t电话: 123"], [note(7, "电话: 123", 2)], "甲"),
    "a list with a tab": (["标题: 甲", "关键词:", "\t- 乙"], [note(7, "- 乙", 2)], "甲"),
    "Chinese quotes": (["标题: “甲”与《乙》"], [], "“甲”与《乙》"),
    "a title over two lines": (["标题: 甲", "  乙"], [], "甲 乙"),
    "a block": (["标题: >-", "  甲", "  乙 #3"], [], "甲 乙 #3"),
    "rare characters": (["标题: 𠮷😀龘"], [], "𠮷😀龘"),
    "a comment of its own": (["# 注", "标题: 甲"], [], "甲"),
    "a number sign in quotes": (["标题: '甲 #乙' # 注"], [], "甲 #乙"),
    "a number sign inside a word": (["标题: 甲#乙"], [], "甲#乙"),
    "a number sign behind a blank": (["标题: 甲 #乙"], [(5, 7, "GK132", "“#乙”会被当作注释丢掉")], "甲"),
    "a number sign in a list": (["标题: 甲", "关键词:", "- 乙 #丙"], [(7, 5, "GK132", "“#丙”会被当作注释丢掉")], "甲"),
    "a value that is all comment": (["标题: 甲", "内容概述: #1号文"], [(6, 7, "GK132", "“#1号文”会被当作注释丢掉")], "甲"),
    "a required value that is all comment": (["标题: #1号文"], [(5, 1, "GK133", "必填项“标题”没有填写"), (5, 5, "GK132", "“#1号文”会被当作注释丢掉")], None),
    "an anchor": (["标题: &a 甲"], [(5, 5, "GK117", REFUSED.format("&a"))], None),
    "an alias": (["标题: *号事项说明"], [(5, 5, "GK117", REFUSED.format("*号事项说明"))], None),
    "a tag": (["标题: !!str 甲"], [(5, 5, "GK117", REFUSED.format("!!str"))], None),
    "a tag that runs code": (
        ["标题: 甲", "其他: !!python/object/apply:os.system [ls]"],
        [(6, 5, "GK117", REFUSED.format("!!python/object/apply:os.system"))],
        None,
    ),
    "an anchor and a slip": (["标题：甲", "其他: &a {b: c}"], [(6, 5, "GK117", REFUSED.format("&a"))], None),
    "a merge key": (["标题: 甲", "其他:", "  a: &x {b: c}", "  <<: *x"], [(7, 6, "GK117", REFUSED.format("&x"))], None),
    "a title in braces": (["标题: {甲}"], [(5, 5, "GK105", "“标题”的内容不对,应当是一行文字")], None),
    "a quote without its other": (['标题: "甲'], [(5, 5, "GK100", UNREADABLE.format('标题: "甲'))], None),
    "an escape that is none": ([r'标题: "甲\q"'], [(5, 7, "GK100", UNREADABLE.format(r'标题: "甲\q"'))], None),
    "a control character by escape": ([r'标题: "甲\0乙"'], [(5, 5, "GK126", "文件里有不该出现的控制字符 U+0000")], None),
    "a character YAML refuses": (["标题: 甲\ufffe", "五公开: 决策"], [(5, 6, "GK126", "文件里有不该出现的控制字符 U+FFFE")], None),
    "a list as key": (["标题: 甲", "? [a, b]", ": c"], [(6, 3, "GK100", UNREADABLE.format("? [a, b]"))], None),
    "a line that is no key": (["标题: 甲", "随便一行"], [(7, 1, "GK100", UNREADABLE.format("随便一行"))], None),
    "a nesting without end": (["标题: 甲", "其他: " + "[" * 30 + "]" * 30], [(6, 24, "GK100", UNREADABLE.format("其他: " + "[" * 30 + "]" * 30))], None),
    "an empty title": (["标题:"], [(5, 1, "GK133", "必填项“标题”没有填写")], None),
    "a title of quotes alone": (["标题: ''"], [(5, 1, "GK133", "必填项“标题”没有填写")], None),
    "a title of blanks": (["标题: ' 　 '"], [(5, 1, "GK133", "必填项“标题”没有填写")], None),
    "no title": ([], [(2, 1, "GK101", "缺少必填项“title(标题)”")], None),
    "an unknown Chinese key": (["标题: 甲", "发文字好: x"], [(6, 1, "GK103", "不认识的键“发文字好”,是否想写“发文字号”?")], None),
    "an unknown English key": (["标题: 甲", "keyword: y"], [(6, 1, "GK103", "不认识的键“keyword”,是否想写“keywords”?")], None),
    "an unknown key of two characters": (["标体: 甲"], [(2, 1, "GK101", "缺少必填项“title(标题)”"), (5, 1, "GK103", "不认识的键“标体”,是否想写“标题”?")], None),
    "a capital letter": (["标题: 甲", "Draft: 是"], [(6, 1, "GK103", "不认识的键“Draft”,是否想写“draft”?")], None),
    "an unknown key like no other": (["标题: 甲", "zzz: 1"], [(6, 1, "GK103", "不认识的键“zzz”")], None),
    "an unknown nested key": (["标题: 甲", "咨询:", "  电活: 1"], [(7, 3, "GK103", "不认识的键“电活”,是否想写“电话”?")], None),
    "a key in two languages": (["标题: 甲", "title: 乙"], [(6, 1, "GK104", "键“title”重复")], None),
    "a key under two Chinese names": (["名称: 甲", "标题: 甲"], [(6, 1, "GK104", "键“标题”重复")], None),
    "a key twice": (["标题: 甲", "标题: 甲"], [(6, 1, "GK104", "键“标题”重复")], None),
    "a nested key in two languages": (["标题: 甲", "咨询: {电话: 1, phone: 2}"], [(6, 13, "GK104", "键“phone”重复")], None),
    "values of another type": (
        ["标题: [甲, 乙]", "草稿: 不是", "咨询: [1]", "审核: x", "关键词: {a: b}", "其他: x", "解读: [{网址: https://a.cn/}]"],
        [
            (5, 5, "GK105", "“标题”的内容不对,应当是一行文字"),
            (6, 5, "GK105", "“草稿”的内容不对,应当是“是”或“否”"),
            (7, 5, "GK105", "“咨询”的内容不对,应当是一组“键: 值”"),
            (8, 5, "GK105", "“审核”的内容不对,应当是一组“键: 值”"),
            (9, 6, "GK105", "“关键词”的内容不对,应当是列表,每项一行,以“- ”开头"),
            (10, 5, "GK105", "“其他”的内容不对,应当是一组“键: 值”"),
            (11, 6, "GK105", "“解读”的内容不对,应当是索引号,或带“标题”的一组“键: 值”"),
        ],
        None,
    ),
    "values off the lists": (
        ["标题: 甲", "五公开: 决测", "信息类型: 行政规范文件", "公开方式: 公开"],
        [
            (6, 6, "GK115", "“五公开”不能是“决测”,是否想写“决策”?"),
            (7, 7, "GK115", "“信息类型”不能是“行政规范文件”,是否想写“行政规范性文件”?"),
            (8, 7, "GK115", "“公开方式”不能是“公开”,是否想写“主动公开”?"),
        ],
        None,
    ),
    "a topic off the table": (["标题: 甲", "主题分类: 综合事务"], [(6, 7, "GK113", "主题分类“综合事务”不在国务院主题分类表上")], None),
    "addresses that are none": (
        ["标题: 甲", "公开形式:", "- {渠道: 公报, 网址: www.a.cn}", "- {渠道: 公报, 网址: 'javascript:alert(1)'}"],
        [(7, 16, "GK105", f"“网址”{NO_ADDRESS}"), (8, 16, "GK105", f"“网址”{NO_ADDRESS}")],
        None,
    ),
    "nested keys that are missing": (
        ["标题: 甲", "撤回:", "  日期: 2024-05-01", "豁免:", "- rule: GK110"],
        [(7, 3, "GK101", "缺少必填项“reason(原因)”"), (9, 3, "GK101", "缺少必填项“reason(理由)”")],
        None,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    files = {f"{ITEMS}{n}.md": front(n, *lines, leave="标题") for n, (lines, _, _) in enumerate(CASES.values())}
    return build_files(tmp_path_factory.mktemp("site"), files | GOOD)


@pytest.mark.parametrize("name", CASES)
def test_what_people_type_is_understood_or_told(site: Built, name: str) -> None:
    number = list(CASES).index(name)
    _, told, heading = CASES[name]
    assert rows(site, f"{ITEMS}{number}.md") == told
    assert site.has(page(number)) == (heading is not None)
    if heading is not None:
        found = re.search(r"<h1[^>]*>(.*?)</h1>", site.page(page(number)), re.DOTALL)
        assert found is not None
        assert html.unescape(found[1]).strip() == heading


def test_the_items_with_slips_alone_are_left_out_and_all_is_told_in_one_order(site: Built) -> None:
    assert site.status == 1
    assert site.has(GOOD_PAGE)
    left_out = sum(heading is None for _, _, heading in CASES.values())
    assert f"有 {left_out} 个条目因错误没有发布,其余已发布" in site.errors
    order = [(each["path"], each["line"], each["column"], each["code"]) for each in site.findings]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("a quote without its other", "引号不成对"),
        ("a nesting without end", "层次太多了"),
        ("a line that is no key", "键: 值"),
        ("an alias", "双引号"),
        ("values off the lists", "决策、执行、管理、服务、结果"),
    ],
)
def test_the_remedy_fits_the_slip(site: Built, name: str, remedy: str) -> None:
    path = f"{ITEMS}{list(CASES).index(name)}.md"
    assert remedy in next(each["hint"] for each in site.findings if each["path"] == path)


@pytest.mark.parametrize(
    "key", ["有效性", "信息类型", "五公开", "主题分类", "发布机构", "有效期至", "更新日期", "草稿"]
)
def test_a_list_where_one_value_belongs_is_told_without_words_of_python(tmp_path: Path, key: str) -> None:
    built = build_files(tmp_path, {ITEMS + "a.md": front(1, f"{key}: [甲, 乙]")})
    assert [(each["line"], each["severity"]) for each in built.findings] == [(6, "error")]
    assert not re.search(r"['\[\]{}]", built.findings[0]["message"])


@pytest.mark.parametrize("address", ["https://[a/", "http://[::1", "https://a.cn]/"])
def test_an_address_that_no_parser_takes_leaves_its_item_out_alone(tmp_path: Path, address: str) -> None:
    built = build_files(tmp_path, {ITEMS + "a.md": front(1, "依据:", f"- {{标题: 甲, 网址: '{address}'}}"), **GOOD})
    assert rows(built, ITEMS + "a.md") == [(7, 15, "GK105", f"“网址”{NO_ADDRESS}")]
    assert (built.status, built.has(page(1)), built.has(GOOD_PAGE)) == (1, False, True)


PLAIN = "否 no No yes on off true null ~ 010 0x1F 0o17 1:30 190:20:30 1e3 .5 1_000 +1 -0 .inf .NaN 2024-01-01 = 12,50".split()


def test_no_text_is_taken_for_anything_but_text(tmp_path: Path) -> None:
    files = {
        f"{ITEMS}{n}.md": front(n, f"标题: {typed}", f"责任科室: {typed}", f"关键词: [甲, {typed.replace(',', '.')}]", leave="标题")
        for n, typed in enumerate(PLAIN)
    }  # fmt: skip
    built = build_files(tmp_path, files)
    assert (built.status, built.findings) == (0, [])
    for number, typed in enumerate(PLAIN):
        text = built.text(page(number))
        assert f"责任科室{typed} " in text
        assert html.escape(typed) in built.page(page(number)).partition("<h1")[2].partition("</h1>")[0]


@pytest.mark.parametrize(
    ("typed", "draft"), [("是", True), ("否", False), ("yes", True), ("No", False), ("TRUE", True), ("off", False), ("1", True)]
)  # fmt: skip
def test_a_flag_says_yes_or_no_in_many_ways(tmp_path: Path, typed: str, draft: bool) -> None:
    built = build_files(tmp_path, {ITEMS + "a.md": front(1, f"草稿: {typed}")})
    assert (built.status, built.has(page(1))) == (0, not draft)


def test_lines_are_counted_as_editors_count_them(tmp_path: Path) -> None:
    text = front(1, "内容概述: '甲\u2028乙\u0085丙\u2029丁'", "发文字好: x")
    built = build_files(tmp_path, {ITEMS + "a.md": text.replace("\n", "\r\n")})
    assert (7, 1, "GK103", "不认识的键“发文字好”,是否想写“发文字号”?") in rows(built, ITEMS + "a.md")


@pytest.mark.parametrize("key", ["k" * 60_000, "?" + "k" * 60_000, "其他:\n  " + "k" * 60_000])
def test_a_key_of_sixty_thousand_characters_is_told_in_a_line_one_can_read(tmp_path: Path, key: str) -> None:
    built = build_files(tmp_path, {ITEMS + "a.md": front(1, f"{key}: x"), **GOOD})
    errors = [each for each in built.findings if each["severity"] == "error"]
    assert [each["path"] for each in errors] == [ITEMS + "a.md"]
    assert len(errors[0]["message"]) < 300
    assert len(errors[0]["hint"]) < 500
    assert built.has(GOOD_PAGE)


LAUGHS = "\n".join(
    [f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" if n else "  a0: &a0 [哈, 哈]" for n in range(9)]
)


@pytest.mark.parametrize(
    "lines", ["其他:\n" + LAUGHS, "其他: " + "[" * 20_000, "其他: " + "{a: " * 9_000, "- " * 20_000]
)
def test_a_file_that_would_blow_up_is_refused_and_the_rest_is_published(tmp_path: Path, lines: str) -> None:
    built = build_files(tmp_path, {ITEMS + "a.md": front(1, lines), **GOOD})
    assert built.status == 1
    assert {each["path"] for each in built.findings} == {ITEMS + "a.md"}
    assert all(len(each["message"]) < 300 for each in built.findings)
    assert (built.has(page(1)), built.has(GOOD_PAGE)) == (False, True)


def test_several_errors_of_several_files_come_in_one_run_in_one_order(tmp_path: Path) -> None:
    slips = ["标题: 甲", "zzz: 1", "成文日期: 2024-02-30", "五公开: 甲", "同时归入: [甲, 乙]"]
    files = {f"content/items/{unit}/{n}.md": front(n, *slips, leave="标题") for unit in ("xzf", "czj") for n in (2, 1)}
    built = build_files(tmp_path, files | GOOD)
    want = [
        (f"content/items/{unit}/{n}.md", line, code)
        for unit in ("czj", "xzf")
        for n in (1, 2)
        for line, code in ((6, "GK103"), (7, "GK106"), (8, "GK115"), (9, "GK102"), (9, "GK102"))
    ]
    assert [(each["path"], each["line"], each["code"]) for each in built.findings] == want
    assert built.has(GOOD_PAGE)


PLAIN_TEXT = st.from_regex(
    r"[0-9A-Za-z一-龥.+_](?:[0-9A-Za-z一-龥.+_/%,。、:\-]|(?<=[^ :]) (?=[^# ]))*[0-9A-Za-z一-龥.+_]", fullmatch=True
)
ANY_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Zl", "Zp"), exclude_characters="\ufeff"))


@settings(max_examples=200, deadline=None)
@given(PLAIN_TEXT.filter(lambda text: ": " not in text))
def test_a_plain_value_stays_as_typed(text: str) -> None:
    assert parse(f"k: {text}").value == {"k": text}


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT)
def test_a_quoted_value_stays_as_typed_and_knows_its_place(text: str) -> None:
    tree = parse(f"a: 1\nk:  {json.dumps(text, ensure_ascii=False)}\n列:\n- '{text.replace(chr(39), chr(39) * 2)}'", 7)
    assert tree.value == {"a": "1", "k": text, "列": [text]}
    assert (tree.keys[("k",)], tree.values[("k",)], tree.values[("列", 0)]) == ((8, 1), (8, 5), (10, 3))


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.text("ab:-[]{}#&*!|>'\"%@`?, \n\t甲\x00\u2028", max_size=40)))
def test_parsing_gives_a_tree_or_trouble_and_nothing_else(text: str) -> None:
    try:
        tree = parse(text)
    except Trouble as trouble:
        assert trouble.kind in ("syntax", "reference", "depth", "control")
        assert trouble.line >= 1
        assert trouble.column >= 1
    else:
        assert isinstance(tree, Tree)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("[czj，xzf]", "测试县财政局、测试县人民政府"),
        ("czj、xzf", "测试县财政局、测试县人民政府"),
        ("县委办公室；xzf", "县委办公室、测试县人民政府"),
        ("[czj, 省财政厅]", "测试县财政局、省财政厅"),
    ],
)
def test_issuers_may_stand_together_with_chinese_marks_between_them(tmp_path: Path, typed: str, shown: str) -> None:
    built = build_files(tmp_path, {ITEMS + "a.md": front(1, f"发文机关: {typed}")})
    assert (built.status, built.codes) == (0, [])
    assert shown in built.text(page(1)).replace(" ", "、")


@pytest.mark.parametrize(("typed", "column"), [("[czj, xzff]", 7), ("czj、xzff", 7), ("xzff", 7)])
def test_an_issuer_that_looks_like_an_id_and_is_none_is_told(tmp_path: Path, typed: str, column: int) -> None:
    built = build_files(tmp_path, {ITEMS + "a.md": front(1, f"发文机关: {typed}")})
    assert rows(built, ITEMS + "a.md") == [
        (6, column, "GK141", "发文机关“xzff”像是机构编号,但没有这个编号,是否想写“xzf”?")
    ]
    assert built.has(page(1))
