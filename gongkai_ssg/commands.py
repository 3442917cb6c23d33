"""The commands: thin, each a few lines over the stages. What a command needs is imported when it runs."""

from __future__ import annotations

import os
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from gongkai_ssg import __version__
from gongkai_ssg.diagnostics.printers import PRINTERS
from gongkai_ssg.messages import text
from gongkai_ssg.parallel import default_jobs

_OK, _ERRORS, _USAGE = 0, 1, 2


class _DayType(click.ParamType[date]):
    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(text("cli.bad_day", value=value), param, ctx)


def _day_in_china() -> date:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


_path = click.Path(path_type=Path)
_config = click.option("--config", type=_path, default="config.yaml", show_default=True, help=text("cli.option.config"))
_lang = click.option("--lang", help=text("cli.option.lang"))
_today = click.option("--today", type=_DayType(), default=None, help=text("cli.option.today"))
_jobs = click.option("--jobs", type=click.IntRange(1, 256), default=None, help=text("cli.option.jobs"))
_quiet = click.option("--quiet", is_flag=True, help=text("cli.option.quiet"))
_strict = click.option("--strict", is_flag=True, help=text("cli.option.strict"))
_style = click.option(
    "--format",
    "style",
    type=click.Choice(list(PRINTERS)),
    default="text",
    show_default=True,
    help=text("cli.option.format"),
)


class _Command(click.Command):
    """A command whose usage line speaks the language of the run."""

    def __init__(self, name: str | None, **named: Any) -> None:
        super().__init__(name, **{"options_metavar": f"[{text('cli.options')}]", **named})


class _Group(click.Group):
    """The same for the command group."""

    command_class = _Command

    def __init__(self, name: str | None = None, **named: Any) -> None:
        options, command = text("cli.options"), text("cli.command")
        usage = {"options_metavar": f"[{options}]", "subcommand_metavar": f"{command} [{options}]"}
        super().__init__(name, **{**usage, **named})


@click.group(cls=_Group, help=text("cli.main"), context_settings={"help_option_names": ["--help", "-h"]})
@click.version_option(__version__, prog_name="gongkai-ssg", help=text("cli.version"))
@_lang
def gongkai(lang: str | None) -> None:
    """The command group; ``--lang`` was read before."""


@gongkai.command(help=text("cli.build"))
@_config
@click.option("--output", type=_path, default=None, help=text("cli.option.output"))
@_jobs
@click.option("--clean", is_flag=True, help=text("cli.option.clean"))
@_today
@click.option("--drafts", is_flag=True, help=text("cli.option.drafts"))
@click.option("--future", is_flag=True, help=text("cli.option.future"))
@_strict
@_style
@click.option("--profile", is_flag=True, help=text("cli.option.profile"))
@click.option("--check-output", is_flag=True, help=text("cli.option.check_output"))
@click.option("--wait", type=click.FloatRange(0), default=600.0, help=text("cli.option.wait"))
@click.option("--result", type=_path, default=None, help=text("cli.option.result"))
@_quiet
@_lang
def build(
    config: Path, output: Path | None, jobs: int | None, clean: bool, today: date | None, drafts: bool, future: bool,
    strict: bool, style: str, profile: bool, check_output: bool, wait: float, result: Path | None, quiet: bool,
    lang: str | None,
) -> int:  # fmt: skip
    """Build the site."""
    from gongkai_ssg.build import Request
    from gongkai_ssg.build import build as build_site
    from gongkai_ssg.progress import Progress
    from gongkai_ssg.store.lock import Busy

    request = Request(
        config,
        today or _day_in_china(),
        output,
        jobs or default_jobs(),
        drafts,
        future,
        strict,
        clean,
        wait,
        check_output,
        profile=profile,
    )
    begin = time.perf_counter()
    progress = Progress(quiet)
    if result is not None:
        _write_result(result, {"published": False})  # whatever comes, no older answer is taken for this one's
    try:
        with progress:
            outcome = build_site(request, progress)
    except Busy as busy:
        click.echo(text("build.busy", holder=busy.holder), err=True)
        return _ERRORS
    _print_findings(outcome.findings, config, style)
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
    status = _status(outcome.findings, outcome.broken_config, outcome.published)
    if result is not None:
        numbers = {name: getattr(outcome, name) for name in ("items", "left_out", "files", "written", "removed")}
        _write_result(result, {"published": outcome.published, "status": status, **numbers})
    return status


