"""config.yaml: every option is typed, every slip is told at once, and a stop leaves the old site alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.site import CODE, build, command, item, tree
from tests.tables import GOOD, GOOD_PAGE, ITEMS, Row, build_files, front, rows, write

SITE = "site:\n  title: 甲县\n  url: https://www.example.gov.cn/\n"
"""Three lines that every config.yaml here begins with."""

DATE = "日期,如“2025-01-05”"
ADDRESS = "以 https:// 开头、不带“?”和“#”的完整网址"
FOLDER = "站点文件夹之下的文件夹名"

SLIPS: dict[str, tuple[str, list[Row]]] = {
    "an unknown key": (SITE + "outptu: x\n", [(4, 1, "GK003", "不认识的键“outptu”,是否想写“output”?")]),
    "an unknown key like no other": (SITE + "zz: 1\n", [(4, 1, "GK003", "不认识的键“zz”")]),
    "an unknown key of the site": (SITE + "  tittle: x\n", [(4, 3, "GK003", "不认识的键“tittle”,是否想写“title”?")]),
    "an unknown limit": (SITE + "limits:\n  item_byte: 3\n", [(5, 3, "GK003", "不认识的键“item_byte”,是否想写“item_bytes”?")]),
    "no site": ("content: content\n", [(1, 1, "GK005", "缺少必填的键“site”")]),
    "an empty file": ("", [(1, 1, "GK005", "缺少必填的键“site”")]),
    "comments alone": ("# 空\n", [(1, 1, "GK005", "缺少必填的键“site”")]),
    "a site without a value": ("site:\n", [(1, 1, "GK005", "缺少必填的键“site”")]),
    "no title and no url": ("site: {}\n", [(1, 7, "GK005", "缺少必填的键“title”"), (1, 7, "GK005", "缺少必填的键“url”")]),
    "an empty title": ("site:\n  title: ''\n  url: https://a.cn/\n", [(2, 3, "GK005", "缺少必填的键“title”")]),
    "a site that is a text": ("site: x\n", [(1, 7, "GK008", "此处的内容类型不对,应当是一组“键: 值”")]),
    "a title that is a list": (SITE.replace("甲县", "[甲县]"), [(2, 10, "GK008", "此处的内容类型不对,应当是一行文字")]),
    "an address without scheme": (SITE.replace("https://", ""), [(3, 8, "GK004", f"“www.example.gov.cn/”不对,应当是{ADDRESS}")]),
    "an address with a query": (SITE.replace(".cn/", ".cn/?a=1"), [(3, 8, "GK004", f"“https://www.example.gov.cn/?a=1”不对,应当是{ADDRESS}")]),
    "an address with a fragment": (SITE.replace(".cn/", ".cn/#a"), [(3, 8, "GK004", f"“https://www.example.gov.cn/#a”不对,应当是{ADDRESS}")]),
    "an address no parser takes": (SITE.replace("www", "[www"), [(3, 8, "GK004", f"“https://[www.example.gov.cn/”不对,应当是{ADDRESS}")]),
    "a broken pattern": (SITE + "code_pattern: '('\n", [(4, 15, "GK004", "“(”不对,应当是正确的正则表达式")]),
    "patterns with slips": (
        SITE + "code_pattern:\n- pattern: '['\n  from: 2020-13-01\n  bis: 2\n- {to: 2020-01-01}\n",
        [
            (5, 12, "GK004", "“[”不对,应当是正确的正则表达式"),
            (6, 9, "GK004", f"“2020-13-01”不对,应当是{DATE}"),
            (7, 3, "GK003", "不认识的键“bis”"),
            (8, 3, "GK005", "缺少必填的键“pattern”"),
        ],
    ),
    "a type that runs": (SITE + "attachment_types: [pdf, .SVG]\n", [(4, 19, "GK009", "附件类型“svg”有危险,不能放行")]),
    "a type that runs among words": (SITE + "attachment_types: pdf、html\n", [(4, 19, "GK009", "附件类型“html”有危险,不能放行")]),
    "types that are a mapping": (SITE + "attachment_types: {a: b}\n", [(4, 19, "GK008", "此处的内容类型不对,应当是列表,每项一行,以“- ”开头")]),
    "types in a list of lists": (SITE + "attachment_types: [[pdf]]\n", [(4, 20, "GK008", "此处的内容类型不对,应当是一行文字")]),
    "a flag that is none": (SITE + "raw_html: 也许\n", [(4, 11, "GK008", "此处的内容类型不对,应当是“是”或“否”")]),
    "limits that are no numbers": (
        SITE + "limits:\n  item_bytes: 5MB\n  front_matter_bytes: -1\n",
        [(5, 15, "GK008", "此处的内容类型不对,应当是整数"), (6, 23, "GK008", "此处的内容类型不对,应当是整数")],
    ),
    "a limit that is a list": (SITE + "limits:\n  item_bytes: [1]\n", [(5, 15, "GK008", "此处的内容类型不对,应当是整数")]),
    "limits that are a number": (SITE + "limits: 5\n", [(4, 9, "GK008", "此处的内容类型不对,应当是一组“键: 值”")]),
    "a content folder elsewhere": (SITE + "content: /etc\n", [(4, 10, "GK004", f"“/etc”不对,应当是{FOLDER}")]),
    "output inside content": (SITE + "output: content/public\n", [(4, 9, "GK023", "“content”与“output”的文件夹重叠")]),
    "a cache that is the output": (SITE + "cache: public\n", [(4, 8, "GK023", "“output”与“cache”的文件夹重叠")]),
    "a theme that is a path": (SITE + "theme: ../x\n", [(4, 8, "GK004", "“../x”不对,应当是规定格式的文字")]),
    "a key typed twice": (SITE + "theme: a\ntheme: b\n", [(5, 1, "GK006", "键“theme”重复")]),
    "a list": ("- a\n", [(1, 1, "GK008", "此处的内容类型不对,应当是一组“键: 值”")]),
    "a text": ("甲\n", [(1, 1, "GK008", "此处的内容类型不对,应当是一组“键: 值”")]),
    "a mapping in one line": (SITE + "  a: b: c\n", [(4, 7, "GK002", "文件的这一处不合 YAML 的写法")]),
    "a tab": ("site:\n\ttitle: x\n", [(2, 1, "GK002", "文件的这一处不合 YAML 的写法")]),
    "a quote without its other": (SITE + "theme: 'a\n", [(4, 8, "GK002", "文件的这一处不合 YAML 的写法")]),
    "a second document": (SITE + "---\nb: c\n", [(4, 1, "GK002", "文件的这一处不合 YAML 的写法")]),
    "an anchor": (SITE + "theme: &a default\n", [(4, 8, "GK007", "不能使用 YAML 的锚点、别名或标签“&a”")]),
    "an alias": (SITE + "theme: *a\n", [(4, 8, "GK007", "不能使用 YAML 的锚点、别名或标签“*a”")]),
    "a tag": (SITE + "theme: !!str default\n", [(4, 8, "GK007", "不能使用 YAML 的锚点、别名或标签“!!str”")]),
    "a tag of Python": (SITE + "theme: !!python/name:os.system x\n", [(4, 8, "GK007", "不能使用 YAML 的锚点、别名或标签“!!python/name:os.system”")]),
    "a control character": (SITE + "theme: a\x01\n", [(4, 9, "GK026", "站点文件里有不能出现的控制字符 U+0001")]),
    "an address that runs": (
        SITE + "  report_error: javascript:alert(1)\n",
        [(4, 17, "GK008", "此处的内容类型不对,应当是以 http:// 或 https:// 开头的网址")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("config", "told"), SLIPS.values(), ids=SLIPS)
def test_a_slip_in_the_configuration_stops_the_build_with_its_place(
    tmp_path: Path, config: str, told: list[Row]
) -> None:
    built = build_files(tmp_path, {"config.yaml": config, **GOOD})
    assert rows(built, "config.yaml") == told
    assert {finding["severity"] for finding in built.findings} == {"stop"}
    assert built.status == 2
    assert not built.output.exists()


def test_a_folder_outside_the_site_is_refused_as_typed(tmp_path: Path) -> None:
    built = build_files(tmp_path / "site", {"config.yaml": SITE + "output: ../x\n"})
    assert rows(built, "config.yaml") == [(4, 9, "GK004", f"“../x”不对,应当是{FOLDER}")]
    assert built.status == 2


def test_the_folder_of_the_site_itself_is_refused_as_output(tmp_path: Path) -> None:
    built = build_files(tmp_path, {"config.yaml": SITE + "output: .\n"})
    assert (4, 9, "GK004", f"“.”不对,应当是{FOLDER}") in rows(built, "config.yaml")
    assert built.status == 2


@pytest.mark.parametrize(
    ("data", "row"),
    [
        (SITE.encode("gbk"), (2, 10, "GK022", "文件编码不是 UTF-8")),
        (SITE.encode("utf-16"), (0, 0, "GK022", "文件编码不是 UTF-8")),
    ],
    ids=["GBK", "UTF-16"],
)
def test_a_configuration_in_another_encoding_is_told_with_the_encoding(tmp_path: Path, data: bytes, row: Row) -> None:
    built = build_files(tmp_path, {"config.yaml": data})
    assert rows(built, "config.yaml") == [row]
    encoding = "GBK" if row[0] else "UTF-16"
    assert f"{encoding} 编码" in built.findings[0]["hint"]
    assert f"iconv -f {encoding} -t UTF-8" in built.findings[0]["hint"]


def test_a_configuration_with_byte_order_mark_and_windows_line_ends_is_taken(tmp_path: Path) -> None:
    built = build_files(tmp_path, {"config.yaml": "\ufeff" + SITE.replace("\n", "\r\n"), **GOOD})
    assert (built.status, built.findings) == (0, [])
    assert "甲县" in built.text("index.html")


def test_a_configuration_that_is_not_there_is_told(tmp_path: Path) -> None:
    built = build(tmp_path)
    assert [(each["path"], each["code"], each["severity"]) for each in built.findings] == [("config.yaml", "GK001", "stop")]  # fmt: skip
    assert built.status == 2
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_theme_is_a_wrong_configuration(tmp_path: Path) -> None:
    built = build_files(tmp_path, {"config.yaml": SITE + "theme: hongqi\n"})
    assert rows(built, "config.yaml") == [(4, 8, "GK017", "找不到主题“hongqi”")]
    assert built.status == 2


def test_all_findings_of_all_three_files_come_in_one_run(tmp_path: Path) -> None:
    files = {
        "config.yaml": SITE + "zz: 1\n",
        "content/units.yaml": "- id: XZF\n  name: 甲\n  code: '000001011'\n  kind: government\n",
        "content/catalog.yaml": "- id: a\n  name: 甲\n  knid: x\n",
    }
    built = build_files(tmp_path, files)
    told = [(each["path"], each["line"], each["code"]) for each in built.findings]
    assert told == [("config.yaml", 4, "GK003"), ("content/catalog.yaml", 3, "GK003"), ("content/units.yaml", 1, "GK004")]  # fmt: skip
    assert built.status == 2


STOPS = {
    "configuration": ("config.yaml", SITE + "zz: 1\n", 2),
    "units": ("content/units.yaml", "- id: xzf\n", 1),
    "catalog": ("content/catalog.yaml", "- id: a\n  name: [\n", 1),
    "units that are gone": ("content/units.yaml", None, 1),
    "empty units": ("content/units.yaml", "", 1),
    "empty catalog": ("content/catalog.yaml", "# 全部删去\n", 1),
}


@pytest.mark.parametrize(("path", "content", "status"), STOPS.values(), ids=STOPS)
def test_a_stop_leaves_the_old_output_untouched(tmp_path: Path, path: str, content: str | None, status: int) -> None:
    before = tree(build_files(tmp_path, GOOD).output)
    stamps = {each: each.stat().st_mtime_ns for each in (tmp_path / "public").rglob("*")}
    if content is None:
        (tmp_path / path).unlink()
    else:
        (tmp_path / path).write_text(content, encoding="utf-8")
    stopped = build(tmp_path)
    assert stopped.status == status
    assert {each["severity"] for each in stopped.findings} == {"stop"}
    assert {each["path"] for each in stopped.findings} == {path}
    assert "没有发布,原有网站保持不变" in stopped.errors
    assert tree(stopped.output) == before
    assert {each: each.stat().st_mtime_ns for each in (tmp_path / "public").rglob("*")} == stamps


PERIODS = r"""
code_pattern:
- pattern: '^XZF-\d{4}-\d{3}$'
  to: 2019-12-31
