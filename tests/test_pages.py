"""Pages: which exist, and what each must show (政府网站发展指引, 国办发〔2017〕47号)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.rich_site import CODE, RICH
from tests.site import Built, build_text, item, tree

FIRST = f"items/{CODE}/2024-00001.html"


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Built:
    built = build_text(tmp_path_factory.mktemp("rich"), RICH)
    assert built.findings == []
    return built


def metas(page: str) -> dict[str, str]:
    head = page[: page.index("</head>")]
    return dict(re.findall(r'<meta name="([^"]+)" content="([^"]*)">', head))


def crumbs(page: str) -> list[str]:
    inner = re.search(r'<nav class="crumbs[^>]*>(.*?)</nav>', page, re.DOTALL)
    return re.findall(r"<li[^>]*>(?:<a[^>]*>)?([^<]*)", inner[1]) if inner else []


@pytest.mark.parametrize(
    "address",
    [
        "index.html", FIRST, f"items/{CODE}/2024-00001/表 格.pdf", f"items/{CODE}/2024-00001/图.png", "catalog/index.html",
        "catalog/zcwj/index.html", "catalog/zcwj/gfxwj/index.html", "catalog/zcwj/gfxwj/2024/p1.html", "catalog/wu/index.html",
        "units/index.html", "units/czj/index.html", "units/czj/guide.html", "units/czj/catalog/index.html", "units/czj/2024/p1.html",
        "units/czj/catalog/zcwj/qtwj/index.html", "units/empty/index.html", "years/index.html", "years/2024/index.html",
        "years/2024/p1.html", "topics/index.html", "topics/04/index.html", "topics/04/2024/p1.html", "policies/index.html",
        "policies/numbers/index.html", "policies/numbers/2024.html", "policies/repealed/index.html", "guides/index.html",
        "guides/guide.html", "guides/zhidu.html", "guides/czj/banshi.html", "sitemap.html", "data/catalog/2024-03.jsonl",
        "data/catalog/2024-03.csv", "data/counts.json", "data/manifest/00.json", "data/manifest/ff.json", "feed.xml",
        "units/xzf/feed.xml", "sitemap.xml", "robots.txt", "404.html", "_headers", "old/1.html", "old/dir/index.html", "old/gov.html",
        "old/files/index.html",
    ],
)  # fmt: skip
def test_an_address_of_the_product_exists(rich: Built, address: str) -> None:
    assert rich.has(address)


@pytest.mark.parametrize(
    "address",
    [
        "units/empty/catalog/index.html", "units/empty/feed.xml", "units/empty/guide.html", "topics/01/index.html",
        "units/xzf/catalog/zcwj/wu/index.html", "policies/pending/index.html", "policies/expired/index.html", "catalog/wu/2024/p1.html",
        "units/czj/catalog/zcwj/gfxwj/index.html", "years/2025/index.html",
    ],
)  # fmt: skip
def test_a_page_that_would_be_empty_is_not_made(rich: Built, address: str) -> None:
    assert not rich.has(address)


def test_assets_have_hashes_of_their_content_in_their_names(rich: Built) -> None:
    names = [path for path in tree(rich.output) if path.startswith("assets/")]
    assert names
    assert all(re.fullmatch(r"assets/[\w./-]+\.[0-9a-f]{10}\.\w+", name) for name in names)


@pytest.mark.parametrize(
    ("address", "way"),
    [
        ("index.html", []),
        (FIRST, ["首页", "政策文件", "行政规范性文件", "管理办法"]),
        ("catalog/zcwj/gfxwj/index.html", ["首页", "法定主动公开内容", "政策文件", "行政规范性文件"]),
        ("catalog/zcwj/gfxwj/2024/p1.html", ["首页", "法定主动公开内容", "政策文件", "行政规范性文件", "2024年 第1页"]),
        ("units/czj/index.html", ["首页", "发布机构", "测试县财政局"]),
        ("units/czj/guide.html", ["首页", "发布机构", "测试县财政局", "财政局指南"]),
        ("guides/zhidu.html", ["首页", "公开指南与制度", "公开制度"]),
        ("years/2024/index.html", ["首页", "按年份", "2024年公开的信息"]),
    ],
)
def test_breadcrumbs_tell_where_a_page_stands(rich: Built, address: str, way: list[str]) -> None:
    assert crumbs(rich.page(address)) == way


def test_every_page_has_the_tags_of_the_site_and_every_column_page_those_of_its_column(rich: Built) -> None:
    for path in tree(rich.output):
        if not path.endswith(".html") or path.startswith("old/"):
            continue
        found = metas(rich.page(path))
        assert (found["SiteName"], found["SiteDomain"], found["SiteIDCode"]) == (
            "测试县人民政府信息公开", "www.example.gov.cn", "3415990001",
        ), path  # fmt: skip
        assert all(found[name] for name in ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")), path


def test_an_item_page_has_the_tags_of_an_article(rich: Built) -> None:
    found = metas(rich.page(FIRST))
    wanted = {
        "ArticleTitle": "管理办法", "PubDate": "2024-03-01 09:30", "ContentSource": "县司法局", "Keywords": "办法、管理",
        "Description": "概述一句", "Url": f"https://www.example.gov.cn/zfxxgk/{FIRST}", "ColumnName": "行政规范性文件",
    }  # fmt: skip
    assert {name: found.get(name) for name in wanted} == wanted
    others = metas(rich.page(f"items/{CODE}/2024-00002.html"))
    assert (others["PubDate"], others["ContentSource"]) == ("2024-03-02 00:00", "测试县人民政府")


@pytest.mark.parametrize("number", ["00004", "00005"])
def test_what_is_left_of_an_item_has_the_tags_of_an_article_too(rich: Built, number: str) -> None:
    found = metas(rich.page(f"items/{CODE}/2024-{number}.html"))
    assert found["PubDate"] == f"2024-03-{number[-2:]} 00:00"
    assert found["ArticleTitle"] and found["ContentSource"]


def test_the_footer_shows_who_runs_the_site_on_every_page(rich: Built) -> None:
    for path in tree(rich.output):
        if path.endswith(".html") and not path.startswith("old/"):
            words = rich.text(path)
            for part in (
                "测试县人民政府办公室",
                "测试县大数据局",
                "电话 0564-5550116",
                "3415990001",
                "测ICP备1号",
                "测公网安备2号",
                "站点地图",
            ):
                assert part in words, (path, part)
            assert "https://bszs.conac.cn/x" in rich.page(path)
            assert "https://zfwzzc.www.gov.cn/" in rich.page(path)


def test_the_elements_of_an_item_are_shown(rich: Built) -> None:
    words = rich.text(FIRST)
    for label, value in {
        "索引号": f"{CODE}/2024-00001",
        "发文字号": "测政〔2024〕1号",
        "发布日期": "2024-03-01",
        "主题分类": "财政、金融、审计/财政",
    }.items():
        assert f"{label}{value}" in words
    assert "是否有效废止 由“财政一篇”废止" in words
    assert "截至2025年6月1日" in rich.page("today.css")


def test_an_item_leads_to_the_one_before_and_after_in_its_category(rich: Built) -> None:
    page = rich.page(f"items/{CODE}/2024-00005.html")
    assert "pager" not in page
    page = rich.page(f"items/{CODE}/2024-00003.html")
    assert re.search(r'上一条：<a rel="prev" href="[^"]*2024-00005\.html">振兴一篇</a>', page)
    assert re.search(r'下一条：<a rel="next" href="[^"]*2024-00002\.html">解读一篇</a>', page)
    assert "上一条" not in rich.page(f"items/{CODE}/2024-00006.html")


def test_the_404_page_alone_uses_the_path_of_the_site(rich: Built) -> None:
    assert 'href="/zfxxgk/index.html"' in rich.page("404.html")
    for path, data in tree(rich.output).items():
        if path.endswith(".html") and path != "404.html":
            assert b'href="/' not in data, path


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("old/1.html", f"../{FIRST}"), ("old/dir/index.html", f"../../{FIRST}"), ("old/gov.html", "../units/xzf/index.html"),
        ("old/files/index.html", "../../catalog/zcwj/index.html"),
    ],
)  # fmt: skip
def test_an_old_address_leads_to_the_new_one(rich: Built, address: str, target: str) -> None:
    page = rich.page(address)
    assert f'<meta http-equiv="refresh" content="0; url={target}">' in page
    assert f'<a href="{target}">' in page
    assert "noindex" in page


TAKEN = [
    "index.html", "Index.html", "404.html", "sitemap.html", "search.html", "apply.html", "units/xzf/x.html", "catalog/zcwj/index.html",
    "catalog/zcwj/2024/x.html", "policies/x.html", f"items/{CODE}/2024-00002.html", f"items/{CODE}/2024-00002/x.html", "assets/x.html",
    "index.html/", "sitemap.html/x.html", "404.html/x/", "feed.xml/", "robots.txt/", "sitemap.xml/x.html", "_headers/",
    f"items/{CODE}/2024-00002.html/", f"items/{CODE}/2024-00002.html/x.html", "catalog/index.html/x.html", "units/index.html/",
    "data/", "items/", "units/", "catalog/",
]  # fmt: skip


@pytest.mark.parametrize("alias", TAKEN)
def test_an_old_address_that_the_site_needs_itself_is_an_error(tmp_path: Path, alias: str) -> None:
    text = f"-- content/items/xzf/1.md --\n{item(aliases=f'[{alias}]')}\n-- content/items/xzf/2.md --\n{item('00002')}"
    built = build_text(tmp_path, text)
    assert (built.status, built.codes) == (1, ["GK130"]), built.errors
    assert not built.has(FIRST)
    assert built.has(f"items/{CODE}/2024-00002.html")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("old/a.html", "old/A.html"),
        ("old/", "old/index.html"),
        ("old.html", "old.html/x.html"),
        ("a/b.html/", "a/b.html"),
    ],
)
def test_of_two_items_with_one_old_address_the_later_is_left_out(tmp_path: Path, first: str, second: str) -> None:
    text = "\n".join(
        f"-- content/items/xzf/{number}.md --\n{item(f'0000{number}', date=f'2024-03-0{3 - number}', aliases=f'[{alias}]')}"
        for number, alias in ((1, first), (2, second))
    )
    built = build_text(tmp_path, text)
    assert (built.status, built.finding("GK130")["path"]) == (1, "content/items/xzf/1.md"), built.errors


@pytest.mark.parametrize(
    ("unit", "category"), [("index.html", "old/"), ("old/a.html", "OLD/a.html"), ("a?x.html", "old/")]
)
def test_a_clash_of_old_addresses_of_units_and_categories_stops(tmp_path: Path, unit: str, category: str) -> None:
    text = RICH.replace("old/gov.html", unit).replace("old/files/", category)
    built = build_text(tmp_path, text)
    assert "GK019" in built.codes
    assert not built.output.exists()


def test_a_unit_shows_the_name_it_bore_and_leads_to_its_name_now(rich: Built) -> None:
    words = rich.text(f"items/{CODE}/2024-00003.html")
    assert "发布机构测试县财政国资局" in words
    assert "测试县财政国资局现名测试县财政局。" in words
    assert "曾用名：测试县财政国资局（至2024年4月30日）" in rich.text("units/czj/index.html")
    assert "财政国资局" in rich.text("units/czj/2024/p1.html")


def test_a_unit_names_itself_in_its_lists_only_where_it_bore_another_name(tmp_path: Path) -> None:
    units = f"""