@gongkai.command(help=text("cli.check"))
@_config
@_jobs
@_today
@_strict
@_style
@_quiet
@_lang
def check(
    config: Path, jobs: int | None, today: date | None, strict: bool, style: str, quiet: bool, lang: str | None
) -> int:
    """Check everything, write nothing."""
    from gongkai_ssg.build import Request
    from gongkai_ssg.build import check as check_site
    from gongkai_ssg.progress import Progress

    with Progress(quiet) as progress:
        request = Request(config, today or _day_in_china(), jobs=jobs or default_jobs(), strict=strict)
        outcome = check_site(request, progress)
    _print_findings(outcome.findings, config, style)
    if outcome.findings.stops(strict):
        click.echo(text("check.stopped"), err=True)
    elif not outcome.broken_config:
        click.echo(text("check.done", items=outcome.items, left_out=outcome.left_out), err=True)
    return _status(outcome.findings, outcome.broken_config, not outcome.findings.stops(strict))


@gongkai.command(help=text("cli.explain"))
@_config
@click.option("--output", type=_path, default=None, help=text("cli.option.output"))
@click.argument("path", metavar="PATH")
@_lang
def explain(config: Path, output: Path | None, path: str, lang: str | None) -> int:
    """Say why an output exists, and why the last build wrote or left it."""
    from contextlib import closing

    from gongkai_ssg.build import Request, last_build
    from gongkai_ssg.diagnostics import Findings
    from gongkai_ssg.explaining import explain as explain_path
    from gongkai_ssg.reading.sitefiles import read_config

    findings = Findings()
    configured = read_config(config, findings, output)
    if configured is None:
        _print_findings(findings, config, "text")
        return _USAGE
    store = last_build(Request(config, _day_in_china(), output), configured[1])
    if store is None:
        raise click.UsageError(text("explain.no_build"))
    with closing(store):
        lines = explain_path(store, configured, path)
    if lines is None:
        raise click.UsageError(text("explain.unknown", path=path))
    for line in lines:
        click.echo(line)
    return _OK


@gongkai.command(help=text("cli.verify"))
@_config
@click.option("--output", type=_path, default=None, help=text("cli.option.output"))
@_jobs
@_today
@_quiet
@_lang
def verify(
    config: Path, output: Path | None, jobs: int | None, today: date | None, quiet: bool, lang: str | None
) -> int:
    """Build clean and compare with the output."""
    from gongkai_ssg.build import Request
    from gongkai_ssg.diagnostics import Findings
    from gongkai_ssg.progress import Progress
    from gongkai_ssg.reading.sitefiles import read_config
    from gongkai_ssg.verifying import verify as verify_output

    findings = Findings()
    configured = read_config(config, findings, output)
    if configured is None:
        _print_findings(findings, config, "text")
        return _USAGE
    with Progress(quiet) as progress:
        request = Request(config, today or _day_in_china(), output, jobs or default_jobs())
        outcome, differences = verify_output(request, configured[1], progress)
    if not outcome.published:
        _print_findings(outcome.findings, config, "text")
        return _ERRORS
    for each in differences:
        click.echo(text(f"verify.{each.kind}", address=each.address))
    click.echo(text("verify.done", differences=len(differences), files=outcome.files), err=True)
    return _ERRORS if differences else _OK


@gongkai.command(help=text("cli.serve"))
@_config
@click.option("--port", type=click.IntRange(0, 65535), default=None, help=text("cli.option.port"))
@click.option("--drafts", is_flag=True, help=text("cli.option.drafts"))
@click.option("--future", is_flag=True, help=text("cli.option.future"))
@_today
@_jobs
@click.option("--poll", is_flag=True, help=text("cli.option.poll"))
@click.option("--open", "open_browser", is_flag=True, help=text("cli.option.open"))
@_lang
def serve(
    config: Path, port: int | None, drafts: bool, future: bool, today: date | None, jobs: int | None,
    poll: bool, open_browser: bool, lang: str | None,
) -> int:  # fmt: skip
    """Show the site as it is being written."""
    from gongkai_ssg.build import Request
    from gongkai_ssg.serving.preview import PortTaken, Preview, run_until_interrupted

    day = today or _day_in_china()
    request = Request(config, day, jobs=jobs or default_jobs(), drafts=drafts, future=future, wait=5.0)
    try:
        preview = Preview(request, lambda: today or _day_in_china(), _say, port, poll)
    except PortTaken:
        raise click.UsageError(text("serve.port_is_taken", port=port)) from None
    run_until_interrupted(preview, open_browser)
    return _OK


def _say(words: str) -> None:
    click.echo(words, err=True)


@gongkai.command(help=text("cli.init"))
@click.argument("folder", type=_path, metavar="DIR")
@_lang
def init(folder: Path, lang: str | None) -> int:
    """Lay out a small site."""
    from gongkai_ssg.reading.text import why_unwritable
    from gongkai_ssg.scaffold import create_site

    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            click.echo(text("init.exists", folder=folder), err=True)
            return _USAGE
        create_site(folder, _day_in_china())
    except OSError as error:
        raise click.UsageError(text("init.unwritable", folder=folder, why=why_unwritable(error))) from None
    click.echo(text("init.done", folder=folder))
    return _OK


