"""An item of a unit that is no more leads to whoever answers for it today, through every reform in between."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.site import CODE, Built, build, build_text, item, lay_out, tree

CHAIN = f"""-- content/units.yaml --
- {{id: xzf, name: 测试县人民政府, code: "{CODE}", kind: government}}
- id: xczxj
  name: 测试县乡村振兴局
  code: "000001038"
  kind: department
  names: [{{name: 测试县扶贫开发局, from: 2019-03-20, to: 2024-04-30}}]
  until: 2024-08-31
  successors: [nwj]
- {{id: nwj, name: 测试县农业委员会, code: "000001046", kind: department, until: 2025-03-31, successors: [nyj, czj]}}
- {{id: nyj, name: 测试县农业农村局, code: "000001054", kind: department, contact: {{phone: 0564-5550801}}}}
- {{id: czj, name: 测试县财政局, code: 00000102X, kind: department}}
"""
OLD = f"items/{CODE}/2024-00001.html"
STORY = "测试县扶贫开发局后更名为测试县乡村振兴局，已于2024年8月31日撤销，职责现由"


def built(folder: Path, today: str, **keys: str) -> Built:
    return build_text(folder, f"{CHAIN}-- content/items/xczxj/1.md --\n{item(**keys)}", today=today)


@pytest.mark.parametrize(
    ("today", "story"),
    [
        ("2024-08-31", "测试县扶贫开发局现名测试县乡村振兴局。"),
        ("2024-09-01", f"{STORY}测试县农业委员会承担。"),
        ("2025-03-31", f"{STORY}测试县农业委员会承担。"),
        ("2025-04-01", f"{STORY}测试县农业农村局、测试县财政局承担。"),
    ],
)
def test_an_old_name_leads_to_who_answers_on_the_day(tmp_path: Path, today: str, story: str) -> None:
    assert story in built(tmp_path, today).text(OLD)


def test_the_telephone_is_that_of_the_first_unit_that_still_stands(tmp_path: Path) -> None:
    words = built(tmp_path, "2025-04-01").text(OLD)
    assert "找谁测试县农业农村局 0564-5550801" in words


@pytest.mark.parametrize("keys", [{"withdrawn": "{date: 2024-05-01, reason: 误发}"}, {"public_until": "2024-03-20"}])
def test_what_remains_of_an_item_explains_the_old_name_too(tmp_path: Path, keys: dict[str, str]) -> None:
    assert f"{STORY}测试县农业农村局、测试县财政局承担。" in built(tmp_path, "2025-04-01", **keys).text(OLD)


def test_a_name_that_did_not_change_is_not_told_twice(tmp_path: Path) -> None:
    words = built(tmp_path, "2025-04-01", date="2024-05-02").text(OLD)
    assert "测试县乡村振兴局已于2024年8月31日撤销，职责现由测试县农业农村局、测试县财政局承担。" in words
    assert "后更名为" not in words


def test_units_that_name_each_other_as_successors_end_nowhere(tmp_path: Path) -> None:
    ring = CHAIN.replace("successors: [nyj, czj]", "successors: [xczxj]")
    text = f"{ring}-- content/items/xczxj/1.md --\n{item(date='2024-05-02')}"
    words = build_text(tmp_path, text, today="2025-04-01").text(OLD)
    assert "测试县乡村振兴局已于2024年8月31日撤销。" in words


@pytest.mark.parametrize(("before", "after"), [("2025-03-31", "2025-04-01"), ("2025-04-01", "2025-04-01")])
def test_a_build_that_goes_on_follows_the_chain_to_its_end(tmp_path: Path, before: str, after: str) -> None:
    folder = lay_out(tmp_path / "site", f"{CHAIN}-- content/items/xczxj/1.md --\n{item()}")
    build(folder, today=before)
    units = folder / "content/units.yaml"
    units.write_text(units.read_text(encoding="utf-8").replace("县农业农村局", "县农业局"), encoding="utf-8")
    page = build(folder, today=after).text(OLD)
    assert f"{STORY}测试县农业局、测试县财政局承担。" in page
    clean = lay_out(
        tmp_path / "clean", f"{CHAIN.replace('县农业农村局', '县农业局')}-- content/items/xczxj/1.md --\n{item()}"
    )
    build(clean, today=after)
    assert tree(folder / "public") == tree(clean / "public")
