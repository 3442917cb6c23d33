"""Commands about an output that is there: why, whether it is right, what to upload."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from gongkai_ssg.commands.options import (
    ERRORS,
    OK,
    PATH,
    USAGE,
    day_in_china,
    gongkai,
    print_findings,
    with_config,
    with_jobs,
    with_lang,
    with_quiet,
    with_today,
)
from gongkai_ssg.messages import text
from gongkai_ssg.parallel import default_jobs


@gongkai.command(help=text("cli.explain"))
@with_config
@click.option("--output", type=PATH, default=None, help=text("cli.option.output"))
@click.argument("path", metavar="PATH")
@with_lang
def explain(config: Path, output: Path | None, path: str, lang: str | None) -> int:
    """Say why an output exists, and why the last build wrote or left it."""
    from contextlib import closing

    from gongkai_ssg.build import last_build
    from gongkai_ssg.diagnostics import Findings
    from gongkai_ssg.explaining import explain as explain_path
    from gongkai_ssg.reading.sitefiles import read_config
    from gongkai_ssg.request import Request

    findings = Findings()
    configured = read_config(config, findings, output)
    if configured is None:
        print_findings(findings, config, "text")
        return USAGE
    store = last_build(Request(config, day_in_china(), output), configured[1])
    if store is None:
        raise click.UsageError(text("explain.no_build"))
    with closing(store):
        lines = explain_path(store, configured, path)
    if lines is None:
        raise click.UsageError(text("explain.unknown", path=path))
    for line in lines:
        click.echo(line)
    return OK


@gongkai.command(help=text("cli.verify"))
@with_config
@click.option("--output", type=PATH, default=None, help=text("cli.option.output"))
@with_jobs
@with_today
@with_quiet
@with_lang
def verify(
    config: Path, output: Path | None, jobs: int | None, today: date | None, quiet: bool, lang: str | None
) -> int:
    """Build clean and compare with the output."""
    from gongkai_ssg.diagnostics import Findings
    from gongkai_ssg.progress import Progress
    from gongkai_ssg.reading.sitefiles import read_config
    from gongkai_ssg.request import Request
    from gongkai_ssg.verifying import verify as verify_output

    findings = Findings()
    configured = read_config(config, findings, output)
    if configured is None:
        print_findings(findings, config, "text")
        return USAGE
    with Progress(quiet) as progress:
        request = Request(config, today or day_in_china(), output, jobs or default_jobs())
        outcome, differences = verify_output(request, configured[1], progress)
    if not outcome.published:
        print_findings(outcome.findings, config, "text")
        return ERRORS
    for each in differences:
        click.echo(text(f"verify.{each.kind}", address=each.address))
    click.echo(text("verify.done", differences=len(differences), files=outcome.files), err=True)
    return ERRORS if differences else OK


@gongkai.command(help=text("cli.diff"))
@click.argument("olds", nargs=-1, required=True, type=PATH, metavar="OLD...")
@click.argument("new", type=PATH, metavar="NEW")
@click.option("--upload", "only", flag_value="upload", help=text("cli.option.upload"))
@click.option("--delete", "only", flag_value="delete", help=text("cli.option.delete"))
@click.option("--split", type=PATH, metavar="DIR", help=text("cli.option.split"))
@click.option("--zero", is_flag=True, help=text("cli.option.zero"))
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help=text("cli.option.listing"))  # fmt: skip
@with_lang
def diff(
    olds: tuple[Path, ...], new: Path, only: str | None, split: Path | None, zero: bool, style: str, lang: str | None
) -> int:
    """List what to upload and what to delete."""
    from gongkai_ssg.diff import NoManifest, as_json, as_text, read_manifest, steps, write_lists
    from gongkai_ssg.reading.text import why_unwritable

    try:
        now, _ = read_manifest(new, whole=True)
        before = []
        for old in olds:
            held, damaged = read_manifest(old, whole=False)
            if damaged:
                click.echo(text("diff.part", place=old, parts=len(damaged)), err=True)
            before.append(held)
    except NoManifest as trouble:
        raise click.UsageError(text(f"diff.{trouble.reason}", place=trouble.place)) from None
    found = list(steps(before, now))
    if split is not None:
        try:
            write_lists(found, split)
        except OSError as error:
            raise click.UsageError(text("export.unwritable", path=split, why=why_unwritable(error))) from None
        return OK
    end = "\0" if zero else "\n"
    for step in found:
        if only in (None, step.action):
            click.echo((as_json(step) if style == "json" else as_text(step, only is not None)) + end, nl=False)
    return OK
