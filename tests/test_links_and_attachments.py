"""Links between items, and the files that are published with them: what is named or linked, and nothing else."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.site import Built, build, build_text, item, lay_out, tree

PAGE = "items/000001011/2024-00001.html"
OTHER = "items/000001011/2024-00002.html"
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n"


def site(body: str = "正文。", text: str = "", **keys: str) -> str:
    return f"-- content/items/xzf/甲.md --\n{item(body=body, **keys)}\n{text}"


def other(path: str = "xzf/乙.md", **keys: str) -> str:
    return f"\n-- content/items/{path} --\n{item('00002', title='第二件', **keys)}\n"


def file(name: str, words: str = "%PDF") -> str:
    return f"\n-- content/items/xzf/{name} --\n{words}\n"


def links(built: Built, address: str = PAGE) -> list[str]:
    """The addresses of the body's links."""
    page = built.page(address)
    inner = page[page.index('<div class="body">') : page.index("</article>")]
    return re.findall(r'<a href="([^"]*)"', inner)


def told(built: Built) -> list[tuple[str, int]]:
    return [(finding["code"], finding["line"]) for finding in built.findings]


@pytest.mark.parametrize(
    ("typed", "source"),
    [
        ("000001011/2024-00002", "xzf/乙.md"),
        ("乙.md", "xzf/乙.md"),
        ("./乙.md", "xzf/乙.md"),
        ("%E4%B9%99.md", "xzf/乙.md"),
        ("下/乙.md", "xzf/下/乙.md"),
        ("../czj/乙.md", "czj/乙.md"),
        ("../xzf/../czj/乙.md", "czj/乙.md"),
        ("乙 丙.md", "xzf/乙 丙.md"),
        ("乙%20丙.md", "xzf/乙 丙.md"),
        (unicodedata.normalize("NFD", "é.md"), "xzf/" + unicodedata.normalize("NFC", "é.md")),
        (unicodedata.normalize("NFC", "é.md"), "xzf/" + unicodedata.normalize("NFD", "é.md")),
    ],
)
def test_an_item_is_linked_by_code_or_by_the_path_of_its_source(tmp_path: Path, typed: str, source: str) -> None:
    built = build_text(tmp_path, site(f"见[第二件](<{typed}>)和[其中](<{typed}#第一条>)。", other(source)))
    assert [code for code in built.codes if code != "GK109"] == []
    way = "../../items/000001011/2024-00002.html"
    assert links(built) == [way, f"{way}#%E7%AC%AC%E4%B8%80%E6%9D%A1"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("000001011/2024-00003", "GK202"),
        ("没有.md", "GK202"),
        ("../../../../etc/passwd.md", "GK202"),
        ("../../units.md", "GK202"),
        ("/xzf/乙.md", "GK206"),
        ("乙.md?x", "GK206"),
        ("没有.pdf", "GK208"),
        ("../../units.yaml", "GK206"),
        ("../../../config.yaml", "GK206"),
        ("乙", "GK214"),
        ("页.html", "GK214"),
        ("图.svg", "GK214"),
        ("空.pdf/", "GK208"),
    ],
)
def test_a_link_that_leads_nowhere_is_told_and_leaves_its_text(tmp_path: Path, typed: str, code: str) -> None:
    more = other() + file("页.html", "<p>") + file("图.svg", "<svg/>")
    built = build_text(tmp_path, site(f"第一行。\n\n见[某处](<{typed}>)。", more))
    assert (built.status, told(built)) == (0, [(code, 10)])
    assert links(built) == []
    assert "见某处。" in built.text(PAGE)


