"""Compile the message catalogue: ``python tools/messages.py``.

The ``.po`` file is written by hand; the ``.mo`` file beside it is what the program reads, and is
committed with it. ``--check`` writes nothing and fails if the ``.mo`` is stale or words are missing.
"""

from __future__ import annotations

import argparse
import string
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
if __package__ in (None, ""):
    sys.path.insert(0, str(ROOT))

from gongkai_ssg.diagnostics import CODES  # noqa: E402 - the path must be set first when run as a script
from gongkai_ssg.messages import LOCALE  # noqa: E402

PARTS = ("", ".hint", ".title", ".about")
"""What every code has words for."""

TITLE_LENGTH = 14

_HEADERS = [
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit"),
]


class _BareCatalog(Catalog):
    """A catalogue whose header holds no dates and no versions, so that equal words give equal bytes."""

    mime_headers = property(lambda self: list(_HEADERS))


def sources() -> list[Path]:
    """Every ``.po`` file of the program's own words."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/gongkai.po"))


def library_sources() -> list[Path]:
    """Every ``.po`` file with the words of the command-line library."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/click.po"))


def read_words(source: Path) -> dict[str, str]:
    """Key → words of one ``.po`` file.

    :raises ValueError: if a key stands in it twice, or has no words.
    """
    with source.open("rb") as file:
        catalog = read_po(file, abort_invalid=True)
    words = {str(message.id): str(message.string) for message in catalog if message.id}
    typed = [
        line
        for line in source.read_text(encoding="utf-8").splitlines()
        if line.startswith('msgid "') and line != 'msgid ""'
    ]
    doubles = sorted({line for line in typed if typed.count(line) > 1})
    empty = sorted(key for key, value in words.items() if not value)
    if doubles or empty:
        raise ValueError(f"{source}: {doubles or empty}")
    return words


def compiled(source: Path) -> bytes:
    """The ``.mo`` file of one ``.po`` file."""
    catalog = _BareCatalog(charset="utf-8")
    with source.open("rb") as file:
        for message in read_po(file, abort_invalid=True):
            if message.id:
                catalog.add(message.id, message.string)
    target = BytesIO()
    write_mo(target, catalog)
    return target.getvalue()


def placeholders(words: str) -> set[str]:
    """The names of the places that are filled when the words are said."""
    return {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}


def is_stale(source: Path) -> bool:
    """Whether the ``.mo`` file says something else than the ``.po`` file."""
    target = source.with_suffix(".mo")
    return not target.is_file() or target.read_bytes() != compiled(source)


def complaints(words: dict[str, str]) -> Iterator[str]:
    """What a catalogue lacks, and what it has too much, one line each."""
    for code in CODES:
        for part in PARTS:
            if code + part not in words:
                yield f"{code}{part}: no words"
        if len(words.get(f"{code}.title", "")) > TITLE_LENGTH:
            yield f"{code}.title: longer than {TITLE_LENGTH} characters"
        for key, value in words.items():
            if key == code and ("\n" in value or value.endswith("。")):
                yield f"{key}: a message is one line without a final full stop"
    for key in words:
        if key.startswith("GK") and key.partition(".")[0] not in CODES:
            yield f"{key}: no such code"


def main(arguments: list[str] | None = None) -> int:
    """Compile every catalogue, or check it; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, fail if anything is stale or missing")
    check = parser.parse_args(arguments).check
    bad = False
    for source in sources():
        for complaint in complaints(read_words(source)):
            print(f"{source.relative_to(ROOT)}: {complaint}", file=sys.stderr)
            bad = True
    for source in sources() + library_sources():
        if check and is_stale(source):
            print(f"{source.relative_to(ROOT)}: the .mo file is stale, run python tools/messages.py", file=sys.stderr)
            bad = True
        elif not check:
            source.with_suffix(".mo").write_bytes(compiled(source))
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