- {{id: xzf, name: 测试县人民政府, code: "{CODE}", kind: government}}
- {{id: czj, name: 测试县财政局, code: 00000102X, kind: department, names: [{{name: 测试县财政国资局, to: 2024-04-30}}]}}"""
    items = "".join(
        f"\n-- content/items/czj/{day}.md --\n{item(f'{day:05d}', date=f'2024-0{day}-01')}" for day in (4, 5)
    )
    built = build_text(tmp_path, f"-- content/units.yaml --{units}{items}")
    for address in (
        "units/czj/index.html", "units/czj/2024/p1.html", "units/czj/catalog/zcwj/index.html",
        "units/czj/catalog/zcwj/qtwj/index.html",
    ):  # fmt: skip
        cards = built.page(address).partition('<ul class="cards">')[2].partition("</ul>")[0]
        assert ("测试县财政国资局" in cards, "测试县财政局" in cards) == (True, False), address
    assert "测试县财政局" in built.page("years/2024/p1.html").partition('<ul class="cards">')[2].partition("</ul>")[0]


def test_guides_of_units_stand_by_the_kind_of_unit(rich: Built) -> None:
    for address in ("guides/index.html", "sitemap.html"):
        words = rich.text(address)
        assert "各单位公开指南 政府部门 测试县财政局" in words
        assert "各单位办事指南 政府部门 财政办事 测试县财政局" in words
    assert '<a href="../units/czj/guide.html">测试县财政局</a>' in rich.page("guides/index.html")


def test_years_are_folded_only_where_there_are_several_more(tmp_path: Path) -> None:
    for years, folded in ((6, ""), (7, "2019年至2020年")):
        items = "".join(
            f"\n-- content/items/xzf/{year}.md --\n{item(year=2026 - year)}" for year in range(1, years + 1)
        )
        page = build_text(tmp_path / str(years), items).page("catalog/zcwj/index.html")
        assert "".join(re.findall("<summary>(.*?)</summary>", page)) == folded
        assert f">{2026 - years}年</a>" in page


def test_a_dissolved_unit_keeps_its_pages_and_leads_to_its_successors(rich: Built) -> None:
    assert "2024年8月31日撤销，职责由测试县农业农村局承接" in rich.text("units/xczxj/index.html")
    assert 'href="../../units/nyj/index.html">测试县农业农村局</a>' in rich.page("units/xczxj/index.html")
    assert "承接：测试县乡村振兴局" in rich.text("units/nyj/index.html")
    assert "乡村振兴局" not in rich.text("index.html").partition("近期公开")[2].partition("发布机构")[2]
    assert rich.has("units/xczxj/2024/p1.html")


def test_a_title_with_marks_is_text_everywhere(rich: Built) -> None:
    title = '<b>“引号"与&符号'
    for path in (
        f"items/{CODE}/2024-00006.html",
        "catalog/zcwj/qtwj/index.html",
        "index.html",
        "units/xzf/2024/p1.html",
    ):
        assert title in rich.text(path)
        assert "<b>“" not in rich.page(path)


@pytest.mark.parametrize("name", ["con", "aux", "nul", "com1", "lpt9"])
def test_no_output_name_is_one_that_windows_refuses(tmp_path: Path, name: str) -> None:
    units = RICH.replace("id: empty", f"id: {name}")
    category = RICH.replace("id: wu", f"id: {name}")
    guide = f"{RICH}\n-- content/guides/site/{name}.md --\n---\ntitle: 页\n---\n\n正文。\n"
    for number, text in enumerate((units, category, guide)):
        built = build_text(tmp_path / str(number), text)
        assert built.status == 1, number
        assert not [path for path in tree(built.output) if name in re.split(r"[/.]", path)]


def test_two_standing_pages_never_differ_in_case_alone(tmp_path: Path) -> None:
    page = "---\ntitle: 页\n---\n\n正文。\n"
    text = "".join(f"\n-- content/guides/site/{name}.md --\n{page}" for name in ("about", "About", "Index"))
    built = build_text(tmp_path, text)
    names = list(tree(built.output))
    assert built.status == 1
    assert len({name.casefold() for name in names}) == len(names)
