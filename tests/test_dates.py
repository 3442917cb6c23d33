"""Dates as people type them, and what is no date."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from gongkai_ssg.model.dates import add_years, effective_day, last_valid_day, parse_moment, write_moment
from tests.site import build, build_text, item
from tests.tables import GOOD, GOOD_PAGE, ITEMS, build_files, front, page, rows, write

WAYS = [
    "{0.year:04}-{0.month}-{0.day}",
    "{0.year:04}-{0.month:02}-{0.day:02}",
    "{0.year:04}/{0.month}/{0.day:02}",
    "{0.year:04}.{0.month:02}.{0.day}",
    "{0.year:04}年{0.month}月{0.day}日",
    "{0.year:04}年{0.month:02}月{0.day:02}日",
    "{0.year:04} 年 {0.month} 月 {0.day} 日",
    "  {0.year:04}-{0.month}-{0.day} ",
]
TIMES = ["", " {0.hour}:{0.minute:02}", " {0.hour:02}:{0.minute:02}:{0.second:02}", "T{0.hour:02}:{0.minute:02}:{0.second:02}", " {0.hour}时{0.minute}分", "　{0.hour:02}:{0.minute:02}"]  # fmt: skip
WIDE = str.maketrans("0123456789-/:.", "０１２３４５６７８９－／：．")


@settings(max_examples=200, deadline=None)
@given(st.datetimes(), st.sampled_from(WAYS), st.sampled_from(TIMES), st.booleans())
def test_a_moment_typed_in_any_way_is_that_moment(moment: datetime, way: str, time: str, wide: bool) -> None:
    shown = moment.replace(microsecond=0, second=moment.second if ":02}:{0.sec" in time else 0)
    shown = shown if time else shown.replace(hour=0, minute=0)
    typed = (way.rstrip() + time).format(shown)
    assert parse_moment(typed.translate(WIDE) if wide else typed) == shown


@settings(max_examples=200, deadline=None)
@given(st.datetimes())
def test_a_moment_written_and_read_is_the_same(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    assert parse_moment(write_moment(moment)) == moment
    assert parse_moment(write_moment(datetime.combine(moment, datetime.min.time()))).date() == moment.date()


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=20),
        st.from_regex(r"[0-9０-９٣]{1,5}[-/年.][0-9]{1,3}[-/月.][0-9]{1,3}日?( [0-9]{1,2}:[0-9]{1,2})?"),
    )
)
def test_a_text_is_a_moment_or_refused(text: str) -> None:
    try:
        moment = parse_moment(text)
    except PydanticCustomError as refused:
        assert refused.type == "GK106"
    else:
        assert parse_moment(write_moment(moment)) == moment


SHOWN = {
    "2025-1-5": "2025-01-05", "2025年1月5日": "2025-01-05", "2025/01/05 09:30": "2025-01-05 09:30",
    "２０２５年０１月０５日": "2025-01-05", "２０２５－１－５": "2025-01-05", "2025.1.5": "2025-01-05",
    "2025-01-05T09:30:15": "2025-01-05 09:30", "'2025-01-05'": "2025-01-05", "2024-02-29": "2024-02-29",
}  # fmt: skip


def test_every_way_of_typing_shows_the_same_day(tmp_path: Path) -> None:
    files = {
        f"{ITEMS}{n}.md": front(n, f"发布日期: {typed}", "豁免: {规则: GK110, 理由: 试}", leave="发布日期")
        for n, typed in enumerate(SHOWN)
    }
    built = build_files(tmp_path, files)
    assert built.status == 0
    assert set(built.codes) == {"GK110"}
    for number, shown in enumerate(SHOWN.values()):
        text = built.text(page(number))
        assert f"发布日期{shown[:10]} " in text
        assert f"发布日期：{shown} " in text


IMPOSSIBLE = ["2025-02-30", "2023-02-29", "2025-13-01", "2025-00-10", "2025-1-0", "25-01-05", "2025-01-05 24:00", "2025-01-05 09:60", "20250105", "2025年1月", "昨天", "0000-01-01", "2025-01-05-06", "一九九九年一月一日", "3月5日"]  # fmt: skip


@pytest.mark.parametrize("key", ["发布日期", "formed", "更新日期", "repealed", "定时发布", "公示截止"])
def test_a_date_that_is_none_is_told_as_typed(tmp_path: Path, key: str) -> None:
    files = {
        f"{ITEMS}{n}.md": front(n, f"{key}: {typed}", leave=key if key == "发布日期" else "")
        for n, typed in enumerate(IMPOSSIBLE)
    }
    built = build_files(tmp_path, files | GOOD)
    line = 5 if key == "发布日期" else 6
    for number, typed in enumerate(IMPOSSIBLE):
        assert rows(built, f"{ITEMS}{number}.md") == [(line, len(key) + 3, "GK106", f"“{typed}”不是一个日期")]
        assert not built.has(page(number))
    assert built.has(GOOD_PAGE)


def test_a_time_of_day_is_refused_where_a_day_belongs(tmp_path: Path) -> None:
    built = build_text(tmp_path, f"-- {ITEMS}a.md --\n" + item(formed="2024-03-01 09:30"))
    assert rows(built, ITEMS + "a.md") == [(6, 9, "GK106", "“2024-03-01 09:30”不是一个日期")]


def test_nested_dates_are_told_where_they_stand(tmp_path: Path) -> None:
    lines = ["审核:", "- {环节: 初审, 审核人: 甲, 日期: 2024-2-30}", "更正记录:", "- 日期: 2024年13月1日", "  内容: 乙"]
    built = build_files(tmp_path, {ITEMS + "a.md": front(1, *lines)})
    assert rows(built, ITEMS + "a.md") == [
        (7, 24, "GK106", "“2024-2-30”不是一个日期"),
        (9, 7, "GK106", "“2024年13月1日”不是一个日期"),
    ]


TURNS = [
    # key, typed, the state before, the day of the turn, the state from then on; all are published on 2024-03-01
    ("施行日期", "2024年5月1日", "尚未施行", "2024-05-01", "现行有效"),
    ("施行日期", "自发布之日起", "", "2024-03-01", "现行有效"),
    ("施行日期", "自发布之日起30日后施行", "尚未施行", "2024-03-31", "现行有效"),
    ("有效期至", "2025-12-31", "现行有效", "2026-01-01", "失效"),
    ("有效期至", "5年", "现行有效", "2029-03-01", "失效"),
    ("有效期至", "自施行之日起三年", "现行有效", "2027-03-01", "失效"),
    ("有效期至", "长期", "现行有效", "9999-01-01", ""),
    ("废止日期", "2024-05-01", "现行有效", "2024-05-01", "废止"),
]  # fmt: skip


def test_a_document_changes_its_state_on_the_very_day(tmp_path: Path) -> None:
    library = "类别: gfxwj"
    write(
        tmp_path,
        {
            f"{ITEMS}{n}.md": front(n, library, f"{key}: {typed}", leave="类别")
            for n, (key, typed, *_) in enumerate(TURNS)
        },
    )
    turns = {date.fromisoformat(turn) for _, _, _, turn, _ in TURNS}
    days = sorted(turns | {turn - timedelta(days=1) for turn in turns if turn > date(2024, 3, 1)})
    for day in days:
        built = build(tmp_path, today=day.isoformat())
        assert built.status == 0
        for number, (_, typed, before, turn, after) in enumerate(TURNS):
            state = before if day < date.fromisoformat(turn) else after
            assert not state or f"有效性{state} " in built.text(page(number)), (day, typed)


@pytest.mark.parametrize("key", ["施行日期", "有效期至"])
def test_what_is_no_day_of_validity_is_told(tmp_path: Path, key: str) -> None:
    built = build_files(tmp_path, {ITEMS + "a.md": front(1, f"{key}: 明年")})
    assert rows(built, ITEMS + "a.md") == [(6, 7, "GK106", "“明年”不是一个日期")]


@settings(max_examples=200, deadline=None)
@given(st.dates(min_value=date(1949, 1, 1), max_value=date(2200, 1, 1)), st.integers(1, 99))
def test_n_years_later_less_a_day_is_the_last_valid_day(start: date, years: int) -> None:
    last = last_valid_day(f"{years}年", start)
    assert last is not None
    assert (last + timedelta(days=1)) in (add_years(start, years), date(start.year + years, 2, 28))
    assert last_valid_day("长期", start) is None


@settings(max_examples=100, deadline=None)
@given(st.dates(min_value=date(1949, 1, 1), max_value=date(2200, 1, 1)), st.integers(0, 999))
def test_n_days_after_publication_is_n_days_later(published: date, days: int) -> None:
    assert effective_day(f"自发布之日起{days}日后", published) == published + timedelta(days=days)
    assert effective_day(published.isoformat(), date.min) == published
    assert effective_day(None, published) is None
