"""Index the benchmark's sites and search them: what it costs, what goes over the wire, what is found.

`python -m benchmarks.search --sites FOLDER [--sizes 1000,10000] [--today YYYY-MM-DD] [--corpus FOLDER]`

FOLDER holds the sites that `python -m benchmarks.build` generates. Beside ours stands Pagefind on the same pages, where
it is installed and memory allows. Writes `benchmarks/results/search.md` and `.json`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks import pagefind
from benchmarks.wire import measured_in_browser
from gongkai_ssg.diagnostics import Findings
from gongkai_ssg.reading.sitefiles import read_config, read_site
from gongkai_ssg.search import analysis
from gongkai_ssg.search.changes import mended_files
from gongkai_ssg.search.documents import File, stamp_of
from gongkai_ssg.search.entry import ITEM_END, Entry, pack
from gongkai_ssg.search.index import index_file, tier_files
from gongkai_ssg.search.layout import layout_of
from gongkai_ssg.search.site import index_files, read_entries, write_page
from gongkai_ssg.search.tiers import Tier, day_number, tiers

_HERE = Path(__file__).resolve().parent
_ENGINE = _HERE.parent / "gongkai_ssg" / "search" / "engine.js"
QUERIES = (_HERE / "queries.txt").read_text(encoding="utf-8").split()
_SUBSTRINGS = 1000

_SCRIPT = """
const engineOf = require(process.argv[1]), output = process.argv[2];
const chunks = [];
process.stdin.on("data", (chunk) => chunks.push(chunk)).on("end", async () => {
  const engine = await engineOf.open(output), found = [];
  for (const query of JSON.parse(Buffer.concat(chunks).toString())) {
    const codes = [];
    let first = null;
    for (let page = 1; ; page++) {
      const one = await engine.search(query, { page, pageSize: 1000, facets: [] });
      first = first || one;
      codes.push(...one.hits.map((hit) => hit.code));
      if (one.hits.length < 1000) break;
    }
    found.push({ relaxed: first.relaxed, codes });
  }
  process.stdout.write(JSON.stringify(found));
});
"""


@dataclass(frozen=True)
class Texts:
    """The folded texts of items, for saying what should be found.

    :param texts: of each item a string of units, fields apart, in which a phrase can be looked for.
    """

    codes: list[str]
    texts: list[str]

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Texts:
        """The units of each field of each item."""
        texts = []
        for entry in entries:
            text = entry.text.decode("utf-16-le").removesuffix(ITEM_END).replace("\x1e", "\x1d")
            texts.append("\x02".join("\x01".join(("", *analysis.units(field), "")) for field in text.split("\x1d")))
        return cls([entry.code for entry in entries], texts)

    def holding(self, units: Sequence[str]) -> set[str]:
        """The items in which units stand one after another."""
        wanted = "\x01".join(("", *units, ""))
        return {code for code, text in zip(self.codes, self.texts, strict=True) if wanted in text}

    def substrings(self, count: int) -> Iterator[list[str]]:
        """Random runs of 2 to 12 units of titles and bodies."""
        chance = random.Random(7)
        while count:
            fields = chance.choice(self.texts).split("\x02")
            field = (fields[0] if chance.random() < 0.25 else fields[-1]).split("\x01")[1:-1]
            length = chance.randrange(2, 13)
            if len(field) >= length:
                start = chance.randrange(len(field) - length + 1)
                count -= 1
                yield field[start : start + length]


def searched(output: Path, queries: Sequence[str]) -> list[dict[str, Any]]:
    """All codes that the engine finds for each query, in Node."""
    done = subprocess.run(
        ["node", "-e", _SCRIPT, str(_ENGINE), str(output)],
        input=json.dumps(queries).encode(),
        capture_output=True,
        check=True,
    )
    result: list[dict[str, Any]] = json.loads(done.stdout)
    return result


def typed(units: Sequence[str]) -> str:
    """Units as a person would type them: runs of one kind need something between them."""
    text = ""
    for unit in units:
        touching = text and text[-1].isascii() and unit[0].isascii() and text[-1].isdigit() == unit[0].isdigit()
        text += (" " if touching else "") + unit
    return text


def quality(entries: Sequence[Entry], output: Path) -> dict[str, float]:
    """Recall of random substrings, precision of what is found without loosening."""
    texts = Texts.of(entries)
    found = {}
    substrings = list(texts.substrings(_SUBSTRINGS if len(entries) <= 20_000 else 200))
    for name, queries, wanted in (
        ("queries", QUERIES, [analysis.units(query) for query in QUERIES]),
        ("quoted", [f'"{typed(units)}"' for units in substrings], substrings),
    ):
        right = total = missed = 0
        shares = []
        for answer, units in zip(searched(output, queries), wanted, strict=True):
            should, got = texts.holding(units), set(answer["codes"]) if not answer["relaxed"] else set()
            missed += bool(should - got) and len(units) > 1
            right += len(should & got)
            total += len(got)
            shares += [len(should & got) / len(got)] if got else []
        found[f"{name} recall"] = 1 - missed / len(queries)
        found[f"{name} precision, pooled"] = right / max(1, total)
        found[f"{name} precision, mean"] = sum(shares) / max(1, len(shares))
    return found


def measured(site: Path, today: date, work: Path) -> dict[str, dict[str, Any]]:
    """Everything about one site, in a column for each engine."""
    configured = read_config(site / "config.yaml", Findings(), None)
    files = read_site(*configured, Findings()) if configured else None
    if configured is None or files is None:
        raise SystemExit(f"{site} is no site")
    entries = read_entries(files, today)
    output = work / "output"
    start = time.process_time()
    made = dict(index_files(entries, files, today))
    cost = time.process_time() - start
    for name, data in made.items():
        (output / "search" / name).parent.mkdir(parents=True, exist_ok=True)
        (output / "search" / name).write_bytes(data)
    write_page(site / "config.yaml", output, today)
    ours = {
        "items": len(entries), "index, CPU seconds": cost, "files": len(made),
        "gzip, MB": sum(len(gzip.compress(data, 6)) for data in made.values()) / 1e6,
        **measured_in_browser(output, QUERIES), **changes(entries, made, today), **quality(entries, output),
    }  # fmt: skip
    columns = {f"{len(entries):,} items": ours}
    why = pagefind.why_not(len(entries))
    if why:
        print(f"without Pagefind at {len(entries):,}: {why}")
    else:
        columns[f"Pagefind, {len(entries):,}"] = beside(site, today, work)
    return columns


def beside(site: Path, today: date, work: Path) -> dict[str, Any]:
    """Pagefind over the pages that we build."""
    copy, output = Path(shutil.copytree(site, work / "site")), work / "pages"
    command = [sys.executable, "-m", "gongkai_ssg", "build", "--config", str(copy / "config.yaml"), "--output"]
    subprocess.run([*command, str(output), "--today", today.isoformat()], check=False, capture_output=True)
    pages = len(list(output.glob("items/**/*.html")))
    cost = pagefind.index(output)
    found = {"items": pages, "index, CPU seconds": cost["cpu"], "index, seconds": cost["wall"]}
    found |= {name: cost[name] for name in ("memory, MB", "files", "gzip, MB")}
    return found | measured_in_browser(output, QUERIES, "pagefind.html")


def changes(entries: Sequence[Entry], made: dict[str, bytes], today: date) -> dict[str, float]:
    """What a new item of today changes, and an edit of one sentence in the middle of the oldest tier."""
    ordered = sorted(entries, key=lambda entry: entry.place)
    counts: dict[int, int] = {}
    for entry in ordered:
        counts[entry.day] = counts.get(entry.day, 0) + 1
    tier = tiers(day_number(today), counts)[0]
    inside = [entry for entry in ordered if tier.first <= entry.day < tier.end]
    number = len(inside) // 2 | 1  # none of the sample
    before = inside[number].text
    after = (
        before.decode("utf-16-le").removesuffix(ITEM_END)
        + "请有关群众于本月底前到政务服务大厅办理换领手续。"
        + ITEM_END
    )
    start = time.process_time()
    layout = layout_of(tier, [inside[each].text for each in tier.sample])
    mended = dict(mended_files(tier, layout, {number: (before, after.encode("utf-16-le"))}, made.__getitem__))
    seconds = time.process_time() - start
    new = Entry(
        "new/1", day_number(today), "", "", "", "", "", "", "新的通知", "", pack("新的通知", [], [], "", "全文")
    )
    counts[new.day] = counts.get(new.day, 0) + 1
    again = tiers(day_number(today), counts)
    changed = {}
    for each in again:
        if each.end > new.day:
            held = sorted(
                (entry for entry in (*ordered, new) if each.first <= entry.day), key=lambda entry: entry.place
            )
            changed = dict(tier_files(each, held))
            changed |= [index_of(each, held)]
    differ = {name for name, data in changed.items() if made.get(name) != data}
    gone = {name for name in made if name.startswith(f"{again[-1].name}/") and name not in changed}
    return {
        "edit, files": len(mended), "edit, bytes": sum(map(len, mended.values())), "edit, seconds": seconds,
        "new item, files": len(differ | gone),
    }  # fmt: skip


def index_of(tier: Tier, entries: Sequence[Entry]) -> File:
    """The index's first file where there is but one tier."""
    layout = layout_of(tier, [entries[number].text for number in tier.sample])
    return index_file([(tier, stamp_of((entry.code for entry in entries), layout), layout)])


