"""Build the benchmark's sites with their search and use it: what it costs, what goes over the wire, what is found.

`python -m benchmarks.search [--sizes 10000,100000] [--runs 3] [--corpus FOLDER] [--out FOLDER] [--jobs N]`

Beside ours stands Pagefind on the same pages, where it is installed and memory allows.
"""

from __future__ import annotations

import argparse
import gzip
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import build, pagefind, peers
from benchmarks.build import BenchmarkError, set_aside
from benchmarks.engine import Answer, searched
from benchmarks.measure import Measure
from benchmarks.peers import PeerError
from benchmarks.place import Place, copied, edited
from benchmarks.program import asked_for, keep, options, say
from benchmarks.results import machine
from benchmarks.retrieval import retrieval
from benchmarks.texts import Texts, typed
from benchmarks.wire import measured_in_browser
from gongkai_ssg.search.analysis import units

_HERE = Path(__file__).resolve().parent
QUERIES = (_HERE / "queries.txt").read_text(encoding="utf-8").split()
_PHRASES = 1000
_SENTENCE = "请有关群众于本月底前到政务服务大厅办理换领手续。"

Column = dict[str, float]
"""What was measured of one engine at one size, by what it is."""


def measured(given: argparse.Namespace, items: int) -> Iterator[tuple[str, Column]]:
    """The columns of one size, each with its name. Raises BenchmarkError."""
    place = copied(given.work, items, given.jobs, search=True)
    plain = replace(place, search=False)
    why = pagefind.why_not(items)
    if why:
        say(f"without Pagefind at {items:,}: {why}")
    hugo = peers.hugo(place.site, given.jobs, given.work / "hugo" / str(items))
    turns = []
    for number in range(1, given.runs + 1):
        theirs = build.measured(hugo, items, number, given.work / f"hugo-{items}-{number}.log")
        turns.append((cold(plain), cold(place), theirs.wall))
        say("{:,} items, run {}: {:.2f} s without search, {:.2f} s with it".format(items, number, *(one.wall for one in turns[-1][:2])))  # fmt: skip
    index: Column = {
        "items": items,
        "cold build with search, seconds": median(own.wall for _, own, _ in turns),
        "Hugo, seconds": median(theirs for *_, theirs in turns),
        "cold build with search over Hugo": median(own.wall / theirs for _, own, theirs in turns),
        "memory, MB": median(own.peak_pss for _, own, _ in turns) / 1e6,
        "index, CPU seconds": median(own.cpu - without.cpu for without, own, _ in turns),
        "index, seconds": median(own.wall - without.wall for without, own, _ in turns),
    }
    made = [path.read_bytes() for path in (place.output / "search").rglob("*.js")]
    index |= {"files": len(made), "gzip, MB": sum(len(gzip.compress(data, 6)) for data in made) / 1e6}
    used = measured_in_browser(place.output, QUERIES)
    say(f"{items:,} items: first queries measured")
    ours = {**index, **used, **changes(place), **quality(place)}
    if why:
        yield f"{items:,} items", ours
    else:
        cold(plain)
        pages = beside(plain)
        together = index["Hugo, seconds"] + pages["index, seconds"]
        ours["cold build with search over Hugo and Pagefind"] = index["cold build with search, seconds"] / together
        yield f"{items:,} items", ours
        yield f"Pagefind, {items:,}", pages
    for path in place.leftovers:
        set_aside(path, place.work / "aside")
    shutil.rmtree(place.work / "aside", ignore_errors=True)


def cold(place: Place) -> Measure:
    """The cost of a build without output and cache."""
    for path in place.leftovers:
        set_aside(path, place.work / "aside")
    return place.build("cold")[0]


def beside(place: Place) -> Column:
    """Pagefind over the pages of a build."""
    pages = len(list(place.output.glob("items/**/*.html")))
    cost = pagefind.index(place.output)
    found = {"items": pages, "index, CPU seconds": cost["cpu"], "index, seconds": cost["wall"]}
    found |= {name: cost[name] for name in ("memory, MB", "files", "gzip, MB")}
    return found | measured_in_browser(place.output, QUERIES, "pagefind.html")


def changes(place: Place) -> Column:
    """What a sentence more in an old item changes, and a new item of the newest day; the site is then as it was."""
    with edited(place.item, lambda text: f"{text}\n{_SENTENCE}\n"):
        edit, touched = place.rebuild("edit")
        of_edit = search_files(place, touched)
        size = sum(path.stat().st_size for path in of_edit if path.is_file())
    place.build("back")
    with place.new_item():
        new, touched = place.rebuild("new")
        of_new = search_files(place, touched)
    place.build("back")
    return {
        "edit, files": len(of_edit), "edit, bytes": size, "build after the edit, seconds": edit.wall,
        "new item, files": len(of_new), "build after the new item, seconds": new.wall,
    }  # fmt: skip


