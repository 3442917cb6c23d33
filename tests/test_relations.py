"""Relations both ways; what remains of withdrawn items and of 公示 whose time is over."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai_ssg.model.item import RELATIONS
from gongkai_ssg.pages.relations import INCOMING, OUTGOING
from tests.site import Built, build, build_text, item, lay_out, tree

CODE = "000001011/2024-"
FIRST, SECOND = f"items/{CODE}00001.html", f"items/{CODE}00002.html"
OWN_SECRETS = (
    "独有正文",
    "独有概述",
    "独有关键词",
    "独有附件名",
    "独有异议",
    "独有电话",
    "独有范围",
    "独有来源",
    "独有图",
    "独有标题二",
    "独有科室",
    "独有旧号",
)


def put(number: str, body: str = "正文。", **keys: str) -> str:
    more = {"title": f"文件{number}", "category": "gfxwj", **keys}
    return f"-- content/items/xzf/{number}.md --\n{item(number, body=body, **more)}\n"


def relations(built: Built, address: str) -> str:
    return built.text(address).partition("相关文件与解读")[2].partition("上一条")[0].partition("下一条")[0]


@pytest.mark.parametrize("kind", RELATIONS)
def test_a_relation_is_shown_at_both_ends(tmp_path: Path, kind: str) -> None:
    built = build_text(tmp_path, put("00001") + put("00002", **{kind: f'["{CODE}00001"]'}))
    assert built.codes == []
    assert f"{OUTGOING[kind]} 文件00001" in relations(built, SECOND)
    assert f"{INCOMING[kind]} 文件00002" in relations(built, FIRST)
    assert f'href="../../{FIRST}"' in built.page(SECOND)
    assert f'href="../../{SECOND}"' in built.page(FIRST)


def test_a_relation_tells_number_scope_and_state_of_the_other_end(tmp_path: Path) -> None:
    text = put("00001", doc_number="测政〔2024〕1号", repealed="2024-06-01") + put(
        "00002", amends=f"[{{code: {CODE}00001, scope: 第三条}}]"
    )
    built = build_text(tmp_path, text)
    assert "修改的文件 文件00001 测政〔2024〕1号 第三条 废止" in relations(built, SECOND)
    assert "修改本文的文件 文件00002 第三条" in relations(built, FIRST)


def test_documents_outside_the_site_are_shown_with_their_address(tmp_path: Path) -> None:
    text = put("00001", basis="[{title: 某条例, doc_number: 令第711号, url: 'https://www.gov.cn/a'}, {title: 某办法}]")
    built = build_text(tmp_path, text)
    assert "依据 某条例 令第711号 某办法" in relations(built, FIRST)
    assert '<a href="https://www.gov.cn/a" rel="noopener">某条例</a>' in built.page(FIRST)


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"draft": "true"}, "GK211"),
        ({"publish_at": "2026-01-01"}, "GK211"),
        ({"category": "nowhere"}, "GK211"),
        (None, "GK200"),
    ],
)
def test_an_end_that_is_not_published_is_told_and_not_shown(
    tmp_path: Path, keys: dict[str, str] | None, code: str
) -> None:
    other = put("00002", related=f'["{CODE}00001"]', **keys) if keys else ""
    built = build_text(tmp_path, put("00001", interprets=f'["{CODE}00002"]') + other)
    found = built.finding(code)
    assert (found["path"], found["severity"]) == ("content/items/xzf/00001.md", "warning")
    assert relations(built, FIRST) == ""
    assert "00002" not in built.page(FIRST)


def test_the_place_of_a_relation_that_leads_nowhere_is_told_with_a_guess(tmp_path: Path) -> None:
    found = build_text(tmp_path, put("00001", related=f'["{CODE}00002", "{CODE}0003"]') + put("00002")).finding("GK200")
    assert (found["line"], found["column"]) == (6, 35)
    assert f"{CODE}0000" in found["message"]


def test_a_relation_to_itself_is_an_error(tmp_path: Path) -> None:
    built = build_text(tmp_path, put("00001", related=f'["{CODE}00001"]'))
    assert (built.status, built.codes) == (1, ["GK201"])


def test_a_code_is_understood_whatever_its_case(tmp_path: Path) -> None:
    text = "-- content/items/czj/1.md --\n" + item(code="00000102X/2024-00001", title="财政文件")
    built = build_text(
        tmp_path, text.replace("000001011/2024-", "") + "\n" + put("00002", related='["00000102x/2024-00001"]')
    )
    assert "财政文件" in relations(built, SECOND), built.findings


def secretive(**keys: str) -> str:
    """An item each of whose keys holds words that stand nowhere else, and files beside it."""
    more = {
        "summary": "独有概述", "keywords": "[独有关键词]", "attachments": "[{file: 独有附件名.pdf, title: 独有标题二}]",
        "objection": "独有异议", "consult": "{phone: 独有电话}", "source": "独有来源", "section": "独有科室", "legacy_codes": "[独有旧号]",
        "related": f"[{{code: {CODE}00002, scope: 独有范围}}]", "doc_number": "测政〔2024〕77号", "topic": "综合政务/政务公开",
        "stage": "结果", **keys,
    }  # fmt: skip
    return put("00001", "# 独有正文\n\n独有正文 ![独有图](独有图.png) [独有正文](独有附件名.pdf)", **more) + "".join(
        f"-- content/items/xzf/{name} --\n独有正文\n" for name in ("独有附件名.pdf", "独有图.png")
    )


def leaks(built: Built, words: tuple[str, ...]) -> set[tuple[str, str]]:
    """Which of the words stand in which file or file name of the output."""
    return {
        (word, path)
        for path, data in tree(built.output).items()
        for word in words
        if word.encode() in data or word in path
    }


def test_the_words_of_an_item_are_in_the_output_before(tmp_path: Path) -> None:
    built = build_text(tmp_path, secretive(public_until="2025-06-01") + put("00002"), today="2025-06-01")
    assert {word for word, _ in leaks(built, OWN_SECRETS)} == set(OWN_SECRETS)


def test_of_a_notice_that_has_ended_only_title_and_period_remain(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, secretive(public_until="2025-06-01") + put("00002"))
    assert build(folder, today="2025-06-01").codes == []
    built = build(folder, today="2025-06-02")
    assert "公示期为2024年3月1日至2025年6月1日，现已结束" in built.text(FIRST)
    assert leaks(built, OWN_SECRETS) == set()
    assert f'href="../../{FIRST}"' in built.page("catalog/zcwj/index.html").replace("../../../", "../../")
    assert not [path for path in tree(built.output) if "独有" in path]


def test_of_a_notice_that_has_ended_the_document_number_is_gone_too(tmp_path: Path) -> None:
    built = build_text(tmp_path, secretive(public_until="2025-06-01"), today="2025-06-02")
    assert leaks(built, ("77号",)) == set()


def test_a_withdrawn_item_leaves_a_page_that_says_so_and_nothing_else(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, secretive() + put("00002"))
    assert build(folder).has(f"items/{CODE}00001/独有附件名.pdf")
    path = folder / "content/items/xzf/00001.md"
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "---\n\n", "withdrawn: {date: 2025-05-01, reason: 数据有误, basis: 某决定}\n---\n\n", 1
        ),
        encoding="utf-8",
    )
    built = build(folder)
    assert built.codes == []
    for words in ("文件00001", "2025年5月1日撤回", "数据有误", "某决定", f"{CODE}00001"):
        assert words in built.text(FIRST)
    assert leaks(built, (*OWN_SECRETS, "77号")) == set()
    named = {path for _, path in leaks(built, (f"{CODE}00001",))}
    manifest = {path for path in named if path.startswith("data/manifest/")}
    assert named - manifest <= {FIRST}
    assert "noindex" in built.page(FIRST)


def test_a_withdrawn_code_is_never_used_again(tmp_path: Path) -> None:
    text = (
        put("00001", withdrawn="{date: 2024-05-01, reason: 误发}")
        + "-- content/items/xzf/新.md --\n"
        + item("00001", date="2024-06-01")
    )
    built = build_text(tmp_path, text)
    assert (built.status, built.finding("GK112")["path"]) == (1, "content/items/xzf/新.md")


def test_private_keys_are_never_written_out(tmp_path: Path) -> None:
    text = put(
        "00001",
        review="[{stage: 初审, by: 独有人名, date: 2024-03-01}]",
        allow="[{rule: GK110, reason: 独有理由}]",
        formed="2023-12-31",
    ) + put(
        "00002",
        "",
        disclosure="依申请公开",
        withhold="{article: 独有条款, reason: 独有秘密, review_by: 2026-01-01}",
        title="独有标题",
    )
    built = build_text(tmp_path, text)
    assert built.status == 0, built.findings
    assert leaks(built, ("独有",)) == set()
