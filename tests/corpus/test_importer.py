"""The importer's own rules, on texts of the test."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path, PurePosixPath

import pytest

from tests.corpus import laws, organs, state_council, visible
from tests.corpus.importer import import_corpus


def law(name: str, header: list[str], body: str = "第一条 一。", title: str = "某条例") -> laws.Law:
    return laws.Law(PurePosixPath(name), title, header, body)


def test_a_law_keeps_its_dates_and_text_and_loses_title_and_end_of_info(tmp_path: Path) -> None:
    text = "# 民法典\n\n# 总则\n\n2020年5月28日 通过\n\n<!-- INFO END -->\n\n## 第一章\n\n<某>的\n"
    (tmp_path / "总则.md").write_text(text, encoding="utf-8")
    read = laws.Law.read(tmp_path, PurePosixPath("总则.md"))
    assert read.title == "民法典 总则"
    assert read.header == ["2020年5月28日 通过"]
    assert [line for line in read.body.split("\n") if line] == [
        "2020年5月28日 通过",
        "## 第一章",
        "<某>的",
    ]


def test_the_days_of_a_regulation_come_from_name_header_and_last_article() -> None:
    header = ["2012年2月15日 国务院第192次常务会议通过", "2012年2月23日 国务院令第614号公布"]
    days = laws.days_of(law("a(2012-02-23).md", header, "第九条 本条例自2012年4月1日起施行。"))
    day = date(2012, 2, 23)
    assert days == laws.Days(day, formed=day, promulgated=day, effective=date(2012, 4, 1))


def test_a_revision_the_header_does_not_tell_of_gives_no_formed_and_no_effective_day() -> None:
    header = ["2001年4月21日 国务院令第303号公布"]
    days = laws.days_of(law("a(2011-01-08).md", header, "本规定自公布之日起施行。"))
    assert days == laws.Days(date(2011, 1, 8))


def test_a_header_later_than_the_file_name_wins() -> None:
    header = ["2021年3月24日 某会第一次会议修正"]
    assert laws.days_of(law("a(2015-12-03).md", header)).published == date(2021, 3, 24)


def test_a_law_without_a_day_of_its_own_is_marked_as_assumed() -> None:
    days = laws.days_of(law("a.md", [], "本条例自1995年5月1日起施行。"))
    assert (days.published, days.effective, days.assumed) == (
        date(1995, 5, 1),
        date(1995, 5, 1),
        True,
    )


@pytest.mark.parametrize(
    ("header", "number"),
    [
        (["2012年2月23日 中华人民共和国国务院令第614号公布"], "中华人民共和国国务院令第614号"),
        (["2003年8月18日 药监局、海关总署第4号令公布"], "药监局、海关总署令第4号"),
        (["2010年5月4日 某市第十一届人大公告第31号公布"], "某市第十一届人大公告第31号"),
        (["2010年5月4日 某会议通过"], None),
    ],
)
def test_the_number_of_an_order_is_read_as_it_is_typed(header: list[str], number: str | None) -> None:
    assert laws.doc_number(law("a.md", header)) == number


def test_a_number_on_a_line_of_its_own_gets_the_brackets_of_the_standard() -> None:
    assert laws.doc_number(law("a.md", [], "劳社部发[2008]3号\n\n各省")) == "劳社部发〔2008〕3号"


def test_a_later_text_of_one_law_is_a_version_and_a_new_law_of_the_same_name_is_none() -> None:
    old = law("a(2010-01-01).md", ["2010年1月1日 通过"])
    revised = law("a(2015-01-01).md", ["2010年1月1日 通过", "2015年1月1日 修订"])
    remade = law("a(2016-01-01).md", ["2016年1月1日 通过"])
    assert laws.is_version_of(revised, old)
    assert not laws.is_version_of(remade, old)
    assert not laws.is_version_of(old, revised)


def test_a_regional_regulation_belongs_to_who_adopted_it() -> None:
    zhejiang = organs.provinces()["浙江"]
    adopted = ["2013年11月22日 浙江省第十二届人民代表大会常务委员会第六次会议通过"]
    assert zhejiang.unit_of("温州市民间融资管理条例", adopted) == "zhejiang-rd"
    assert zhejiang.unit_of("温州市某条例", ["2013年1月1日 某会批准"]) == "wenzhou-rd"
    assert zhejiang.unit_of("某条例", []) == "zhejiang-rd"


def test_every_unit_has_a_code_with_a_right_check_digit_and_the_general_office_its_own() -> None:
    codes = {organ.id: organ.code for organ in organs.organs()}
    assert codes[organs.GENERAL_OFFICE] == "000014349"
    assert len(set(codes.values())) == len(codes)
    assert all(organs.check_digit(code[:8]) == code[8] for code in codes.values())


@pytest.mark.parametrize(
    ("plain", "markdown"),
    [
        ("9. 感染率", "9\\. 感染率"),
        ("1.门诊", "1.门诊"),
        ("    四个空格", "四个空格"),
        ("\u3000\u3000段首", "\u3000\u3000段首"),
        ("- 项", "\\- 项"),
        ("# 号", "\\# 号"),
        ("a*b_c `d` <e> [f] &sp; \\", "a\\*b\\_c \\`d\\` \\<e> \\[f\\] \\&sp; \\\\"),
        ("一\n\n二\n三", "一\n\n二\n\n三"),
    ],
)
def test_plain_lines_become_markdown_that_shows_them_as_typed(plain: str, markdown: str) -> None:
    assert state_council.to_markdown(plain) == markdown


@pytest.mark.parametrize(
    ("title", "opening", "sent"),
    [
        ("关于印发《甲》的通知", "《甲》（以下简称《方案》）已经同意，现印发给你们。", ["甲"]),
        (
            "关于印发两个规定的通知",
            "某部拟定的《甲》和《乙》已经同意，现印发给你们。",
            ["甲", "乙"],
        ),
        (
            "转发民政部关于甲的通知",
            "民政部《关于甲的意见》，现转发给你们。",
            ["民政部关于甲的意见"],
        ),
        ("关于甲的通知", "根据《乙》，现印发给你们。", []),
    ],
)
def test_a_notice_names_what_it_sends_out(title: str, opening: str, sent: list[str]) -> None:
    assert [found["title"] for found in state_council.forwarded(title, opening)] == sent


def test_what_markdown_shows_is_free_of_its_syntax_and_nothing_else() -> None:
    table = "<!-- TABLE -->\n| 甲 |乙 |\n|---|---|\n| <丙> |40*4 |"
    text = f"## 第一章\u3000总则\n\n## \n\n{table}\n\n1. 丁[1]"
    assert visible.of_markdown(text) == "第一章总则甲乙<丙>40*41.丁[1]"


def test_what_a_page_shows_leaves_out_scripts_titles_and_hidden_parts() -> None:
    page = (
        "<title>t</title><p>甲&lt;乙<br>丙</p><script>x</script><a aria-hidden='true'>#<b>y</b></a><img src=a>丁\u200b"
    )
    assert visible.of_page(page) == "甲<乙丙丁"


def small_corpus(folder: Path) -> Path:
    place = folder / "laws" / "行政法规"
    place.mkdir(parents=True)
    end = "<!-- INFO END -->\n\n第一条 本条例自2020年1月1日起施行。\n"
    text = f"# 某条例\n\n2019年12月1日 国务院令第1号公布\n\n{end}"
    (place / "某条例(2019-12-01).md").write_text(text, encoding="utf-8")
    (place / "旧条例.md").write_text(f"# 旧条例\n\n{end}", encoding="utf-8")
    (place / "_index.md").write_text("---\n---\n", encoding="utf-8")
    record = {
        "索引号": "000014349/2018-00001",
        "标题": "国务院关于某事的批复",
        "发文机关": "国务院、中央军委",
        "发文字号": "国函〔2018〕1号",
        "主题分类": "国防\\国防建设",
        "成文日期": "2018年01月02日",
        "发布日期": "2018年01月12日",
        "正文": "某省人民政府：\n同意。",
    }
    (folder / "state-council").mkdir()
    target = folder / "state-council" / "policies.json"
    target.write_text(json.dumps([record], ensure_ascii=False), encoding="utf-8")
    return folder


def test_a_corpus_becomes_a_site_with_codes_by_unit_and_year(tmp_path: Path) -> None:
    report = import_corpus(small_corpus(tmp_path / "corpus"), tmp_path / "site")
    assert report.skipped == {"laws/行政法规/_index.md": laws.NO_LAW["_index.md"]}
    by_title = {item.title: item for item in report.items}
    assert by_title["国务院关于某事的批复"].code == "000014349/2018-00001"
    assert by_title["某条例"].code[9:] == "/2019-00001"
    assert by_title["旧条例"].code[9:] == "/2020-00001"
    assert by_title["旧条例"].assumed
    assert by_title["某条例"].visible.endswith("第一条本条例自2020年1月1日起施行。")


def test_front_matter_holds_one_line_a_value_and_no_anchors(tmp_path: Path) -> None:
    report = import_corpus(small_corpus(tmp_path / "corpus"), tmp_path / "site")
    texts = {item.title: (tmp_path / "site" / item.path).read_text(encoding="utf-8") for item in report.items}
    front = texts["旧条例"].split("---\n")[1]
    assert "date: 2020-01-01\neffective: 2020-01-01\n" in front
    assert "主题分类: 国防/国防建设\n" in texts["国务院关于某事的批复"]
    assert "发文机关:\n- 国务院\n- 中央军委\n" in texts["国务院关于某事的批复"]


def test_an_import_twice_into_one_folder_is_refused(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path / "corpus")
    import_corpus(corpus, tmp_path / "site")
    with pytest.raises(FileExistsError):
        import_corpus(corpus, tmp_path / "site")
