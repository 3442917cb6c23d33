"""What every YAML file of a site shares: a declared key with its names, type and documentation.

A file kind is one Pydantic model. Each key is a field made by :func:`key`, which keeps the Chinese
names and the documentation beside the type, so the reference manual, the key lookup and the
validation all come from the same line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError, PydanticUndefined


class Schema(BaseModel):
    """Base of all file kinds: unknown keys are errors, values are never changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def key(*names: str, doc: str, default: Any = PydanticUndefined, factory: Callable[[], Any] | None = None) -> Any:
    """Declare one key: its Chinese ``names``, its documentation (Chinese, one sentence), its default."""
    extra: dict[str, Any] = {"names": list(names)}
    if factory is not None:
        return Field(default_factory=factory, description=doc, json_schema_extra=extra)
    return Field(default, description=doc, json_schema_extra=extra)


def bad(code: str, **params: object) -> PydanticCustomError:
    """The error a field type raises: ``code`` is a finding code, ``params`` fill its message."""
    return PydanticCustomError(code, code, dict(params))


def chinese_names(field: FieldInfo) -> list[str]:
    """The Chinese names of a field, the preferred one first."""
    extra = field.json_schema_extra
    names = extra.get("names", []) if isinstance(extra, Mapping) else []
    return [str(name) for name in names] if isinstance(names, list) else []


@cache
def names_of(schema: type[BaseModel]) -> Mapping[str, str]:
    """Every name, English and Chinese, of a schema's keys → the English name."""
    table: dict[str, str] = {}
    for english, field in schema.model_fields.items():
        for name in (field.alias or english, *chinese_names(field)):
            table[name] = english
    return table


@cache
def nested_schemas(schema: type[BaseModel]) -> Mapping[str, type[BaseModel]]:
    """English key → the schema of the mapping (or list of mappings) that stands under it."""
    found: dict[str, type[BaseModel]] = {}
    for english, field in schema.model_fields.items():
        inner = _schema_in(field.annotation)
        if inner is not None:
            found[english] = inner
    return found


def _schema_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in get_args(annotation):
        inner = _schema_in(argument)
        if inner is not None:
            return inner
    return None
