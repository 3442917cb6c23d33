"""``explain`` says why a file is there; ``verify`` finds what differs from a clean build."""

from __future__ import annotations

from pathlib import Path

from tests.site import CODE, build, command, item, lay_out

FIRST = f"items/{CODE}/2024-00001.html"
TWO = f"-- content/items/xzf/1.md --\n{item()}\n-- content/items/xzf/2.md --\n{item('00002')}"
CONFIG = "--config"


def explained(folder: Path, path: str) -> tuple[int, str]:
    status, out, err = command(folder, "explain", CONFIG, str(folder / "config.yaml"), path)
    return status, out + err


def verified(folder: Path) -> tuple[int, list[str]]:
    words = ("verify", CONFIG, str(folder / "config.yaml"), "--today", "2025-06-01", "--jobs", "1", "--quiet")
    status, out, _ = command(folder, *words)
    return status, out.splitlines()


def test_a_page_is_explained_by_its_source_template_and_reason(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, TWO)
    build(folder)
    status, words = explained(folder, FIRST)
    assert status == 0
    for part in (f"{FIRST}:条目页", "content/items/xzf/1.md", "item.html", "从头生成", "当次写入"):
        assert part in words
    assert explained(folder, str(folder / "content/items/xzf/1.md")) == (status, words)
    assert explained(folder, str(folder / "public" / FIRST)) == (status, words)


def test_after_an_edit_the_reasons_are_told(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, TWO)
    build(folder)
    lay_out(folder, f"-- content/items/xzf/2.md --\n{item('00002', title='新标题')}", defaults=False)
    build(folder)
    assert "源文件变了 content/items/xzf/2.md" in explained(folder, FIRST.replace("-00001", "-00002"))[1]
    assert "同一类别里前后的条目变了(category:zcwj" in explained(folder, FIRST)[1]
    assert "所在的列表变了(category:zcwj/qtwj)" in explained(folder, "catalog/zcwj/qtwj/index.html")[1]
    assert "第 1 次生成时重新做了这一页:从头生成" in explained(folder, "404.html")[1]


def test_what_is_not_published_is_explained_too(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, f"-- content/items/xzf/1.md --\n{item(draft='true')}")
    assert "还没有生成过网站" in explained(folder, "index.html")[1]
    build(folder)
    assert "没有发布:是草稿" in explained(folder, str(folder / "content/items/xzf/1.md"))[1]
    assert explained(folder, "nirgends.html")[0] == 2


def test_verify_finds_what_was_edited_lost_or_left(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, TWO)
    build(folder)
    assert verified(folder) == (0, [])
    (folder / "public/mine.txt").write_text("我的", encoding="utf-8")
    (folder / "public/index.html").write_text("改过", encoding="utf-8")
    (folder / "public" / FIRST).unlink()
    assert verified(folder) == (1, ["不同 index.html", f"缺少 {FIRST}"])
    (folder / "content/items/xzf/2.md").unlink()
    status, lines = verified(folder)
    assert status == 1
    assert f"多余 {FIRST.replace('-00001', '-00002')}" in lines
    build(folder, "--check-output")
    assert verified(folder) == (0, [])
    assert (folder / "public/mine.txt").is_file()
