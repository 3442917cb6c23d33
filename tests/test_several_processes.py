"""What one process makes and says, several do."""

from __future__ import annotations

from pathlib import Path

from tests.rich_site import RICH
from tests.site import build, item, lay_out, tree

_FAULTS = """
-- content/items/xzf/wrong.md --
---
标题: 没有类别
索引号: 1
日期: 2024-13-41
---
-- content/items/xzf/same.md --
{same}
"""


def test_rich_and_faulty_items_fare_the_same_in_several_processes(tmp_path: Path) -> None:
    many = "\n".join(f"-- content/items/xzf/n{number}.md --\n{item(f'{number:05d}')}" for number in range(100, 320))
    faults = _FAULTS.format(same=item("00001", aliases="[old/1.html]", body="见[无](../无.md)。\n\n::: 未知\n甲"))
    folder = lay_out(tmp_path / "site", f"{RICH}\n{faults}\n{many}")
    with (folder / "config.yaml").open("a", encoding="utf-8") as config:
        config.write("\nsearch: true\n")
    (folder / "content/items/xzf/gbk.md").write_bytes("---\n标题: 甲\n---\n".encode("gbk"))
    alone = build(folder, "--output", str(tmp_path / "alone"))
    together = build(folder, "--output", str(tmp_path / "together"), jobs=2)
    assert len(alone.findings) > 5
    assert (together.status, together.findings) == (alone.status, alone.findings)
    assert tree(tmp_path / "together") == tree(tmp_path / "alone") != {}
