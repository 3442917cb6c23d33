"""What a body may not do: no markup of its own, no attribute, no address that the site did not judge."""

from __future__ import annotations

import cProfile
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai_ssg.reading.markdown import depth
from gongkai_ssg.reading.markdown.parser import parser
from tests.site import Built, build_text, item
from tests.tables import GOOD, GOOD_PAGE, ITEMS, build_files, front, page, rows
from tests.test_markdown import html, read

PAGE = "items/000001011/2024-00001.html"
RAW = """
-- config.yaml --
site:
  title: 测试县
  url: https://www.example.gov.cn/
raw_html: true
"""
EVIL = '"\'<>&` onclick=alert(1) x="><script>alert(1)</script>'
HARMLESS = {
    "href", "src", "alt", "class", "id", "title", "rel", "loading", "controls", "preload", "aria-label", "role", "tabindex", "scope",
    "colspan", "rowspan", "span", "start", "type", "lang",
}  # fmt: skip


class Elements(HTMLParser):
    """Every element of a fragment with its attributes."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    @property
    def attributes(self) -> set[str]:
        return {name for _, attributes in self.found for name in attributes}

    @property
    def tags(self) -> set[str]:
        return {tag for tag, _ in self.found}


def made(folder: Path, body: str, text: str = "", **keys: str) -> Built:
    return build_text(folder, f"{text}\n-- content/items/xzf/a.md --\n{item(body=body, **keys)}")


def body_of(built: Built, address: str = PAGE) -> str:
    page = built.page(address)
    return page[page.index('<div class="body">') + 18 : page.index("</article>")]


@pytest.mark.parametrize(
    "tag", ["<script>alert(1)</script>", "<b onclick=x>粗</b>", "<div>\n块\n</div>", "<img src=x>", "<!-- x -->"]
)
def test_html_is_text_unless_the_site_turns_it_on(tmp_path: Path, tag: str) -> None:
    built = made(tmp_path, f"甲\n\n{tag}")
    assert Elements(body_of(built)).tags <= {"p", "div"}
    assert re.sub(r"\s", "", tag) in re.sub(r"\s", "", built.text(PAGE))
    assert built.status == 0
    assert built.codes == (["GK302"] if "!--" not in tag else built.codes)


def test_html_that_is_turned_on_is_cleaned(tmp_path: Path) -> None:
    body = """
<script>alert(1)</script><style>p{}</style><iframe src="https://x.example/"></iframe><object data="x"></object>
<p style="color:red" onclick="alert(1)" class="lead">段<u>线</u></p>
<form action="/x"><input name="a"></form><svg onload=alert(1)></svg><math></math><base href="https://x.example/">
<a href="javascript:alert(1)">一</a><a href="JaVaScRiPt&colon;alert(1)">二</a><a href="data:text/html,x">三</a>
<a href="other.html">四</a><a href="//x.example/">五</a><a href="/abs">六</a><a href="\\\\x.example">七</a>
<a href="https://www.gov.cn/">八</a><a href="#甲">九</a><img src="a.png" onerror="alert(1)"><video src="x.mp4"></video>
<meta http-equiv="refresh" content="0;url=https://x.example/"><link rel="stylesheet" href="x.css">