@pytest.mark.parametrize(
    "keys",
    [
        {"draft": "true"},
        {"publish_at": "2025-12-01"},
        {"date": "2025-12-01", "formed": "2024-01-01"},
        {"category": "nowhere"},
        {"disclosure": "不予公开", "withhold": "{article: 第十四条, reason: 秘, review_by: 2026-01-01}"},
    ],
)
def test_a_link_to_what_is_not_published_is_told_and_leaves_its_text(tmp_path: Path, keys: dict[str, str]) -> None:
    body = "" if "disclosure" in keys else "正文。"
    second = f"\n-- content/items/xzf/乙.md --\n{item('00002', body=body, title='未发布的标题', **keys)}"
    built = build_text(
        tmp_path, site("见[甲](乙.md)、[乙](000001011/2024-00002)。", second, related='["000001011/2024-00002"]')
    )
    assert built.codes.count("GK211") == 3
    assert links(built) == []
    assert "见甲、乙。" in built.text(PAGE)
    assert not [path for path, data in tree(built.output).items() if "未发布的标题".encode() in data]


def test_links_work_in_standing_pages(tmp_path: Path) -> None:
    guide = "---\ntitle: 指南\ntype: 指南\n---\n\n[甲](../../items/xzf/甲.md)、[乙](000001011/2024-00001)、[制度](zhidu.md#一)、[表](表.pdf)、[无](无.md)。\n"
    text = (
        site()
        + f"\n-- content/guides/site/zn.md --\n{guide}\n-- content/guides/site/zhidu.md --\n---\ntitle: 制度\n---\n\n## 一\n"
    )
    built = build_text(tmp_path, text + "\n-- content/guides/site/表.pdf --\n%PDF\n")
    assert built.codes == ["GK202"]
    assert links(built, "guides/zn.html") == [
        "../items/000001011/2024-00001.html", "../items/000001011/2024-00001.html", "../guides/zhidu.html#%E4%B8%80",
        "../guides/zn/%E8%A1%A8.pdf",
    ]  # fmt: skip
    assert built.has("guides/zn/表.pdf")


def test_only_files_that_are_named_or_linked_are_published(tmp_path: Path) -> None:
    names = (
        "附件.pdf",
        "正文.pdf",
        "图.png",
        "录音.mp3",
        "没有提到.pdf",
        "下/表.xlsx",
        "下/没有提到.xlsx",
        "草稿的.pdf",
        "撤回的.pdf",
    )
    text = site(
        "[正文](正文.pdf) ![图](图.png)\n\n::: 音频 录音.mp3\n:::",
        other(attachments="[草稿的.pdf]", draft="true") + "".join(file(name) for name in names),
        attachments="[附件.pdf, {file: 下/表.xlsx, title: 统计表, role: 正文}]",
    )
    text += f"\n-- content/items/xzf/丙.md --\n{item('00003', attachments='[撤回的.pdf]', withdrawn='{date: 2024-05-01, reason: 误发}')}"
    built = build_text(tmp_path, text)
    assert built.codes == []
    copied = {
        path.removeprefix("items/000001011/")
        for path in tree(built.output)
        if path.startswith("items/") and not path.endswith(".html")
    }
    assert copied == {f"2024-00001/{name}" for name in ("附件.pdf", "正文.pdf", "图.png", "录音.mp3", "下/表.xlsx")}
    assert re.search(
        r'href="\.\./\.\./items/000001011/2024-00001/%E4%B8%8B/%E8%A1%A8\.xlsx">统计表</a>', built.page(PAGE)
    )
    assert "正文，XLSX，6 B" in built.text(PAGE)


def test_two_items_may_share_a_file(tmp_path: Path) -> None:
    built = build_text(tmp_path, site("[表](表.pdf)", other(attachments="[表.pdf]") + file("表.pdf")))
    assert built.codes == []
    assert built.has("items/000001011/2024-00001/表.pdf")
    assert built.has("items/000001011/2024-00002/表.pdf")


