"""Every address that a page names leads to something, and nothing comes from elsewhere or runs."""

from __future__ import annotations

import shutil
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.rich_site import RICH
from tests.site import Built, build, build_text, lay_out

ROOT = Path(__file__).parents[1]
_FETCHED = {"src", "srcset", "poster", "data", "action", "formaction", "background"}


class Page(HTMLParser):
    """What a page names, and what it must not hold."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.ids: list[str] = []
        self.wrong: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.wrong += [f"{tag} {name}" for name in values if name == "style" or name.startswith("on")]
        self.wrong += [f"{tag} twice {name}" for name in values if [each for each, _ in attrs].count(name) > 1]
        if tag == "style" or (tag == "script" and "src" not in values and values.get("type") != "application/ld+json"):
            self.wrong.append(tag)
        if "id" in values:
            self.ids.append(values["id"])
        self.fetched += [values[name] for name in _FETCHED & values.keys()]
        if tag == "link" and values.get("rel") not in ("canonical", "alternate"):
            self.fetched.append(values["href"])
        elif "href" in values and values.get("rel") != "canonical":
            self.links.append(values["href"])
        if tag == "meta" and values.get("http-equiv") == "refresh":
            self.links.append(values["content"].partition("url=")[2])
        if tag not in ("meta", "link", "img", "br", "hr", "input", "col", "source"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> at {self.getpos()}")


def broken(output: Path) -> list[tuple[str, str]]:
    """(page, what is wrong with it) for every page of an output folder."""
    pages = {
        path.relative_to(output).as_posix(): Page(path.read_text(encoding="utf-8")) for path in output.rglob("*.html")
    }
    found = []
    for address, page in pages.items():
        found += [(address, words) for words in page.wrong]
        found += [(address, f"still open: {page.open}")] * bool(page.open)
        found += [(address, f"id {each} twice") for each in set(page.ids) if page.ids.count(each) > 1]
        found += [
            (address, f"fetches {link}") for link in page.fetched if urlsplit(link).scheme or link.startswith("//")
        ]
        for link in [*page.links, *page.fetched]:
            parts = urlsplit(link)
            if parts.scheme in ("http", "https", "mailto", "tel"):
                continue
            if parts.scheme or parts.netloc or parts.query or (parts.path.startswith("/") and address != "404.html"):
                found.append((address, f"not relative: {link}"))
                continue
            base = output if address == "404.html" else (output / address).parent
            way = unquote(parts.path).removeprefix("/zfxxgk/") if address == "404.html" else unquote(parts.path)
            target = Path(*base.joinpath(way).parts) if way else output / address
            target = target.resolve()
            name = target.relative_to(output.resolve()).as_posix() if target.is_relative_to(output.resolve()) else ".."
            if not target.is_file() or name == "..":
                found.append((address, f"leads nowhere: {link}"))
            elif parts.fragment and unquote(parts.fragment) not in pages[name].ids:
                found.append((address, f"no such place: {link}"))
    return found


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The sample county, built once."""
    folder = tmp_path_factory.mktemp("county")
    shutil.copytree(ROOT / "content", folder / "content")
    shutil.copy(ROOT / "config.yaml", folder / "config.yaml")
    return build(folder, today="2026-11-20")


def test_the_sample_county_is_published_with_one_finding_let_pass(county: Built) -> None:
    found = [(each["code"], each["severity"]) for each in county.findings]
    assert (county.status, found) == (0, [("GK110", "note")])


def test_every_link_of_the_sample_county_leads_somewhere(county: Built) -> None:
    assert broken(county.output) == []


@pytest.mark.parametrize("today", ["2024-03-01", "2024-09-01", "2025-06-01", "2031-01-01"])
def test_every_link_of_a_site_leads_somewhere_on_every_day(tmp_path: Path, today: str) -> None:
    assert broken(build_text(tmp_path, RICH, today=today).output) == []


def test_every_link_of_an_empty_site_leads_somewhere(tmp_path: Path) -> None:
    built = build(lay_out(tmp_path))
    assert built.status == 0
    assert broken(built.output) == []


def test_no_page_fetches_anything_from_elsewhere_by_a_style_sheet(county: Built) -> None:
    for path in county.output.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert "@import" not in text
        assert "://" not in text