def search_files(place: Place, addresses: Iterable[str]) -> list[Path]:
    """The files of the index among some addresses; a file that is gone is one too."""
    return [place.output / address for address in addresses if address.startswith("search/")]


def quality(place: Place) -> Column:
    """Recall and precision, without loosening, of queries as people type them and of random phrases.

    :raises BenchmarkError: if not all items are published.
    """
    texts = Texts.of(place.config, place.output)
    quoted = texts.phrases(_PHRASES)
    asked = {"queries": [tuple(units(query)) for query in QUERIES], "quoted": quoted}
    items, holding = texts.holding([phrase for phrases in asked.values() for phrase in phrases])
    if items != place.items:
        raise BenchmarkError(f"{items:,} of {place.items:,} items are published")
    say(f"{items:,} items: texts read")
    queries = [*QUERIES, *(f'"{typed(phrase)}"' for phrase in quoted)]
    answers = zip(searched(place.output, queries, most=items), holding, strict=True)
    found: Column = {}
    for name, phrases in asked.items():
        found |= {f"{name} {what}": value for what, value in shares([next(answers) for _ in phrases]).items()}
    if next(answers, None) is not None:
        raise BenchmarkError("more answers than queries")
    say(f"{items:,} items: {len(queries):,} queries answered")
    return found


def shares(answers: Sequence[tuple[Answer, set[str]]]) -> Column:
    """The share of queries that miss nothing, and how much of what they find holds the phrase.

    :param answers: each with the codes of the items that hold the phrase.
    """
    missed = right = total = 0
    single = []
    for answer, should in answers:
        got = set() if answer.relaxed else set(answer.codes)
        missed += bool(should - got)
        right += len(should & got)
        total += len(got)
        single += [len(should & got) / len(got)] if got else []
    return {
        "recall": 1 - missed / len(answers),
        "precision, pooled": right / max(1, total),
        "precision, mean": sum(single) / max(1, len(single)),
    }


def report(record: dict[str, Any]) -> str:
    """The page in Markdown."""
    columns, host = record["columns"], record["machine"]
    lines = [
        "# Search: sizes and times",
        "",
        "Written by `python -m benchmarks.search`; do not edit. What is measured stands in `benchmarks/README.md`.",
        "",
        f"- date: {record['date']}",
        f"- machine: {host['processor']}, {host['cores']} cores, {host['memory_gb']} GB, {host['system']}",
        f"- version: {record['version']}",
        f"- builds: {record['runs']} with search, without it and by Hugo in turn, medians",
        f"- asked: {len(QUERIES)} queries, {_PHRASES:,} random phrases in quotation marks",
        "",
        f"| measure | {' | '.join(columns)} |",
        "|---|" + "---:|" * len(columns),
    ]
    rows = dict.fromkeys(row for column in columns.values() for row in column)
    lines += (f"| {row} | {' | '.join(shown(column.get(row)) for column in columns.values())} |" for row in rows)
    if record["retrieval"]:
        lines += ["", *(f"- {name}: {value:.4f}" for name, value in record["retrieval"].items())]
    return "\n".join(lines) + "\n"


def shown(value: float | None) -> str:
    """A number in a table: counts whole, others with four digits."""
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4g}"


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status: 0, 1 for a failed build, 2 for wrong usage."""
    given = asked_for(parser(), arguments)
    try:
        version = peers.gongkai_version()
        columns = dict(column for items in given.sizes for column in measured(given, items))
        found = retrieval(given.corpus) if given.corpus else {}
    except (BenchmarkError, PeerError) as error:
        print(f"benchmark failed: {error}", file=sys.stderr)
        return 1
    record = {
        "date": date.today().isoformat(), "machine": machine(), "version": version, "runs": given.runs,
        "jobs": given.jobs, "columns": columns, "retrieval": found,
    }  # fmt: skip
    keep(given.out, "search", record)
    page = report(record)
    (given.out or peers.ROOT / "docs").joinpath("search-sizes.md").write_text(page, "utf-8")
    print(page)
    return 0


def parser() -> argparse.ArgumentParser:
    """What may be asked for."""
    made = options("search", __doc__, "10000,100000")
    add = made.add_argument
    add("--corpus", type=Path, help="folder of retrieval sets, to be measured too")
    return made


if __name__ == "__main__":
    sys.exit(main())
