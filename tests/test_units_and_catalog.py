"""units.yaml and catalog.yaml: what stops the build, and what items take over from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai_ssg.model.codes import organization_check_digit
from tests.site import CODE, build_text, item
from tests.tables import GOOD, ITEMS, Row, build_files, front, page, rows

UNITS, CATALOG = "content/units.yaml", "content/catalog.yaml"
ROOT = '- id: xzf\n  name: 测试县人民政府\n  code: "000001011"\n  kind: government\n'
"""Four lines that most units.yaml here begin with."""
BRANCH = "- id: zcwj\n  name: 政策\n  children:\n  - id: gfxwj\n    name: 规范\n- id: qtwj\n  name: 其他\n"
"""Seven lines that most catalog.yaml here begin with."""


def unit(number: int, *lines: str) -> str:
    """A unit with the id ``u<number>`` in four lines and the ones given."""
    body = f"{number:08}"
    code = body + organization_check_digit(body)
    return "".join(
        [
            f'- id: u{number}\n  name: 单位{number}\n  code: "{code}"\n  kind: department\n',
            *(f"  {line}\n" for line in lines),
        ]
    )


UNIT_SLIPS: dict[str, tuple[str, list[Row]]] = {
    "an unknown key": (ROOT + "  parnet: a\n", [(5, 3, "GK003", "不认识的键“parnet”,是否想写“parent”?")]),
    "an unknown key of the contact": (ROOT + "  contact:\n    phoen: 1\n", [(6, 5, "GK003", "不认识的键“phoen”,是否想写“phone”?")]),
    "missing keys": (
        "- id: a\n",
        [(1, 3, "GK005", f"缺少必填的键“{key}”") for key in ("code", "kind", "name")],
    ),
    "an empty name": (ROOT.replace("测试县人民政府", "''"), [(2, 3, "GK005", "缺少必填的键“name”")]),
    "a kind off the list": (ROOT.replace("government", "goverment"), [(4, 9, "GK004", "“goverment”不对,应当是可选值之一,是否想写“government”?")]),
    "an id in capitals": (ROOT.replace("xzf", "XZF"), [(1, 7, "GK004", "“XZF”不对,应当是规定格式的文字")]),
    "a wrong check digit": (ROOT.replace("000001011", "000001012"), [(3, 9, "GK013", "机构代码“000001012”不正确")]),
    "a wrong check digit of eighteen": (ROOT.replace("000001011", "11341599000001011A"), [(3, 9, "GK013", "机构代码“11341599000001011A”不正确")]),
    "a code with a hyphen": (ROOT.replace("000001011", "00000101-1"), [(3, 9, "GK013", "机构代码“00000101-1”不正确")]),
    "a small check letter": (ROOT.replace("000001011", "00000102x"), [(3, 9, "GK013", "机构代码“00000102x”不正确")]),
    "everything twice": (
        ROOT + ROOT,
        [
            (5, 7, "GK010", "“id”的值“xzf”已经用过"),
            (6, 9, "GK010", "“name”的值“测试县人民政府”已经用过"),
            (7, 9, "GK010", "“code”的值“000001011”已经用过"),
        ],
    ),
    "a dangling parent": (ROOT + unit(7, "parent: xzg"), [(9, 11, "GK011", "“parent”所写的机构“xzg”不存在,是否想写“xzf”?")]),
    "dangling successors": (
        ROOT + unit(7, "successors: [u7, xzff, u9]"),
        [
            (9, 16, "GK011", "“successors”所写的机构“u7”不存在"),
            (9, 20, "GK011", "“successors”所写的机构“xzff”不存在,是否想写“xzf”?"),
            (9, 26, "GK011", "“successors”所写的机构“u9”不存在"),
        ],
    ),
    "a unit above itself": (ROOT + "  parent: xzf\n", [(5, 11, "GK012", "上级机构绕成了一圈:xzf → xzf")]),
    "a ring of three with a tail": (
        unit(1, "parent: u2") + unit(2, "parent: u3") + unit(3, "parent: u1") + unit(4, "parent: u1"),
        [(5, 11, "GK012", "上级机构绕成了一圈:u1 → u2 → u3 → u1")],
    ),
    "two rings": (
        unit(1, "parent: u2") + unit(2, "parent: u1") + unit(3, "parent: u3"),
        [(5, 11, "GK012", "上级机构绕成了一圈:u1 → u2 → u1"), (15, 11, "GK012", "上级机构绕成了一圈:u3 → u3")],
    ),
    "a period that runs backwards": (
        unit(1, "names: [{name: 旧, from: 2020-01-02, to: 2020-01-01}]"),
        [(5, 27, "GK014", "机构“u1”的曾用名起止日期重叠或颠倒")],
    ),
    "periods that share a day": (
        unit(1, "names:", "- {name: 旧, to: 2019-01-01}", "- {name: 新, from: 2019-01-01}"),
        [(7, 21, "GK014", "机构“u1”的曾用名起止日期重叠或颠倒")],
    ),
    "one period inside another": (
        unit(1, "names:", "- {name: 甲, from: 2000-01-01, to: 2020-01-01}", "- {name: 乙, from: 2001-01-01, to: 2002-01-01}", "- {name: 丙, from: 2010-01-01, to: 2011-01-01}"),
        [(7, 21, "GK014", "机构“u1”的曾用名起止日期重叠或颠倒"), (8, 21, "GK014", "机构“u1”的曾用名起止日期重叠或颠倒")],
    ),
    "a day that is none": (unit(1, "names: [{name: 旧, from: 2018-02-30}]"), [(5, 27, "GK004", "“2018-02-30”不对,应当是日期,如“2025-01-05”")]),
    "an end that is no day": (ROOT + "  until: 去年\n", [(5, 10, "GK004", "“去年”不对,应当是日期,如“2025-01-05”")]),
    "a contact that is a text": (ROOT + "  contact: 123\n", [(5, 12, "GK008", "此处的内容类型不对,应当是一组“键: 值”")]),
    "a list that ends in a mapping": (ROOT + "  - b\n c: d\n", [(5, 3, "GK002", "文件的这一处不合 YAML 的写法")]),
    "an anchor": (ROOT + "  parent: &a b\n", [(5, 11, "GK007", "不能使用 YAML 的锚点、别名或标签“&a”")]),
    "a text": ("甲\n", [(1, 1, "GK008", "此处的内容类型不对,应当是列表,每项一行,以“- ”开头")]),
    "a list of texts": ("- 甲\n", [(1, 3, "GK008", "此处的内容类型不对,应当是一组“键: 值”")]),
    "a key typed twice": (ROOT + "  name: 甲\n", [(5, 3, "GK006", "键“name”重复")]),
    "an unknown key beside other slips": (
        ROOT + "  nmae: x\n" + unit(7, "parent: xzg"),
        [(5, 3, "GK003", "不认识的键“nmae”,是否想写“name”?"), (10, 11, "GK011", "“parent”所写的机构“xzg”不存在,是否想写“xzf”?")],
    ),
    "an old address with a query": (ROOT + "  aliases: [a.html?b=1]\n", [(5, 13, "GK019", "旧网址“a.html?b=1”不能用")]),
    "an old address that is a page": (ROOT + "  aliases:\n  - index.html\n", [(6, 5, "GK019", "旧网址“index.html”不能用")]),
}  # fmt: skip

CATALOG_SLIPS: dict[str, tuple[str, list[Row]]] = {
    "unknown keys": (
        BRANCH + "  knid: x\n  chidlren: []\n",
        [(8, 3, "GK003", "不认识的键“knid”,是否想写“kind”?"), (9, 3, "GK003", "不认识的键“chidlren”,是否想写“children”?")],
    ),
    "missing keys": (
        "- children:\n  - id: a\n",
        [(1, 3, "GK005", "缺少必填的键“id”"), (1, 3, "GK005", "缺少必填的键“name”"), (2, 5, "GK005", "缺少必填的键“name”")],
    ),
    "a kind off the list": (BRANCH + "  kind: 规范性文件\n", [(8, 9, "GK004", "“规范性文件”不对,应当是可选值之一,是否想写“行政规范性文件”?")]),
    "an age that is none": (BRANCH + "  max_age: 半年\n", [(8, 12, "GK004", "“半年”不对,应当是时长,如“180d”“90天”“6个月”“1年”")]),
    "a dangling owner": (BRANCH + "  owner: xzff\n", [(8, 10, "GK015", "类别的责任机构“xzff”不存在,是否想写“xzf”?")]),
    "siblings of one id": (BRANCH + "- id: qtwj\n  name: 又\n", [(8, 7, "GK010", "“id”的值“qtwj”已经用过")]),
    "a child's id in capitals": (BRANCH.replace("gfxwj", "GFX"), [(4, 9, "GK004", "“GFX”不对,应当是规定格式的文字")]),
    "ids that are pages": (
        BRANCH + "- id: '2024'\n  name: 年\n- id: index\n  name: 页\n",
        [
            (8, 7, "GK004", "“2024”不对,应当是能作网址的类别编号,不能是“index”,也不能全是数字"),
            (10, 7, "GK004", "“index”不对,应当是能作网址的类别编号,不能是“index”,也不能全是数字"),
        ],
    ),
    "a flag that is none": (BRANCH + "  library: 也许\n", [(8, 12, "GK008", "此处的内容类型不对,应当是“是”或“否”")]),
    "children that are a text": (BRANCH + "  children: x\n", [(8, 13, "GK008", "此处的内容类型不对,应当是列表,每项一行,以“- ”开头")]),
    "a list never closed": (BRANCH + "  aliases: [a/\n", [(8, 12, "GK002", "文件的这一处不合 YAML 的写法")]),
    "an unknown key beside other slips": (
        BRANCH + "  knid: x\n  owner: q\n",
        [(8, 3, "GK003", "不认识的键“knid”,是否想写“kind”?"), (9, 10, "GK015", "类别的责任机构“q”不存在")],
    ),
    "an old address on another host": (BRANCH + "  aliases: http://a.cn/\n", [(8, 12, "GK019", "旧网址“http://a.cn/”不能用")]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [(UNITS, *slip) for slip in UNIT_SLIPS.values()] + [(CATALOG, *slip) for slip in CATALOG_SLIPS.values()],
    ids=[f"units: {name}" for name in UNIT_SLIPS] + [f"catalog: {name}" for name in CATALOG_SLIPS],
)
def test_a_slip_in_units_or_catalog_stops_the_build_with_its_place(
    tmp_path: Path, path: str, text: str, told: list[Row]
) -> None:
    built = build_files(tmp_path, {path: text, **GOOD})
    assert rows(built, path) == told
    assert {finding["severity"] for finding in built.findings if finding["path"] == path} == {"stop"}
    assert built.status == 1
    assert not built.output.exists()


@pytest.mark.parametrize(
    ("typed", "right"), [("000001012", "000001011"), ("000001020", "00000102X"), ("11341599000001011A", "11341599000001011F")]
)  # fmt: skip
def test_the_right_check_digit_is_named(tmp_path: Path, typed: str, right: str) -> None:
    built = build_files(tmp_path, {UNITS: ROOT.replace("000001011", typed)})
    assert f"应为“{right}”" in built.finding("GK013")["hint"]
    assert build_files(tmp_path, {UNITS: ROOT.replace("000001011", right)}).codes == []


def test_slips_of_units_and_catalog_come_in_one_run(tmp_path: Path) -> None:
    built = build_files(tmp_path, {UNITS: ROOT + unit(7, "parent: q"), CATALOG: BRANCH + "  owner: q\n"})
    assert [(each["path"], each["code"]) for each in built.findings] == [(CATALOG, "GK015"), (UNITS, "GK011")]


def test_a_slip_of_a_tree_in_another_content_folder_names_that_folder(tmp_path: Path) -> None:
    config = "site:\n  title: 甲\n  url: https://a.cn/\ncontent: neirong\n"
    units = ROOT + "  aliases: [index.html]\n"
    built = build_files(tmp_path, {"config.yaml": config, "neirong/units.yaml": units, "neirong/catalog.yaml": BRANCH})
    assert built.finding("GK019")["path"] == "neirong/units.yaml"


def test_an_item_shows_the_name_its_unit_bore_on_its_day(tmp_path: Path) -> None:
    names = "names:\n  - {name: 县计委, to: 2003-12-31}\n  - {name: 县计划局, from: 2004-01-01, to: 2009-06-30}".split(
        "\n"
    )
    units = ROOT + unit(7, *(line.removeprefix("  ") for line in names)).replace("单位7", "县发改委")
    days = {"2003-12-31": "县计委", "2004-01-01": "县计划局", "2009-06-30": "县计划局", "2009-07-01": "县发改委"}
    files = {
        f"content/items/u7/{day}.md": item(f"{number:05}", int(day[:4]), date=day, source="-")
        for number, day in enumerate(days)
    }
    built = build_files(tmp_path, {UNITS: units, **files})
    assert built.findings == []
    for number, (day, name) in enumerate(days.items()):
        text = built.text(f"items/{CODE}/{day[:4]}-{number:05}.html")
        shown = {each for each in ("县计委", "县计划局", "县发改委") if f"发布机构{each} " in text}
        assert shown == {name}, day


def test_a_unit_is_named_by_id_by_full_name_or_by_former_name(tmp_path: Path) -> None:
    units = ROOT + unit(7, "names: [{name: 县计委, to: 2003-12-31}]")
    files = {
        f"content/items/u7/{n}.md": front(n, f"发布机构: {name}") for n, name in enumerate(("u7", "单位7", "县计委"))
    }
    built = build_files(tmp_path, {UNITS: units, **files})
    assert built.findings == []
    assert all("发布机构单位7 " in built.text(page(number)) for number in range(3))


@pytest.mark.parametrize(
    ("folder", "typed", "row"),
    [
        ("xzf", "czjj", (6, 7, "GK108", "发布机构“czjj”不存在,是否想写“czj”?")),
        ("xzf", "测试县财政厅", (6, 7, "GK108", "发布机构“测试县财政厅”不存在,是否想写“测试县财政局”?")),
        ("xzf", "czj", (6, 7, "GK109", "发布机构“测试县财政局”与所在文件夹“测试县人民政府”不一致")),
        ("caizheng", "czj", (6, 7, "GK109", "发布机构“测试县财政局”与所在文件夹“caizheng”不一致")),
        ("xzff", None, (2, 1, "GK108", "发布机构“xzff”不存在,是否想写“xzf”?")),
    ],
)
def test_a_unit_that_does_not_fit_is_told(tmp_path: Path, folder: str, typed: str | None, row: Row) -> None:
    path = f"content/items/{folder}/a.md"
    built = build_files(tmp_path, {path: front(1, *([f"unit: {typed}"] if typed else [])), **GOOD})
    assert rows(built, path) == [row]
    assert built.has(page(1)) == (row[2] == "GK109")
    assert built.has(page(99999))


CATEGORIES = """
- id: zcwj
  name: 政策文件
  kind: 行政规范性文件
  library: true
  children:
  - id: zfwj
    name: 政府文件
  - id: qita
    name: 其他甲
    kind: 统计
    library: false
