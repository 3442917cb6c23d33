"""The commands: thin, each a few lines over the stages."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from gongkai_ssg import __version__
from gongkai_ssg.messages import text, use_language

_OK, _ERRORS, _USAGE, _INTERNAL = 0, 1, 2, 3


def run(arguments: Sequence[str] | None = None) -> None:
    """Run a command and leave with its exit status: 0 no error, 1 errors, 2 wrong usage, 3 an internal fault."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    use_language(_language_in(words))
    try:
        status = make_cli().main(words, prog_name="gongkai", standalone_mode=False)
    except click.UsageError as error:
        click.echo(text("cli.usage_error", what=error.format_message()), err=True)
        if error.ctx is not None:
            click.echo(error.ctx.get_usage(), err=True)
        sys.exit(_USAGE)
    except click.Abort:
        sys.exit(130)
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - the last line of defence: said, with the trace, never swallowed
        import traceback

        traceback.print_exc()
        click.echo(text("internal.error", what=f"{type(error).__name__}: {error}"), err=True)
        sys.exit(_INTERNAL)
    sys.exit(status if isinstance(status, int) else _OK)


def _language_in(words: Sequence[str]) -> str | None:
    """``--lang`` counts before anything is parsed, so that help speaks it too."""
    for place, word in enumerate(words):
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
        if word == "--lang" and place + 1 < len(words):
            return words[place + 1]
    return None


class _DayType(click.ParamType):
    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(text("cli.bad_day", value=value), param, ctx)


