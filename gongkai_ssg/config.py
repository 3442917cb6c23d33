"""config.yaml: each option is a typed field with its documentation beside it."""

from __future__ import annotations

import re
from copy import copy
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from gongkai_ssg.model.dates import Day
from gongkai_ssg.model.schema import Schema, bad, key
from gongkai_ssg.model.values import Count, Flag, Listed, Text, Url, Words, is_web_address

DEFAULT_CODE_PATTERN = r"^([0-9A-Z]{8}[0-9X]|[0-9A-HJ-NPQRTUWXY]{18})/\d{4}-\d{5}$"
DEFAULT_TYPES = (
    "pdf ofd doc docx wps xls xlsx et ppt pptx dps csv txt zip rar 7z "
    "jpg jpeg png gif webp bmp tif tiff mp3 m4a wav mp4 webm ogg"
).split()
NEVER_TYPES = frozenset("html htm xhtml shtml svg svgz xml xsl js mjs css json php asp aspx jsp exe bat cmd sh".split())


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise bad("GK004", value=value, wanted="regex", hint="regex", why=str(error)) from None
    return value


def _address(value: str) -> str:
    if not is_web_address(value) or "?" in value or "#" in value:
        raise bad("GK004", value=value, wanted="address")
    return value if value.endswith("/") else value + "/"


def _types(value: list[str]) -> list[str]:
    wanted = [word.lower().lstrip(".") for word in value]
    for word in wanted:
        if word in NEVER_TYPES:
            raise bad("GK009", value=word)
    return wanted


def _inside(value: str) -> str:
    if not value or "\x00" in value:
        raise bad("GK004", value=value, wanted="folder")
    return value


Folder = Annotated[Text, AfterValidator(_inside)]
Pattern = Annotated[Text, AfterValidator(_pattern)]


class CodePattern(Schema):
    """A form of the 索引号 that held during a time."""

    pattern: Pattern = key(doc="正则表达式,匹配整个索引号。")
    from_: Day | None = Field(None, alias="from", description="自何日起的条目(按成文日期);不填为从来。")
    to: Day | None = key(doc="至何日(含);不填为至今。", default=None)


def _code_pattern(value: object) -> object:
    return {"pattern": value} if isinstance(value, str) else value


def _periods(value: list[CodePattern]) -> list[CodePattern]:
    if not value:
        raise bad("GK004", value="[]", wanted="pattern_list")
    for form in value:
        if form.from_ and form.to and form.from_ > form.to:
            raise bad("GK004", value=f"{form.from_} → {form.to}", wanted="period")
    return value


class Site(Schema):
    """Who publishes: names and the parts that the footer must show (国办发〔2017〕47号)."""

    title: Text = key(doc="网站名称,显示在每页顶部。")
    url: Annotated[Text, AfterValidator(_address)] = key(
        doc="发布后的完整网址,用于订阅、站点地图、robots、Url 标签和 404 页;浏览不依赖它。"
    )
    id_code: Text | None = key(doc="网站标识码。", default=None)
    organizer: Text | None = key(doc="主办单位。", default=None)
    undertaker: Text | None = key(doc="承办单位。", default=None)
    contact: Text | None = key(doc="联系方式。", default=None)
    icp: Text | None = key(doc="ICP 备案编号。", default=None)
    police_record: Text | None = key(doc="公安机关备案号。", default=None)
    party_mark: Url | None = key(doc="党政机关网站标识的网址。", default=None)
    report_error: Url | None = key(doc="“我为政府网站找错”的网址。", default=None)


class Door(Schema):
    """One way in on the home page, in plain words."""

    label: Text = key("名称", doc="几个字,如“补贴”。")
    target: Text = key(
        "指向",
        doc="类别的路径或编号、机构的编号、本站页面从输出文件夹算起的地址(如 policies/index.html),或 http、https 网址。",
    )
    note: Text | None = key("说明", doc="名称下面的一行小字。", default=None)


class Limits(Schema):
    """Bounds that keep one file from stopping the whole site."""

    item_bytes: Count = key(doc="条目文件的最大字节数。", default=5_000_000)
    front_matter_bytes: Count = key(doc="条目信息(两行 --- 之间)的最大字节数。", default=65_536)


class Config(Schema):
    """All of config.yaml."""

    site: Site = key(doc="网站的名称、网址和页脚内容。")
    content: Folder = key(doc="内容文件夹。", default="content")
    output: Folder = key(doc="输出文件夹,不要提交到 git。", default="public")
    cache: Folder = key(doc="缓存文件夹,不要提交到 git;删除只费时间。", default=".gongkai")
    theme: Text = Field(
        "default", pattern=r"^[A-Za-z0-9_-]+$", description="主题名称,先找 themes/<名称>,再找随软件带的。"
    )
    code_pattern: Annotated[
        Listed[Annotated[CodePattern, BeforeValidator(_code_pattern)]], AfterValidator(_periods)
    ] = key(
        doc="索引号的格式,一个正则表达式,或一组带起止日期的。",
        factory=lambda: [CodePattern(pattern=DEFAULT_CODE_PATTERN)],
    )
    attachment_types: Annotated[Words, AfterValidator(_types)] = key(
        doc="允许的附件类型(扩展名)。", factory=lambda: list(DEFAULT_TYPES)
    )
    search: Flag = key(doc="是否生成全文搜索的索引和页面。关掉以后,搜索页只给出按目录查找的办法。", default=True)
    raw_html: Flag = key(doc="正文中的 HTML 是否生效;生效时经过消毒。默认按文字显示。", default=False)
    doors: Listed[Door] = key(doc="首页搜索框下面的入口,依次列出;指向不存在的会被略去并提示。", factory=list)
    report_category: Text | None = key(doc="收年度报告的类别的路径或编号,首页和机构页的“年报”由此而来。", default=None)
    limits: Limits = key(doc="各种上限。", factory=Limits)

    def code_pattern_on(self, day: date) -> list[str]:
        """The patterns that a code formed on ``day`` may match."""
        return [
            form.pattern
            for form in self.code_pattern
            if (form.from_ is None or form.from_ <= day) and (form.to is None or day <= form.to)
        ]


class Folders:
    """Where things are: every path of the configuration, absolute."""

    def __init__(self, config_file: Path, config: Config, output: Path | None = None) -> None:
        self.root = config_file.resolve().parent
        self.config_file = config_file
        self.content = self.root / config.content
        self.items = self.content / "items"
        self.guides = self.content / "guides"
        self.output = output.absolute() if output else self.root / config.output
        self.cache = self.root / config.cache

    def aside(self, name: str) -> Folders:
        """The same site with an output and a cache of their own, below its cache."""
        other = copy(self)
        other.cache = self.cache / name
        other.output = other.cache / "site"
        return other

    def shown(self, path: Path) -> str:
        """A path as findings name it: relative to config.yaml, with forward slashes."""
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return path.as_posix()
