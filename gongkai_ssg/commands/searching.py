"""``search``: words in the working tree, drafts included."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gongkai_ssg.commands.options import (
    ERRORS,
    OK,
    USAGE,
    gongkai,
    print_findings,
    with_config,
    with_jobs,
    with_lang,
    with_quiet,
)
from gongkai_ssg.messages import text
from gongkai_ssg.parallel import default_jobs

if TYPE_CHECKING:
    from gongkai_ssg.editors.lookup import Answer, Hit, Line

_WIDTH = 72


@gongkai.command(help=text("cli.search"), context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, required=True, metavar="WORDS")
@with_config
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, help=text("cli.option.limit"))
@click.option(
    "--sort", type=click.Choice(["relevance", "date"]), default="relevance", show_default=True,
    help=text("cli.option.sort"),
)  # fmt: skip
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help=text("cli.option.search_format"),
)  # fmt: skip
@with_jobs
@with_quiet
@with_lang
def search(
    words: tuple[str, ...], config: Path, limit: int, sort: str, style: str, jobs: int | None, quiet: bool,
    lang: str | None,
) -> int:  # fmt: skip
    """Find items of the working tree."""
    from gongkai_ssg.diagnostics import Findings
    from gongkai_ssg.editors.asked import Misread, read
    from gongkai_ssg.editors.lookup import look_up
    from gongkai_ssg.editors.tree import answered
    from gongkai_ssg.progress import Progress
    from gongkai_ssg.reading.sitefiles import read_config, read_site

    mistyped = next((word for word in words if word.startswith("--")), None)
    if mistyped is not None:  # one dash is an exclusion, two were meant for an option
        raise click.NoSuchOption(mistyped)
    try:
        asked = read(" ".join(words))
    except Misread as misread:
        raise click.UsageError(str(misread)) from None
    findings = Findings()
    configured = read_config(config, findings)
    files = read_site(*configured, findings) if configured else None
    if configured is None or files is None:
        print_findings(findings, config, style)
        return USAGE if configured is None else ERRORS
    with Progress(quiet) as progress:
        answer = answered(
            files, jobs or default_jobs(), progress, lambda tree: look_up(tree, asked, limit, sort == "date")
        )
    for hit in answer.hits:
        click.echo(_as_json(hit) if style == "json" else _as_text(hit))
    _tell(answer)
    return OK


def _tell(answer: Answer) -> None:
    key = "lookup.total" if answer.exact else "lookup.about"
    words = [text(key, total=answer.total, shown=len(answer.hits))]
    if answer.nowhere:
        words.append(text("lookup.nowhere", words="”“".join(word.typed for word in answer.nowhere)))
    click.echo("".join(words), err=True)


def _as_text(hit: Hit) -> str:
    document = hit.document
    about = [document.code or "—", hit.unit, document.day]
    if document.state:
        about.append(text(f"lookup.{document.state}"))
    lines = [
        click.style(document.title, bold=True),
        f"  {' · '.join(each for each in about if each)}",
        f"  {document.path}",
        *(f"  {line.number:>5}: {_marked(line)}" for line in hit.lines),
    ]
    return "\n".join(lines) + "\n"


def _marked(line: Line) -> str:
    """A line, cut to what is near the first mark, with what was looked for in colour."""
    first = line.marks[0][0]
    start = 0 if first < _WIDTH // 2 else first - _WIDTH // 4
    end = min(len(line.text), start + _WIDTH)
    parts = ["…" if start else ""]
    at = start
    for begin, stop in line.marks:
        begin, stop = max(begin, at), min(stop, end)
        if begin < stop:
            parts += [line.text[at:begin], click.style(line.text[begin:stop], fg="yellow", bold=True)]
            at = stop
    return "".join([*parts, line.text[at:end], "…" if end < len(line.text) else ""])


def _as_json(hit: Hit) -> str:
    document = hit.document
    return json.dumps(
        {
            "code": document.code,
            "title": document.title,
            "path": document.path,
            "unit": hit.unit,
            "date": document.day,
            "state": document.state,
            "score": round(hit.score, 3),
            "lines": [{"line": line.number, "text": line.text, "marks": line.marks} for line in hit.lines],
        },
        ensure_ascii=False,
    )
