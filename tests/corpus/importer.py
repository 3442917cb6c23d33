"""Turns the corpus of real text into a site: ``python -m tests.corpus.importer CORPUS SITE``."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from tests.corpus import laws, organs, state_council, visible
from tests.corpus.draft import Draft, Fields

CHINESE = {
    "title": "标题",
    "code": "索引号",
    "category": "类别",
    "kind": "信息类型",
    "date": "发布日期",
    "formed": "成文日期",
    "issuers": "发文机关",
    "doc_number": "发文字号",
    "topic": "主题分类",
    "genre": "体裁",
    "effective": "施行日期",
    "forwards": "转发",
}
"""The documents of the State Council are written with the Chinese names of the keys."""

_CONFIG = {
    "site": {
        "title": "政府信息公开（真实文本）",
        "url": "https://www.example.gov.cn/zfxxgk/",
        "id_code": "3415990001",
        "organizer": "国务院办公厅",
    },
    "content": "content",
    "output": "public",
    "theme": "default",
}
_NAMES = {
    "xianfa": "宪法",
    "xianfa-xiangguan": "宪法相关法",
    "minfadian": "民法典",
    "minfa-shangfa": "民法商法",
    "xingzhengfa": "行政法",
    "jingjifa": "经济法",
    "shehuifa": "社会法",
    "xingfa": "刑法",
    "susongfa": "诉讼与非诉讼程序法",
    "xzfg": "行政法规",
    "sfjs": "司法解释",
    "bmgz": "部门规章",
}


@dataclass(frozen=True)
class ImportedItem:
    """One item of the site and what its page must show."""

    path: str
    """Below the site, with ``/``."""
    source: str
    """Below the corpus; ``file#索引号`` for one of many in a file."""
    code: str
    title: str
    text: str
    """The body as the source has it."""
    plain: bool
    assumed: bool
    """Whether ``date`` is a makeshift, since the source names no day."""

    @property
    def address(self) -> str:
        """The page of the item, below the output."""
        return f"items/{self.code}.html"

    @property
    def visible(self) -> str:
        """The body's visible text without white space."""
        return visible.dense(self.text) if self.plain else visible.of_markdown(self.text)

    @property
    def visible_with_comments(self) -> str:
        """The same where HTML comments are shown as text, as raw HTML is."""
        if self.plain:
            return self.visible
        return visible.of_markdown(self.text, comments=True)


@dataclass(frozen=True)
class ImportReport:
    """What became of the corpus."""

    items: list[ImportedItem]
    skipped: dict[str, str]
    """Source file → why it is no item."""
    counts: Counter[str] = field(default_factory=Counter)

    def lines(self) -> list[str]:
        """The report as text, the skipped files gathered by reason."""
        reasons = Counter((PurePosixPath(source).name, reason) for source, reason in self.skipped.items())
        return [
            *(f"{name}: {number}" for name, number in self.counts.items()),
            *(f"跳过 {number} 个 {name}: {why}" for (name, why), number in reasons.items()),
            *(f"发布日期无据,暂定: {item.source}" for item in self.items if item.assumed),
        ]


def import_corpus(corpus: Path, site: Path) -> ImportReport:
    """Write the corpus as a site into ``site``; the same corpus gives the same bytes.

    Raises:
        FileExistsError: ``site`` holds items already.
        ValueError: a source is not in the form the corpus documents.
    """
    sources, skipped = _law_files(corpus / "laws")
    texts = [laws.Law.read(corpus / "laws", source) for source in sources]
    drafts = _numbered([laws.draft(text) for text in texts])
    _link_versions(texts, drafts)
    drafts += state_council.read(corpus)
    (site / "content" / "items").mkdir(parents=True)
    _write_yaml(site / "config.yaml", _CONFIG)
    _write_yaml(site / "content" / "units.yaml", [organ.entry() for organ in organs.organs()])
    _write_yaml(site / "content" / "catalog.yaml", catalog())
    items = [_write_item(site, draft) for draft in drafts]
    paths = Counter(item.path.casefold() for item in items)
    clashing = [path for path, number in paths.items() if number > 1]
    if clashing:
        raise ValueError(f"two items in one file: {clashing}")
    counts = Counter(
        {
            "条目": len(items),
            "法规": len(sources),
            "国务院文件": len(drafts) - len(sources),
            "跳过": len(skipped),
            "发布日期暂定": sum(item.assumed for item in items),
            "修订文本": sum("version_of" in draft.fields for draft in drafts),
            "转发、印发": sum("forwards" in draft.fields for draft in drafts),
        }
    )
    return ImportReport(items, skipped, counts)


