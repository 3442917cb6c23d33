"""Files as they come from Windows, from phones, from Word, from broken disks; their names too."""

from __future__ import annotations

import os
import re
import sys
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai_ssg.config import DEFAULT_CODE_PATTERN, CodePattern, Limits
from gongkai_ssg.model.catalog import Catalog, CategoryEntry
from gongkai_ssg.model.units import Unit, Units
from gongkai_ssg.reading.items import read_item
from gongkai_ssg.reading.options import ReadingOptions
from gongkai_ssg.reading.text import decode
from tests.site import Built, build, command, tree
from tests.tables import GOOD, GOOD_PAGE, ITEMS, Row, build_files, front, page, rows, write

NOT_UTF_8, CONTROL = "文件编码不是 UTF-8", "文件里有不该出现的控制字符 {}"
EMPTY, UNOPENED, UNCLOSED = "文件是空的", "文件开头没有“---”,找不到条目信息", "条目信息缺少结尾的“---”"
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"

WRONG: dict[str, tuple[str | bytes, Row, str]] = {
    # name: (file, what is told, a part of the remedy)
    "GBK": (front(1).encode("gbk"), (2, 1, "GK120", NOT_UTF_8), "看来是 GBK 编码"),
    "GBK behind ASCII": (front(1).replace("标题:", "title:").encode("gbk"), (2, 8, "GK120", NOT_UTF_8), "iconv -f GBK -t UTF-8"),
    "GB 18030": (front(1, "内容概述: 𠮷").encode("gb18030"), (2, 1, "GK120", NOT_UTF_8), "看来是 GB18030 编码"),
    "UTF-16": (front(1).encode("utf-16"), (0, 0, "GK120", NOT_UTF_8), "看来是 UTF-16 编码"),
    "UTF-16 the other way round": (b"\xfe\xff" + front(1).encode("utf-16-be"), (0, 0, "GK120", NOT_UTF_8), "看来是 UTF-16 编码"),
    "one wrong byte": (front(1).encode() + b"\xff\xff\x81", (9, 1, "GK120", NOT_UTF_8), "认不出是什么编码"),
    "half a character": (front(1).rstrip("\n").encode()[:-1], (8, 3, "GK120", NOT_UTF_8), "认不出是什么编码"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00", (1, 1, "GK120", NOT_UTF_8), "认不出是什么编码"),
    "a Word document": (b"PK\x03\x04\x14\x00\x06\x00", (1, 3, "GK126", CONTROL.format("U+0003")), "Word"),
    "an old Word document": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40), (1, 1, "GK120", NOT_UTF_8), "Word"),
    "nothing": (b"", (0, 0, "GK121", EMPTY), "gongkai new"),
    "blanks": (b" \n\t\r\n \n", (0, 0, "GK121", EMPTY), ""),
    "ideographic spaces": ("　\n　\n", (0, 0, "GK121", EMPTY), ""),
    "a byte order mark alone": (b"\xef\xbb\xbf", (0, 0, "GK121", EMPTY), ""),
    "a byte order mark and blanks": (b"\xef\xbb\xbf \r\n", (0, 0, "GK121", EMPTY), ""),
    "zero bytes": (bytes(4096), (1, 1, "GK126", CONTROL.format("U+0000")), ""),
    "no front matter": ("关于防汛的通知\n\n正文。\n", (1, 1, "GK122", UNOPENED), "在文件最前面写一行“---”"),
    "no first line": (front(1).removeprefix("---\n"), (1, 1, "GK122", UNOPENED), "在这一行之前补上"),
    "no first line, full-width colon": (front(1).removeprefix("---\n").replace(": ", "：", 1), (1, 1, "GK122", UNOPENED), "在这一行之前补上"),
    "long dashes": (front(1).replace("---", "———"), (1, 1, "GK122", UNOPENED), "“———”要改成三个半角减号"),
    "full-width hyphens": (front(1).replace("---", "－－－"), (1, 1, "GK122", UNOPENED), "“－－－”要改成三个半角减号"),
    "two hyphens": (front(1).replace("---", "--"), (1, 1, "GK122", UNOPENED), "“--”要改成三个半角减号"),
    "no last line": (front(1).replace("\n---\n", "\n"), (6, 1, "GK123", UNCLOSED), "在第 6 行之前插入一行“---”(开头的“---”在第 1 行)"),
    "no last line, a list before the body": (front(1, "关键词:", "- 甲", "- 乙").replace("\n---\n", "\n"), (9, 1, "GK123", UNCLOSED), "在第 9 行之前"),
    "a long dash at the end": (front(1).replace("\n---\n", "\n———\n"), (6, 1, "GK123", UNCLOSED), "“———”要改成三个半角减号"),
    "dots at the end": (front(1).replace("\n---\n", "\n...\n"), (6, 1, "GK123", UNCLOSED), "“...”"),
    "nothing but the first line": ("---\n", (2, 1, "GK123", UNCLOSED), ""),
    "a pointer of Git LFS": (POINTER, (1, 1, "GK125", "这只是 Git LFS 的指针,真正的文件没有取回"), "git lfs pull"),
    "a pointer with Windows line ends": (POINTER.replace("\n", "\r\n"), (1, 1, "GK125", "这只是 Git LFS 的指针,真正的文件没有取回"), "git lfs pull"),
    "a zero in the body": (front(1, body="正文\0。"), (8, 3, "GK126", CONTROL.format("U+0000")), "删去这个看不见的字符"),
    "a vertical tab": (front(1, body="甲\n乙丙\x0b。"), (9, 3, "GK126", CONTROL.format("U+000B")), ""),
    "a delete character in the title": (front(1).replace("测试", "测\x7f试"), (2, 6, "GK126", CONTROL.format("U+007F")), ""),
    "ten megabytes": (front(1, body="甲" * 3_400_000), (0, 0, "GK124", "内容有 10200101 字节,超过上限 5000000 字节"), "limits"),
    "a front matter of ninety kilobytes": (front(1, "内容概述: " + "甲" * 30_000), (2, 1, "GK124", "内容有 90105 字节,超过上限 65536 字节"), "把正文写到了里面"),
}  # fmt: skip

