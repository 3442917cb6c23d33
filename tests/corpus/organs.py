"""Who issued the texts of the corpus: the organs, their ids and 组织机构代码 (GB 11714)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

GENERAL_OFFICE = "gwybgt"
STATE_COUNCIL = "guowuyuan"
NATIONAL_CONGRESS = "quanguo-rd"
SUPREME_COURT = "gaofa"
SUPREME_PROCURATORATE = "gaojian"
COMPILATION = "huibian"

_STANDING = "人民代表大会常务委员会"
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

_CENTRAL = (
    (NATIONAL_CONGRESS, f"全国{_STANDING}", "institution", None),
    (STATE_COUNCIL, "国务院", "government", None),
    (GENERAL_OFFICE, "国务院办公厅", "department", STATE_COUNCIL),
    ("gonganbu", "公安部", "department", STATE_COUNCIL),
    ("guoanbu", "国家安全部", "department", STATE_COUNCIL),
    ("renshebu", "人力资源和社会保障部", "department", STATE_COUNCIL),
    ("shijianzongju", "国家市场监督管理总局", "department", STATE_COUNCIL),
    (SUPREME_COURT, "最高人民法院", "institution", None),
    (SUPREME_PROCURATORATE, "最高人民检察院", "institution", None),
    (COMPILATION, "法律资料汇编（不署机关的文本）", "institution", None),
)

MINISTRIES = {
    "公安部": "gonganbu",
    "国家安全部": "guoanbu",
    "人力资源社会保障部": "renshebu",
    "市场监督管理总局": "shijianzongju",
}
"""Folder under 部门规章 → unit id."""

_PROVINCES = {
    "上海": ("shanghai", "上海市", ""),
    "北京": ("beijing", "北京市", ""),
    "山东": (
        "shandong",
        "山东省",
        "济南市=jinan 青岛市=qingdao 淄博市=zibo 枣庄市=zaozhuang 东营市=dongying 烟台市=yantai "
        "潍坊市=weifang 济宁市=jining 泰安市=taian 威海市=weihai 日照市=rizhao 莱芜市=laiwu "
        "临沂市=linyi 德州市=dezhou 聊城市=liaocheng 滨州市=binzhou 菏泽市=heze",
    ),
    "广东": (
        "guangdong",
        "广东省",
        "广州市=guangzhou 深圳市=shenzhen 汕头市=shantou 韶关市=shaoguan 河源市=heyuan "
        "汕尾市=shanwei 东莞市=dongguan 江门市=jiangmen 阳江市=yangjiang 湛江市=zhanjiang "
        "清远市=qingyuan 潮州市=chaozhou 云浮市=yunfu",
    ),
    "河南": (
        "henan",
        "河南省",
        "郑州市=zhengzhou 开封市=kaifeng 洛阳市=luoyang 平顶山市=pingdingshan 安阳市=anyang "
        "鹤壁市=hebi 新乡市=xinxiang 焦作市=jiaozuo 濮阳市=puyang 许昌市=xuchang 漯河市=luohe "
        "三门峡市=sanmenxia 南阳市=nanyang 商丘市=shangqiu 信阳市=xinyang 周口市=zhoukou "
        "驻马店市=zhumadian",
    ),
    "浙江": (
        "zhejiang",
        "浙江省",
        "杭州市=hangzhou 宁波市=ningbo 温州市=wenzhou 嘉兴市=jiaxing 湖州市=huzhou "
        "绍兴市=shaoxing 金华市=jinhua 衢州市=quzhou 舟山市=zhoushan 台州市=taizhou "
        "丽水市=lishui 景宁畲族自治县=jingning",
    ),
    "重庆": (
        "chongqing",
        "重庆市",
        "彭水苗族土家族自治县=pengshui 石柱土家族自治县=shizhu "
        "秀山土家族苗族自治县=xiushan 酉阳土家族苗族自治县=youyang",
    ),
}

_ADOPTED = re.compile(r"\d日\s*经?([\u4e00-\u9fff]{2,12}?)(?:第?[一二三四五六七八九十]+届)?人(?:民代表|大常)")
_SHORT = re.compile(r"市$")


def check_digit(body: str) -> str:
    """The ninth character of a 组织机构代码 from its first eight (GB 11714)."""
    total = sum(weight * int(char, 36) for weight, char in zip(_WEIGHTS, body, strict=True))
    return {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))


@dataclass(frozen=True)
class Organ:
    """A unit of the imported site; ``code`` is invented except for 国务院办公厅."""

    id: str
    name: str
    kind: str
    parent: str | None
    code: str

    def entry(self) -> dict[str, str]:
        """The entry in ``units.yaml``."""
        parent = {"parent": self.parent} if self.parent else {}
        return {
            "id": self.id, "name": self.name, "code": self.code, "kind": self.kind
        } | parent  # fmt: skip


@dataclass(frozen=True)
class Province:
    """A province with its people's congress and those below it that make 地方性法规."""

    id: str
    name: str
    places: dict[str, str]

    @property
    def unit(self) -> str:
        """The id of its standing committee."""
        return f"{self.id}-rd"

    @property
    def category(self) -> str:
        """The id of the category of its 地方性法规."""
        return f"dfxfg-{self.id}"

    def unit_of(self, title: str, header: list[str]) -> str:
        """Who made a 地方性法规: who adopted it, else whom its title names, else the province."""
        known = {self.name: self.unit} | {name: f"{id_}-rd" for name, id_ in self.places.items()}
        adopters = [(match[1], "通过" in line) for line in header if (match := _ADOPTED.search(line))]
        guesses = [
            *(name for name, passed in adopters if passed),
            *(name for name in self.places if title.startswith(name)),
            *(name for name, _ in adopters),
            *(name for name in self.places if title.startswith(_SHORT.sub("", name))),
        ]
        return next((known[name] for name in guesses if name in known), self.unit)


@cache
def provinces() -> dict[str, Province]:
    """Folder name → province."""
    return {
        folder: Province(id_, name, dict(pair.split("=") for pair in places.split()))
        for folder, (id_, name, places) in _PROVINCES.items()
    }


@cache
def organs() -> tuple[Organ, ...]:
    """Every unit of the imported site, a parent before its children."""
    rows: list[tuple[str, str, str, str | None]] = list(_CENTRAL)
    for province in provinces().values():
        rows.append((province.unit, province.name + _STANDING, "institution", None))
        rows += [(f"{id_}-rd", name + _STANDING, "institution", province.unit) for name, id_ in province.places.items()]
    return tuple(
        Organ(id_, name, kind, parent, _code(number, id_)) for number, (id_, name, kind, parent) in enumerate(rows, 1)
    )


@cache
def name_of(unit: str) -> str:
    """The full name of a unit."""
    return next(organ.name for organ in organs() if organ.id == unit)


def _code(number: int, id_: str) -> str:
    body = "00001434" if id_ == GENERAL_OFFICE else f"98{number:06d}"
    return body + check_digit(body)
