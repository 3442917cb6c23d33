"""Every key of an item works in English and in Chinese, nested keys too, and both give the same site."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from gongkai_ssg.model.item import Item
from gongkai_ssg.model.schema import chinese_names, nested_schemas
from gongkai_ssg.reading.typed import ITEM, read_model
from gongkai_ssg.reading.yamltree import parse
from tests.site import CODE, tree
from tests.tables import ITEMS, build_files

MANUAL = """
title 标题 名称, code 索引号, category 类别 组配分类, also 同时归入, kind 信息类型, date 发布日期,
formed 成文日期 生成日期, promulgated 公布日期, updated 更新日期, unit 发布机构, issuers 发文机关,
doc_number 发文字号 文号, summary 内容概述, topic 主题分类, genre 体裁, keywords 关键词 主题词, source 信息来源,
section 责任科室, consult 咨询, audience 服务对象, areas 涉及区域, stage 五公开, channels 公开形式, disclosure 公开方式,
withhold 不公开理由, effective 施行日期, expires 有效期至, repealed 废止日期, status 有效性, status_basis 认定依据,
interprets 解读, replaces 替代, amends 修改, repeals 废止文件, suspends 暂停, prolongs 延长, forwards 转发, corrects 更正,
version_of 修订文本, part_of 附件所属, draft_of 征求意见稿, feedback_on 意见反馈, basis 依据, related 相关, form 解读形式,
attachments 附件, corrections 更正记录, withdrawn 撤回, public_until 公示截止, comments_until 征集截止 意见征集截止, objection 异议渠道, review 审核,
aliases 旧地址, publish_at 定时发布, draft 草稿, legacy_codes 原索引号, allow 豁免, extra 其他
"""
"""The keys that editors were promised."""

REASONS = {"article": "条例第十四条", "reason": "不宜", "review_by": "2026-01-01"}
RELATION = [f"{CODE}/2024-00001", {"title": "外文", "doc_number": "国发〔2020〕1号", "url": "https://a.cn/", "scope": "第一条", "from": "2024-05-01"}]  # fmt: skip
SAMPLES: dict[str, Any] = {
    "title": "题目", "category": "gfxwj", "also": ["zcjd"], "kind": "公示", "date": "2024-03-02 09:30",
    "code": f"{CODE}/2024-90000", "formed": "2024-02-01", "promulgated": "2024-02-02", "updated": "2024-04-01 10:00",
    "unit": "xzf", "issuers": ["czj", "省厅"], "doc_number": "青政〔2024〕5号", "summary": "概述",
    "topic": "综合政务/政务公开", "genre": "通知", "keywords": ["甲", "乙"], "source": "新华社", "section": "一科",
    "consult": {"office": "二科", "phone": "123", "hours": "早"}, "audience": ["企业"], "areas": ["某乡"], "stage": "决策",
    "channels": [{"channel": "公报", "date": "2024-04-01", "url": "https://a.cn/gb"}], "disclosure": "依申请公开",
    "withhold": REASONS, "effective": "自发布之日起30日后", "expires": "5年", "repealed": "2024-12-01", "status": "废止",
    "status_basis": "清理决定", "form": "图解", "attachments": [{"file": "a.pdf", "title": "表", "role": "范本"}],
    "corrections": [{"date": "2024-05-01", "what": "错字", "reason": "笔误"}],
    "withdrawn": {"date": "2024-05-01", "reason": "有误", "basis": "某文"}, "public_until": "2025-12-01", "comments_until": "2025-12-01",
    "objection": "来信", "review": [{"stage": "初审", "by": "某人", "date": "2024-01-01"}], "aliases": ["old/1.html"],
    "publish_at": "2024-06-01", "draft": "是", "legacy_codes": ["旧-1"], "allow": [{"rule": "GK114", "reason": "原文如此"}],
    "extra": {"自由": {"任意": ["值"]}},
    **dict.fromkeys(
        ["interprets", "replaces", "amends", "repeals", "suspends", "prolongs", "forwards", "corrects", "version_of",
         "part_of", "draft_of", "feedback_on", "basis", "related"], RELATION),
}  # fmt: skip
"""A value for every key, with every nested key, English."""

ALONG: dict[str, dict[str, Any]] = {
    "disclosure": {"withhold": REASONS},
    "withhold": {"disclosure": "不予公开"},
    "status": {"status_basis": "某文"},
}


def named(schema: type[BaseModel], values: dict[str, Any], choice: int) -> dict[str, Any]:
    """The same values under the English names (0), or under the first or second Chinese ones."""
    renamed = {}
    for english, value in values.items():
        field = next(each for name, each in schema.model_fields.items() if english in (name, each.alias))
        names = [english, *chinese_names(field)]
        field_name = next(name for name, each in schema.model_fields.items() if each is field)
        inner = nested_schemas(schema).get(field_name)
        renamed[names[min(choice, len(names) - 1)]] = _deep(inner, value, choice) if inner else value
    return renamed


def _deep(schema: type[BaseModel], value: Any, choice: int) -> Any:
    if isinstance(value, list):
        return [_deep(schema, each, choice) for each in value]
    return named(schema, value, choice) if isinstance(value, dict) else value


def front_of(key: str, number: int) -> dict[str, Any]:
    """The English front matter of the item that shows a key."""
    required = {"title": f"第{number}件", "code": f"{CODE}/2024-{number:05}", "category": "gfxwj", "date": "2024-03-01"}
    return {**required, key: SAMPLES[key], **ALONG.get(key, {})}


def lines_of(values: dict[str, Any]) -> str:
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in values.items())


def text_of(values: dict[str, Any], body: bool = True) -> str:
    return f"---\n{lines_of(values)}---\n{'正文。' if body else ''}\n"


def test_the_keys_are_those_of_the_manual() -> None:
    promised = {words.split()[0]: words.split()[1:] for words in MANUAL.replace("\n", " ").split(",")}
    assert {name: chinese_names(field) for name, field in Item.model_fields.items()} == promised


def test_there_is_a_sample_with_every_nested_key_for_every_key() -> None:
    assert set(SAMPLES) == set(Item.model_fields)
    for name, schema in nested_schemas(Item).items():
        value = SAMPLES[name]
        given: set[str] = set().union(*(each for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict)))  # fmt: skip
        assert given >= {field.alias or key for key, field in schema.model_fields.items()} - {"code"}, name


@pytest.mark.parametrize("key", SAMPLES)
def test_a_key_reads_the_same_under_all_its_names(key: str) -> None:
    values = front_of(key, 1)
    models = [read_model(Item, parse(lines_of(named(Item, values, choice))), "x.md", ITEM) for choice in range(3)]
    assert models[0][0] is not None
    assert models[0][1] == []
    assert models[0] == models[1] == models[2]
    assert key in models[0][0].model_fields_set


def test_a_site_in_chinese_keys_and_one_in_english_keys_are_the_same_bytes(tmp_path: Path) -> None:
    trees = []
    for choice in range(3):
        files = {
            f"{ITEMS}{key}.md": text_of(named(Item, front_of(key, number), choice), key not in ("disclosure", "withhold"))
            for number, key in enumerate(SAMPLES, 1)
        }  # fmt: skip
        built = build_files(tmp_path / str(choice), {ITEMS + "a.pdf": "%PDF", **files}, "--drafts")
        assert [each for each in built.findings if each["severity"] == "error"] == []
        trees.append(tree(built.output))
    assert trees[0] == trees[1] == trees[2]
    assert (
        sum(path.startswith(f"items/{CODE}/2024-") and path.endswith(".html") for path in trees[0]) == len(SAMPLES) - 2
    )


@pytest.mark.parametrize("key", [name for name, field in Item.model_fields.items() if chinese_names(field)])
def test_a_key_may_not_stand_twice_whatever_the_languages(key: str) -> None:
    names = [key, *chinese_names(Item.model_fields[key])]
    value = json.dumps(SAMPLES[key], ensure_ascii=False)
    for first, second in [(names[0], names[1]), (names[-1], names[0]), (names[0], names[0])]:
        _, found = read_model(Item, parse(f"{first}: {value}\n{second}: {value}\n"), "x.md", ITEM)
        twice = [(each.line, each.column, each.message) for each in found if each.code == "GK104"]
        assert twice == [(2, 1, f"键“{second}”重复")]
        assert f"前面已经写了“{first}”" in next(each.hint for each in found if each.code == "GK104")
