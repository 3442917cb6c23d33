"""A schema as Chinese tables: each key with its names, type in words, default and meaning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import AfterValidator, BaseModel, BeforeValidator
from pydantic.fields import FieldInfo

from gongkai_ssg.model.schema import chinese_names, nested_schemas

_BY_VALIDATOR = {
    "_text": "文字",
    "_flag": "“是”或“否”",
    "_url": "网址,http 或 https",
    "_words": "词语的列表,可以写在一行,用“、”分隔",
    "_names": "名称的列表,可以写在一行,用“、”分隔",
    "_topic": "“一级/二级”",
    "_day": "日期",
    "_moment": "日期,可以带时间",
    "_effective": "日期、“自发布之日起”或“自发布之日起N日后”",
    "_expires": "日期、“长期”或年数",
    "_span": "时长,如“180d”“6个月”“1年”",
    "_count": "整数",
    "_inside": "文件夹名",
    "_pattern": "正则表达式",
    "_address": "完整网址,http 或 https",
    "_types": "扩展名的列表,可以写在一行,用空格分隔",
}
"""A type of the schemas is known by its validator; whoever adds one says here what it takes."""

_SHORT_FORMS = {
    "_reference": "索引号",
    "_attachment": "文件名",
    "_consult": "电话",
    "_channel": "渠道",
    "_code_pattern": "正则表达式",
}
"""What may stand in place of a mapping."""


def schema_tables(schema: type[BaseModel], names: str = "中文键") -> Iterator[str]:
    """The lines of the table of a schema, then of every schema below it.

    :param names: the heading of the column of Chinese names; nothing leaves the column out.
    """
    yield from _table(schema, names)
    for nested, heading in _headings(schema).items():
        yield from ["", f"### {heading}", ""]
        yield from _table(nested, names)


def cell(text: str) -> str:
    """Text as it may stand in a cell of a Markdown table."""
    return text.replace("|", "\\|").replace("\n", " ")


def type_in_words(hint: Any) -> str:
    """What a type takes.

    :raises KeyError: if a validator has no words yet.
    """
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _annotated_in_words(arguments[0], arguments[1:])
    if origin in (Union, UnionType):
        return type_in_words(next(each for each in arguments if each is not NoneType))
    if origin is Literal:
        return "、".join(f"“{each}”" for each in arguments) + "之一"
    if origin is list:
        return f"{type_in_words(arguments[0])}的列表"
    if origin is dict:
        return "任意的一组键"
    if _is_schema(hint):
        return "一组键(见下)"
    return {int: "整数", str: "文字"}[hint]


def _annotated_in_words(inner: Any, metadata: Iterable[Any]) -> str:
    validators = [each.func.__name__ for each in metadata if isinstance(each, AfterValidator | BeforeValidator)]
    for name in reversed(validators):
        if name == "_listed":
            return f"{type_in_words(get_args(inner)[0])},可以有多项"
        if name in _SHORT_FORMS:
            return f"{_SHORT_FORMS[name]},或{type_in_words(inner)}"
        if name in _BY_VALIDATOR:
            return _BY_VALIDATOR[name]
    raise KeyError(validators)


def _is_schema(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, BaseModel)


def _table(schema: type[BaseModel], names: str) -> Iterator[str]:
    hints = get_type_hints(schema, include_extras=True)
    columns = ["键", *([names] if names else []), "写什么", "默认", "说明"]
    yield "| " + " | ".join(columns) + " |"
    yield "|" + " --- |" * len(columns)
    for english, field in schema.model_fields.items():
        cells = [f"`{field.alias or english}`", *(["、".join(chinese_names(field))] if names else [])]
        cells += [type_in_words(hints[english]), _default(field), field.description or ""]
        yield "| " + " | ".join(cell(each) for each in cells) + " |"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**必填**"
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is None or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, BaseModel):
        return "各键的默认值"
    if isinstance(value, list):
        return " ".join(f"`{_plain(each)}`" for each in value)
    return str(value)


def _plain(value: Any) -> str:
    """A value in its short form: a mapping with one key set is that key's value."""
    if not isinstance(value, BaseModel):
        return str(value)
    typed = value.model_dump(exclude_unset=True)
    return str(next(iter(typed.values()))) if len(typed) == 1 else str(typed)


def _headings(schema: type[BaseModel]) -> dict[type[BaseModel], str]:
    """Every schema below one, in the order of its keys, with the heading of its table."""
    users: dict[type[BaseModel], list[str]] = {}
    _collect(schema, users, {schema})
    return {
        nested: f"{keys[0]} 下面的键" if len(keys) == 1 else f"{keys[0]}等 {len(keys)} 个键下面的键"
        for nested, keys in users.items()
    }


def _collect(schema: type[BaseModel], users: dict[type[BaseModel], list[str]], above: set[type[BaseModel]]) -> None:
    for english, nested in nested_schemas(schema).items():
        if nested in above:
            continue
        field = schema.model_fields[english]
        chinese = chinese_names(field)
        users.setdefault(nested, []).append(f"`{field.alias or english}`" + (f"({chinese[0]})" if chinese else ""))
    for nested in dict.fromkeys(nested_schemas(schema).values()):
        if nested not in above:
            _collect(nested, users, {*above, nested})
