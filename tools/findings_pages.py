"""The pages about findings: an index, and one page a code that the hints of editors and CI link to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai_ssg.diagnostics import CODES
from tools.messages import read_words, sources
from tools.schema_words import cell

_GROUPS = {
    "GK0": "站点:配置、机构、类别、主题、输出文件夹",
    "GK1": "条目和常设页面:文件和条目信息",
    "GK2": "关系、链接、附件",
    "GK3": "正文",
    "GK4": "有效性",
    "GK5": "保密",
}
_STOPS = {
    "stop": "整个网站都不发布,原有网站保持不变",
    "error": "有这个问题的条目或页面不发布,其余照常发布",
    "warning": "照常发布;用 `--strict` 时整个网站不发布",
    "note": "照常发布",
}
_SPECIAL = re.compile(r"([\\`*_\[\]<>|#])")
_PLACE = re.compile(r"\{(\w+)\}")

_INDEX = """\
# 问题一览

`gongkai build` 和 `gongkai check` 发现的每一个问题都有一个编号,编号不会改变。程度分四种:

| 程度 | 对发布的影响 |
| --- | --- |
{severities}

有几种问题,条目可以写明理由放行,称为“豁免”:在条目信息里写上问题的编号和理由,这个问题就降为提示,记录在案。豁免的内容从不发布。

```yaml
豁免:
  - 规则: GK110
    理由: 索引号在 2019 年已经公布,不能再改
```
"""


def findings_pages() -> Iterator[tuple[str, str]]:
    """Path below ``docs/`` → page, for the index and every code."""
    words = read_words(next(source for source in sources() if source.parents[1].name == "zh_CN"))
    yield "reference/findings.md", _index(words)
    for code in CODES:
        yield f"findings/{code}.md", _page(code, words)


def can_be_allowed(code: str) -> bool:
    """Whether an item may let a finding pass. Findings about the site are no item's to allow."""
    return CODES[code].waivable and not code.startswith("GK0")


def _index(words: dict[str, str]) -> str:
    severities = "\n".join(
        f"| {words[f'severity.{each}']}(`{each}`) | {words_of} |" for each, words_of in _STOPS.items()
    )
    lines = [_INDEX.format(severities=severities)]
    for prefix, name in _GROUPS.items():
        lines += [f"## {name}", "", "| 编号 | 问题 | 程度 | 可豁免 |", "| --- | --- | --- | --- |"]
        for code, kind in CODES.items():
            if code.startswith(prefix):
                allowed = "是" if can_be_allowed(code) else ""
                title = cell(_escaped(words[f"{code}.title"]))
                lines.append(
                    f"| [{code}](../findings/{code}.md) | {title} | {words[f'severity.{kind.severity}']} | {allowed} |"
                )
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _page(code: str, words: dict[str, str]) -> str:
    kind = CODES[code]
    lines = [
        f"# {code} {_escaped(words[f'{code}.title'])}",
        "",
        f"> {_shown(words[code])}",
        "",
        f"- 程度:{words[f'severity.{kind.severity}']}(`{kind.severity}`)",
        f"- 影响:{_STOPS[kind.severity]}。",
        f"- 豁免:{'条目可以写明理由放行。' if can_be_allowed(code) else '不能豁免。'}",
        "",
        "## 说明",
        "",
        _escaped(words[f"{code}.about"]),
        "",
        "## 怎样改",
        "",
        _shown(words[f"{code}.hint"]),
    ]
    variants = [key for key in words if key.startswith(f"{code}.hint.")]
    if variants:
        lines += ["", "按具体情况:", "", *(f"- {_shown(words[key])}" for key in variants)]
    if can_be_allowed(code):
        lines += [
            "",
            "## 怎样豁免",
            "",
            "在条目信息里写:",
            "",
            "```yaml",
            "豁免:",
            f"  - 规则: {code}",
            "    理由: ……",
            "```",
        ]
    return "\n".join([*lines, "", "[全部问题](../reference/findings.md)", ""])


def _shown(template: str) -> str:
    """A message or remedy with its places left open."""
    return _escaped(_PLACE.sub(lambda match: "" if match[1] == "guess" else "……", template))


def _escaped(words: str) -> str:
    """Plain text as Markdown."""
    return _SPECIAL.sub(r"\\\1", words)