def _today() -> date:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def make_cli() -> click.Group:
    """The command tree in the language of the run."""
    from gongkai_ssg.diagnostics.printers import PRINTERS
    from gongkai_ssg.parallel import default_jobs

    path = click.Path(path_type=Path)
    config = click.option("--config", type=path, default="config.yaml", show_default=True, help=text("cli.option.config"))
    lang = click.option("--lang", help=text("cli.option.lang"))
    today = click.option("--today", type=_DayType(), default=None, help=text("cli.option.today"))
    jobs = click.option("--jobs", type=click.IntRange(1, 256), default=None, help=text("cli.option.jobs"))
    quiet = click.option("--quiet", is_flag=True, help=text("cli.option.quiet"))
    strict = click.option("--strict", is_flag=True, help=text("cli.option.strict"))
    style = click.option(
        "--format", "style", type=click.Choice(list(PRINTERS)), default="text", show_default=True, help=text("cli.option.format")
    )

    @click.group(help=text("cli.main"), context_settings={"help_option_names": ["--help", "-h"]})
    @click.version_option(__version__, prog_name="gongkai-ssg", help=text("cli.version"))
    @lang
    def gongkai(lang: str | None) -> None:
        pass

    @gongkai.command(help=text("cli.build"))
    @config
    @click.option("--output", type=path, default=None, help=text("cli.option.output"))
    @jobs
    @click.option("--clean", is_flag=True, help=text("cli.option.clean"))
    @today
    @click.option("--drafts", is_flag=True, help=text("cli.option.drafts"))
    @click.option("--future", is_flag=True, help=text("cli.option.future"))
    @strict
    @style
    @click.option("--profile", is_flag=True, help=text("cli.option.profile"))
    @click.option("--wait", type=click.FloatRange(0), default=600.0, help=text("cli.option.wait"))
    @quiet
    @lang
    def build(
        config: Path, output: Path | None, jobs: int | None, clean: bool, today: date | None, drafts: bool, future: bool,
        strict: bool, style: str, profile: bool, wait: float, quiet: bool, lang: str | None,
    ) -> int:  # fmt: skip
        from gongkai_ssg.build import Request
        from gongkai_ssg.build import build as build_site
        from gongkai_ssg.progress import Progress
        from gongkai_ssg.store.lock import Busy

        request = Request(config, today or _today(), output, jobs or default_jobs(), drafts, future, strict, clean, wait)
        begin = time.perf_counter()
        progress = Progress(quiet)
        try:
            with progress:
                outcome = build_site(request, progress)
        except Busy as busy:
            click.echo(text("build.busy", holder=busy.holder), err=True)
            return _ERRORS
        _print_findings(outcome.findings, config, style)
        if profile:
            for stage, seconds in progress.seconds.items():
                click.echo(f"{text(f'stage.{stage}')}\t{seconds:.2f} s", err=True)
        if outcome.published:
            if outcome.left_out:
                click.echo(text("build.left_out", left_out=outcome.left_out), err=True)
            params = {
                "items": outcome.items,
                "files": outcome.files,
                "written": outcome.written,
                "removed": outcome.removed,
                "seconds": f"{time.perf_counter() - begin:.1f}",
                "output": outcome.output,
            }
            click.echo(text("build.done", params), err=True)
        else:
            click.echo(text("build.stopped"), err=True)
        return _status(outcome.findings, outcome.broken_config, outcome.published)

    @gongkai.command(help=text("cli.check"))
    @config
    @jobs
    @today
    @strict
    @style
    @quiet
    @lang
    def check(
        config: Path, jobs: int | None, today: date | None, strict: bool, style: str, quiet: bool, lang: str | None
    ) -> int:
        from gongkai_ssg.build import Request
        from gongkai_ssg.build import check as check_site
        from gongkai_ssg.progress import Progress

        with Progress(quiet) as progress:
            request = Request(config, today or _today(), jobs=jobs or default_jobs(), strict=strict)
            outcome = check_site(request, progress)
        _print_findings(outcome.findings, config, style)
        if not outcome.broken_config:
            click.echo(text("check.done", items=outcome.items, left_out=outcome.left_out), err=True)
        return _status(outcome.findings, outcome.broken_config, not outcome.findings.stops(strict))

    @gongkai.command(help=text("cli.init"))
    @click.argument("folder", type=path, metavar="DIR")
    @lang
    def init(folder: Path, lang: str | None) -> int:
        from gongkai_ssg.scaffold import create_site

        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            click.echo(text("init.exists", folder=folder), err=True)
            return _USAGE
        create_site(folder, _today())
        click.echo(text("init.done", folder=folder))
        return _OK

    @gongkai.command(help=text("cli.new"))
    @config
    @click.option("--unit", required=True, help=text("cli.option.unit"))
    @click.option("--category", required=True, help=text("cli.option.category"))
    @click.option("--title", required=True, help=text("cli.option.title"))
    @click.option("--date", "day", type=_DayType(), default=None, help=text("cli.option.date"))
    @lang
    def new(config: Path, unit: str, category: str, title: str, day: date | None, lang: str | None) -> int:
        from gongkai_ssg.diagnostics import Findings
        from gongkai_ssg.scaffold import Refused, create_item

        findings = Findings()
        try:
            made = create_item(config, unit, category, title, day or _today(), findings)
        except Refused as refused:
            raise click.UsageError(str(refused)) from None
        _print_findings(findings, config, "text")
        if made is None:
            return _USAGE
        click.echo(text("new.done", path=made[0], code=made[1]))
        return _OK

    @gongkai.command(help=text("cli.stats"))
    @config
    @today
    @click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
    @lang
    def stats(config: Path, today: date | None, style: str, lang: str | None) -> int:
        from gongkai_ssg.asking import asked
        from gongkai_ssg.statistics import print_counts

        with asked(config, today or _today()) as (site, findings):
            if site is None:
                _print_findings(findings, config, "text")
                return _USAGE
            print_counts(site.view, style)
        return _OK

    @gongkai.command(help=text("cli.export"))
    @config
    @today
    @click.argument("style", type=click.Choice(["csv", "jsonl", "xlsx"]))
    @click.option("--output", "file", type=path, default=None, help=text("cli.option.file"))
    @lang
    def export(config: Path, today: date | None, style: str, file: Path | None, lang: str | None) -> int:
        from gongkai_ssg.asking import asked
        from gongkai_ssg.export import write_catalog

        if file is None and style == "xlsx":
            raise click.UsageError(text("export.needs_file"))
        with asked(config, today or _today()) as (site, findings):
            if site is None:
                _print_findings(findings, config, "text")
                return _USAGE
            number = write_catalog(site.view, style, file)
        if file is not None:
            click.echo(text("export.done", path=file, items=number), err=True)
        return _OK

    return gongkai


def _print_findings(findings: Any, config: Path, style: str) -> None:
    """Findings on standard output, a summary on standard error."""
    from gongkai_ssg.diagnostics.printers import PRINTERS

    for line in PRINTERS[style](findings, config.absolute().parent):
        click.echo(line)
    if len(findings):
        numbers = {f"{severity}s": findings.count(severity) for severity in ("stop", "error", "warning", "note")}
        click.echo(text("build.summary", numbers), err=True)


def _status(findings: Any, broken_config: bool, may_publish: bool) -> int:
    if broken_config:
        return _USAGE
    return _ERRORS if not may_publish or findings.count("error") or findings.count("stop") else _OK
