"""Write the reference pages from the code they describe: ``python tools/reference.py``.

Keys, types and defaults come from the schemas, findings from the codes and the message catalogue.
``--check`` writes nothing and fails if a page is stale, missing, or left over.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import get_args

ROOT = Path(__file__).resolve().parents[1]
if __package__ in (None, ""):
    sys.path.insert(0, str(ROOT))

from gongkai_ssg.config import NEVER_TYPES, Config  # noqa: E402 - the path must be set first when run as a script
from gongkai_ssg.model.catalog import CategoryEntry  # noqa: E402
from gongkai_ssg.model.item import PRIVATE, Item  # noqa: E402
from gongkai_ssg.model.units import Unit, UnitKind  # noqa: E402
from gongkai_ssg.reading.guides import GuideKeys  # noqa: E402
from tools.findings_pages import findings_pages  # noqa: E402
from tools.schema_words import schema_tables  # noqa: E402

DOCS = ROOT / "docs"

_NOTE = "<!-- 由 tools/reference.py 从代码生成,不要直接修改。 -->"

_FRONT_MATTER = """\
# 条目信息

一个条目是 `content/items/` 下的一个 `.md` 文件。文件开头两行 `---` 之间是条目信息,之后是正文:

```markdown
---
标题: 青禾县人民政府办公室关于做好防汛工作的通知
索引号: 993415138/2025-00012
类别: zcwj/qtwj
发布日期: 2025-05-08
成文日期: 2025-05-06
发文字号: 青政办〔2025〕12号
附件:
  - 防汛责任人名单.xlsx
---

各乡镇人民政府:……
```

- 每个键有一个英文名和一个或几个中文名,写哪一个都可以,但同一项只能写一次。不认识的键是错误。
- 冒号用半角,后面空一格。值里含有“: ”、“ #”,或以“[”“*”“&”等符号开头时,给整个值加上双引号。
- 日期写成 `2025-05-08` 或 `2025年5月8日`,时间写在后面,如 `2025-05-08 09:30`,以北京时间为准。
- 不能使用 YAML 的锚点、别名和标签。

## 条目的键
"""

_GUIDES = """\
## 常设页面的键

公开指南、公开制度、办事指南等常设页面放在 `content/guides/site/`(全站的)或 `content/guides/<机构编号>/`,也以条目信息开头,可用的键如下。机构的公开指南命名为 `guide.md`(条例第十二条),全站的依申请公开页面命名为 `apply.md`,发布为 `apply.html`。
"""

_CONFIG = """\
# 配置 config.yaml

`config.yaml` 放在站点的最上级文件夹。其中的路径都从它所在的文件夹算起。不认识的键是错误。

```yaml
site:
  title: 青禾县人民政府信息公开
  url: https://www.example.gov.cn/zfxxgk/
  id_code: "3415990001"
  organizer: 青禾县人民政府办公室
```

## 全部的键
"""

_NEVER = """\
## 不能放行的附件类型

下列类型会在访问者的浏览器里或电脑上运行,`attachment_types` 不能包含它们:
"""

_UNITS = """\
# 机构和类别

## 机构 units.yaml

`content/units.yaml` 是一个列表,一项一个机构。机构撤销后也不要删去,写上 `until` 和 `successors`,它的页面会保留并指向承接机构。

```yaml
- id: zfb
  name: 青禾县人民政府办公室
  code: "993415138"
  kind: department
  parent: xzf
```
"""

_KINDS = """\
### 机构类型

| kind | 机构 | 应有指南、年报和依申请公开 |
| --- | --- | --- |
"""

_KIND_NAMES = {
    "government": "县级以上人民政府",
    "department": "政府部门",
    "subdistrict": "街道办事处",
    "township": "乡镇人民政府",
    "vertical": "垂直管理部门",
    "authorized": "法律、法规授权的组织",
    "institution": "事业单位",
    "enterprise": "公共企业",
    "village": "村(居)民委员会",
}

_CATALOG = """\
## 类别 catalog.yaml

`content/catalog.yaml` 是一个列表,一项一个类别,下级类别写在 `children` 里。条目用路径(如 `zcwj/gfxwj`)指明类别;最后一级编号在全站只有一个时,也可以只写它。

```yaml
- id: zcwj
  name: 政策文件
  article: 第二十条第(一)项
  children:
    - id: gfxwj
      name: 行政规范性文件
      kind: 行政规范性文件
      library: true
      require_formed: true
```
"""


def pages() -> dict[str, str]:
    """Path below ``docs/`` → page."""
    made = {
        "reference/front-matter.md": _front_matter(),
        "reference/config.md": _config(),
        "reference/units-and-catalog.md": _units_and_catalog(),
        **dict(findings_pages()),
    }
    return {path: page.replace("\n", f"\n\n{_NOTE}\n", 1) for path, page in made.items()}


def stale_pages() -> list[str]:
    """Pages that differ from what the code says, that are missing, and that no code asks for any more."""
    wanted = pages()
    stale = [path for path, page in wanted.items() if _read(DOCS / path) != page]
    return sorted([*stale, *(path for path in _written() if path not in wanted)])


def main(arguments: list[str] | None = None) -> int:
    """Write the pages, or check them; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, fail if a page is stale")
    stale = stale_pages()
    if parser.parse_args(arguments).check:
        for path in stale:
            print(f"docs/{path}: stale, run python tools/reference.py", file=sys.stderr)
        return int(bool(stale))
    wanted = pages()
    for path in stale:
        target = DOCS / path
        if path in wanted:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(wanted[path], encoding="utf-8", newline="\n")
        else:
            target.unlink()
    return 0


def _front_matter() -> str:
    private = "、".join(f"`{name}`" for name in Item.model_fields if name in PRIVATE)
    secret = f"{private} 只在仓库里,从不发布。"
    return "\n".join([_FRONT_MATTER, *schema_tables(Item), "", secret, "", _GUIDES, *schema_tables(GuideKeys), ""])


def _config() -> str:
    never = "、".join(f"`{each}`" for each in sorted(NEVER_TYPES))
    return "\n".join([_CONFIG, *schema_tables(Config, names=""), "", _NEVER, never + "。", ""])


def _units_and_catalog() -> str:
    kinds = [f"| `{kind}` | {_KIND_NAMES[kind]} | {'是' if _owes(kind) else '否'} |" for kind in get_args(UnitKind)]
    units = [_UNITS, *schema_tables(Unit, names=""), "", _KINDS + "\n".join(kinds)]
    return "\n".join([*units, "", _CATALOG, *schema_tables(CategoryEntry, names=""), ""])


def _owes(kind: str) -> bool:
    return Unit.model_validate({"id": "x", "name": "x", "code": "x", "kind": kind}).owes_disclosure


def _read(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.is_file() else None


def _written() -> list[str]:
    """Pages about findings that lie there, whoever wrote them."""
    return [file.relative_to(DOCS).as_posix() for file in sorted((DOCS / "findings").glob("*.md"))]


if __name__ == "__main__":
    sys.exit(main())
