"""Lists: twenty a page from the oldest, so that a new item changes little, whatever the size of the site."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.site import Built, build, build_text, item, tree

LISTS = ("catalog/zcwj/", "catalog/zcwj/qtwj/", "units/xzf/", "years/", "topics/02/")
FIRST = date(2023, 9, 20)


def many(count: int, first: date = FIRST, step: int = 3) -> str:
    """``count`` items, the next always newer than the last, over the turn of a year."""
    parts = []
    for number in range(1, count + 1):
        day = first + timedelta(days=step * number)
        text = item(f"{number:05d}", day.year, title=f"文件{number}", date=day.isoformat(), topic="综合政务")
        parts.append(f"-- content/items/xzf/{number:05d}.md --\n{text}")
    return "\n".join(parts)


def numbers(page: str) -> list[int]:
    """The items of a list page, in its order."""
    return [int(number) for number in re.findall(r">文件(\d+)</a>", page[: page.find('<nav class="pager"')])]


def by_year(count: int) -> dict[int, list[int]]:
    years: dict[int, list[int]] = {}
    for number in range(1, count + 1):
        years.setdefault((FIRST + timedelta(days=3 * number)).year, []).append(number)
    return years


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build_text(tmp_path_factory.mktemp("large"), many(97))


@pytest.mark.parametrize("folder", LISTS)
def test_a_year_is_paged_by_twenty_from_the_oldest(large: Built, folder: str) -> None:
    for year, wanted in by_year(97).items():
        pages = sorted((large.output / folder / str(year)).glob("p*.html"), key=lambda path: int(path.stem[1:]))
        assert [path.stem for path in pages] == [f"p{number}" for number in range(1, (len(wanted) - 1) // 20 + 2)]
        for place, path in enumerate(pages):
            assert numbers(path.read_text(encoding="utf-8")) == wanted[20 * place : 20 * place + 20][::-1]


@pytest.mark.parametrize("folder", ["catalog/zcwj/", "units/xzf/", "topics/02/"])
@pytest.mark.parametrize(("count", "shown"), [(1, 1), (20, 20), (39, 39), (40, 20), (41, 21), (59, 39), (60, 20)])
def test_an_index_shows_the_newest_twenty_to_thirty_nine(tmp_path: Path, folder: str, count: int, shown: int) -> None:
    built = build_text(tmp_path, many(count))
    assert numbers(built.page(f"{folder}index.html")) == list(range(count, count - shown, -1))


@pytest.mark.parametrize("folder", ["catalog/zcwj/", "units/xzf/", "topics/02/", "years/"])
def test_a_month_leads_to_the_page_on_which_it_begins(large: Built, folder: str) -> None:
    page = large.page(f"{folder}index.html")
    found = re.findall(r'href="[./]*([^"]+/(\d{4})/p\d+\.html)">(\d+)月</a>', page)
    assert len(found) > 10
    for address, year, month in found:
        first = next(
            n for n in range(1, 98) if (FIRST + timedelta(days=3 * n)).strftime("%Y-%m") == f"{year}-{int(month):02d}"
        )
        assert first in numbers(large.page(address)), (address, month)


def test_items_sort_by_date_then_code(tmp_path: Path) -> None:
    days = ["2024-03-02", "2024-03-01", "2024-03-02 08:30", "2024-03-02", "2024-03-01 23:59"]
    text = "\n".join(
        f"-- content/items/xzf/{9 - number}.md --\n{item(f'{number:05d}', title=f'文件{number}', date=day)}"
        for number, day in enumerate(days, 1)
    )
    built = build_text(tmp_path, text)
    assert numbers(built.page("catalog/zcwj/qtwj/index.html")) == [3, 4, 1, 5, 2]
    assert numbers(built.page("catalog/zcwj/qtwj/2024/p1.html")) == [3, 4, 1, 5, 2]


def test_pages_of_a_year_lead_to_their_neighbours(large: Built) -> None:
    def links(address: str) -> dict[str, str]:
        return {
            words: to.rpartition("/")[2]
            for to, words in re.findall(r'href="([^"]+)">([^<]+)</a></li>', large.page(address))
        }

    year = max(by_year(97), key=lambda each: len(by_year(97)[each]))
    last = (len(by_year(97)[year]) - 1) // 20 + 1
    folder = f"catalog/zcwj/{year}"
    assert links(f"{folder}/p1.html").get("较新一页") == "p2.html"
    assert "较旧一页" not in links(f"{folder}/p1.html")
    assert links(f"{folder}/p{last}.html").get("较旧一页") == f"p{last - 1}.html"
    assert "较新一页" not in links(f"{folder}/p{last}.html")
    assert links(f"{folder}/p{last}.html").get("本年最早") == "p1.html"


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 85))
@example(0)
@example(33)
@example(39)
@example(53)
@example(60)
def test_one_newest_item_changes_only_the_newest_pages(count: int) -> None:
    with TemporaryDirectory() as folder:
        before = tree(build_text(Path(folder), many(count)).output)
        again = build_text(Path(folder), many(count + 1))
        assert again.status == 0, again.errors
        after = tree(again.output)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    year = (FIRST + timedelta(days=3 * (count + 1))).year
    place = len(by_year(count + 1)[year])
    newest = {f"{year}/p{number}.html" for number in ((place - 1) // 20 + 1, (place - 2) // 20 + 1)}
    paged = {path for path in changed if re.search(r"/p\d+\.html$", path)}
    assert not [path for path in paged if "/".join(path.split("/")[-2:]) not in newest]
    rest = {path for path in changed - paged if not path.startswith(("data/manifest/", "items/", "search/"))}
    assert len([path for path in changed if path.startswith("items/")]) <= 2
    assert len(rest) <= 45
    assert not before.keys() - after.keys()


def test_a_units_own_category_is_one_page_up_to_a_hundred_items(tmp_path: Path) -> None:
    built = build_text(tmp_path, many(100, step=1))
    assert len(numbers(built.page("units/xzf/catalog/zcwj/qtwj/index.html"))) == 100
    assert not list((built.output / "units/xzf/catalog/zcwj").glob("**/p1.html"))
    built = build_text(tmp_path, many(101, step=1))
    assert numbers(built.page("units/xzf/catalog/zcwj/qtwj/index.html")) == list(range(101, 80, -1))
    assert built.has("units/xzf/catalog/zcwj/qtwj/2023/p1.html")
    above = built.page("units/xzf/catalog/zcwj/index.html")
    assert '<a href="../../../../units/xzf/catalog/zcwj/qtwj/index.html">' in above
    assert "按年份" not in above
    assert not built.has("units/xzf/catalog/zcwj/2023/p1.html"), "the categories below have these pages"


def test_an_item_is_listed_where_it_also_belongs_and_counted_once(tmp_path: Path) -> None:
    built = build_text(tmp_path, f"-- content/items/xzf/1.md --\n{item(title='文件1', also='[zcjd, gfxwj]')}")
    for path in ("zcwj", "zcwj/qtwj", "zcwj/gfxwj", "zcjd"):
        assert numbers(built.page(f"catalog/{path}/index.html")) == [1]
        assert numbers(built.page(f"units/xzf/catalog/{path}/index.html")) == [1]
    again = build(tmp_path)
    assert again.page("data/counts.json").count("zc") == 1