RIGHT: dict[str, str | bytes] = {
    "a byte order mark": "\ufeff" + front(101),
    "Windows line ends": front(102).replace("\n", "\r\n"),
    "Mac line ends of old": front(103).replace("\n", "\r"),
    "a byte order mark and Windows line ends": "\ufeff" + front(104).replace("\n", "\r\n"),
    "mixed line ends": front(105).replace("\n", "\r\n", 3),
    "blank lines first": "\n \n" + front(106),
    "more hyphens": front(107).replace("---", "------"),
    "blanks behind the hyphens": front(108).replace("---", "--- 　"),
    "no line end at the end": front(109).rstrip("\n"),
    "two megabytes": front(110, body="甲乙丙丁戊己庚辛壬癸。\n\n" * 60_000),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    files = {f"{ITEMS}w{n}.md": content for n, (content, _, _) in enumerate(WRONG.values())}
    files |= {f"{ITEMS}r{n}.md": content for n, content in enumerate(RIGHT.values(), 101)}
    return build_files(tmp_path_factory.mktemp("site"), files | GOOD)


@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_is_no_item_is_told_with_place_and_remedy(site: Built, name: str) -> None:
    path = f"{ITEMS}w{list(WRONG).index(name)}.md"
    _, told, remedy = WRONG[name]
    assert rows(site, path) == [told]
    finding = next(each for each in site.findings if each["path"] == path)
    assert finding["severity"] == "error"
    assert remedy in finding["hint"]


@pytest.mark.parametrize("name", RIGHT)
def test_a_file_that_is_a_little_odd_is_an_item(site: Built, name: str) -> None:
    number = 101 + list(RIGHT).index(name)
    assert rows(site, f"{ITEMS}r{number}.md") == []
    assert "测试文件" in site.text(page(number))


def test_the_rest_is_published(site: Built) -> None:
    assert site.status == 1
    assert not site.has(page(1))
    assert site.has(GOOD_PAGE)
    assert f"有 {len(WRONG)} 个条目因错误没有发布,其余已发布" in site.errors


def test_files_with_odd_line_ends_and_marks_make_the_same_page(site: Built) -> None:
    pages = {
        re.sub(r"2024-00\d{3}|[上下]一条：<a[^>]*>|rel=\"(next|prev)\"", "", site.page(page(number)))
        for number in (102, 103, 104, 105)
    }
    assert len({text.partition("<article")[2].partition("</article>")[0] for text in pages}) == 1


def test_the_limits_are_those_of_the_configuration(tmp_path: Path) -> None:
    config = "site:\n  title: 甲\n  url: https://a.cn/\nlimits:\n  item_bytes: 300\n  front_matter_bytes: 150\n"
    files = {"s.md": front(1), "f.md": front(2, "内容概述: " + "甲" * 50, body="。"), "b.md": front(3, body="甲" * 100)}
    built = build_files(tmp_path, {"config.yaml": config, **{ITEMS + name: text for name, text in files.items()}})
    assert [(each["path"][-4], each["code"]) for each in built.findings] == [("b", "GK124"), ("f", "GK124")]
    assert built.has(page(1))


NAMES = [
    "防汛（一）《办法》.md",
    "名 字 有 空 格.md",
    "甲" * 78 + ".md",
    "a" * 234 + ".md",
    "x.MD",
    "2024年1号文#终稿%20&+.md",
    "a.b.c.md",
    "😀.md",
    "夹（一）/《层》/内 部.md",
]


def test_files_may_be_named_as_people_name_them(tmp_path: Path) -> None:
    files = {ITEMS + name: front(number) for number, name in enumerate(NAMES)}
    built = build_files(tmp_path, files)
    assert (built.status, built.findings) == (0, [])
    assert all(built.has(page(number)) for number in range(len(NAMES)))


def test_a_finding_in_a_file_with_an_odd_name_names_it_as_it_is(tmp_path: Path) -> None:
    name = "名 字:（一）%0A,《x》.md" if sys.platform != "win32" else "名 字（一）%0A,《x》.md"
    built = build_files(tmp_path, {ITEMS + name: front(1, "zzz: 1")})
    assert rows(built, ITEMS + name) == [(6, 1, "GK103", "不认识的键“zzz”")]


@pytest.mark.skipif(sys.platform != "linux", reason="these names are one file there")
@pytest.mark.parametrize(
    ("first", "second"),
    [("A.md", "a.md"), (unicodedata.normalize("NFD", "é.md"), unicodedata.normalize("NFC", "é.md")), ("Straße.md", "STRASSE.md")],
    ids=["case", "Unicode form", "folding"],
)  # fmt: skip
def test_names_that_differ_in_case_or_unicode_form_only_are_told_and_both_are_published(
    tmp_path: Path, first: str, second: str
) -> None:
    first, second = sorted((first, second))
    built = build_files(tmp_path, {ITEMS + first: front(1), ITEMS + second: front(2)})
    assert rows(built, ITEMS + second) == [(0, 0, "GK021", f"文件名与“{first}”只有大小写或字符编码不同")]
    assert (built.status, built.has(page(1)), built.has(page(2))) == (0, True, True)


@pytest.mark.parametrize("name", ["a.md.txt", "a.markdown", "a.mdown"])
def test_a_file_that_looks_like_an_item_but_is_named_otherwise_is_told(tmp_path: Path, name: str) -> None:
    built = build_files(tmp_path, {ITEMS + name: front(1), **GOOD})
    assert rows(built, ITEMS + name) == [(0, 0, "GK024", "这个文件不会作为条目发布")]
    assert built.status == 0


@pytest.mark.parametrize(
    "name", ["~$a.md", ".DS_Store", "Thumbs.db", "desktop.ini", "._a.md", ".a.md.swp", ".git/a.md"]
)
def test_files_that_programs_leave_behind_are_passed_over(tmp_path: Path, name: str) -> None:
    built = build_files(tmp_path, {ITEMS + name: b"\x00\x05\x16\x07", **GOOD})
    assert (built.status, built.findings) == (0, [])


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
@pytest.mark.parametrize("name", [b"\xff\xfe.md", "防汛.pdf".encode("gbk")])
def test_a_name_that_is_no_utf_8_is_told_and_the_rest_is_published(tmp_path: Path, name: bytes) -> None:
    write(tmp_path, GOOD)
    with open(os.fsencode(tmp_path / ITEMS) + b"/" + name, "w", encoding="utf-8") as file:
        file.write(front(1))
    built = build(tmp_path)
    assert built.status in (0, 1)
    assert len(built.findings) == 1
    assert built.has(GOOD_PAGE)


def test_a_symbolic_link_is_passed_over_with_a_word(tmp_path: Path) -> None:
    build_files(tmp_path, {"aussen.md": front(1), **GOOD})
    (tmp_path / ITEMS / "link.md").symlink_to(tmp_path / "aussen.md")
    (tmp_path / ITEMS / "folder").symlink_to(tmp_path)
    built = build(tmp_path)
    assert [(each["path"], each["code"]) for each in built.findings] == [
        (ITEMS + "folder", "GK020"),
        (ITEMS + "link.md", "GK020"),
    ]
    assert not built.has(page(1))


def test_a_file_that_lies_in_no_units_folder_is_told(tmp_path: Path) -> None:
    built = build_files(tmp_path, {"content/items/a.md": front(1), **GOOD})
    assert rows(built, "content/items/a.md") == [
        (0, 0, "GK138", "条目直接放在 items 下面,又没有写“发布机构”,不知道由谁发布")
    ]


def test_findings_are_the_same_for_any_number_of_processes(tmp_path: Path) -> None:
    files = {f"{ITEMS}{n}.md": front(n, "zzz: 1") for n in range(210)}
    build_files(tmp_path, files)
    runs = [
        command(
            tmp_path,
            "check",
            "--config",
            str(tmp_path / "config.yaml"),
            "--today",
            "2025-06-01",
            "--jobs",
            jobs,
            "--format",
            "json",
        )
        for jobs in ("1", "2")
    ]
    assert runs[0][:2] == runs[1][:2]
    assert runs[0][0] == 1


UNIT = Unit(id="xzf", name="测试县人民政府", code="000001011", kind="government")
OPTIONS = ReadingOptions(
    Units.of([UNIT]),
    Catalog.of([CategoryEntry(id="qtwj", name="其他文件")]),
    (CodePattern(pattern=DEFAULT_CODE_PATTERN),),
    Limits(),
)
PIECES = st.sampled_from([*front(1).split("\n"), "---\n", "标题：", "审核:\n- ", "日期: ", "\t", "\r", "　", "[", "{", "&a ", "*a", "!!b ", '"', "'", "|", ">-\n", "#", "? ", "%", "\ufeff", "\u2028", "\x00", "https://[", "依据: ", "附件: ../", "秘密★1年", "\n\n![](", "](x.md)", "::: "])  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_decoding_gives_text_or_a_finding_whatever_the_bytes(data: bytes) -> None:
    text, finding = decode(data, "x.md")
    assert (finding is None) or text == ""
    if finding is None:
        assert "\r" not in text
    else:
        assert finding.message
        assert finding.hint


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fall(data: bytes) -> None:
    record = read_item(data, "content/items/xzf/a.md", "xzf", OPTIONS)
    assert record.item is not None or record.findings


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(PIECES, st.sampled_from(["", "\n", " ", ": "])), max_size=30), st.booleans())
def test_no_text_makes_the_reader_fall(pieces: list[tuple[str, str]], fenced: bool) -> None:
    text = "".join(piece + glue for piece, glue in pieces)
    record = read_item(f"---\n{text}\n---\n{text}".encode() if fenced else text.encode(), "a.md", "xzf", OPTIONS)
    assert record.item is not None or record.findings
    for finding in record.findings:
        assert finding.message
        assert finding.hint
        assert (finding.line == 0) == (finding.column == 0)