def retrieval(corpus: Path) -> dict[str, float]:
    """MRR@10 of the retrieval sets, with the engine as it ships."""
    found = {}
    for name in ("ncpolicies", "cmrc2018"):
        folder = corpus / "ir" / name
        rows = [json.loads(line) for line in (folder / "corpus.jsonl").read_text("utf-8").splitlines()]
        entries = []
        for row in rows:
            title = row.get("title") or row.get("title_guess") or ""
            code = str(row.get("id") or row["docid"])
            entries.append(Entry(code, 0, "", "", "", "", "", "", title, "", pack(title, [], [], "", row["text"])))
        entries.sort(key=lambda entry: entry.place)
        queries = dict(line.split("\t") for line in (folder / "queries.tsv").read_text("utf-8").splitlines())
        gold = {line.split()[0]: line.split()[2] for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()}
        with tempfile.TemporaryDirectory() as output:
            (tier,) = tiers(20_000, {0: len(entries)})
            for address, data in (*tier_files(tier, entries), index_of(tier, entries)):
                target = Path(output) / "search" / address
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
            ranks = []
            for query, answer in zip(queries, searched(Path(output), list(queries.values())), strict=True):
                top = answer["codes"][:10]
                ranks.append(1 / (top.index(gold[query]) + 1) if gold[query] in top else 0.0)
        found[f"{name} MRR@10"] = sum(ranks) / len(ranks)
    return found


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=Path, required=True)
    parser.add_argument("--sizes", default="1000,10000")
    parser.add_argument("--today", type=date.fromisoformat, default=date(2026, 1, 1))
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--work", type=Path, help="where outputs are put for the time")
    chosen = parser.parse_args()
    columns: dict[str, dict[str, Any]] = {}
    for size in chosen.sizes.split(","):
        with tempfile.TemporaryDirectory(dir=chosen.work) as work:
            columns |= measured(chosen.sites / size, chosen.today, Path(work))
    rows = list(dict.fromkeys(row for column in columns.values() for row in column))
    lines = ["# Search", "", f"| measure | {' | '.join(columns)} |", "|---|" + "---|" * len(columns)]
    for row in rows:
        cells = (f"{column[row]:,.4g}" if row in column else "" for column in columns.values())
        lines.append(f"| {row} | {' | '.join(cells)} |")
    found = retrieval(chosen.corpus) if chosen.corpus else {}
    lines += ["", *(f"- {name}: {value:.4f}" for name, value in found.items())]
    results = _HERE / "results"
    results.mkdir(exist_ok=True)
    (results / "search.md").write_text("\n".join(lines) + "\n", "utf-8")
    (results / "search.json").write_text(json.dumps({"columns": columns, "retrieval": found}, indent=1) + "\n", "utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
