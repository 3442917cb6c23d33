"""What commands share: the group, options, exit status, the telling of findings."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from gongkai_ssg import __version__
from gongkai_ssg.diagnostics.printers import PRINTERS
from gongkai_ssg.messages import text

OK, ERRORS, USAGE = 0, 1, 2


class DayType(click.ParamType[date]):
    """A day on the command line, as 2025-01-05."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day, or click's usage error in words of the run's language."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(text("cli.bad_day", value=value), param, ctx)


def day_in_china() -> date:
    """Today by the clock of Beijing, whatever zone the machine is in."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


PATH = click.Path(path_type=Path)
with_config = click.option(
    "--config", type=PATH, default="config.yaml", show_default=True, help=text("cli.option.config")
)
with_lang = click.option("--lang", help=text("cli.option.lang"))
with_today = click.option("--today", type=DayType(), default=None, help=text("cli.option.today"))
with_jobs = click.option("--jobs", type=click.IntRange(1, 256), default=None, help=text("cli.option.jobs"))
with_quiet = click.option("--quiet", is_flag=True, help=text("cli.option.quiet"))
with_strict = click.option("--strict", is_flag=True, help=text("cli.option.strict"))
with_style = click.option(
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
@with_lang
def gongkai(lang: str | None) -> None:
    """The command group; ``--lang`` was read before."""


def print_findings(findings: Any, config: Path, style: str) -> None:
    """Findings on standard output, a summary on standard error."""
    for line in PRINTERS[style](findings, config.absolute().parent):
        click.echo(line)
    if len(findings):
        numbers = {f"{severity}s": findings.count(severity) for severity in ("stop", "error", "warning", "note")}
        click.echo(text("build.summary", numbers), err=True)


def exit_status(findings: Any, broken_config: bool, may_publish: bool) -> int:
    """``USAGE`` for a broken configuration, ``ERRORS`` for errors or a stop, else ``OK``."""
    if broken_config:
        return USAGE
    return ERRORS if not may_publish or findings.count("error") or findings.count("stop") else OK
