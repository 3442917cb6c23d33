"""``gongkai diff``: what an output has that another has not, in an order that is safe for a site that is read."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai_ssg.diff import DELETE, UPLOAD, Held, Manifest, stage_of, steps
from tests.rich_site import RICH
from tests.site import CODE, build, build_text, command, item, lay_out, tree

MARKER = ".gongkai-output"


def listed(folder: Path, old: Path, new: Path, *options: str) -> list[str]:
    status, out, err = command(folder, "diff", str(old), str(new), *options)
    assert status == 0, err
    return out.splitlines()


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """The output of a site, and the same some changes later."""
    folder = lay_out(tmp_path / "site", RICH)
    shutil.copytree(build(folder).output, tmp_path / "old")
    (folder / "content/items/xzf/2.md").unlink()
    lay_out(folder, f"-- content/items/xzf/9.md --\n{item('00009', 2025, title='新的')}", defaults=False)
    return tmp_path / "old", build(folder).output


def test_doing_what_is_listed_makes_the_one_from_the_other(two: tuple[Path, Path], tmp_path: Path) -> None:
    old, new = two
    before, now = tree(old), tree(new)
    for line in listed(tmp_path, old, new):
        action, _, address = line.partition(" ")
        if action == "upload":
            assert before.get(address) != now[address], "nothing is sent in vain"
            before[address] = now[address]
        else:
            del before[address]
    assert {**before, MARKER: b""} == {**now, MARKER: b""}


def test_only_one_list_is_printed_bare(two: tuple[Path, Path], tmp_path: Path) -> None:
    both = listed(tmp_path, *two)
    uploads, deletes = (listed(tmp_path, *two, option) for option in ("--upload", "--delete"))
    assert uploads and deletes
    assert sorted(both) == sorted([*(f"upload {each}" for each in uploads), *(f"delete {each}" for each in deletes)])
    assert f"items/{CODE}/2025-00009.html" in uploads
    assert f"items/{CODE}/2024-00002.html" in deletes


def test_with_zero_lines_end_with_nul(two: tuple[Path, Path], tmp_path: Path) -> None:
    status, out, _ = command(tmp_path, "diff", *map(str, two), "--upload", "--zero")
    assert (status, out[-1], "\n" in out) == (0, "\0", False)
    assert out.split("\0")[:-1] == listed(tmp_path, *two, "--upload")


def test_objects_tell_size_and_digest(two: tuple[Path, Path], tmp_path: Path) -> None:
    objects = [json.loads(line) for line in listed(tmp_path, *two, "--format", "json")]
    assert {each["action"] for each in objects} == {"upload", "delete"}
    for each in objects:
        if each["action"] == "upload":
            data = (two[1] / each["path"]).read_bytes()
            assert (each["size"], each["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())


def test_split_lists_together_are_the_whole_in_order(two: tuple[Path, Path], tmp_path: Path) -> None:
    assert listed(tmp_path, *two, "--split", str(tmp_path / "lists")) == []
    lists = {path.name: path.read_text(encoding="utf-8").split("\0")[:-1] for path in (tmp_path / "lists").iterdir()}
    uploads = [address for stage in ("pages", "lists", "manifest") for address in lists.pop(f"{stage}-upload")]
    assert uploads == listed(tmp_path, *two, "--upload")
    deletes = [address for stage in ("pages", "lists", "manifest") for address in lists.pop(f"{stage}-delete")]
    assert deletes == listed(tmp_path, *two, "--delete")
    assert lists == {}


def test_pages_go_before_lists_home_and_the_manifest_and_what_is_gone_before_the_manifest(
    two: tuple[Path, Path], tmp_path: Path
) -> None:
    lines = listed(tmp_path, *two)
    places = [lines.index(f"upload {each}") for each in (f"items/{CODE}/2025-00009.html", "years/index.html", "index.html")]  # fmt: skip
    gone = [lines.index(line) for line in lines if line.startswith("delete ")]
    manifest = [lines.index(line) for line in lines if line.startswith("upload data/manifest/")]
    assert places == sorted(places)
    assert places[-1] < min(gone) <= max(gone) < min(manifest)


def test_manifests_alone_give_the_same_as_outputs(two: tuple[Path, Path], tmp_path: Path) -> None:
    shutil.copytree(two[0] / "data/manifest", tmp_path / "online")
    assert listed(tmp_path, tmp_path / "online", two[1] / "data/manifest") == listed(tmp_path, *two)


def test_nothing_is_listed_between_equals_and_everything_for_an_empty_host(
    two: tuple[Path, Path], tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    assert listed(tmp_path, two[1], two[1]) == []
    assert sorted(listed(tmp_path, tmp_path / "empty", two[1], "--upload")) == sorted(tree(two[1]).keys() - {MARKER})


def test_foreign_files_and_the_marker_are_never_listed(two: tuple[Path, Path], tmp_path: Path) -> None:
    (two[0] / "own.html").write_text("x")
    assert not [line for line in listed(tmp_path, *two) if "own.html" in line or ".gongkai" in line]


def test_of_a_cut_off_upload_whatever_may_differ_is_listed(two: tuple[Path, Path], tmp_path: Path) -> None:
    old, new = two
    status, out, _ = command(tmp_path, "diff", str(new), str(old), str(new))
    assert status == 0
    assert sorted(out.splitlines()) == sorted(listed(tmp_path, old, new)), "the host holds something of both"


@pytest.mark.parametrize("harm", ["missing", "broken", "outside", "digest"])
def test_a_harmed_part_of_the_old_manifest_costs_an_upload_and_never_a_file(
    two: tuple[Path, Path], tmp_path: Path, harm: str
) -> None:
    part = next(path for path in sorted((two[0] / "data/manifest").iterdir()) if b"items/" in path.read_bytes())
    named = set(json.loads(part.read_bytes()))
    value = [1, "0" * 64]
    if harm == "missing":
        part.unlink()
    else:
        texts = {"broken": "{", "outside": json.dumps({"../x": value}), "digest": json.dumps({"a": [1, "x"]})}
        part.write_text(texts[harm], encoding="utf-8")
    status, out, err = command(tmp_path, "diff", *map(str, two))
    assert status == 0
    assert "1 份" in err
    assert not [line for line in out.splitlines() if line.startswith("delete ") and line[7:] in named]
    assert {f"upload {each}" for each in named if (two[1] / each).is_file()} <= set(out.splitlines())


@pytest.mark.parametrize(
    ("which", "harm", "words"),
    [
        ("old", "missing", "没有文件夹"),
        ("new", "missing", "没有文件夹"),
        ("old", "foreign", "没有文件清单"),
        ("new", "foreign", "没有文件清单"),
        ("new", "empty", "没有文件清单"),
        ("new", "part", "不完整"),
        ("new", "cut off", "中途断了"),
        ("new", "outside", "不完整"),
    ],
)
def test_what_cant_be_compared_is_said_and_nothing_listed(
    two: tuple[Path, Path], tmp_path: Path, which: str, harm: str, words: str
) -> None:
    place = two[which == "new"]
    part = place / "data/manifest/00.json"
    if harm in ("missing", "empty"):
        shutil.rmtree(place)
    if harm == "empty":
        place.mkdir()
    if harm == "foreign":
        shutil.rmtree(place / "data/manifest")
    if harm == "part":
        part.unlink()
    if harm == "outside":
        part.write_text(json.dumps({"/etc/passwd": [1, "0" * 64]}), encoding="utf-8")
    if harm == "cut off":
        (place / ".gongkai-stage").mkdir()
        (place / ".gongkai-stage/journal").write_text("x")
    status, out, err = command(tmp_path, "diff", *map(str, two))
    assert (status, out) == (2, "")
    assert words in err


ADDRESSES = st.sampled_from([
    "index.html", "a", "a/b.html", "a/b.html/c.html", "a/b.html/d/e.html", "items/x/1.html", "items/x/1/表.pdf",
    "items/x/1", "assets/a.css", "catalog/z/index.html", "units/x/feed.xml", "data/manifest/00.json",
])  # fmt: skip
MANIFESTS = st.dictionaries(ADDRESSES, st.builds(Held, st.integers(1, 2), st.just("0")), max_size=8).filter(
    lambda held: not any(one.startswith(f"{other}/") for one in held for other in held)
)


@given(st.lists(MANIFESTS, min_size=1, max_size=3), MANIFESTS, st.data())
def test_steps_can_be_taken_one_by_one_from_whatever_the_host_holds(
    olds: list[Manifest], new: Manifest, data: st.DataObject
) -> None:
    host = dict(data.draw(st.sampled_from(olds)))
    stages = []
    for step in steps(olds, new):
        stages.append(step.stage)
        if step.action == DELETE:
            host.pop(step.address, None)
            continue
        assert step.action == UPLOAD and step.file == new[step.address]
        assert not any(each.startswith(f"{step.address}/") for each in host), "no folder stands in the way"
        assert not any(step.address.startswith(f"{each}/") for each in host), "no file stands in the way"
        host[step.address] = step.file
    assert host == new
    assert stages == sorted(stages, key=("pages", "lists", "manifest").index)


def test_every_address_of_a_site_has_a_stage(tmp_path: Path) -> None:
    built = build_text(tmp_path, RICH)
    stages = {address: stage_of(address) for address in tree(built.output)}
    assert set(stages.values()) == {"pages", "lists", "manifest"}
    assert stages["index.html"] == stages["feed.xml"] == stages["search.html"] == "lists"


def test_a_build_writes_down_what_came_of_it(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "site", f"-- content/items/xzf/1.md --\n{item()}")
    result = tmp_path / "result.json"

    def built(*options: str) -> dict[str, object]:
        build(folder, "--result", str(result), *options)
        read: dict[str, object] = json.loads(result.read_bytes())
        return read

    assert (built()["published"], built()["status"]) == (True, 0)
    lay_out(folder, f"-- content/items/xzf/2.md --\n{item('00002', category='nowhere')}", defaults=False)
    one = built()
    assert (one["published"], one["status"], one["left_out"], one["items"]) == (True, 1, 1, 1)
    lay_out(folder, f"-- content/items/xzf/3.md --\n{item('00003', body='机密★10年')}", defaults=False)
    two = built()
    assert (two["published"], two["status"]) == (False, 1)
    (folder / "config.yaml").write_text("site: [")
    assert built() == {
        "published": False,
        "status": 2,
        "items": 0,
        "left_out": 0,
        "files": 0,
        "written": 0,
        "removed": 0,
    }
