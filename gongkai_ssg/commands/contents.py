"""Commands about the content: a new site, a new item, counts, the whole catalog."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from gongkai_ssg.commands.options import (
    OK,
    PATH,
    USAGE,
    DayType,
    day_in_china,
    exit_status,
    gongkai,
    print_findings,
    with_config,
    with_lang,
    with_today,
)
from gongkai_ssg.messages import text


@gongkai.command(help=text("cli.init"))
@click.argument("folder", type=PATH, metavar="DIR")
@with_lang
def init(folder: Path, lang: str | None) -> int:
    """Lay out a small site."""
    from gongkai_ssg.reading.text import why_unwritable
    from gongkai_ssg.scaffold import create_site

    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            click.echo(text("init.exists", folder=folder), err=True)
            return USAGE
        create_site(folder, day_in_china())
    except OSError as error:
        raise click.UsageError(text("init.unwritable", folder=folder, why=why_unwritable(error))) from None
    click.echo(text("init.done", folder=folder))
    return OK


@gongkai.command(help=text("cli.new"))
@with_config
@click.option("--unit", required=True, help=text("cli.option.unit"))
@click.option("--category", required=True, help=text("cli.option.category"))
@click.option("--title", required=True, help=text("cli.option.title"))
@click.option("--date", "day", type=DayType(), default=None, help=text("cli.option.date"))
@with_lang
def new(config: Path, unit: str, category: str, title: str, day: date | None, lang: str | None) -> int:
    """Make an item with the next free code."""
    from gongkai_ssg.diagnostics import Findings
    from gongkai_ssg.scaffold import Refused, create_item

    findings = Findings()
    try:
        made = create_item(config, unit, category, title, day or day_in_china(), findings)
    except Refused as refused:
        raise click.UsageError(str(refused)) from None
    print_findings(findings, config, "text")
    if made is None:
        return USAGE
    click.echo(text("new.done", path=made[0], code=made[1]))
    return OK


@gongkai.command(help=text("cli.stats"))
@with_config
@with_today
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
@with_lang
def stats(config: Path, today: date | None, style: str, lang: str | None) -> int:
    """Count what is published."""
    from gongkai_ssg.asking import asked
    from gongkai_ssg.statistics import print_counts

    with asked(config, today or day_in_china()) as (site, outcome):
        if site is None:
            print_findings(outcome.findings, config, "text")
            return exit_status(outcome.findings, outcome.broken_config, may_publish=False)
        print_counts(site.view, style)
    return OK


@gongkai.command(help=text("cli.export"))
@with_config
@with_today
@click.argument("style", type=click.Choice(["csv", "jsonl", "xlsx"]))
@click.option("--output", "file", type=PATH, default=None, help=text("cli.option.file"))
@with_lang
def export(config: Path, today: date | None, style: str, file: Path | None, lang: str | None) -> int:
    """Write the whole catalog to one file."""
    from gongkai_ssg.asking import asked
    from gongkai_ssg.export import is_taken, write_catalog
    from gongkai_ssg.reading.text import why_unwritable

    if file is None and style == "xlsx":
        raise click.UsageError(text("export.needs_file"))
    with asked(config, today or day_in_china()) as (site, outcome):
        if site is None:
            print_findings(outcome.findings, config, "text")
            return exit_status(outcome.findings, outcome.broken_config, may_publish=False)
        if file is not None and is_taken(file, style, site.files.folders):
            raise click.UsageError(text("export.taken", path=file))
        try:
            number = write_catalog(site.view, style, file)
        except OSError as error:
            raise click.UsageError(text("export.unwritable", path=file, why=why_unwritable(error))) from None
    if file is not None:
        click.echo(text("export.done", path=file, items=number), err=True)
    return OK
