"""The entry: language, exit status, and the last line of defence."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from typing import NoReturn

import click

from gongkai_ssg.messages import languages, speaks, text, use_language

_OK, _ERRORS, _USAGE, _INTERNAL, _INTERRUPTED = 0, 1, 2, 3, 130


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command as this process's only purpose, and end the process.

    Whatever it holds goes with it: to give that back piece by piece takes longer than a small build.
    """
    try:
        run(arguments)
    except SystemExit as end:
        atexit._run_exitfuncs()  # noqa: SLF001 - there is no other way to have them run before such an end
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):  # whoever read it has gone
                stream.flush()
        os._exit(end.code if isinstance(end.code, int) else _OK)
    raise AssertionError("a command ends with an exit status")


def run(arguments: Sequence[str] | None = None) -> None:
    """Run a command and leave with its exit status: 0 no error, 1 errors, 2 wrong usage, 3 an internal fault."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # there are none, and looking for them takes time
    # Nearly all that is allocated is freed by counting references; looking for cycles often only costs time.
    gc.set_threshold(500_000, 20, 100)
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    wanted = _language_in(words)
    use_language(wanted)
    if wanted is not None and not speaks(wanted):
        click.echo(text("cli.no_language", value=wanted, known=", ".join(languages())), err=True)
    from gongkai_ssg.commands import gongkai  # help texts speak the language that was just chosen

    try:
        status = gongkai.main(words, prog_name="gongkai", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(_USAGE)
    except click.UsageError as error:
        click.echo(text("cli.usage_error", what=error.format_message()), err=True)
        if error.ctx is not None:
            click.echo(error.ctx.get_usage(), err=True)
        sys.exit(_USAGE)
    except click.Abort:
        click.echo(text("interrupted"), err=True)
        sys.exit(_INTERRUPTED)
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(_INTERRUPTED)
    except BrokenExecutor:
        click.echo(text("internal.killed"), err=True)
        sys.exit(_ERRORS)
    except Exception as error:
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
