"""A site's files → its index, in one go. For tests and measurements; the build hands over entries as it reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from gongkai_ssg.diagnostics import Findings
from gongkai_ssg.pages.page import Page, Plain
from gongkai_ssg.reading.items import read_item
from gongkai_ssg.reading.record import Record
from gongkai_ssg.reading.sitefiles import SiteFiles, read_config, read_site
from gongkai_ssg.reading.sources import scan
from gongkai_ssg.rendering.constants import Constants
from gongkai_ssg.rendering.templates import Renderer
from gongkai_ssg.rendering.theme import Theme, load_theme
from gongkai_ssg.search.documents import File, stamp_of
from gongkai_ssg.search.entry import Entry, entry_of
from gongkai_ssg.search.index import index_file, tier_files
from gongkai_ssg.search.layout import layout_of
from gongkai_ssg.search.page import search_pages
from gongkai_ssg.search.shards import script
from gongkai_ssg.search.standing import standing_files
from gongkai_ssg.search.tiers import day_number, tiers
from gongkai_ssg.search.words import NEWEST, frequent_words


def write_search(config_file: Path, output: Path, today: date) -> int:
    """Read a site and write its ``search/`` below ``output``; returns the number of items in it.

    :raises ValueError: if the site's own files are wrong.
    """
    findings = Findings()
    configured = read_config(config_file, findings, output)
    files = read_site(*configured, findings) if configured else None
    if configured is None or files is None:
        raise ValueError(config_file)
    entries = read_entries(files, today)
    made = set()
    for name, data in index_files(entries, files, today):
        target = output / "search" / name
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        target.write_bytes(data)
    return len(entries)


def write_page(config_file: Path, output: Path, today: date) -> None:
    """Write the search page of a site and its assets, without the rest of the site.

    :raises ValueError: if the site's own files are wrong.
    """
    configured = read_config(config_file, Findings(), output)
    theme = load_theme(configured[1].root, configured[0].theme) if configured else None
    if configured is None or not isinstance(theme, Theme):
        raise ValueError(config_file)
    renderer = Renderer(theme, Constants(configured[0].site))
    files = {address: theme.content(name) for name, address in theme.addresses.items()}
    for page in search_pages(theme.addresses):
        if isinstance(page, Page):
            files[page.address] = renderer.render(page.address, page.template, page.values)
        elif isinstance(page, Plain):
            files[page.address] = page.content
    for address, data in files.items():
        (output / address).parent.mkdir(parents=True, exist_ok=True)
        (output / address).write_bytes(data)


def index_files(entries: Sequence[Entry], files: SiteFiles, today: date) -> Iterator[File]:
    """All files of the index of a site."""
    ordered = sorted(entries, key=lambda entry: entry.place)
    found = []
    for tier in tiers(day_number(today), Counter(entry.day for entry in ordered)):
        inside = [entry for entry in ordered if tier.first <= entry.day < tier.end]
        yield from tier_files(tier, inside)
        layout = layout_of(tier, [inside[number].text for number in tier.sample])
        found.append((tier, stamp_of((entry.code for entry in inside), layout), layout))
    yield index_file(found)
    newest = sorted(ordered, key=lambda entry: (entry.day, entry.code))[-NEWEST:]
    yield "words.js", script("words", "", frequent_words([entry.title for entry in newest], []))
    yield from standing_files(files.units, files.catalog, files.synonyms)


def read_entries(files: SiteFiles, today: date) -> list[Entry]:
    """The entries of all items that are published on a day, as far as an item by itself tells."""
    folders = files.folders
    prefix = folders.shown(folders.items) + "/"
    entries = []
    for path in sorted(source.path for source in scan(folders, {}).sources("item")):
        below = path[len(prefix) :]
        unit = below.partition("/")[0] if "/" in below else ""
        record = read_item((folders.root / path).read_bytes(), path, unit, files.options)
        if _is_published(record, today):
            entries.append(entry_of(record, ""))
    return entries


def _is_published(record: Record, today: date) -> bool:
    item = record.item
    if item is None or item.draft or item.withdrawn or item.disclosure != "主动公开":
        return False
    ended = item.public_until is not None and item.public_until < today
    return not ended and max(item.date.date(), item.publish_at or item.date.date()) <= today
