"""A law of the corpus (``# title``, one line per date, ``<!-- INFO END -->``, body) as an item."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path, PurePosixPath

from tests.corpus import organs
from tests.corpus.draft import Draft, Fields

INFO_END = "<!-- INFO END -->"
NO_LAW = {
    "README.md": "说明文件,不是法规",
    "_index.md": "只有前言的目录文件,不是法规",
    "法律法规模版.md": "给编者的模板,不是法规",
}
"""File names that hold no law → why."""

UNDATED = date(2022, 12, 31)
"""``date`` of a text that names no day at all."""

FOLDERS = {
    "宪法": "xianfa",
    "宪法相关法": "xianfa-xiangguan",
    "民法典": "minfadian",
    "民法商法": "minfa-shangfa",
    "行政法": "xingzhengfa",
    "经济法": "jingjifa",
    "社会法": "shehuifa",
    "刑法": "xingfa",
    "诉讼与非诉讼程序法": "susongfa",
    "行政法规": "xzfg",
    "司法解释": "sfjs",
    "部门规章": "bmgz",
    "案例": "anli",
    "其他": "qita",
}
"""First folder → category id; ``DLC`` (地方性法规) goes by province."""

_MOST_DELAY = timedelta(days=60)
_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_FILE_DATE = re.compile(r"\((\d{4})-(\d\d)-(\d\d)\)$")
_ISO_LINE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_SELF = "法|条例|办法|规定|决定|决议|解释|批复|细则|规则|规范|安排|标准|方案|修正案|章程|制度"
_IN_FORCE = re.compile(
    rf"(?:本[\u4e00-\u9fff]{{0,8}}(?:{_SELF})|解释|规定),?自(\d{{4}}年\d{{1,2}}月\d{{1,2}}日)起"
    r"(?:开始)?(?:施行|实施|生效|执行)"
)
_AT_ONCE = re.compile(rf"本[\u4e00-\u9fff]{{0,8}}(?:{_SELF}),?自(?:公布|发布)之日起(?:施行|生效|实施)")
_REVISED = re.compile("修订|修正|修改")
_PUBLISHED = re.compile("公布|发布")
_ORDER = re.compile(r"([\u4e00-\u9fff、]{2,60}?)(?:令第(\d+|[一二三四五六七八九十百]+)号|第(\d+)号令)")
_NOTICE = re.compile(r"日\s*([\u4e00-\u9fff]{3,30}公告第\d+号)公布")
_NUMBER_LINE = re.compile(r"[（(]?([\u4e00-\u9fff]{2,8})[〔［\[](\d{4})[〕］\]](\d+)号[)）]?")
_ISSUED = re.compile(r"^\d{4}年\d+月\d+日\s*([\u4e00-\u9fff、]{3,40}?)(?:联合)?(?:发布|公布)")
_NOT_AN_ORGAN = re.compile("会议|批准|通过|公告|号|人民代表大会|根据|决定")
_PLENARY = re.compile(r"日\s*([\u4e00-\u9fff]*?)第[一二三四五六七八九十]+届([\u4e00-\u9fff]{0,6}?)人民代表大会第")
_RELEASED_BY_COURT = "最高人民法院发布"


@dataclass(frozen=True)
class Law:
    """One file: what it says of itself, and its text without the title and ``INFO END``."""

    source: PurePosixPath
    title: str
    header: list[str]
    body: str

    @classmethod
    def read(cls, root: Path, source: PurePosixPath) -> Law:
        """Read ``source`` below ``root``; lines starting with ``# `` before INFO END are title."""
        lines = (root / source).read_text(encoding="utf-8").split("\n")
        end = lines.index(INFO_END)
        titles = [line[2:].strip() for line in lines[:end] if line.startswith("# ")]
        if not titles:
            raise ValueError(f"{source}: no title")
        head = [line for line in lines[:end] if not line.startswith("# ")]
        header = [unicodedata.normalize("NFKC", line).strip() for line in head if line.strip()]
        body = "\n".join([*head, *lines[end + 1 :]]).strip("\n")
        return cls(source, " ".join(titles), header, body)

    @property
    def file_date(self) -> date | None:
        """The day in the file's name: when this version was published."""
        found = _FILE_DATE.search(self.source.stem)
        return date(*map(int, found.groups())) if found else None

    def acts(self) -> list[tuple[date, str]]:
        """The days of the header on which the text was adopted, approved, published or revised."""
        return [
            (day, line)
            for line in self.header
            for day, before, after in _days(line)
            if not before.endswith("自") and not re.match(r"\s*(?:起|施行|发布之日)", after)
        ]

    def unit(self) -> str:
        """The id of the unit that publishes it."""
        folder, *rest = self.source.parts
        if folder == "DLC":
            return _province(rest[0]).unit_of(self.title, self.header)
        if folder == "部门规章":
            return organs.MINISTRIES[rest[0]]
        if folder == "行政法规":
            return organs.STATE_COUNCIL
        if folder == "司法解释":
            by_procurators = re.match("(?:最高)?人民检察院", self.title)
            return organs.SUPREME_PROCURATORATE if by_procurators else organs.SUPREME_COURT
        if folder in ("案例", "其他"):
            by_court = _RELEASED_BY_COURT in self.header
            return organs.SUPREME_COURT if by_court else organs.COMPILATION
        return organs.NATIONAL_CONGRESS

    def category(self) -> str:
        """The id of its category."""
        folder = self.source.parts[0]
        return _province(self.source.parts[1]).category if folder == "DLC" else FOLDERS[folder]


@dataclass(frozen=True)
class Days:
    """The dates of a law as far as its file says; ``assumed`` when ``published`` is a makeshift."""

    published: date
    formed: date | None = None
    promulgated: date | None = None
    effective: date | str | None = None
    assumed: bool = field(default=False)


