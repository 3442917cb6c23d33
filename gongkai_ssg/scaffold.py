"""``gongkai init`` and ``gongkai new``: a small site that builds, an item with the next free code."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from pathlib import Path

from gongkai_ssg.diagnostics import Findings
from gongkai_ssg.messages import text
from gongkai_ssg.model.catalog import Catalog, Category
from gongkai_ssg.model.units import Unit, Units
from gongkai_ssg.reading.sitefiles import read_config, read_site
from gongkai_ssg.reading.typed import guess
from gongkai_ssg.rules.addresses import unsafe_name

_TEMPLATE = Path(__file__).parent / "scaffold_site"
_SLUG_LENGTH = 40


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
    folder.mkdir(parents=True, exist_ok=True)
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
    path.write_text("\n".join(lines), encoding="utf-8", newline="\n")
    return folders.shown(path), code


def next_code(unit_code: str, year: int, items: Path, repository: Path) -> str:
    """The first code of a unit and year after all that stand in the tree or in any git ref at hand."""
    prefix = f"{unit_code}/{year}-"
    used = re.compile(re.escape(prefix) + r"(\d{5,})", re.IGNORECASE)
    highest = 0
    for path in items.rglob("*.md"):
        if path.is_symlink():
            continue
        with path.open("rb") as file:
            head = file.read(65_536)
        for number in used.findall(head.decode("utf-8", "replace")):
            highest = max(highest, int(number))
    for number in used.findall(_codes_in_git(prefix, repository)):
        highest = max(highest, int(number))
    return f"{prefix}{highest + 1:05d}"


def _codes_in_git(prefix: str, repository: Path) -> str:
    """Lines of front matter with such a code in every branch, tag and remote branch; nothing outside git."""
    try:
        refs = _git(
            repository, "for-each-ref", "--format=%(objectname)", "refs/heads", "refs/remotes", "refs/tags"
        ).split()
        commits = sorted(set(refs))
        found = []
        for start in range(0, len(commits), 50):
            words = ["grep", "-h", "-i", "-F", "-e", prefix, *commits[start : start + 50], "--", "*.md"]
            found.append(_git(repository, *words, allowed=(0, 1)))
        return "\n".join(found)
    except (OSError, subprocess.CalledProcessError):
        return ""


def _git(repository: Path, *words: str, allowed: tuple[int, ...] = (0,)) -> str:
    done = subprocess.run(["git", "-C", str(repository), *words], capture_output=True, check=False)
    if done.returncode not in allowed:
        raise subprocess.CalledProcessError(done.returncode, ["git", *words])
    return done.stdout.decode("utf-8", "replace")


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
