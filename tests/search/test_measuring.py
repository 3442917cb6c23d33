"""What the search benchmark holds answers against."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from gongkai_ssg.search.analysis import units
from tests.search.county import make_county
from tests.search.node import needs_node

pytestmark = pytest.mark.skipif(importlib.util.find_spec("psutil") is None, reason="needs what benchmarks need")

ODD = {
    "A_1": ("标题: [甲] “乙” & #丙", "# 1. *强调* <b>不粗</b> &amp; ![图](y.png) [^1] ~~删~~ `码` $x$ 尾。"),
    "B-2": ("- 列表", "1. 一\n2. 二\n\n---\n\n    四格 http://a.b/c\\d\n::: 提示\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |"),
    "0f3": ("无", "\u3000\u3000第一条　为了\u200b做好“防汛”\t工作\x07，<!-- 注 --> 根据《办法》**的**规定。"),
}  # fmt: skip


def test_documents_are_published_with_their_own_words_whatever_marks_they_hold(tmp_path: Path) -> None:
    from benchmarks.retrieval import built

    output = built(tmp_path, ODD)
    assert sorted(path.stem for path in (output / "items").glob("*.html")) == sorted(ODD)


def test_a_document_that_is_not_published_is_told(tmp_path: Path) -> None:
    from benchmarks.build import BenchmarkError
    from benchmarks.retrieval import built

    with pytest.raises(BenchmarkError, match="0 of 1"):
        built(tmp_path, {"A_1": ("秘密★1年", "正文。")})


@needs_node
def test_every_phrase_is_found_where_it_stands_and_a_shortfall_is_seen(tmp_path: Path) -> None:
    from benchmarks.engine import Answer, searched
    from benchmarks.search import shares
    from benchmarks.texts import Texts, typed

    output = make_county(tmp_path)
    texts = Texts.of(tmp_path / "site/config.yaml", output)
    phrases = [*texts.phrases(40), tuple(units("第33次会议")), tuple(units("应急预案")), tuple(units("没有的话"))]
    items, holding = texts.holding(phrases)
    fields = {text.code: ["\0".join(("", *field, "")) for field in text.fields] for text in texts}
    assert items == len(fields) == 66
    for phrase, codes in zip(phrases, holding, strict=True):
        wanted = "\0".join(("", *phrase, ""))
        assert codes == {code for code, each in fields.items() if any(wanted in field for field in each)}
    assert [len(codes) for codes in holding[-3:]] == [1, 2, 0]
    answers = list(searched(output, [f'"{typed(phrase)}"' for phrase in phrases], most=items))
    found = list(zip(answers, holding, strict=True))
    assert shares(found)["recall"] == 1
    assert shares([*found, (Answer(0, []), {"a"})])["recall"] < 1
    assert shares([*found, (Answer(0, ["b"]), set())])["precision, pooled"] < shares(found)["precision, pooled"]
