"""``gongkai verify``: build clean into a folder of its own, and compare with the output."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from gongkai_ssg.build import Outcome, build
from gongkai_ssg.config import Folders
from gongkai_ssg.progress import Progress
from gongkai_ssg.request import Request
from gongkai_ssg.store.output import MARKER, STAGE, OutputFolder


@dataclass(frozen=True, slots=True)
class Difference:
    """One file that is not as a clean build makes it: ``changed``, ``missing``, or ``left`` over."""

    kind: str
    address: str


def verify(request: Request, folders: Folders, progress: Progress) -> tuple[Outcome, list[Difference]]:
    """The outcome of the clean build, and what differs. Files that are not ours are not looked at."""
    with TemporaryDirectory(prefix="gongkai-verify-") as work:
        clean = Path(work) / "output"
        outcome = build(replace(request, output=clean, clean=True, scratch=Path(work) / "cache"), progress)
        found = list(_differences(folders.output, clean)) if outcome.published else []
    return outcome, found


def _differences(output: Path, clean: Path) -> Iterator[Difference]:
    wanted = {path.relative_to(clean).as_posix() for path in clean.rglob("*") if path.is_file()}
    wanted = {address for address in wanted if address != MARKER and not address.startswith(STAGE)}
    for address in sorted(wanted):
        ours = output / address
        if not ours.is_file():
            yield Difference("missing", address)
        elif ours.read_bytes() != (clean / address).read_bytes():
            yield Difference("changed", address)
    for address in sorted(OutputFolder(output).owned() - wanted):
        if (output / address).is_file():
            yield Difference("left", address)
