"""The invented county that the benchmark site describes: its units, catalog and policy themes.

Files in `phrases/`, fields parted by blanks: departments (id, kind, name, short name, 机关代字,
weight, themes), townships (name, id), catalog (depth, id, name, weight, share with a 发文字号;
a weight of 0 is an inner node); themes are `name|topic|words`.

Nothing here depends on the seed: two sites of different sizes have the same units and catalog.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

COUNTY = "青禾县"
ORGANIZER = "青禾县人民政府办公室"
FIRST_YEAR, LAST_YEAR = 2018, 2025
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Unit:
    """A publishing unit (发布机构)."""

    id: str
    name: str
    short_name: str
    code: str  # 组织机构代码, 9 characters
    kind: str
    parent: str  # id of the unit above, empty for the county government
    mark: str  # 机关代字, the first part of a 发文字号
    weight: float  # share of the items, relative
    themes: tuple[str, ...]  # policy themes that the unit writes about


@dataclass(frozen=True)
class Category:
    """A leaf of the catalog (组配分类)."""

    id: str
    weight: float  # share of the items, relative
    numbered: float  # probability that an item bears a 发文字号


@dataclass(frozen=True)
class Theme:
    """A field of policy with the words that belong to it."""

    name: str
    topic: str  # 主题分类, 一级/二级 of the State Council table
    objects: tuple[str, ...]


def check_digit(body: str) -> str:
    """The GB 11714 check character of the eight digits `body`."""
    rest = 11 - sum(w * int(d) for w, d in zip(_WEIGHTS, body, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


_INSTITUTION_PARENTS = {
    "rmyy": "wjw",
    "zyy": "wjw",
    "yizh": "jyj",
    "jkzx": "wjw",
    "tsg": "wlj",
}
_LOCAL_THEMES = (
    "乡村振兴", "社会救助", "农业", "防灾减灾", "土地", "安全生产", "河湖", "养老服务", "政务公开",
)  # fmt: skip
CATEGORY_KINDS = {
    "gfxwj": "行政规范性文件", "qtwj": "其他公文", "zcjd": "解读", "tjxx": "统计",
    "czyjs": "预决算", "jyta": "建议提案",
}  # fmt: skip
_PHRASES = Path(__file__).parent / "phrases"


def read_phrases(name: str) -> list[str]:
    """The lines of `phrases/<name>.txt`."""
    return (_PHRASES / f"{name}.txt").read_text(encoding="utf-8").splitlines()


@cache
def themes() -> dict[str, Theme]:
    """All policy themes by name."""
    found = {}
    for line in read_phrases("themes"):
        name, topic, objects = line.split("|")
        found[name] = Theme(name, topic, tuple(objects.split()))
    return found


@cache
def units() -> tuple[Unit, ...]:
    """The 80 units, each after its parent."""
    rows = [_government(), *_departments(), *_townships()]
    return tuple(replace(unit, code=body + check_digit(body)) for unit, body in zip(rows, _numbers(), strict=False))


def _numbers() -> Iterator[str]:
    """The first eight digits of the units' codes."""
    return (f"{number:08d}" for number in range(30210455, 99999999, 1379))


def _government() -> Unit:
    name = COUNTY + "人民政府"
    return Unit("zf", name, "县政府", "", "government", "", "青政", 4.0, tuple(themes()))


def _departments() -> Iterator[Unit]:
    for line in read_phrases("departments"):
        id_, kind, name, short, mark, weight, *subjects = line.split()
        parent = _INSTITUTION_PARENTS.get(id_, "zf")
        full = COUNTY + name
        yield Unit(id_, full, short, "", kind, parent, mark, float(weight), tuple(subjects))


def _townships() -> Iterator[Unit]:
    for number, line in enumerate(read_phrases("townships")):
        name, id_ = line.split()
        city = name.endswith("街道")
        full = COUNTY + name + ("办事处" if city else "人民政府")
        kind = "subdistrict" if city else "township"
        weight = 2.2 - number * 0.05
        yield Unit(id_, full, name, "", kind, "zf", name[:2] + "政", weight, _LOCAL_THEMES)


def catalog_rows() -> list[tuple[int, str, str, float, float]]:
    """Nodes of the catalog in order: depth, id, name, weight, share with a 发文字号."""
    rows = []
    for line in read_phrases("catalog"):
        depth, id_, name, weight, numbered = line.split()
        rows.append((int(depth), id_, name, float(weight), float(numbered)))
    return rows


@cache
def categories() -> tuple[Category, ...]:
    """The leaves of the catalog, where items are filed."""
    rows = catalog_rows()
    return tuple(Category(row[1], row[3], row[4]) for row in rows if row[3] > 0)