## 甲
"""
    found = Elements(body_of(made(tmp_path, body, RAW)))
    assert found.tags <= {"p", "u", "a", "h2", "div", "br"}
    assert found.attributes <= {"class", "id", "href", "rel", "title"}
    links = [attributes.get("href") for tag, attributes in found.found if tag == "a"]
    assert [link for link in links if link is not None] == ["https://www.gov.cn/", "#甲"]


@pytest.mark.parametrize(
    "body",
    [
        "<div>&#2;0&#4;</div>",
        "<div>&#2;99&#4;</div>",
        '<p title="&#2;0&#4;">段</p>',
        '<p title="&#x2;0&#x4;" class="&#3;0&#4;">段</p>',
    ],
)
def test_no_character_reference_in_raw_html_passes_for_the_sites_own_link_marks(tmp_path: Path, body: str) -> None:
    built = made(tmp_path, f"[链接](b.pdf)\n\n{body}", f"{RAW}\n-- content/items/xzf/b.pdf --\n%PDF")
    assert built.status == 0, built.errors
    found = Elements(body_of(built))
    assert [attributes["href"] for tag, attributes in found.found if tag == "a"] == [
        "../../items/000001011/2024-00001/b.pdf"
    ]
    assert found.attributes <= HARMLESS


@pytest.mark.parametrize(
    "body",
    [
        '[链接](https://www.gov.cn/ "TITLE")',
        '[链接](a.md "TITLE")',
        "[TITLE](a.md)",
        "![TITLE](图.png)",
        '![图](图.png "TITLE")',
        "::: 视频 v.mp4 TITLE\n:::",
        "::: 音频 a.mp3 TITLE\n:::",
        "::: 提示 TITLE\n:::",
        "::: 折叠 TITLE\n:::",
        "::: TITLE\n:::",
        "## TITLE",
        "[^TITLE]\n\n[^TITLE]: 注",
        "正文[^1]\n\n[^1]: TITLE",
        "| TITLE |\n|---|\n| TITLE |",
        "```TITLE\n代码\n```",
        "`TITLE`",
        "<https://x.example/TITLE>",
    ],
)
def test_words_never_become_attributes_or_elements(tmp_path: Path, body: str) -> None:
    beside = "".join(f"\n-- content/items/xzf/{name} --\nx" for name in ("图.png", "v.mp4", "a.mp3"))
    evil = EVIL.replace("`", "") if body.startswith("`") else EVIL
    built = made(tmp_path, body.replace("TITLE", evil.replace('"', '\\"') if '"TITLE"' in body else evil), beside)
    assert built.status == 0, built.errors
    found = Elements(built.page(PAGE)[built.page(PAGE).index("<main") :])
    assert "script" not in found.tags
    assert not {name for name in found.attributes if name.startswith("on") or name == "x"}


@pytest.mark.parametrize(
    "name", ["标题“甲”.pdf", "a'b.pdf", "a&b.pdf", "a#b%20c.pdf", "a b+c.pdf", "a;onclick=x.pdf", "a`b.pdf"]
)
def test_file_names_are_addresses_and_words_never_markup(tmp_path: Path, name: str) -> None:
    typed = name.replace("'", "''")
    text = f"-- content/items/xzf/{name} --\n%PDF"
    built = made(tmp_path, "正文。", text, attachments=f"['{typed}']")
    assert built.codes == []
    assert built.has(f"items/000001011/2024-00001/{name}")
    found = Elements(built.page(PAGE))
    assert not {each for each in found.attributes if each.startswith("on") or each == "x"}
    assert name in built.text(PAGE)


def test_words_of_the_front_matter_never_become_markup(tmp_path: Path) -> None:
    keys = ("title", "summary", "source", "section", "genre", "objection", "status_basis", "doc_number")
    quoted = "'" + EVIL.replace("'", "''") + "'"
    more = {
        "keywords": f"[{quoted}]", "audience": f"[{quoted}]", "areas": f"[{quoted}]", "legacy_codes": f"[{quoted}]",
        "consult": f"{{office: {quoted}, phone: {quoted}}}", "corrections": f"[{{date: 2024-03-02, what: {quoted}}}]",
        "channels": f"[{{channel: {quoted}, url: 'https://x.example/\"onclick=\"x'}}]", "issuers": f"[{quoted}]",
        "related": f"[{{title: {quoted}, url: 'https://x.example/\"onclick=\"x', scope: {quoted}}}]",
        "attachments": f"[{{file: a.pdf, title: {quoted}}}]", "public_until": "2026-01-01", "category": "gfxwj",
    }  # fmt: skip
    built = made(tmp_path, "正文。", "-- content/items/xzf/a.pdf --\nx", **dict.fromkeys(keys, quoted), **more)
    assert built.status == 0, built.findings
    for path in built.output.rglob("*.html"):
        found = Elements(path.read_text(encoding="utf-8"))
        assert "script" not in found.tags or path.name == "search.html", path
        assert not {name for name in found.attributes if name.startswith("on") or name == "x"}, path


REFUSED = [
    "javascript:alert(1)", "JAVASCRIPT:alert(1)", "java&#115;cript:alert(1)", "javascript&colon;alert(1)", "vbscript:x",
    "data:text/html;base64,AAAA", "file:///etc/passwd", "//other.example/x", "/abs/x.pdf", "/items/x.html", "\\\\host\\x.pdf",
    "a\\b.pdf", "C:\\a.pdf", "c:/a.pdf", "ftp://x.example/a.pdf", "blob:x", "about:blank", "http:", "https://", "",
]  # fmt: skip


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_of_a_refused_kind_is_told_and_its_text_stays(address: str) -> None:
    found = read(f"第一行\n\n见[某处](<{address}>)和![图](<{address}>)。")
    codes = [finding.code for finding in found.findings]
    assert codes[:1] in (["GK206"], ["GK207"]), found.html
    assert {finding.line for finding in found.findings} == {3}
    assert "href" not in found.html
    assert "src" not in found.html
    assert "某处" in found.html
    assert "图" in found.html


@settings(max_examples=200, deadline=None)
@given(st.text("javscriptdt:/\\#?%.0aA&;＃：／　 []<>\"'@", max_size=20))
def test_no_address_but_http_mail_telephone_and_anchors_leaves_the_parser(address: str) -> None:
    made = html(f"[文](<{address.replace('<', '').replace('>', '')}>)")
    for link in re.findall(r'href="([^"]*)"', made):
        assert re.match(r"https?://[^/\\]|mailto:|tel:|#", link), link


@pytest.mark.parametrize(
    "address",
    ["mailto:zwgk@example.gov.cn", "tel:0564-5550116", "https://www.gov.cn/zhengce/", "http://www.gov.cn/?a=1&b=2#c"],
)
def test_mail_telephone_and_the_web_are_allowed(address: str) -> None:
    found = read(f"[文]({address})")
    assert found.findings == []
    assert [attributes["href"] for _, attributes in Elements(found.html).found if "href" in attributes] == [address]


@pytest.mark.parametrize("body", ["![图](https://x.example/a.png)", "::: 视频 http://x.example/a.mp4 录像\n:::"])
def test_pictures_and_media_of_other_hosts_are_not_shown(tmp_path: Path, body: str) -> None:
    built = made(tmp_path, body)
    assert built.codes == ["GK207"]
    assert "x.example" not in body_of(built)
    assert Elements(body_of(built)).tags <= {"p", "div", "span"}


def test_an_anchor_that_is_not_on_the_page_is_told() -> None:
    found = read("[上](#有) [下](#没有)\n\n## 有")
    assert [(finding.code, finding.line, finding.column) for finding in found.findings] == [("GK212", 1, 13)]


def test_an_address_with_a_query_is_told() -> None:
    assert [finding.code for finding in read("[文](a.md?x=1)").findings] == ["GK206"]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("\n".join(f"::: 提示\n第{n}段" for n in range(150)), None),
        (">" * 150 + " 深", 8),
        ("\n".join("  " * n + f"- 第{n}层" for n in range(150)), None),
        ("> " * 150 + "深\n\n末段。", 8),
    ],
    ids=["containers", "quotes", "lists", "spaced quotes"],
)
def test_what_is_nested_too_deep_to_show_is_an_error(tmp_path: Path, body: str, line: int | None) -> None:
    built = build_files(tmp_path, {ITEMS + "a.md": front(1, body=body), **GOOD})
    assert built.status == 1
    found = built.finding("GK307")
    assert (found["severity"], line in (None, found["line"])) == ("error", True)
    assert not built.has(page(1))
    assert built.has(GOOD_PAGE)


def test_ninety_nested_quotes_show_every_character(tmp_path: Path) -> None:
    built = build_files(tmp_path, {ITEMS + "a.md": front(1, body=">" * 90 + " 深处\n\n" + "- " * 45 + "末端")})
    assert (built.status, built.codes) == (0, [])
    assert "深处" in built.text(page(1)) and "末端" in built.text(page(1))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("::: 提示\n甲\n\n乙", [(8, "容器“提示”没有用单独一行“:::”结束")]),
        ("甲\n\n::: 折叠 题\n乙\n::", [(10, "容器“折叠”没有用单独一行“:::”结束")]),
        ("::: 提示\n甲\n\n::: 注意\n乙\n:::", [(11, "容器“注意”没有用单独一行“:::”结束")]),
        ("> ::: 提示\n> 甲\n\n乙", [(8, "容器“提示”没有用单独一行“:::”结束")]),
        ("::: 提示\n甲\n:::", []),
        (":::: 提示\n::: 注意\n乙\n:::\n::::", []),
        ("> ::: 提示\n> 甲\n> :::\n\n乙", []),
        ("- 一\n\n  ::: 提示\n  甲\n  :::\n- 二", []),
        ("::: 提示\n:::", []),
    ],
)
def test_a_container_that_is_not_closed_is_told_where_it_was_opened(
    tmp_path: Path, body: str, told: list[tuple[int, str]]
) -> None:
    built = build_files(tmp_path, {ITEMS + "a.md": front(1, body=body)})
    assert [(line, words) for line, _, code, words in rows(built, ITEMS + "a.md") if code == "GK308"] == told
    assert set(built.codes) <= {"GK308"}
    inner = [found["hint"] for found in built.findings if "第 8 行的容器" in found["hint"]]
    assert len(inner) == (1 if "注意\n乙\n:::" in body and told else 0)


FORGED = ["<div>&#&#2;2;7&#&#4;4;</div>", "<p>&#2a&#3b&#4c</p>", "<p>&#x2;0&#x4;</p>", "<p>&#&#&#2;2;2;99&#4;</p>"]


@pytest.mark.parametrize("forged", FORGED)
def test_no_reference_to_a_control_character_passes_for_a_link(tmp_path: Path, forged: str) -> None:
    config = "site:\n  title: 甲县\n  url: https://www.example.gov.cn/\nraw_html: true\n"
    files = {"config.yaml": config, ITEMS + "a.md": front(1, body=f"[甲](a.txt)\n\n{forged}"), ITEMS + "a.txt": "甲"}
    built = build_files(tmp_path, files)
    assert built.status == 0, built.errors
    assert not re.search("[\x00-\x08]", built.page(page(1)))
    assert built.page(page(1)).count('/a.txt">甲</a>') == 1


def calls(body: str) -> int:
    """How many functions are called while a body is parsed."""
    profile = cProfile.Profile()
    md = parser()
    profile.runcall(md.parse, body, {})
    return sum(each.callcount for each in profile.getstats())


@pytest.mark.parametrize("bracket", ["[", "![", "^[", "[^", "[[]", "[a]["])
def test_a_body_of_brackets_costs_no_more_for_each_bracket_than_a_link_may(bracket: str) -> None:
    calls("[link](x.md)")  # what is only done once
    few, many = calls(bracket * 500), calls(bracket * 2000)
    assert few < 500 * 500
    assert many < 2000 * 500


_PIECES = ["[", "[", "]", "](x.md)", "![", "]", "^[", "[^1]", "`", "\\", "*", "附", "\n"]


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from(_PIECES), max_size=24).filter(
        lambda some: sum("[" in each for each in some) < depth.DEEPEST
    )
)
def test_brackets_that_are_not_that_deep_are_read_as_ever(pieces: list[str]) -> None:
    body = "甲" + "".join(pieces) + "\n\n[^1]: 注"
    tokens = parser().parse(body, {})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(depth, "DEEPEST", 1000)
        assert parser().parse(body, {}) == tokens