def catalog() -> list[dict[str, Any]]:
    """``catalog.yaml``: the folders of the corpus and the 公文种类 of gov.cn."""
    provincial = [
        {"id": province.category, "name": f"{province.name}地方性法规"} for province in organs.provinces().values()
    ]
    series = [
        {"id": id_, "name": name} | ({"library": True} if normative else {})
        for name, (id_, normative) in state_council.SERIES.items()
    ]
    normative = [{"id": id_, "name": name} for id_, name in _NAMES.items()]
    return [
        {
            "id": "flfg",
            "name": "法律法规",
            "kind": "其他",
            "library": True,
            "children": [
                *normative,
                {"id": "dfxfg", "name": "地方性法规", "children": provincial},
            ],
        },
        {"id": "gwywj", "name": "国务院文件", "kind": "其他公文", "children": series},
        {"id": "anli", "name": "典型案例", "kind": "其他"},
        {"id": "qita", "name": "其他资料", "kind": "其他"},
    ]


def _law_files(root: Path) -> tuple[list[PurePosixPath], dict[str, str]]:
    found = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.md"))
    skipped = {f"laws/{path}": laws.NO_LAW[name] for path in found if (name := PurePosixPath(path).name) in laws.NO_LAW}
    return [PurePosixPath(path) for path in found if f"laws/{path}" not in skipped], skipped


def _numbered(drafts: list[Draft]) -> list[Draft]:
    """The drafts with a 索引号 each: serial by unit and year of ``formed``, in order of date."""
    codes = {organ.id: organ.code for organ in organs.organs()}
    by_year: defaultdict[tuple[str, int], list[Draft]] = defaultdict(list)
    for draft in drafts:
        by_year[draft.unit, _day(draft, "formed").year].append(draft)
    numbers: dict[str, str] = {}
    for (unit, year), group in by_year.items():
        group.sort(key=lambda draft: (_day(draft, "formed"), draft.source))
        for serial, draft in enumerate(group, 1):
            numbers[draft.source] = f"{codes[unit]}/{year}-{serial:05d}"
    return [replace(draft, fields=_with_code(draft.fields, numbers[draft.source])) for draft in drafts]


def _with_code(fields: Fields, code: str) -> Fields:
    return {"title": fields["title"], "code": code} | fields


def _day(draft: Draft, key: str) -> date:
    day = draft.fields.get(key) or draft.fields["date"]
    assert isinstance(day, date)
    return day


def _link_versions(texts: list[laws.Law], drafts: list[Draft]) -> None:
    """Each text is ``version_of`` the next older version of it, where that is sure."""
    named: defaultdict[tuple[PurePosixPath, str], list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        named[text.source.parent, text.title].append(place)
    for places in named.values():
        places.sort(key=lambda place: texts[place].file_date or date.min)
        for older, newer in pairwise(places):
            if laws.is_version_of(texts[newer], texts[older]):
                code = drafts[older].fields["code"]
                assert isinstance(code, str)
                drafts[newer].fields["version_of"] = [{"code": code}]


def _write_item(site: Path, draft: Draft) -> ImportedItem:
    path = PurePosixPath("content", "items", draft.unit, draft.name)
    fields: dict[str, Any] = dict(draft.fields)
    if draft.plain:
        fields = {CHINESE[key]: value for key, value in fields.items()}
    target = site / path
    target.parent.mkdir(parents=True, exist_ok=True)
    body = f"---\n{_yaml(fields)}---\n\n{draft.body}\n"
    target.write_text(body, encoding="utf-8", newline="\n")
    code, title = draft.fields["code"], draft.fields["title"]
    assert isinstance(code, str) and isinstance(title, str)
    return ImportedItem(
        path=path.as_posix(),
        source=draft.source,
        code=code,
        title=title,
        text=draft.text,
        plain=draft.plain,
        assumed=draft.assumed,
    )


class _Dumper(yaml.SafeDumper):
    """Without anchors, which front matter may not hold: two keys may bear one date."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _yaml(data: object) -> str:
    # one line a value: editors do not fold titles
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=2**31 - 1)


def _write_yaml(target: Path, data: object) -> None:
    target.write_text(_yaml(data), encoding="utf-8", newline="\n")


def main(arguments: Iterable[str]) -> int:
    """The command line; 2 for wrong usage."""
    places = list(arguments)
    if len(places) != 2:
        print("用法: python -m tests.corpus.importer 语料文件夹 站点文件夹", file=sys.stderr)
        return 2
    for line in import_corpus(Path(places[0]), Path(places[1])).lines():
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
