"""Commands that make the site, show it or check it."""

from __future__ import annotations

import os
import time
from datetime import date
from pathlib import Path
from typing import Any

import click

from gongkai_ssg.commands.options import (
    ERRORS,
    OK,
    PATH,
    day_in_china,
    exit_status,
    gongkai,
    print_findings,
    with_config,
    with_jobs,
    with_lang,
    with_quiet,
    with_strict,
    with_style,
    with_today,
)
from gongkai_ssg.messages import text
from gongkai_ssg.parallel import default_jobs
from gongkai_ssg.reading.listing import looking_ahead


@gongkai.command(help=text("cli.build"))
@with_config
@click.option("--output", type=PATH, default=None, help=text("cli.option.output"))
@with_jobs
@click.option("--clean", is_flag=True, help=text("cli.option.clean"))
@with_today
@click.option("--drafts", is_flag=True, help=text("cli.option.drafts"))
@click.option("--future", is_flag=True, help=text("cli.option.future"))
@with_strict
@with_style
@click.option("--profile", is_flag=True, help=text("cli.option.profile"))
@click.option("--check-output", is_flag=True, help=text("cli.option.check_output"))
@click.option("--wait", type=click.FloatRange(0), default=600.0, help=text("cli.option.wait"))
@click.option("--result", type=PATH, default=None, help=text("cli.option.result"))
@with_quiet
@with_lang
def build(
    config: Path, output: Path | None, jobs: int | None, clean: bool, today: date | None, drafts: bool, future: bool,
    strict: bool, style: str, profile: bool, check_output: bool, wait: float, result: Path | None, quiet: bool,
    lang: str | None,
) -> int:  # fmt: skip
    """Build the site."""
    begin = time.perf_counter()
    if result is not None:
        _write_result(result, {"published": False})  # whatever comes, no older answer is taken for this one's
    with looking_ahead(str(config)) as ahead:
        from gongkai_ssg.build import build as build_site
        from gongkai_ssg.progress import Progress
        from gongkai_ssg.request import Request
        from gongkai_ssg.store.lock import Busy

        request = Request(
            config,
            today or day_in_china(),
            output,
            jobs or default_jobs(),
            drafts,
            future,
            strict,
            clean,
            wait,
            check_output,
            profile=profile,
            ahead=ahead,
        )
        progress = Progress(quiet)
        try:
            with progress:
                outcome = build_site(request, progress)
        except Busy as busy:
            click.echo(text("build.busy", holder=busy.holder), err=True)
            return ERRORS
    print_findings(outcome.findings, config, style)
    if profile:
        _print_profile(progress)
    if outcome.published:
        if outcome.left_out:
            click.echo(text("build.left_out", left_out=outcome.left_out), err=True)
        params = {
            "items": outcome.items,
            "files": outcome.files,
            "written": outcome.written,
            "removed": outcome.removed,
            "seconds": f"{time.perf_counter() - begin:.1f}",
            "output": _shown(outcome.output, config),
        }
        click.echo(text("build.done", params), err=True)
    else:
        click.echo(text("build.stopped"), err=True)
    status = exit_status(outcome.findings, outcome.broken_config, outcome.published)
    if result is not None:
        numbers = {name: getattr(outcome, name) for name in ("items", "left_out", "files", "written", "removed")}
        _write_result(result, {"published": outcome.published, "status": status, **numbers})
    return status


@gongkai.command(help=text("cli.check"))
@with_config
@with_jobs
@with_today
@with_strict
@with_style
@with_quiet
@with_lang
def check(
    config: Path, jobs: int | None, today: date | None, strict: bool, style: str, quiet: bool, lang: str | None
) -> int:
    """Check everything, write nothing."""
    from gongkai_ssg.build import check as check_site
    from gongkai_ssg.progress import Progress
    from gongkai_ssg.request import Request

    with Progress(quiet) as progress:
        request = Request(config, today or day_in_china(), jobs=jobs or default_jobs(), strict=strict)
        outcome = check_site(request, progress)
    print_findings(outcome.findings, config, style)
    if outcome.findings.stops(strict):
        click.echo(text("check.stopped"), err=True)
    elif not outcome.broken_config:
        click.echo(text("check.done", items=outcome.items, left_out=outcome.left_out), err=True)
    return exit_status(outcome.findings, outcome.broken_config, not outcome.findings.stops(strict))


def _say(words: str) -> None:
    click.echo(words, err=True)


@gongkai.command(help=text("cli.serve"))
@with_config
@click.option("--port", type=click.IntRange(0, 65535), default=None, help=text("cli.option.port"))
@click.option("--drafts", is_flag=True, help=text("cli.option.drafts"))
@click.option("--future", is_flag=True, help=text("cli.option.future"))
@with_today
@with_jobs
@click.option("--poll", is_flag=True, help=text("cli.option.poll"))
@click.option("--open", "open_browser", is_flag=True, help=text("cli.option.open"))
@with_lang
def serve(
    config: Path, port: int | None, drafts: bool, future: bool, today: date | None, jobs: int | None,
    poll: bool, open_browser: bool, lang: str | None,
) -> int:  # fmt: skip
    """Show the site as it is being written."""
    from gongkai_ssg.request import Request
    from gongkai_ssg.serving.preview import PortTaken, Preview, run_until_interrupted

    day = today or day_in_china()
    request = Request(config, day, jobs=jobs or default_jobs(), drafts=drafts, future=future, wait=5.0)
    try:
        preview = Preview(request, lambda: today or day_in_china(), _say, port, poll)
    except PortTaken:
        raise click.UsageError(text("serve.port_is_taken", port=port)) from None
    run_until_interrupted(preview, open_browser)
    return OK


def _shown(folder: Path | None, config: Path) -> str:
    """A folder from the site's own, where it lies below it; else in full, without detours."""
    root, path = config.resolve().parent, os.path.normpath(folder or "")
    return Path(path).relative_to(root).as_posix() if Path(path).is_relative_to(root) else path


def _write_result(file: Path, values: dict[str, Any]) -> None:
    """What came of a build, for the programs around it."""
    import json

    from gongkai_ssg.reading.text import why_unwritable

    try:
        file.write_text(json.dumps(values) + "\n", encoding="utf-8")
    except OSError as error:
        raise click.UsageError(text("export.unwritable", path=file, why=why_unwritable(error))) from None


def _print_profile(progress: Any) -> None:
    """Where the time went: by stage, by template (the sum over all processes), the slowest pages."""
    for stage, seconds in progress.seconds.items():
        click.echo(f"{text(f'stage.{stage}')}\t{seconds:.2f} s", err=True)
    for template, (seconds, count) in sorted(progress.templates.items(), key=lambda each: -each[1][0]):
        name = template or text("profile.plain")
        click.echo(f"{name}\t{seconds:.2f} s\t{count}\t{seconds / count * 1000:.2f} ms", err=True)
    for seconds, address in sorted(progress.slowest, reverse=True):
        click.echo(f"{address}\t{seconds * 1000:.1f} ms", err=True)
