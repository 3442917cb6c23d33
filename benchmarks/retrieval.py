"""Questions whose answer is known: where it stands among what the shipped engine finds on a site of their documents."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks import peers
from benchmarks.build import BenchmarkError, tail
from benchmarks.engine import searched
from benchmarks.generate import generate
from benchmarks.measure import run
from benchmarks.texts import Texts
from gongkai_ssg.search.analysis import units

SETS = ("ncpolicies", "cmrc2018")
TOP = 10
_CODES = "code_pattern: '^[0-9A-Za-z._-]+$'\n"
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_UNTITLED = "无题"

Documents = Mapping[str, tuple[str, str]]
"""Title and text by code."""


def retrieval(corpus: Path) -> dict[str, float]:
    """The mean reciprocal rank of the right document among the first ten, for each set.

    :param corpus: holds `ir/<set>/` with `corpus.jsonl`, `queries.tsv` and `qrels.tsv`.
    :raises BenchmarkError: if a document is not published as it is.
    """
    found = {}
    for name in SETS:
        folder = corpus / "ir" / name
        questions = dict(line.split("\t") for line in _lines(folder / "queries.tsv"))
        right = {line.split()[0]: line.split()[2] for line in _lines(folder / "qrels.tsv")}
        with tempfile.TemporaryDirectory() as work:
            output = built(Path(work), documents(folder / "corpus.jsonl"))
            answers = searched(output, list(questions.values()), TOP)
            ranks = [_rank(answer.codes, right[key]) for key, answer in zip(questions, answers, strict=True)]
        found[f"{name} MRR@{TOP}"] = sum(ranks) / len(ranks)
    return found


def documents(path: Path) -> dict[str, tuple[str, str]]:
    """The documents of a set."""
    rows = map(json.loads, _lines(path))
    return {str(row.get("id") or row["docid"]): (row.get("title") or row.get("title_guess") or _UNTITLED, row["text"]) for row in rows}  # fmt: skip


def built(work: Path, held: Documents) -> Path:
    """The output of a site whose items are these documents, all of one day.

    :raises BenchmarkError: if not each of them is published, with its own words and no others.
    """
    site, log, result = work / "site", work / "build.log", work / "result.json"
    generate(site, 0)
    with (site / "config.yaml").open("a", encoding="utf-8") as config:
        config.write(_CODES)
    folder = site / "content/items/zf"
    folder.mkdir()
    for number, (code, (title, text)) in enumerate(held.items()):
        front = f"title: {json.dumps(_printable(title), ensure_ascii=False)}\ncode: {code}\ncategory: qtwj\n"
        item = f"---\n{front}date: 2024-01-01\nformed: 2024-01-01\n---\n\n{as_markdown(text)}\n"
        (folder / f"{number:05d}.md").write_text(item, encoding="utf-8", newline="\n")
    words = [
        sys.executable,
        "-m",
        "gongkai_ssg",
        "build",
        "--config",
        str(site / "config.yaml"),
        "--today",
        peers.TODAY,
    ]
    cost = run([*words, "--result", str(result)], peers.ROOT, log)
    told = json.loads(result.read_bytes()) if cost.status == 0 else {"items": 0}
    if told["items"] != len(held):
        raise BenchmarkError(f"{told['items']} of {len(held)} documents are published; the end of {log}:\n{tail(log)}")
    output = site / "public"
    texts = {text.code: text for text in Texts.of(site / "config.yaml", output)}
    for code, (title, text) in held.items():
        if (texts[code].fields[0], texts[code].fields[-1]) != (units(title), units(text)):
            raise BenchmarkError(f"the item {code} has other words than the document")
    return output


def as_markdown(text: str) -> str:
    """One paragraph that shows a text as it is."""
    return _PUNCTUATION.sub(r"\\\g<0>", _printable(text))


def _printable(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()


def _rank(codes: list[str], right: str) -> float:
    return 1 / (codes.index(right) + 1) if right in codes else 0.0


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").removesuffix("\n").split("\n")