@pytest.mark.parametrize(
    ("typed", "code", "for_link"),
    [
        ("没有.pdf", "GK203", "GK208"),
        ("页.html", "GK204", "GK214"),
        ("图.svg", "GK204", "GK214"),
        ("程.js", "GK204", "GK214"),
        ("无类型", "GK204", "GK214"),
        ("甲.md.pdf/../../czj/秘.pdf", "GK205", "GK206"),
        ("../czj/秘.pdf", "GK205", "GK206"),
        ("../../../外.pdf", "GK205", "GK206"),
        ("/外.pdf", "GK205", "GK206"),
        ("下\\表.pdf", "GK205", "GK206"),
        ("con.pdf", "GK210", "GK215"),
        ("aux/表.pdf", "GK210", "GK215"),
        ("a:b.pdf", "GK210", None),
        ("星*.pdf", "GK210", "GK215"),
        ("问？ .pdf", "GK203", "GK208"),
        ("夹 /表.pdf", "GK210", "GK215"),
        ("夹./表.pdf", "GK210", "GK215"),
        ("针.pdf", "GK213", "GK216"),
        ("长" * 100 + ".pdf", "GK210", "GK215"),
    ],
)
def test_an_attachment_that_can_not_be_published_is_told(
    tmp_path: Path, typed: str, code: str, for_link: str | None
) -> None:
    names = (
        "页.html",
        "图.svg",
        "程.js",
        "无类型",
        "../czj/秘.pdf",
        "下/表.pdf",
        "con.pdf",
        "aux/表.pdf",
        "a:b.pdf",
        "星*.pdf",
        "夹 /表.pdf",
        "夹./表.pdf",
    )
    text = "".join(file(name) for name in names) + file("针.pdf", POINTER) + file("../../../外.pdf")
    built = build_text(tmp_path / "named", site(text=text, attachments=f"['{typed}']"))
    assert (built.status, told(built)) == (1, [(code, 6)])
    assert not built.has(PAGE)
    if for_link is not None:
        built = build_text(tmp_path / "linked", site(f"[文](<{typed}>)", text))
        assert (built.status, built.codes) == (0, [for_link])
    assert not [path for path in tree(built.output) if path.startswith("items/") and not path.endswith(".html")]


@pytest.mark.parametrize(
    ("body", "attachments"),
    [
        ("正文。", "[A.pdf, a.pdf]"),
        ("[大](A.pdf)和[小](a.pdf)", "[]"),
        ("[大](A.pdf)", "[a.pdf]"),
        ("[大](B/x.pdf)和[小](b/y.pdf)", "[]"),
    ],
)
def test_no_two_published_names_differ_in_case_alone(tmp_path: Path, body: str, attachments: str) -> None:
    text = "".join(file(name) for name in ("A.pdf", "a.pdf", "B/x.pdf", "b/y.pdf"))
    built = build_text(tmp_path, site(body, text, attachments=attachments))
    assert "GK021" in built.codes
    names = {parent.as_posix() for path in tree(built.output) for parent in (Path(path), *Path(path).parents)}
    assert len({name.casefold() for name in names}) == len(names), sorted(name for name in names if "2024" in name)


def test_the_same_file_under_two_attachment_names_is_told(tmp_path: Path) -> None:
    nfc, nfd = unicodedata.normalize("NFC", "é.pdf"), unicodedata.normalize("NFD", "é.pdf")
    built = build_text(tmp_path, site(text=file(nfc), attachments=f"['{nfc}', '{nfd}']"))
    assert told(built) == [("GK209", 6)]


@pytest.mark.parametrize("what", ["file", "folder", "item", "items", "parent"])
def test_a_symbolic_link_is_never_followed(tmp_path: Path, what: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "秘.pdf").write_text("机要内容", encoding="utf-8")
    (outside / "秘.md").write_text(item("00009", body="机要内容"), encoding="utf-8")
    folder = tmp_path / "site"
    lay_out(folder, site("[文](秘.pdf)和[文](夹/秘.pdf)", attachments="[]"))
    items = folder / "content/items"
    try:
        if what == "file":
            (items / "xzf/秘.pdf").symlink_to(outside / "秘.pdf")
        elif what == "folder":
            (items / "xzf/夹").symlink_to(outside)
        elif what == "item":
            (items / "xzf/秘.md").symlink_to(outside / "秘.md")
        elif what == "items":
            (items / "czj").symlink_to(outside)
        else:
            os.replace(items, folder / "elsewhere")
            (folder / "elsewhere/xzf/秘.md").write_text(item("00009", body="机要内容"), encoding="utf-8")
            items.symlink_to(folder / "elsewhere")
    except OSError as error:  # Windows without the right to make links has nothing to follow either
        assert os.name == "nt", error
        return
    built = build(folder)
    assert built.finding("GK020")["severity"] == "warning"
    assert not [path for path, data in tree(built.output).items() if "机要内容".encode() in data or "秘" in path]


