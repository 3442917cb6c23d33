"""The Markdown body of one benchmark item: openings, sections, tables, lists, signature."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp
from random import Random

from benchmarks import vocabulary
from benchmarks.prose import HEADINGS, OPENERS, POINTS, Writer

SHORTEST, LONGEST = 220, 7600
_LOG_MEDIAN, _LOG_SPREAD = 6.873, 0.72  # log-normal with a mean near 1,300 characters
_NUMERALS = "一二三四五六七八九十"
_LINK_TEXTS = ("县政府网站", "办事指南", "政策原文", "在线办理入口", "有关数据", "往年公告")


def target_length(rng: Random) -> int:
    """How many characters a body should have: 220 to 7,600, the middle half 590 to 1,560."""
    wanted = exp(rng.gauss(_LOG_MEDIAN, _LOG_SPREAD))
    return int(min(max(wanted, SHORTEST), LONGEST))


def body(writer: Writer) -> str:
    """A Markdown body; its length follows `target_length`, give or take a sentence."""
    rng = writer.rng
    wanted = target_length(rng)
    blocks = [writer.any_of(OPENERS)] if rng.random() < 0.35 else []
    closing = _closing(writer) if rng.random() < 0.6 else ""
    inserts = _inserts(writer, wanted)
    length = sum(map(len, inserts)) + sum(map(len, blocks)) + len(closing)
    paragraphs = list(_paragraphs(writer, wanted - length))
    headed = rng.random() < 0.56 and len(paragraphs) > 2
    blocks += _woven(writer, paragraphs, inserts, headed)
    if closing:
        blocks.append(closing)
    return "\n\n".join(blocks) + "\n"


def _inserts(writer: Writer, wanted: int) -> list[str]:
    """Tables and lists that the body holds, more of them in a long one."""
    rng = writer.rng
    made = []
    room = 1 + wanted // 2500
    if rng.random() < 0.25:
        rows = min(3 + wanted // 150, 24)
        made += [_table(writer, rng.randrange(3, rows + 1)) for _ in range(rng.randint(1, room))]
    if rng.random() < 0.34:
        made += [_list(writer, rng.randrange(3, 8)) for _ in range(rng.randint(1, room))]
    return made


def _paragraphs(writer: Writer, wanted: int) -> Iterator[str]:
    """Paragraphs of one to six sentences, at least one, until `wanted` characters are there."""
    rng = writer.rng
    written = 0
    while written == 0 or written < wanted - 20:
        sentences = []
        for _ in range(rng.randrange(1, 7)):
            sentence = writer.sentence()
            sentences.append(sentence)
            written += len(sentence)
            if written >= wanted - 20:
                break
        text = "".join(sentences)
        draw = rng.random()
        if draw < 0.04:
            text = _emphasis(writer) + text
        elif draw < 0.07:
            text += _link(writer)
        yield text


def _woven(writer: Writer, paragraphs: list[str], inserts: list[str], headed: bool) -> Iterator[str]:
    """Paragraphs with `inserts` spread between them, under numbered headings if `headed`."""
    rng = writer.rng
    places = sorted(rng.randrange(len(paragraphs)) for _ in inserts)
    waiting = list(zip(places, inserts, strict=True))
    section = 0
    for at, paragraph in enumerate(paragraphs):
        if headed and section < len(_NUMERALS) and (at == 1 or (at > 1 and rng.random() < 0.4)):
            yield f"## {_NUMERALS[section]}、{writer.any_of(HEADINGS)}"
            section += 1
            if rng.random() < 0.12:
                yield f"### （一）{writer.any_of(HEADINGS)}"
        yield paragraph
        while waiting and waiting[0][0] == at:
            yield waiting.pop(0)[1]


def _emphasis(writer: Writer) -> str:
    """A bold run that CommonMark closes although full-width punctuation follows."""
    return f"**{writer.any_of(HEADINGS)}**："


def _link(writer: Writer) -> str:
    rng = writer.rng
    page = f"{rng.choice(('zwgk', 'bsfw', 'zcwj'))}/{writer.day.year}/{rng.randrange(10000, 99999)}"
    text = rng.choice(_LINK_TEXTS)
    return f"详见[{text}](https://www.example.gov.cn/{page}.html)。"


def _list(writer: Writer, count: int) -> str:
    """An ordered or a bulleted list of `count` points."""
    ordered = writer.rng.random() < 0.55
    points = [writer.any_of(POINTS) for _ in range(count)]
    lines = []
    for number, point in enumerate(points, 1):
        mark = f"{number}." if ordered else "-"
        end = "。" if number == count else "；"
        lines.append(f"{mark} {point}{end}")
    return "\n".join(lines)


def _table(writer: Writer, rows: int) -> str:
    """A table of one of the kinds that disclosure pages carry."""
    header, cells = writer.rng.choice(_TABLES)
    lines = [f"| 序号 | {' | '.join(header)} |"]
    lines.append("|---:|" + "".join("---|" if cell in _TEXT else "---:|" for cell in cells))
    for number in range(1, rows + 1):
        words = [_cell(writer, cell) for cell in cells]
        lines.append(f"| {number} | {' | '.join(words)} |")
    return "\n".join(lines)


_TEXT = frozenset(("project", "dept", "village", "object", "company", "town", "short", "problem"))
_TABLES = (
    (("项目名称", "责任单位", "总投资（万元）", "形象进度"), ("project", "dept", "amount", "pct")),
    (("村（社区）", "类别", "户数", "金额（元）"), ("village", "object", "num", "amount")),
    (("单位名称", "检查事项", "发现问题", "整改情况"), ("company", "object", "problem", "pct")),
    (("乡镇", "指标", "数量", "增长"), ("town", "object", "num", "growth")),
    (("事项", "牵头单位", "完成时限"), ("object", "short", "date")),
    (("供应商", "项目", "成交金额（元）", "公告日期"), ("company", "object", "amount", "date")),
)


def _cell(writer: Writer, kind: str) -> str:
    if kind == "amount":
        return f"{10 ** (writer.rng.random() * 3.5 + 1):.2f}"
    if kind == "date":
        return vocabulary.past_day(writer.rng, writer.day)
    return writer.word(kind)


def _closing(writer: Writer) -> str:
    """What stands below the text: contact, signature, the note on disclosure."""
    lines = []
    rng = writer.rng
    if rng.random() < 0.4:
        lines.append(f"联系单位：{writer.unit.name}，联系电话：{vocabulary.telephone(rng)}。")
    lines.append(writer.unit.name)
    lines.append(vocabulary.chinese_date(writer.day))
    if rng.random() < 0.3:
        lines.append("（此件公开发布）")
    return "\n\n".join(lines)