def days_of(law: Law) -> Days:
    """What the file name, the header and the closing article say about a law's days.

    A day of the header later than the one in the file's name wins: the text is that of the later
    version. ``formed`` is left out where the header does not tell of the version's own adoption,
    and a 施行日期 before that of the version, since it is an earlier version's.
    """
    body = unicodedata.normalize("NFKC", law.body)
    in_force = [day for found in _IN_FORCE.findall(body) for day, _, _ in _days(found)]
    dated = [(day, after) for line in law.header for day, _, after in _days(line)]
    in_force += [day for day, after in dated if after.strip() == "施行"]
    acts = law.acts()
    latest = max((day for day, _ in acts), default=None)
    stated = law.file_date
    if stated is None and latest is None:
        iso = next((found for line in law.header if (found := _ISO_LINE.fullmatch(line))), None)
        if iso:
            return Days(date(*map(int, iso.groups())))
        last = in_force[-1] if in_force else None
        return Days(last or UNDATED, effective=last, assumed=True)
    published = max(day for day in (stated, latest) if day is not None)
    formed = latest if latest and published - latest <= _MOST_DELAY else None
    first = formed or published
    public = [day for day, line in acts if day >= first and _PUBLISHED.search(line)]
    later = [day for day in in_force if day >= first]
    effective: date | str | None = later[-1] if later else None
    revised = any(_REVISED.search(line) for line in law.header)
    if formed and not in_force and not revised and _AT_ONCE.search(body[-600:]):
        effective = "自发布之日起"
    return Days(published, formed, public[-1] if public else None, effective)


def doc_number(law: Law) -> str | None:
    """The 发文字号 or 令第N号 that the header (or a line of its own at the start) names."""
    opening = [line.strip() for line in law.body.split("\n") if line.strip()][: len(law.header) + 4]
    for line in opening:
        alone = _NUMBER_LINE.fullmatch(line)
        if alone:
            return f"{alone[1]}〔{alone[2]}〕{alone[3]}号"
    lines = sorted(law.header, key=lambda line: not _PUBLISHED.search(line))
    for line in lines:
        order = _ORDER.search(_after_day(line))
        if order:
            signed = order[1].strip("、").replace("中中华", "中华")
            return f"{signed}令第{order[2] or order[3]}号"
        notice = _NOTICE.search(line)
        if notice:
            return notice[1]
    return None


def issuers(law: Law, unit: str) -> list[str]:
    """Who issued it, by name, where that is not just the unit that publishes it."""
    if unit in (organs.SUPREME_COURT, organs.SUPREME_PROCURATORATE):
        texts = [law.title, *law.header]
        both = any("最高人民法院" in text and "最高人民检察院" in text for text in texts[1:])
        joint = re.match(r"最高人民法院[、\s]+最高人民检察院", law.title)
        return ["最高人民法院", "最高人民检察院"] if both or joint else []
    complete = all(_DATE.search(line) for line in law.header)  # no organ on a line of its own
    for line in law.header:
        signers = [order[1] for order in _ORDER.finditer(_after_day(line))]
        plain = _ISSUED.match(line) if complete else None
        if not signers and plain and not _NOT_AN_ORGAN.search(plain[1]):
            signers = [plain[1]]
        names = [_organ(name) for signer in signers for name in signer.strip("、").split("、")]
        if names and not names[0].endswith("主席"):
            return names if names != [organs.name_of(unit)] else []
    formed = days_of(law).formed
    last = next((line for day, line in law.acts() if day == formed), "")
    plenary = _PLENARY.search(last) if unit.endswith("-rd") and "常务委员会" not in last else None
    return [f"{plenary[1] or plenary[2]}人民代表大会"] if plenary else []


def draft(law: Law) -> Draft:
    """The item of a law, still without 索引号."""
    days, unit = days_of(law), law.unit()
    fields: Fields = {"title": law.title, "category": law.category(), "date": days.published}
    optional: Fields = {
        "formed": days.formed,
        "promulgated": days.promulgated,
        "effective": days.effective,
        "issuers": issuers(law, unit),
        "doc_number": doc_number(law),
    }
    fields |= {name: value for name, value in optional.items() if value}
    # the folder of the corpus goes along: one name may stand in several folders
    folders = [part for part in law.source.parts[:-1] if part not in ("DLC", "地方性法规")]
    return Draft(
        unit=unit,
        name="/".join([*folders, law.source.name]),
        fields=fields,
        body=law.body,
        source=f"laws/{law.source}",
        text=law.body,
        assumed=days.assumed,
    )


def is_version_of(later: Law, earlier: Law) -> bool:
    """Whether ``later`` is surely a revised text of ``earlier``: one title, one first adoption.

    Texts less than two months apart are the same text, taken over twice.
    """
    old, new = earlier.file_date, later.file_date
    if old is None or new is None or new - old <= _MOST_DELAY or later.title != earlier.title:
        return False
    shared = {day for day, _ in later.acts() if day < new}
    first = min((day for day, _ in earlier.acts()), default=old)
    return first in shared


def _days(line: str) -> Iterator[tuple[date, str, str]]:
    for found in _DATE.finditer(line):
        try:
            day = date(*map(int, found.groups()))
        except ValueError:
            continue
        yield day, line[: found.start()], line[found.end() :]


def _after_day(line: str) -> str:
    return re.sub(r"^.*?\d日\s*", "", line)


def _organ(name: str) -> str:
    return name.replace("中华人民共和国", "")


def _province(folder: str) -> organs.Province:
    return organs.provinces()[folder[:2]]