- pattern: '^\d{9}/\d{4}-\d{5}$'
  from: 2020-01-01
"""


def test_a_code_has_the_form_of_its_time(tmp_path: Path) -> None:
    codes = {
        "old": ("XZF-2019-001", "2019-12-31"),
        "new": (f"{CODE}/2020-00001", "2020-01-01"),
        "late": ("XZF-2020-002", "2020-01-01"),
        "soon": (f"{CODE}/2019-00002", "2019-12-31"),
    }
    files = {
        f"{ITEMS}{name}.md": front(0, f"索引号: {code}", f"发布日期: {day}", leave="索引号 发布日期")
        for name, (code, day) in codes.items()
    }
    built = build_files(tmp_path, {"config.yaml": SITE + PERIODS.lstrip(), **files})
    assert rows(built, ITEMS + "late.md") == [(4, 6, "GK107", "索引号“XZF-2020-002”不合本站规定的格式")]
    assert rows(built, ITEMS + "soon.md") == [(4, 6, "GK107", f"索引号“{CODE}/2019-00002”不合本站规定的格式")]
    assert len(built.findings) == 2
    assert r"^\d{9}/\d{4}-\d{5}$" in built.findings[0]["hint"]
    assert all(built.has(f"items/{code}.html") for code in ("XZF-2019-001", f"{CODE}/2020-00001"))
    assert not built.has("items/XZF-2020-002.html")


def test_one_pattern_may_stand_alone_and_must_match_the_whole_code(tmp_path: Path) -> None:
    config = SITE + r"code_pattern: 'GK\d{4}'" + "\n"
    files = {f"{ITEMS}{code}.md": front(0, f"索引号: {code}", leave="索引号") for code in ("GK2024", "GK20245")}
    built = build_files(tmp_path, {"config.yaml": config, **files})
    assert built.codes == ["GK107"]
    assert built.has("items/GK2024.html")


@pytest.mark.parametrize(
    ("option", "allowed"), [("", {"pdf"}), ("attachment_types: PDF .xyz\n", {"pdf", "xyz"}), ("attachment_types: [xyz]\n", {"xyz"})]
)  # fmt: skip
def test_attachments_are_of_the_types_on_the_list(tmp_path: Path, option: str, allowed: set[str]) -> None:
    files: dict[str, str | bytes] = {"config.yaml": SITE + option}
    for number, ending in enumerate(("pdf", "xyz", "html", "SVG")):
        files[f"{ITEMS}{number}.md"] = item(f"{number:05}", 附件=f"a.{ending}")
        files[f"{ITEMS}a.{ending}"] = b"x"
    built = build_files(tmp_path, files)
    refused = [ending for ending in ("pdf", "xyz", "html", "SVG") if ending not in allowed]
    assert [each["message"] for each in built.findings] == [
        f"附件“a.{ending}”的类型“{ending.lower()}”不在允许之列" for ending in refused
    ]
    assert sorted(path.rsplit(".")[-1] for path in tree(built.output) if "/a." in path) == sorted(allowed)


def test_other_folders_are_used_as_configured(tmp_path: Path) -> None:
    write(tmp_path, {"config.yaml": SITE + "content: 内容\noutput: 发布/站\ncache: 缓存\n", **GOOD})
    (tmp_path / "content").rename(tmp_path / "内容")
    built = build(tmp_path)
    assert (built.status, built.findings) == (0, [])
    assert (tmp_path / "发布/站" / GOOD_PAGE).is_file()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["config.yaml", "内容", "发布", "缓存"]


def test_the_output_may_be_named_on_the_command_line(tmp_path: Path) -> None:
    write(tmp_path / "site", GOOD)
    status, _, _ = command(tmp_path, "build", "--config", str(tmp_path / "site/config.yaml"), "--output", str(tmp_path / "aus"), "--today", "2025-06-01", "--jobs", "1")  # fmt: skip
    assert status == 0
    assert (tmp_path / "aus" / GOOD_PAGE).is_file()
    assert not (tmp_path / "site/public").exists()


def test_an_output_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    built = build_files(tmp_path, {"public/meine.txt": "x", **GOOD})
    assert rows(built, "public") == [(0, 0, "GK016", "输出文件夹里有不是本软件生成的文件,没有动它")]
    assert tree(built.output) == {"meine.txt": b"x"}
    assert built.status == 1


PATTERNS = [
    "'(?i)^[0-9a-z]{9}/\\d{4}-\\d{5}$'",
    "[{pattern: '(?P<a>\\d{9})/(?P<b>.*)'}, {pattern: '(?P<a>\\w{9})/(?P<c>.*)'}]",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_code_patterns_hold_each_by_itself(tmp_path: Path, pattern: str) -> None:
    files = {
        "config.yaml": SITE + f"code_pattern: {pattern}\n",
        ITEMS + "a.md": front(1, body=f"见[另一件]({CODE}/2024-00002)。"),
        ITEMS + "b.md": front(2),
    }
    built = build_files(tmp_path, files)
    assert (built.status, built.codes) == (0, [])
    assert 'href="../../items/000001011/2024-00002.html"' in built.page("items/000001011/2024-00001.html")


def test_limits_hold_for_standing_pages_too(tmp_path: Path) -> None:
    files = {
        "config.yaml": SITE + "limits: {item_bytes: 2000, front_matter_bytes: 100}\n",
        "content/guides/site/long.md": "---\n标题: 甲\n---\n" + "长" * 700,
        "content/guides/site/wide.md": f"---\n标题: {'宽' * 40}\n---\n正文。",
    }
    built = build_files(tmp_path, files)
    assert [(each["code"], each["path"]) for each in built.findings] == [
        ("GK124", "content/guides/site/long.md"),
        ("GK124", "content/guides/site/wide.md"),
    ]
    assert not built.has("guides/long.html")


WIDE = [
    ("config.yaml", SITE.replace("title: ", "title："), (2, 8, "title")),
    ("config.yaml", SITE + "output：public\n", (4, 7, "output")),
    ("config.yaml", SITE + "limits：\n  item_bytes: 3\n", (4, 7, "limits")),
    ("content/units.yaml", "- id：xzf\n  name: 甲县\n  code: '000001011'\n  kind: government\n", (1, 5, "id")),
    ("content/units.yaml", "- id: xzf\n  name： 甲县\n  code: '000001011'\n  kind: government\n", (2, 7, "name")),
    ("content/units.yaml", "- id: xzf\n  name: 甲县\n  code: '000001011'\n  kind：government\n", (4, 7, "kind")),
    ("content/catalog.yaml", "- id: a\n  name: 甲\n  children：\n  - id: b\n    name: 乙\n", (3, 11, "children")),
]


@pytest.mark.parametrize(("path", "text", "place"), WIDE)
def test_a_full_width_colon_in_a_site_file_is_named(tmp_path: Path, path: str, text: str, place: tuple[int, int, str]) -> None:  # fmt: skip
    built = build_files(tmp_path, {path: text})
    line, column, key = place
    assert rows(built, path) == [(line, column, "GK002", "文件的这一处不合 YAML 的写法")]
    assert f"“{key}”后面用了全角冒号“：”" in built.findings[0]["hint"]


def test_a_full_width_colon_in_a_text_of_many_lines_is_text(tmp_path: Path) -> None:
    catalog = "- id: qtwj\n  name: 甲\n  description: |\n    name：说明\n\n    id：说明\n  owner: xzf\n"
    built = build_files(tmp_path, {"content/catalog.yaml": catalog, **GOOD})
    assert (built.status, built.codes) == (0, [])


def test_a_mapping_in_braces_with_full_width_marks_is_explained(tmp_path: Path) -> None:
    files = {"config.yaml": SITE + "limits: {item_bytes：3，front_matter_bytes：4}\n"}
    built = build_files(tmp_path, files)
    assert "半角" in built.finding("GK003")["hint"]
    built = build_files(tmp_path / "item", {ITEMS + "a.md": front(1, "咨询: {科室：甲，电话：1}")})
    assert "科室: 办公室, 电话: " in built.finding("GK103")["hint"]


def test_a_catalog_nested_too_deep_says_so(tmp_path: Path) -> None:
    lines = [f"{'    ' * n}- id: a{n}\n{'    ' * n}  name: 甲\n{'    ' * n}  children:\n" for n in range(15)]
    built = build_files(tmp_path, {"content/catalog.yaml": "".join(lines) + "    " * 15 + "- id: b\n"})
    assert "层次太多" in built.finding("GK002")["hint"]


def test_an_output_folder_of_the_command_that_overlaps_is_not_config_yamls_fault(tmp_path: Path) -> None:
    write(tmp_path, {"config.yaml": SITE + "output: public\n"})
    built = build(tmp_path, "--output", str(tmp_path / "content"))
    found = built.finding("GK023")
    assert (built.status, found["line"], "--output" in found["hint"]) == (2, 0, True)


def test_what_is_wrong_in_one_thing_where_a_list_may_stand_is_told_at_its_place_by_its_name(tmp_path: Path) -> None:
    built = build_files(tmp_path, {"config.yaml": SITE + "code_pattern: {pattern: a, from: 2026-02-30}\n"})
    assert [(each["line"], each["column"]) for each in built.findings] == [(4, 34)]
    built = build_files(tmp_path / "item", {ITEMS + "a.md": front(1, "附件: {文件: [a, b]}")})
    assert rows(built, ITEMS + "a.md") == [(6, 10, "GK105", "“文件”的内容不对,应当是一行文字")]