@gongkai.command(help=text("cli.new"))
@_config
@click.option("--unit", required=True, help=text("cli.option.unit"))
@click.option("--category", required=True, help=text("cli.option.category"))
@click.option("--title", required=True, help=text("cli.option.title"))
@click.option("--date", "day", type=_DayType(), default=None, help=text("cli.option.date"))
@_lang
def new(config: Path, unit: str, category: str, title: str, day: date | None, lang: str | None) -> int:
    """Make an item with the next free code."""
    from gongkai_ssg.diagnostics import Findings
    from gongkai_ssg.scaffold import Refused, create_item

    findings = Findings()
    try:
        made = create_item(config, unit, category, title, day or _day_in_china(), findings)
    except Refused as refused:
        raise click.UsageError(str(refused)) from None
    _print_findings(findings, config, "text")
    if made is None:
        return _USAGE
    click.echo(text("new.done", path=made[0], code=made[1]))
    return _OK


@gongkai.command(help=text("cli.stats"))
@_config
@_today
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
@_lang
def stats(config: Path, today: date | None, style: str, lang: str | None) -> int:
    """Count what is published."""
    from gongkai_ssg.asking import asked
    from gongkai_ssg.statistics import print_counts

    with asked(config, today or _day_in_china()) as (site, outcome):
        if site is None:
            _print_findings(outcome.findings, config, "text")
            return _status(outcome.findings, outcome.broken_config, may_publish=False)
        print_counts(site.view, style)
    return _OK


@gongkai.command(help=text("cli.export"))
@_config
@_today
@click.argument("style", type=click.Choice(["csv", "jsonl", "xlsx"]))
@click.option("--output", "file", type=_path, default=None, help=text("cli.option.file"))
@_lang
def export(config: Path, today: date | None, style: str, file: Path | None, lang: str | None) -> int:
    """Write the whole catalog to one file."""
    from gongkai_ssg.asking import asked
    from gongkai_ssg.export import is_taken, write_catalog
    from gongkai_ssg.reading.text import why_unwritable

    if file is None and style == "xlsx":
        raise click.UsageError(text("export.needs_file"))
    with asked(config, today or _day_in_china()) as (site, outcome):
        if site is None:
            _print_findings(outcome.findings, config, "text")
            return _status(outcome.findings, outcome.broken_config, may_publish=False)
        if file is not None and is_taken(file, style, site.files.folders):
            raise click.UsageError(text("export.taken", path=file))
        try:
            number = write_catalog(site.view, style, file)
        except OSError as error:
            raise click.UsageError(text("export.unwritable", path=file, why=why_unwritable(error))) from None
    if file is not None:
        click.echo(text("export.done", path=file, items=number), err=True)
    return _OK


@gongkai.command(help=text("cli.diff"))
@click.argument("olds", nargs=-1, required=True, type=_path, metavar="OLD...")
@click.argument("new", type=_path, metavar="NEW")
@click.option("--upload", "only", flag_value="upload", help=text("cli.option.upload"))
@click.option("--delete", "only", flag_value="delete", help=text("cli.option.delete"))
@click.option("--split", type=_path, metavar="DIR", help=text("cli.option.split"))
@click.option("--zero", is_flag=True, help=text("cli.option.zero"))
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help=text("cli.option.listing"))  # fmt: skip
@_lang
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
        return _OK
    end = "\0" if zero else "\n"
    for step in found:
        if only in (None, step.action):
            click.echo((as_json(step) if style == "json" else as_text(step, only is not None)) + end, nl=False)
    return _OK


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


def _print_findings(findings: Any, config: Path, style: str) -> None:
    """Findings on standard output, a summary on standard error."""
    for line in PRINTERS[style](findings, config.absolute().parent):
        click.echo(line)
    if len(findings):
        numbers = {f"{severity}s": findings.count(severity) for severity in ("stop", "error", "warning", "note")}
        click.echo(text("build.summary", numbers), err=True)


def _print_profile(progress: Any) -> None:
    """Where the time went: by stage, by template (the sum over all processes), the slowest pages."""
    for stage, seconds in progress.seconds.items():
        click.echo(f"{text(f'stage.{stage}')}\t{seconds:.2f} s", err=True)
    for template, (seconds, count) in sorted(progress.templates.items(), key=lambda each: -each[1][0]):
        name = template or text("profile.plain")
        click.echo(f"{name}\t{seconds:.2f} s\t{count}\t{seconds / count * 1000:.2f} ms", err=True)
    for seconds, address in sorted(progress.slowest, reverse=True):
        click.echo(f"{address}\t{seconds * 1000:.1f} ms", err=True)


def _status(findings: Any, broken_config: bool, may_publish: bool) -> int:
    if broken_config:
        return _USAGE
    return _ERRORS if not may_publish or findings.count("error") or findings.count("stop") else _OK
