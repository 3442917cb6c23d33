"""有效性 on a day: the algebra in the pure functions, and the same on whole sites."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai_ssg.model.dates import effective_day, last_valid_day
from gongkai_ssg.model.validity import Event, Terms, contradiction, validity_on
from tests.site import Built, build, build_text, item

D = date.fromisoformat
START, END, GONE = D("2024-03-01"), D("2026-02-28"), D("2025-01-01")
BEFORE, DURING, AFTER = "2024-02-29", "2024-06-01", "2026-03-01"
DAY = timedelta(days=1)


def state(day: str, terms: Terms, *events: Event) -> str:
    found = validity_on(D(day), terms, events)
    return " ".join([found.state, *found.marks])


@pytest.mark.parametrize(
    ("day", "terms", "wanted"),
    [
        (DURING, Terms(), "现行有效"),
        (BEFORE, Terms(effective=START), "尚未施行"),
        ("2024-03-01", Terms(effective=START), "现行有效"),
        ("2026-02-28", Terms(effective=START, expires=END), "现行有效"),
        (AFTER, Terms(effective=START, expires=END), "失效"),
        ("2024-12-31", Terms(repealed=GONE), "现行有效"),
        ("2025-01-01", Terms(repealed=GONE), "废止"),
        # 废止 goes before 失效 before 尚未施行
        ("2027-01-01", Terms(expires=END, repealed=GONE), "废止"),
        ("2024-01-01", Terms(effective=START, repealed=D("2023-12-01")), "废止"),
        ("2024-01-01", Terms(effective=START, expires=D("2023-12-01")), "失效"),
        # a state found by an authority, with its basis
        (DURING, Terms(effective=START, declared="失效", basis="清理结果"), "失效"),
        (DURING, Terms(effective=START, declared="失效"), "现行有效"),
        ("2025-06-01", Terms(repealed=GONE, declared="失效", basis="清理结果"), "废止"),
        (DURING, Terms(effective=D("2024-09-01"), declared="现行有效", basis="清理结果"), "尚未施行"),
    ],
)
def test_a_documents_own_dates(day: str, terms: Terms, wanted: str) -> None:
    assert state(day, terms) == wanted


@pytest.mark.parametrize(
    ("day", "events", "wanted"),
    [
        ("2024-12-31", [Event("repeals", GONE)], "现行有效"),
        ("2025-01-01", [Event("repeals", GONE)], "废止"),
        ("2025-01-01", [Event("replaces", GONE)], "废止"),
        ("2025-01-01", [Event("repeals", GONE, "第三条")], "现行有效 部分失效"),
        ("2025-01-01", [Event("replaces", GONE, "附件2")], "现行有效 部分失效"),
        ("2024-12-31", [Event("repeals", GONE, "第三条")], "现行有效"),
        ("2025-01-01", [Event("amends", GONE)], "现行有效 已修改"),
        ("2025-01-01", [Event("amends", GONE, "第三条")], "现行有效 已修改"),
        ("2025-01-01", [Event("version_of", GONE)], "现行有效 已修改"),
        ("2025-01-01", [Event("suspends", GONE)], "现行有效 暂停施行"),
        ("2025-01-01", [Event("prolongs", GONE)], "现行有效 延长"),
        ("2024-12-31", [Event("suspends", GONE)], "现行有效"),
        (
            "2025-01-01",
            [Event(kind, GONE, part) for kind, part in [("prolongs", None), ("suspends", None), ("repeals", "第一条"), ("amends", None)]],
            "现行有效 已修改 部分失效 暂停施行 延长",
        ),
        ("2025-01-01", [Event("repeals", GONE), Event("amends", START)], "废止 已修改"),
        (AFTER, [Event("prolongs", GONE)], "失效 延长"),
    ],
)  # fmt: skip
def test_what_others_do_to_a_document(day: str, events: list[Event], wanted: str) -> None:
    assert state(day, Terms(effective=START, expires=END), *events) == wanted


days = st.dates(D("2023-01-01"), D("2027-12-31"))
some = st.none() | days
events = st.lists(
    st.builds(
        Event,
        st.sampled_from(["repeals", "replaces", "amends", "suspends", "prolongs", "version_of"]),
        days,
        st.none() | st.just("第一条"),
    ),
    max_size=4,
)
terms = st.builds(
    Terms,
    some,
    some,
    some,
    st.sampled_from([None, "尚未施行", "现行有效", "失效", "废止"]),
    st.none() | st.just("清理"),
)


@given(days, terms, events)
def test_a_state_holds_until_the_day_that_is_named(day: date, own: Terms, done: list[Event]) -> None:
    now = validity_on(day, own, done)
    last = (now.until or day + timedelta(days=4000)) - DAY
    later = validity_on(last, own, done)
    assert last >= day
    assert (later.state, later.marks) == (now.state, now.marks)


@given(days, days, terms, events)
def test_what_is_repealed_stays_repealed(day: date, later: date, own: Terms, done: list[Event]) -> None:
    if validity_on(min(day, later), own, done).state == "废止" and own.basis is None:
        assert validity_on(max(day, later), own, done).state == "废止"


@given(terms, events)
def test_a_declared_state_contradicts_always_exactly_if_it_holds_on_no_day(own: Terms, done: list[Event]) -> None:
    every = [D("2022-06-01") + timedelta(days=number) for number in range(2300)]
    turns = [
        each
        for each in (own.effective, own.repealed, own.expires and own.expires + DAY, *(event.day for event in done))
        if each
    ]
    tried = {each for turn in turns for each in (turn - DAY, turn)} | {every[0], every[-1]}
    states = {validity_on(each, own, done).state for each in tried}
    for day in tried:
        here = validity_on(day, own, done).state
        wanted = None if own.declared in (None, here) else "today" if own.declared in states else "always"
        assert contradiction(day, own, done) == wanted


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("2024-05-01", "2024-05-01"), ("自发布之日起", "2024-03-01"), ("自发布之日起施行", "2024-03-01"),
        ("自印发之日起30日后施行", "2024-03-31"), ("自公布之日起30日后", "2024-03-31"), (None, None),
    ],
)  # fmt: skip
def test_the_first_valid_day(typed: str | None, wanted: str | None) -> None:
    assert effective_day(typed, START) == (D(wanted) if wanted else None)


@pytest.mark.parametrize(
    ("typed", "start", "wanted"),
    [
        ("2026-02-28", "2024-03-01", "2026-02-28"), ("长期", "2024-03-01", None), (None, "2024-03-01", None),
        ("5年", "2024-03-01", "2029-02-28"), ("五年", "2024-03-01", "2029-02-28"), ("自施行之日起2年", "2024-07-01", "2026-06-30"),
        ("4年", "2024-02-29", "2028-02-28"), ("10年", "2024-01-01", "2033-12-31"), ("十年", "2024-01-01", "2033-12-31"),
    ],
)  # fmt: skip
def test_the_last_valid_day(typed: str | None, start: str, wanted: str | None) -> None:
    assert last_valid_day(typed, D(start)) == (D(wanted) if wanted else None)


def law(number: str, date: str = "2024-03-01", **keys: str) -> str:
    text = item(number, int(date[:4]), title=f"文件{number}", category="gfxwj", date=date, **keys)
    return f"-- content/items/xzf/{number}.md --\n{text}\n"


def shown(built: Built, number: str, year: int = 2024) -> str:
    page = built.text(f"items/000001011/{year}-{number}.html")
    return page.partition("有效性")[2].partition(" ")[0]


OLD = '["000001011/2024-00001"]'


@pytest.mark.parametrize(
    ("old", "new", "states"),
    [
        ({"effective": "2024-04-01"}, None, {"2024-03-31": "尚未施行", "2024-04-01": "现行有效"}),
        ({"effective": "自发布之日起30日后"}, None, {"2024-03-30": "尚未施行", "2024-03-31": "现行有效"}),
        ({"expires": "2024-12-31"}, None, {"2024-12-31": "现行有效", "2025-01-01": "失效"}),
        ({"effective": "2024-07-01", "expires": "5年"}, None, {"2029-06-30": "现行有效", "2029-07-01": "失效"}),
        ({"expires": "长期"}, None, {"2090-01-01": "现行有效"}),
        ({"repealed": "2024-09-01"}, None, {"2024-08-31": "现行有效", "2024-09-01": "废止"}),
        # the repealer counts from its effective day, else from its date, else from `from`
        ({}, {"repeals": OLD}, {"2025-02-09": "现行有效", "2025-02-10": "废止"}),
        ({}, {"repeals": OLD, "effective": "2025-04-01"}, {"2025-03-31": "现行有效", "2025-04-01": "废止"}),
        ({}, {"replaces": OLD, "effective": "自发布之日起30日后"}, {"2025-03-11": "现行有效", "2025-03-12": "废止"}),
        ({}, {"repeals": "[{code: 000001011/2024-00001, from: 2025-06-01}]"}, {"2025-05-31": "现行有效", "2025-06-01": "废止"}),
        ({}, {"repeals": "[{code: 000001011/2024-00001, scope: 第三条}]"}, {"2025-02-10": "现行有效，部分失效"}),
        ({}, {"amends": OLD}, {"2025-02-09": "现行有效", "2025-02-10": "现行有效，已修改"}),
        ({}, {"suspends": OLD}, {"2025-02-10": "现行有效，暂停施行"}),
        ({"expires": "2025-12-31"}, {"prolongs": OLD}, {"2025-12-31": "现行有效，延长"}),
        # what is not published does nothing
        ({}, {"repeals": OLD, "draft": "true"}, {"2025-02-10": "现行有效"}),
        ({}, {"repeals": OLD, "withdrawn": "{date: 2025-03-01, reason: 误发}"}, {"2025-04-01": "现行有效"}),
        ({}, {"repeals": OLD, "publish_at": "2025-05-01"}, {"2025-04-30": "现行有效", "2025-05-01": "废止"}),
        ({}, {"repeals": OLD, "category": "nowhere"}, {"2025-04-01": "现行有效"}),
        ({"status": "失效", "status_basis": "清理结果"}, None, {"2024-06-01": "失效"}),
    ],
)  # fmt: skip
def test_the_state_on_the_day_of_the_build(
    tmp_path: Path, old: dict[str, str], new: dict[str, str] | None, states: dict[str, str]
) -> None:
    text = law("00001", **old)
    if new is not None:
        other = {"category": "gfxwj", **new}
        text += f"-- content/items/xzf/2.md --\n{item('00002', 2025, date='2025-02-10', **other)}"
    for day, wanted in states.items():
        built = build_text(tmp_path, text, today=day)
        assert shown(built, "00001") == wanted, day


def test_repealing_the_repealer_revives_nothing(tmp_path: Path) -> None:
    text = (
        law("00001")
        + law("00002", "2024-05-01", repeals=OLD)
        + law("00003", "2024-06-01", repeals='["000001011/2024-00002"]')
    )
    built = build_text(tmp_path, text)
    assert [shown(built, number) for number in ("00001", "00002", "00003")] == ["废止", "废止", "现行有效"]
    assert built.codes == []


def test_a_contradiction_on_every_day_is_an_error_and_leaves_the_item_out(tmp_path: Path) -> None:
    text = law("00001", status="废止") + law("00002", effective="2024-05-01", expires="2024-04-01") + law("00003")
    built = build_text(tmp_path, text)
    assert built.status == 1
    assert {(finding["code"], finding["severity"], finding["path"]) for finding in built.findings} == {
        ("GK400", "error", "content/items/xzf/00001.md"),
        ("GK402", "error", "content/items/xzf/00002.md"),
    }
    assert not built.has("items/000001011/2024-00001.html")
    assert not built.has("items/000001011/2024-00002.html")
    assert built.has("items/000001011/2024-00003.html")


def test_a_contradiction_tells_the_line_that_is_wrong(tmp_path: Path) -> None:
    built = build_text(tmp_path, law("00001", status="废止"))
    lines = (tmp_path / "content/items/xzf/00001.md").read_text(encoding="utf-8").split("\n")
    assert "status" in lines[built.finding("GK400")["line"] - 1]


def test_a_contradiction_that_a_day_brings_is_a_warning_and_the_computed_state_is_shown(tmp_path: Path) -> None:
    text = law("00001", status="现行有效", expires="2024-12-31")
    assert build_text(tmp_path, text, today="2024-12-31").codes == []
    built = build(tmp_path, today="2025-01-01")
    assert (built.status, built.finding("GK401")["severity"]) == (0, "warning")
    assert shown(built, "00001") == "失效"


def test_leaving_out_a_repealer_that_contradicts_itself_takes_its_repeal_along(tmp_path: Path) -> None:
    built = build_text(tmp_path, law("00001") + law("00002", "2024-05-01", repeals=OLD, status="废止"))
    assert built.codes == ["GK400"]
    assert shown(built, "00001") == "现行有效"


def test_what_is_in_no_library_has_no_validity(tmp_path: Path) -> None:
    built = build_text(tmp_path, f"-- content/items/xzf/1.md --\n{item(expires='2024-12-31')}")
    assert built.codes == ["GK403"]
    assert "有效性" not in built.text("items/000001011/2024-00001.html")


def test_the_policy_library_lists_by_state_and_number(tmp_path: Path) -> None:
    text = (
        law("00001", doc_number="测政〔2024〕12号")
        + law("00002", doc_number="测政〔2024〕3号", repealed="2024-05-01")
        + law("00003", expires="2024-12-31", doc_number="令第3号")
        + law("00004", effective="2030-01-01", doc_number="无")
    )
    built = build_text(tmp_path, text)
    for slug, number in {"valid": "00001", "repealed": "00002", "expired": "00003", "pending": "00004"}.items():
        assert [
            each
            for each in ("00001", "00002", "00003", "00004")
            if f"文件{each}" in built.text(f"policies/{slug}/index.html")
        ] == [number]
    table = built.text("policies/numbers/2024.html")
    assert table.index("3号") < table.index("12号")
    assert "令第3号" in built.text("policies/numbers/0000.html")
    again = build(tmp_path, today="2024-04-01")
    assert not again.has("policies/repealed/index.html")
    assert again.has("policies/valid/index.html")