- id: czxx
  name: 财政信息
  children:
  - id: qita
    name: 其他乙
"""


def test_a_category_is_named_by_its_path_or_by_its_last_id_where_that_is_unique(tmp_path: Path) -> None:
    named = {
        1: "zcwj/zfwj",
        2: "zfwj",
        3: "zcwj",
        4: "/zcwj/qita/",
        5: "qita",
        6: "zwfj",
        7: "政府文件",
        8: "zcwj/zfwx",
    }
    files = {f"{ITEMS}{n}.md": front(n, f"类别: {name}", leave="类别") for n, name in named.items()}
    built = build_files(tmp_path, {CATALOG: CATEGORIES.lstrip(), **files})
    assert [(each["path"][-4], each["line"], each["column"], each["code"], each["message"]) for each in built.findings] == [
        ("5", 5, 5, "GK135", "有几个类别的编号都是“qita”"),
        ("6", 5, 5, "GK102", "类别“zwfj”不存在,是否想写“zfwj”?"),
        ("7", 5, 5, "GK102", "类别“政府文件”不存在,是否想写“zcwj/zfwj”?"),
        ("8", 5, 5, "GK102", "类别“zcwj/zfwx”不存在,是否想写“zcwj/zfwj”?"),
    ]  # fmt: skip
    assert "zcwj/qita、czxx/qita" in built.finding("GK135")["hint"]
    assert [built.has(page(number)) for number in named] == [True] * 4 + [False] * 4
    assert "测试文件" in built.text("catalog/zcwj/zfwj/index.html")


def test_kind_and_library_are_inherited_until_a_child_says_otherwise(tmp_path: Path) -> None:
    named = {1: "zcwj/zfwj", 2: "zcwj/qita", 3: "czxx/qita"}
    files = {f"{ITEMS}{n}.md": front(n, f"类别: {name}", leave="类别") for n, name in named.items()}
    files[ITEMS + "4.md"] = front(4, "信息类型: 公示", "类别: zfwj", leave="类别")
    built = build_files(tmp_path, {CATALOG: CATEGORIES.lstrip(), **files})
    assert built.findings == []
    kinds = {1: "行政规范性文件", 2: "统计", 3: "其他", 4: "公示"}
    assert {n: next((kind for kind in kinds.values() if f"信息类型{kind} " in built.text(page(n))), "") for n in kinds} == kinds  # fmt: skip
    library = built.page("policies/index.html")
    assert [f"2024-{number:05}" in library for number in kinds] == [True, False, False, True]


def test_the_same_id_may_stand_in_two_branches(tmp_path: Path) -> None:
    text = f"-- {CATALOG} --\n{CATEGORIES.strip()}\n-- {ITEMS}a.md --\n" + item(
        category="czxx/qita", also="[zcwj/qita]"
    )
    built = build_text(tmp_path, text)
    assert built.findings == []
    assert all("测试文件" in built.text(f"catalog/{path}/index.html") for path in ("czxx/qita", "zcwj/qita", "zcwj"))
