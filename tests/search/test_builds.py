"""The index as builds keep it: right after any change, made in parts, mended where little changed."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gongkai_ssg import publish
from gongkai_ssg.pages import tierfiles
from gongkai_ssg.reading.chunks import Reader
from gongkai_ssg.search import index, texts, tiers
from tests.site import CODE, build, item, lay_out, tree

OLD = 130
ITEMS = "content/items/xzf"
WORDS = "关于 印发 应急 预案 通知 行政 复议 生活 保障 不动产 登记 办理 居住证 2024 abc 12345678 繁體 ㎡".split()


def body(number: int) -> str:
    chance = random.Random(number)
    return "\n\n".join("".join(chance.choices(WORDS, k=20)) + "。" for _ in range(3))


def many() -> str:
    """Old items, some normative documents with an end among them, and two of these days."""
    parts = []
    for number in range(1, OLD + 1):
        keys = {"category": "gfxwj", "expires": "2025-06-15"} if number % 13 == 0 else {}
        day = f"2023-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
        keys |= {"date": day, "title": f"第{number}号文件"}
        parts.append(f"-- {ITEMS}/{number}.md --\n{item(f'{number:05d}', 2023, body(number), **keys)}")
    parts += [
        f"-- {ITEMS}/{number}.md --\n{item(f'{number:05d}', 2025, body(number), date='2025-05-30')}"
        for number in (201, 202)
    ]
    return "\n".join(parts)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = lay_out(tmp_path_factory.mktemp("built") / "site", many())
    assert build(folder).status == 0
    return folder


@pytest.fixture
def site(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "site", copy_function=shutil.copy2))


def search_files(folder: Path) -> dict[str, bytes]:
    return tree(folder / "public/search")


def as_clean(folder: Path, today: str = "2025-06-01") -> bool:
    """Whether a site has the files that a clean build gives it."""
    clean = folder.parent / "clean"
    shutil.rmtree(clean, ignore_errors=True)
    shutil.copytree(folder, clean, ignore=shutil.ignore_patterns("public", ".gongkai"))
    assert build(clean, today=today).status == 0
    return tree(folder / "public") == tree(clean / "public")


def changed(folder: Path, today: str = "2025-06-01", never: tuple[tuple[object, str], ...] = ()) -> set[str]:
    """Build a site, and tell which search files are others, or gone.

    :param never: functions that this may not call.
    """

    def fail(*_: object) -> None:
        raise AssertionError

    before = search_files(folder)
    with pytest.MonkeyPatch.context() as patch:
        for place, name in never:
            patch.setattr(place, name, fail)
        built = build(folder, today=today)
    assert built.status == 0, built.errors
    after = search_files(folder)
    assert as_clean(folder, today)
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


ANEW = ((tierfiles, "all_files"), (tierfiles, "write_order"))

EDITS: dict[str, tuple[str, str]] = {
    "body": ("。\n\n", "。又有一句关于地震的话。\n\n"),
    "title": ("title: 第55号文件", "title: 地震应急预案"),
    "number": ("category: qtwj", "category: qtwj\ndoc_number: 测政〔2023〕55号"),
    "topic": ("category: qtwj", "category: qtwj\ntopic: 综合政务/政务公开"),
    "summary": ("category: qtwj", "category: qtwj\nsummary: 说明地震的文件"),
}


@pytest.mark.parametrize("kind", sorted(EDITS))
def test_an_edit_that_moves_nothing_mends_the_files_that_differ(site: Path, kind: str) -> None:
    total = len(search_files(site))
    rewrite(site / ITEMS / "55.md", *EDITS[kind])
    names = changed(site, never=ANEW)
    assert names
    assert len(names) < total / 2
    assert all(name.startswith("old/") for name in names)


def test_a_source_that_is_renamed_changes_no_search_file(site: Path) -> None:
    (site / ITEMS / "55.md").rename(site / ITEMS / "fifty-five.md")
    assert changed(site, never=ANEW) == set()


def test_what_lapses_is_marked_without_its_terms_being_made_anew(site: Path) -> None:
    names = changed(site, today="2025-06-16")
    assert {"index.js", "old/more.js"} <= names
    assert not [name for name in names if name.removeprefix("old/").removesuffix(".js").isdigit()]


def test_what_filters_see_of_the_newest_items_stands_in_the_index(site: Path) -> None:
    keys = ("category: qtwj", "category: gfxwj\nexpires: 2025-06-15")
    rewrite(site / ITEMS / "201.md", *keys)
    assert "index.js" in changed(site)
    assert {name.rpartition("/")[2] for name in changed(site, today="2025-06-16")} >= {"index.js", "more.js"}


def test_names_and_everyday_words_change_the_index_alone(site: Path) -> None:
    (site / "content/synonyms.yaml").write_text("- [老街, 解放路]\n", encoding="utf-8")
    assert changed(site, never=ANEW) == {"index.js"}
    rewrite(site / "content/units.yaml", "测试县人民政府", "青山县人民政府")
    assert changed(site) == {"index.js"}
    words = (site / "public/search/index.js").read_text(encoding="utf-8")
    assert "解放路" in words
    assert "青山县人民政府" in words


def test_a_new_item_of_today_changes_the_files_of_the_newest_days_only(site: Path) -> None:
    text = item("00203", 2025, body(203), date="2025-06-01")
    (site / ITEMS / "203.md").write_text(text, encoding="utf-8")
    names = changed(site)
    assert "index.js" in names
    assert not [name for name in names if name.startswith("old/")]
    assert len(names) <= 60


def another_word(path: Path) -> None:
    rewrite(path, "通知", "通报")


CHANGES: dict[str, Callable[[Path], object]] = {
    "gone": lambda folder: (folder / "55.md").unlink(),
    "moved to another day": lambda folder: rewrite(folder / "55.md", "date: 2023-08-28", "date: 2023-08-27"),
    "moved to another category": lambda folder: rewrite(folder / "55.md", "category: qtwj", "category: zcjd"),
    "withdrawn": lambda folder: rewrite(
        folder / "55.md", "category: qtwj", "category: qtwj\nwithdrawn: {date: 2025-01-01, reason: 误发}"
    ),
    "several bodies": lambda folder: list(map(another_word, sorted(folder.glob("2?.md")))),
}


@pytest.mark.parametrize("kind", sorted(CHANGES))
def test_a_tier_made_anew_reads_no_source(site: Path, kind: str) -> None:
    CHANGES[kind](site / ITEMS)
    names = changed(site, never=((Reader, "text"),))
    assert [name for name in names if name.startswith("old/")]


def test_a_notice_whose_time_is_over_is_found_by_its_title_alone(tmp_path: Path) -> None:
    text = item("00001", 2025, "地震的正文。", title="公示名单", public_until="2025-06-01")
    folder = lay_out(tmp_path / "site", f"-- {ITEMS}/1.md --\n{text}")
    assert build(folder).status == 0
    assert "地震" in (folder / "public/items" / CODE / "2025-00001.html").read_text(encoding="utf-8")
    assert changed(folder, today="2025-06-02")
    assert changed(folder, today="2025-06-01")


HARM: dict[str, Callable[[Path], object]] = {
    "gone": lambda path: shutil.rmtree(path.parent),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:1000]),
    "other bytes": lambda path: path.write_bytes(path.read_bytes()[::-1]),
}


@pytest.mark.parametrize("edit", ["body", "gone"])
@pytest.mark.parametrize("kind", sorted(HARM))
def test_kept_texts_that_came_to_harm_are_read_anew(site: Path, kind: str, edit: str) -> None:
    HARM[kind](next((site / ".gongkai").glob("texts-*/0")))
    if edit == "body":
        rewrite(site / ITEMS / "55.md", *EDITS["body"])
    else:
        CHANGES["gone"](site / ITEMS)
    assert changed(site)


def test_a_search_file_that_someone_else_changed_is_not_mended(site: Path) -> None:
    clean = search_files(site)
    rewrite(site / ITEMS / "55.md", *EDITS["body"])
    names = changed(site)
    rewrite(site / ITEMS / "55.md", *reversed(EDITS["body"]))
    for name in names:
        (site / "public/search" / name).write_text("nothing", encoding="utf-8")
    assert build(site).status == 0
    assert search_files(site) == clean


def test_several_processes_give_what_one_gives(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (site / ITEMS / "55.md").unlink()
    monkeypatch.setattr(publish, "_FEW", 0)
    monkeypatch.setattr(index, "RUN", 50)
    monkeypatch.setattr(tierfiles, "RUN", 50)
    other = Path(shutil.copytree(site, site.parent / "other", copy_function=shutil.copy2))
    for folder, jobs in ((site, 1), (other, 2)):
        assert build(folder, jobs=jobs).status == 0
    assert tree(site / "public") == tree(other / "public")
    assert build(other, "--clean", jobs=2).status == 0
    assert tree(site / "public") == tree(other / "public")


def test_texts_that_no_item_has_any_more_are_left_behind(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_SLACK", 0)
    before = next((site / ".gongkai").glob("texts-*"))
    size = sum(path.stat().st_size for path in before.iterdir())
    for number in range(12):
        for each in range(40, 70):
            rewrite(site / ITEMS / f"{each}.md", "。", f"。{number}")
        assert build(site).status == 0
    after = list((site / ".gongkai").glob("texts-*"))
    assert len(after) == 1
    assert after[0].name != before.name
    assert sum(path.stat().st_size for path in after[0].iterdir()) < 3 * size
    rewrite(site / ITEMS / "55.md", "title: 第55号文件", "title: 地震")
    assert changed(site)


def test_without_search_nothing_is_kept(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "site", f"-- {ITEMS}/1.md --\n{item()}")
    with (folder / "config.yaml").open("a", encoding="utf-8") as config:
        config.write("search: false\n")
    assert build(folder).status == 0
    assert not list((folder / ".gongkai").glob("texts-*"))
    assert not (folder / "public/search").exists()
    rewrite(folder / "config.yaml", "search: false", "search: true")
    assert build(folder).status == 0
    assert (folder / "public/search/index.js").is_file()
    rewrite(folder / "config.yaml", "search: true", "search: false")
    assert build(folder).status == 0
    assert not (folder / "public/search").exists()
    assert not list((folder / ".gongkai").glob("texts-*"))


@pytest.mark.parametrize(("adds", "anew"), [("又有一句话。", False), ("钢铁。", True)])
def test_an_edit_by_which_a_term_becomes_common_makes_its_tier_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, adds: str, anew: bool
) -> None:
    monkeypatch.setattr(tiers, "SAMPLED", 20)
    monkeypatch.setattr(tiers, "SAMPLE", 64)
    folder = lay_out(tmp_path / "site", many())
    for number in range(1, 8):
        rewrite(folder / ITEMS / f"{number}.md", "。\n\n", "。钢铁。\n\n")
    assert build(folder).status == 0
    assert [name for name in search_files(folder) if name.startswith("old/c")]
    before = search_files(folder)["index.js"]
    for number in range(8, 40 if anew else 12):
        text = (folder / ITEMS / f"{number}.md").read_text(encoding="utf-8")
        (folder / ITEMS / f"{number}.md").write_text(f"{text}\n{adds}\n", encoding="utf-8")
        names = changed(folder, never=() if anew else ANEW)
        if "index.js" in names:
            break
        assert len(names) < 60
    assert (search_files(folder)["index.js"] != before) is anew
