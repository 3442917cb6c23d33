"""A page of every kind of the sample county: what the browser tests open and the gallery shows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of page.

    :param address: the page; or, with ``marks``, a pattern of pages, of which the first that holds all of them is meant.
    :param words: what the gallery says of it.
    """

    address: str
    words: str
    marks: tuple[str, ...] = ()

    def find(self, output: Path) -> str:
        """The page's address in an output folder.

        :raises LookupError: if the county has no such page.
        """
        if not self.marks:
            return self.address
        for path in sorted(output.glob(self.address)):
            text = path.read_text(encoding="utf-8")
            if all(mark in text for mark in self.marks):
                return path.relative_to(output).as_posix()
        raise LookupError(f"no page like {self.address} holds {self.marks}")


_ITEMS = "items/*/*.html"

KINDS = {
    "home": Kind("index.html", "首页"),
    "policy": Kind(_ITEMS, "规范性文件：要点、题注、下载、条款、来龙去脉", ('class="downloads"', 'class="before"', 'class="article"')),
    "table": Kind(_ITEMS, "带表格和附件的条目", ('<div class="table"', 'class="attachments"')),
    "lapsed": Kind(_ITEMS, "失效或者废止的文件", ("as-of", "<span>废止</span>")),
    "notice": Kind(_ITEMS, "公示期内的公示", ("<dt>公示期</dt>",)),
    "ended": Kind(_ITEMS, "公示期已满的公示", ("现已结束，内容不再显示",)),
    "withdrawn": Kind(_ITEMS, "撤回的条目", ("此信息已于",)),
    "renamed": Kind(_ITEMS, "机构已经更名的条目", ("现名<a",)),
    "merged": Kind(_ITEMS, "机构更名后又撤销的条目", ("后更名为", "职责现由")),
    "catalog": Kind("catalog/index.html", "法定主动公开内容"),
    "category": Kind("catalog/zcwj/index.html", "类别"),
    "list": Kind("years/2025/p1.html", "列表的一页"),
    "units": Kind("units/index.html", "发布机构"),
    "unit": Kind("units/jyj/index.html", "机构"),
    "dissolved": Kind("units/*/index.html", "撤销的机构", ("撤销，职责由",)),
    "unit-catalog": Kind("units/jyj/catalog/index.html", "机构的目录"),
    "unit-category": Kind("units/jyj/catalog/msbz/index.html", "机构的一个类别"),
    "unit-guide": Kind("units/jyj/guide.html", "机构的公开指南"),
    "guides": Kind("guides/index.html", "指南与制度"),
    "guide": Kind("guides/zfxxgkzn.html", "公开指南"),
    "apply": Kind("apply.html", "依申请公开"),
    "policies": Kind("policies/index.html", "规范性文件库"),
    "numbers": Kind("policies/numbers/index.html", "按发文字号查看"),
    "numbers-year": Kind("policies/numbers/2025.html", "一年的发文字号"),
    "topics": Kind("topics/index.html", "按主题查看"),
    "years": Kind("years/index.html", "按年份查看"),
    "year": Kind("years/2025/index.html", "一年公开的信息"),
    "search": Kind("search.html", "搜索"),
    "sitemap": Kind("sitemap.html", "站点地图"),
}  # fmt: skip
