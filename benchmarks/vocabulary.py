"""Words for the benchmark's prose: names that are combined anew for every use, and lists.

Official text is full of names and figures that occur once. A search index feels the difference
between that and a few dozen repeated sentences, so names here come from thousands of pairs.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from benchmarks.county import read_phrases, units

Maker = Callable[[Random], str]
_WORDS = {line.split()[0]: tuple(line.split()[1:]) for line in read_phrases("words")}
_WORDS["town"] = tuple(line.split()[0] for line in read_phrases("townships"))
_WORDS["dept"] = tuple(u.name for u in units() if u.kind in ("department", "vertical"))
_WORDS["short"] = tuple(u.short_name for u in units() if u.kind == "department")


def _pick(name: str) -> Maker:
    words = _WORDS[name]

    def pick(rng: Random) -> str:
        return words[int(rng.random() * len(words))]

    return pick


_first, _second, _brand, _trade = _pick("first"), _pick("second"), _pick("brand"), _pick("trade")
_form, _village_end, _road_end = _pick("form"), _pick("village_end"), _pick("road_end")
_kind_of_work, _work, _size = _pick("kind_of_work"), _pick("work"), _pick("size")


def village(rng: Random) -> str:
    """A village or community such as 柳塘村."""
    return _first(rng) + _second(rng) + _village_end(rng)


def road(rng: Random) -> str:
    """A road such as 桂湾大道."""
    return _first(rng) + _second(rng) + _road_end(rng)


def company(rng: Random) -> str:
    """A firm such as 青禾县恒润建材有限公司."""
    head = "青禾县" if rng.random() < 0.6 else ""
    return head + _brand(rng) + _brand(rng) + _trade(rng) + _form(rng)


def project(rng: Random) -> str:
    """A public work such as 柳塘村梅岭至桂湾公路改造工程."""
    where = village(rng) if rng.random() < 0.6 else _first(rng) + _second(rng) + "片区"
    return where + _kind_of_work(rng) + _work(rng)


def number(rng: Random) -> str:
    """A count, small ones more often than large ones."""
    return str(int(10 ** (0.3 + rng.random() * 3.2)))


def money(rng: Random) -> str:
    """An amount in 万元, or now and then in 亿元."""
    if rng.random() < 0.08:
        return f"{rng.random() * 12 + 0.4:.2f}亿元"
    return f"{10 ** (rng.random() * 3.3 + 0.4):.{rng.randrange(3)}f}万元"


def percent(rng: Random) -> str:
    """A share such as 93.7%."""
    return f"{rng.random() * 60 + 39.5:.{rng.randrange(1, 3)}f}%"


def growth(rng: Random) -> str:
    """A rate of change such as 4.8%."""
    return f"{rng.random() * 18 + 0.2:.1f}%"


def area(rng: Random) -> str:
    """A length, an area or a volume."""
    value = 10 ** (rng.random() * 3 + 0.3)
    return f"{value:.1f}{_size(rng)}"


def telephone(rng: Random) -> str:
    """A land line in an area code that does not exist."""
    return f"0000-{rng.randrange(2000000, 8999999)}"


def chinese_date(day: date) -> str:
    """The date as official documents write it: 2024年1月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


def past_day(rng: Random, day: date) -> str:
    """A date within half a year before `day`."""
    return chinese_date(day - timedelta(days=rng.randrange(180)))


def due_day(rng: Random, day: date) -> str:
    """A date within half a year after `day`."""
    return chinese_date(day + timedelta(days=rng.randrange(5, 180)))


MAKERS: dict[str, Maker] = {
    "village": village, "road": road, "company": company, "project": project, "num": number,
    "money": money, "pct": percent, "growth": growth, "area": area, "tel": telephone,
}  # fmt: skip
for _name in ("town", "dept", "short", "law", "group", "place", "verb", "adv", "aim", "problem"):
    MAKERS[_name] = _pick(_name)
for _name in ("material", "count"):
    MAKERS[_name] = _pick(_name)
