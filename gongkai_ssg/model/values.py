"""The small types that keys of an item are made of."""

from __future__ import annotations

import re
from typing import Annotated, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator

from gongkai_ssg.model.schema import bad
from gongkai_ssg.model.topics import known_topics

Kind = Literal[
    "行政规范性文件",
    "其他公文",
    "解读",
    "征求意见",
    "意见反馈",
    "公示",
    "执法决定",
    "办事指南",
    "问答",
    "建议提案",
    "预决算",
    "统计",
    "澄清",
    "发布会",
    "机构信息",
    "其他",
]
Stage = Literal["决策", "执行", "管理", "服务", "结果"]
Disclosure = Literal["主动公开", "依申请公开", "不予公开"]
Form = Literal["文字", "图解", "视频", "动漫", "发布会", "专家", "媒体", "负责人"]
Role = Literal["正文", "附件", "范本", "文字版", "图片版", "图解", "视频"]
State = Literal["尚未施行", "现行有效", "失效", "废止"]

_TRUE = {"true", "yes", "on", "是", "真", "1"}
_FALSE = {"false", "no", "off", "否", "假", "0"}
_BRACKETS = re.compile(r"[\[［【〖（(﹝〈〔](\s*(?:19|20)\d{2}\s*)[\]］】〗）)﹞〉〕]")
_DOC_NUMBER = re.compile(
    r"[\u4e00-\u9fff（）A-Za-z]{1,30}〔(?:19|20)\d{2}〕(?:[\u4e00-\u9fff]{0,6})[1-9]\d*号"
    r"|[\u4e00-\u9fff（）、]{0,80}令?第?\s?[1-9]\d*号(?:令)?"
    r"|[\u4e00-\u9fff（）、]{0,80}第?[一二三四五六七八九十百零〇]{1,6}号"
    r"|[\u4e00-\u9fff（）]{0,30}(?:19|20)\d{2}年第?[1-9]\d*号"
    r"|无"
)
_ASCII_SPACE = re.compile(r"[ \t\r\n]+")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise bad("GK105", wanted="text")
    if "\n" in value or "  " in value or "\t" in value or "\r" in value:
        value = _ASCII_SPACE.sub(" ", value)
    return value.strip()


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise bad("GK105", wanted="flag")


def _listed(value: object) -> object:
    return [value] if isinstance(value, str | dict) else value


def _count(value: object) -> int:
    if isinstance(value, int):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"\d{1,12}", value.strip()):
        raise bad("GK105", wanted="number")
    return int(value)


def _url(value: str) -> str:
    if not is_web_address(value):
        raise bad("GK105", wanted="url")
    return value


def is_web_address(text: str) -> bool:
    """Whether this is an absolute http or https address that parsers take."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", text)
    except ValueError:
        return False


def _words(value: object) -> object:
    if isinstance(value, str):
        return [word for word in re.split(r"[;；,，、\s]+", value) if word]
    return value


def _names(value: object) -> object:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list):
        return listed
    return [name for each in listed for name in (_parts(each) if isinstance(each, str) else [each])]


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;；,，、]+", text) if part.strip()] or [text]


def _topic(value: str) -> str:
    topic = re.sub(r"\s*[/\\＼／|>]+\s*", "/", value).strip("/")
    if topic not in known_topics():
        raise bad("GK113", value=value)
    return topic


Text = Annotated[str, BeforeValidator(_text)]
"""One line of text; line breaks and runs of spaces become one space."""

Flag = Annotated[bool, BeforeValidator(_flag)]
"""``true``/``false``, ``yes``/``no``, 是/否."""

Url = Annotated[Text, AfterValidator(_url)]
"""An absolute http or https address."""

Count = Annotated[int, BeforeValidator(_count)]
"""A number from 0 on, typed in digits."""

Texts = Annotated[list[Text], BeforeValidator(_listed)]
"""A list of texts; a single one may stand alone."""

Words = Annotated[list[Text], BeforeValidator(_words)]
"""A list of words; on one line they may be separated by 、 ， ； or spaces."""

Names = Annotated[list[Text], BeforeValidator(_names)]
"""A list of names; several may stand together with 、 ， or ； between them, which no name holds."""

Topic = Annotated[Text, AfterValidator(_topic)]
"""``一级`` or ``一级/二级`` of the State Council table; ``\\`` and full-width slashes are understood."""


Element = TypeVar("Element")

Listed = Annotated[list[Element], BeforeValidator(_listed)]
"""A list whose single element may be typed without the list."""


def tidy_doc_number(text: str) -> str:
    """A 发文字号 with its year in 六角括号〔〕 (GB/T 9704-2012) and no spaces around the year."""
    return _BRACKETS.sub(lambda match: f"〔{match[1].strip()}〕", text.strip())


def is_doc_number(text: str) -> bool:
    """Whether a tidy 发文字号 has one of the usual forms: 〔〕, 令第N号, 公告2024年第5号, or 无."""
    return _DOC_NUMBER.fullmatch(text) is not None