def test_a_broken_file_changes_nothing_in_the_pages_of_the_others(tmp_path: Path) -> None:
    alone = tree(build_files(tmp_path / "a", GOOD).output)
    beside = tree(
        build_files(tmp_path / "b", {**GOOD, ITEMS + "a.md": b"\xff", ITEMS + "b.md": front(1, "zzz: 1")}).output
    )
    assert alone == beside


LONG = 40_000
SLOW = {
    "a word far from another": "a" + " " * LONG + "b",
    "a key far from its colon": "---\n标题" + " " * LONG + "甲\n---\n",
    "a key of blanks in a list": "---\n标题: 甲\n附件:\n  - a" + " \t" * LONG + "b：丙\n---\n",
    "colons": "---\n" + "a：" * LONG + "\n---\n",
    "equal headings": front(1, body="# 第一条\n\n" * 8000),
    "brackets": front(1, body="[" * 20_000),
    "brackets and a link": front(1, body="[" * 20_000 + "](b c.pdf)"),
    "footnotes that nothing refers to": front(1, body="".join(f"[^{n}]: 甲\n\n" for n in range(20_000))),
    "secrets": front(1, body="秘" + "密 " * LONG + "秘密" + " *" * LONG),
    "blanks after a star": front(1, body=("秘密*" + " " * 2000) * 20),
}


@pytest.mark.parametrize("text", SLOW.values(), ids=SLOW)
def test_no_text_takes_long_to_read(text: str) -> None:
    begin = time.process_time()
    read_item(text.encode(), ITEMS + "a.md", "xzf", OPTIONS)
    assert time.process_time() - begin < 2.5
