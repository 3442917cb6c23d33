"""What the benchmark programs share: their options, what they say on the way, the record they leave."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results"


def options(name: str, about: str | None, sizes_of: str) -> argparse.ArgumentParser:
    """The command line of one of them, with what each of them takes.

    :param name: of its module.
    :param about: its docstring, of which the first line is shown.
    :param sizes_of: the numbers of items by default, with commas.
    """
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{name}", description=(about or "").splitlines()[0])
    add = parser.add_argument
    add("--sizes", type=_sizes, default=sizes_of, help="numbers of items, with commas")
    add("--runs", type=positive, default=3, help="runs of each build at each size")
    add("--out", type=Path, help="folder for the results instead of benchmarks/results and docs")
    add("--jobs", type=positive, help="processes of ours, GOMAXPROCS of Hugo; default: all cores")
    add("--work", type=Path, default=Path(tempfile.gettempdir()) / "gongkai-bench",
        help="folder for sites and outputs, kept between calls")  # fmt: skip
    return parser


def asked_for(parser: argparse.ArgumentParser, arguments: list[str] | None) -> argparse.Namespace:
    """What was asked for; the folder for sites is there."""
    found = parser.parse_args(arguments)
    found.work = found.work.resolve()
    found.work.mkdir(parents=True, exist_ok=True)
    return found


def positive(text: str) -> int:
    """A number from 1, for the command line."""
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _sizes(text: str) -> list[int]:
    return sorted({positive(part) for part in text.split(",")})


def say(text: str, end: str = "\n") -> None:
    """One line about how far it is."""
    print(text, end=end, file=sys.stderr, flush=True)


def keep(out: Path | None, name: str, record: dict[str, Any]) -> None:
    """Write the record of a run.

    :param out: the folder that was asked for instead of the project's own.
    """
    folder = out or RESULTS
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(record, ensure_ascii=False, indent=2) + "\n"
    (folder / f"{name}.json").write_text(text, encoding="utf-8")
