"""``gongkai init`` and ``gongkai new``: a small site that builds, an item with the next free code."""

from __future__ import annotations

import codecs
import os
import re
import subprocess
from datetime import date
from pathlib import Path

from gongkai_ssg.diagnostics import Finding, Findings
from gongkai_ssg.messages import text
from gongkai_ssg.model.catalog import Catalog, Category
from gongkai_ssg.model.item import Item
from gongkai_ssg.model.units import Unit, Units
from gongkai_ssg.reading.frontmatter import split
from gongkai_ssg.reading.sitefiles import read_config, read_site
from gongkai_ssg.reading.text import why_unwritable
from gongkai_ssg.reading.typed import guess
from gongkai_ssg.rules.addresses import unsafe_name

_TEMPLATE = Path(__file__).parent / "scaffold_site"
_SLUG_LENGTH = 40
_HEAD = 70_000
_CODE_LINE = re.compile(r"^[\"']?(?:索引号|code)[\"']?[ \t\u3000]*[:：][ \t\u3000]*[\"']?([^\s\"'#]+)", re.MULTILINE)


class Refused(Exception):
    """The command's words don't fit the site."""


def create_site(folder: Path, today: date) -> None:
    """Lay out a small site; today's date stands in its first items."""
    values = {"{{today}}": today.isoformat(), "{{year}}": str(today.year)}
    for source in sorted(_TEMPLATE.rglob("*")):
        if not source.is_file():
            continue
        name = source.relative_to(_TEMPLATE).as_posix()
        for mark, value in values.items():
            name = name.replace(mark, value)
        words = source.read_text(encoding="utf-8")
        for mark, value in values.items():
            words = words.replace(mark, value)
        target = folder / name.replace("dot-", ".")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(words, encoding="utf-8", newline="\n")


def create_item(
    config_file: Path, unit_name: str, category_name: str, title: str, day: date, findings: Findings
) -> tuple[str, str] | None:
    """A new item's file with the next free code of its unit and year: (path, code), or None with findings.

    :raises Refused: if the unit or category is unknown, or the code pattern is not one that can be counted up.
    """
    configured = read_config(config_file, findings)
    site = read_site(*configured, findings) if configured else None
    if site is None:
        return None
    if not title.strip():
        raise Refused(text("new.title"))
    unit = _unit(site.units, unit_name)
    category = _category(site.catalog, category_name)
    folders = site.folders
    code = next_code(unit.code, day.year, folders.items, folders.root)
    if not any(re.fullmatch(pattern, code) for pattern in site.config.code_pattern_on(day)):
        raise Refused(text("new.pattern", code=code))
    folder = folders.items / unit.id / str(day.year)
    path = folder / f"{_file_stem(title, code)}.md"
    number = 2
    while path.exists():
        path = folder / f"{_file_stem(title, code)}-{number}.md"
        number += 1
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    lines = [
        "---",
        f'标题: "{quoted}"',
        f"索引号: {code}",
        f"类别: {category.path}",
        f"发布日期: {day.isoformat()}",
        f"成文日期: {day.isoformat()}",
        "内容概述:",
        "草稿: 是",
        "---",
        "",
        "",
    ]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines), encoding="utf-8", newline="\n")
    except OSError as error:
        raise Refused(text("new.unwritable", path=folders.shown(path), why=why_unwritable(error))) from None
    return folders.shown(path), code


def next_code(unit_code: str, year: int, items: Path, repository: Path) -> str:
    """The first code of a unit and year after all that items bear in the tree or in any git ref at hand."""
    prefix = f"{unit_code}/{year}-"
    highest = 0
    for path in items.rglob("*.md"):
        if not path.is_symlink():
            highest = max(highest, _number(_head(path), prefix))
    return f"{prefix}{_highest_in_git(prefix, items, repository, highest) + 1:05d}"


def _head(path: Path) -> bytes:
    """The start of a file; nothing of one that can't be read, about which a build tells."""
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError:
        return b""


def _number(data: bytes, prefix: str) -> int:
    """The number that follows ``prefix`` in the code of an item, and 0 for another code or none.

    Codes in relations, in 原索引号 and in the body are not the item's.
    """
    if prefix.lower().encode() not in data.lower():
        return 0
    try:
        words = codecs.getincrementaldecoder("utf-8-sig")().decode(data)  # which lets half a character at the end pass
    except UnicodeDecodeError:
        words = data.decode("gb18030", "replace")
    parts = split(words.replace("\r\n", "\n").replace("\r", "\n"), "", Item)
    front = words if isinstance(parts, Finding) else parts.front
    code = _CODE_LINE.search(front)
    number = re.fullmatch(re.escape(prefix) + r"(\d{5,9})", code[1], re.IGNORECASE) if code else None
    return int(number[1]) if number else 0


def _highest_in_git(prefix: str, items: Path, repository: Path, highest: int) -> int:
    """The highest number above ``highest`` of an item in any branch, tag or remote branch; nothing outside git."""
    try:
        refs = _git(
            repository, "for-each-ref", "--format=%(objectname)", "refs/heads", "refs/remotes", "refs/tags"
        ).split()
        commits = sorted({ref.decode() for ref in refs})
        found: set[tuple[int, str]] = set()
        below = f":(literal){items.relative_to(repository).as_posix()}"
        for start in range(0, len(commits), 50):
            words = ["grep", "-z", "-i", "-F", "-e", prefix, *commits[start : start + 50], "--", below]
            for line in _git(repository, *words, allowed=(0, 1)).split(b"\n"):
                file, _, typed = line.partition(b"\0")
                if file.lower().endswith(b".md"):
                    found.update((number, os.fsdecode(file)) for number in _numbers(typed, prefix) if number > highest)
        for number, blob in sorted(found, reverse=True):
            if _number(_git(repository, "cat-file", "blob", blob), prefix) == number:
                return number
    except (OSError, ValueError, subprocess.CalledProcessError):
        pass
    return highest


def _numbers(line: bytes, prefix: str) -> list[int]:
    """All that follows ``prefix`` in a line."""
    return [int(number) for number in re.findall(re.escape(prefix.encode()) + rb"(\d{5,9})", line, re.IGNORECASE)]


def _git(repository: Path, *words: str, allowed: tuple[int, ...] = (0,)) -> bytes:
    done = subprocess.run(["git", "-C", str(repository), *words], capture_output=True, check=False)
    if done.returncode not in allowed:
        raise subprocess.CalledProcessError(done.returncode, ["git", *words])
    return done.stdout


def _unit(units: Units, name: str) -> Unit:
    unit = units.find(name) or next((each for each in units if each.short_name == name), None)
    if unit is None:
        raise Refused(text("new.unit", value=name, guess=_suggestion(guess(name, units.names()))))
    return unit


def _category(catalog: Catalog, name: str) -> Category:
    category = catalog.find(name)
    named = [each for each in catalog if each.name == name]
    if category is None and len(named) == 1:
        category = named[0]
    if category is None:
        known = [*catalog.names(), *(each.name for each in catalog)]
        raise Refused(text("new.category", value=name, guess=_suggestion(guess(name, known))))
    return category


def _suggestion(word: str) -> str:
    return text("finding.guess", guess=word) if word else ""


def _file_stem(title: str, code: str) -> str:
    """A file name from the title; the serial of the code where the title makes none."""
    stem = re.sub(r"[\s<>:\"|?*\\/\x00-\x1f]+", "", title)[:_SLUG_LENGTH].strip(". ")
    return stem if stem and not unsafe_name(stem) else code.rsplit("/", 1)[-1]