def test_an_attachment_that_is_a_symbolic_link_leaves_its_item_out(tmp_path: Path) -> None:
    lay_out(tmp_path, site(attachments="[表.pdf]"))
    (tmp_path / "content/items/xzf/表.pdf").symlink_to(tmp_path / "config.yaml")
    built = build(tmp_path)
    assert sorted(built.codes) == ["GK020", "GK203"]
    assert not built.has(PAGE)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("名单 (1).xlsx", "名单 (1).xlsx"),
        ("名单(1) 新.xlsx", "名单(1) 新.xlsx"),
        ("<名单 (1).xlsx>", "名单 (1).xlsx"),
        ("名单(1).xlsx", "名单(1).xlsx"),
        ("1#楼.pdf", "1#楼.pdf"),
        ("1%23楼.pdf", "1#楼.pdf"),
        ("v1.2#.pdf", "v1.2#.pdf"),
        ("<1# 楼.pdf>", "1# 楼.pdf"),
        ("a.pdf#page=2", "a.pdf"),
    ],
)
def test_a_file_is_linked_whatever_its_name(tmp_path: Path, typed: str, name: str) -> None:
    built = build_text(tmp_path, site(f"见[附件]({typed})。", file(name)))
    assert (built.status, built.codes) == (0, [])
    assert built.has(f"items/000001011/2024-00001/{name}")
    (link,) = links(built)
    assert unquote(link.partition("#")[0]).endswith(f"2024-00001/{name}")


@pytest.mark.parametrize(
    "typed", ["[x](a.xlsx）", "[x]（a.xlsx）", "[x]（a.xlsx)", "[x](名 单)", "[甲]（https://www.example.gov.cn/）", "[乙]（000001011/2024-00002）"]
)  # fmt: skip
def test_what_was_meant_as_a_link_and_stays_text_is_told(tmp_path: Path, typed: str) -> None:
    built = build_text(tmp_path, site(f"正文。\n\n见附件：{typed}。", file("a.xlsx")))
    found = built.finding("GK309")
    assert built.codes == ["GK309"]
    assert (found["line"], found["column"]) == (10, 5)
    assert typed in found["message"]
    assert typed in built.text(PAGE)


@pytest.mark.parametrize(
    "typed", ["青政[2024]（5号）", "`[x](a b.xlsx）`", "\\[x](a.xlsx）", "[1] (甲 乙)", "数组[1]（见表2）"]
)
def test_brackets_that_are_no_link_are_not_told(tmp_path: Path, typed: str) -> None:
    built = build_text(tmp_path, site(f"见{typed}。"))
    assert built.codes == []


def test_a_refused_link_is_shown_as_typed_where_it_stands(tmp_path: Path) -> None:
    body = "见[甲](javascript:x)和[乙](&#106;avascript:x)、[丙](/附件/名单.pdf)、[丁](/附件/名单.pdf)，又见[戊](?a=1)。"
    built = build_text(tmp_path, site(body))
    line = f"{body}"
    assert [(found["code"], found["column"]) for found in built.findings] == [
        ("GK206", line.index(mark) + 5) for mark in ("[甲]", "[乙]", "[丙]", "[丁]", "[戊]")
    ]
    messages = [found["message"] for found in built.findings]
    for message, typed in zip(
        messages, ["javascript:x", "&#106;avascript:x", "/附件/名单.pdf", "/附件/名单.pdf", "?a=1"], strict=True
    ):
        assert typed in message
    assert "“?”" in built.findings[-1]["hint"]
    assert "空的" not in built.findings[-1]["hint"]


def test_an_address_in_angle_brackets_is_no_html(tmp_path: Path) -> None:
    built = build_text(
        tmp_path, site("见[3](<a b.xlsx>)和[甲]。\n\n[甲]: <c d.xlsx>", file("a b.xlsx") + file("c d.xlsx"))
    )
    assert built.codes == []
