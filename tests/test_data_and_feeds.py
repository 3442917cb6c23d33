"""Files for machines: feeds, site maps, the catalog as data, counts, the manifest."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from gongkai_ssg.pages import data, extras
from tests.rich_site import CODE, RICH
from tests.site import Built, build, build_text, item, lay_out, tree

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
URL = "https://www.example.gov.cn/zfxxgk/"
SHOWN = ["00001", "00002", "00003", "00005", "00006"]


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build_text(tmp_path_factory.mktemp("rich"), RICH)


def records(built: Built, month: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in built.page(f"data/catalog/{month}.jsonl").splitlines()]


def table(built: Built, month: str) -> list[dict[str, str]]:
    text = (built.output / f"data/catalog/{month}.csv").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_feeds_are_atom_with_the_newest_first(rich: Built) -> None:
    feed = ET.fromstring(rich.page("feed.xml"))
    links = [entry.find(f"{ATOM}link") for entry in feed.iter(f"{ATOM}entry")]
    assert [link.get("href") for link in links if link is not None] == [
        f"{URL}items/{CODE}/2024-{number}.html" for number in reversed(SHOWN)
    ]
    assert feed.findtext(f"{ATOM}updated") == "2024-03-06T00:00:00+08:00"
    assert feed.findtext(f"{ATOM}title") == "测试县人民政府信息公开"
    for entry in feed.iter(f"{ATOM}entry"):
        assert all(entry.findtext(f"{ATOM}{name}") for name in ("title", "id", "updated", "published"))


def test_a_unit_has_a_feed_of_its_own(rich: Built) -> None:
    feed = ET.fromstring(rich.page("units/czj/feed.xml"))
    assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == ["财政一篇"]
    assert {link.get("href") for link in feed.findall(f"{ATOM}link")} == {
        f"{URL}units/czj/feed.xml",
        f"{URL}units/czj/index.html",
    }


def test_an_update_moves_the_date_in_feed_and_site_map(tmp_path: Path) -> None:
    text = f"-- content/items/xzf/1.md --\n{item(updated='2024-05-06 10:20')}"
    built = build_text(tmp_path, text)
    assert ET.fromstring(built.page("feed.xml")).findtext(f"{ATOM}updated") == "2024-05-06T10:20:00+08:00"
    assert ET.fromstring(built.page("sitemap-2024-1.xml")).findtext(f".//{MAP}lastmod") == "2024-05-06"


@pytest.mark.parametrize(
    "body", ["正文\ufffe。", "正文\uffff。", "正文\x85\u2028。", "正文]]>。<&>\"'", "正文\U0001fffe。"]
)
def test_whatever_a_body_holds_feeds_stay_well_formed(tmp_path: Path, body: str) -> None:
    built = build_text(
        tmp_path, f"-- content/items/xzf/1.md --\n{item(body=body)}\n-- content/items/xzf/2.md --\n{item('00002')}"
    )
    for path in built.output.rglob("*.xml"):
        ET.fromstring(path.read_bytes())
    assert built.has(f"items/{CODE}/2024-00002.html")


def test_the_site_map_names_every_item_in_parts_by_year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "SITEMAP_PART", 4)
    text = "\n".join(
        f"-- content/items/xzf/{number}.md --\n{item(f'{number:05d}', 2023 + number % 2)}" for number in range(1, 18)
    )
    built = build_text(tmp_path, text)
    index = ET.fromstring(built.page("sitemap.xml"))
    parts = [part.text or "" for part in index.iter(f"{MAP}loc")]
    assert [part.removeprefix(URL) for part in parts] == [
        f"sitemap-{part}.xml" for part in ("2023-1", "2023-2", "2024-1", "2024-2", "2024-3")
    ]
    addresses: list[str] = []
    for part in parts:
        places = [place.text or "" for place in ET.fromstring(built.page(part.removeprefix(URL))).iter(f"{MAP}loc")]
        assert 0 < len(places) <= 4
        addresses += places
    assert len(addresses) == len(set(addresses)) == 17
    assert all(built.has(unquote(address.removeprefix(URL))) for address in addresses)
    assert {path for path in tree(built.output) if path.startswith("sitemap-")} == {
        part.removeprefix(URL) for part in parts
    }


def test_an_empty_site_has_a_valid_site_map_and_feed(tmp_path: Path) -> None:
    built = build(lay_out(tmp_path))
    assert ET.fromstring(built.page("sitemap.xml")).findtext(f".//{MAP}loc") == URL
    assert ET.fromstring(built.page("feed.xml")).findtext(f"{ATOM}updated")


def test_robots_and_headers_name_the_path_where_the_portal_is_mounted(rich: Built) -> None:
    assert rich.page("robots.txt").splitlines() == ["User-agent: *", "Allow: /", "", f"Sitemap: {URL}sitemap.xml"]
    headers = rich.page("_headers").splitlines()
    assert headers[0] == "/zfxxgk/*"
    assert any(line.startswith("  Content-Security-Policy: default-src 'self'") for line in headers)
    assert "/zfxxgk/assets/*" in headers


def test_the_catalog_as_data_has_the_elements_of_every_item(rich: Built) -> None:
    found = records(rich, "2024-03")
    assert [each["code"] for each in found] == [f"{CODE}/2024-{number}" for number in SHOWN]
    assert found[0] == {
        "code": f"{CODE}/2024-00001", "title": "管理办法", "unit": "xzf", "unit_name": "测试县人民政府", "category": "zcwj/gfxwj",
        "kind": "行政规范性文件", "doc_number": "测政〔2024〕1号", "formed": "2024-03-01", "date": "2024-03-01 09:30", "updated": None,
        "status": "废止", "topic": "财政、金融、审计/财政", "summary": "概述一句", "keywords": ["办法", "管理"],
        "url": f"items/{CODE}/2024-00001.html",
    }  # fmt: skip
    assert all(tuple(each) == data.CATALOG_COLUMNS for each in found)
    rows = table(rich, "2024-03")
    assert [row["code"] for row in rows] == [each["code"] for each in found]
    assert tuple(rows[0]) == data.CATALOG_COLUMNS
    assert (rows[0]["keywords"], rows[0]["updated"]) == ("办法、管理", "")


def test_each_month_has_its_files(tmp_path: Path) -> None:
    days = ("2024-01-31", "2024-02-29", "2024-02-01", "2023-12-31 23:59")
    text = "\n".join(
        f"-- content/items/xzf/{number}.md --\n{item(f'0000{number}', int(day[:4]), date=day)}"
        for number, day in enumerate(days)
    )
    built = build_text(tmp_path, text)
    assert {path.name: len(records(built, path.stem)) for path in (built.output / "data/catalog").glob("*.jsonl")} == {
        "2023-12.jsonl": 1, "2024-01.jsonl": 1, "2024-02.jsonl": 2,
    }  # fmt: skip


@pytest.mark.parametrize("cell", ["=1+1", "+86 1", "-1", "@SUM(A1)", "\t=1"])
def test_a_cell_that_a_spreadsheet_would_run_is_harmless(cell: str) -> None:
    assert data.harmless(cell) == f"'{cell}"


def test_a_formula_in_a_title_is_harmless_in_the_table_and_whole_elsewhere(tmp_path: Path) -> None:
    title = '=HYPERLINK("x","点")'
    built = build_text(
        tmp_path, f"-- content/items/xzf/1.md --\n{item(title=f'{title!r}', summary='-1 <b>', keywords='[+甲]')}"
    )
    (row,) = table(built, "2024-03")
    assert (row["title"], row["summary"], row["keywords"]) == (f"'{title}", "'-1 <b>", "'+甲")
    assert records(built, "2024-03")[0]["title"] == title
    assert title in built.text(f"items/{CODE}/2024-00001.html")


def test_counts_count_each_item_once(rich: Built) -> None:
    counts = json.loads(rich.page("data/counts.json"))
    assert counts["total"] == 5
    assert counts["unit"] == {"xzf": 3, "czj": 1, "xczxj": 1}
    assert counts["category"] == {"zcwj/gfxwj": 1, "zcwj/qtwj": 3, "zcjd": 1}
    assert counts["year"] == {"2024": 5}
    assert counts["status"] == {"废止": 1}


def test_the_manifest_tells_size_and_digest_of_every_file(rich: Built) -> None:
    files = tree(rich.output)
    known: dict[str, list[Any]] = {}
    for number in range(256):
        part = json.loads(files[f"data/manifest/{number:02x}.json"])
        assert not known.keys() & part.keys()
        known |= part
    own = {path for path in files if path.startswith("data/manifest/")} | {".gongkai-output"}
    assert known.keys() == files.keys() - own
    assert known == {path: [len(files[path]), hashlib.sha256(files[path]).hexdigest()] for path in known}
