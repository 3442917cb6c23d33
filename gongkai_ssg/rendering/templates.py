"""Jinja2 with the site's constants and a few filters; parts that many pages share are rendered once."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from types import FunctionType, MethodType
from typing import Any
from urllib.parse import urlsplit

from jinja2 import (
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
    nodes,
)
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import Template, TemplateModule
from jinja2.meta import find_referenced_templates
from jinja2.runtime import Context, Macro
from jinja2.utils import missing
from markupsafe import Markup, escape
from markupsafe import _escape_inner as escape_inner  # type: ignore[attr-defined] # what ``escape`` puts into an object

from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.rendering.constants import Constants, TemplateTrouble
from gongkai_ssg.rendering.filters import chinese_date, file_size, period, telephone
from gongkai_ssg.rendering.links import quoted, root_of
from gongkai_ssg.rendering.theme import Theme

__all__ = ["SECTIONS", "Renderer", "TemplateError", "TemplateTrouble", "templates_behind"]

SECTIONS = (
    ("home", "首页", "index.html"),
    ("guides", "指南与制度", "guides/index.html"),
    ("catalog", "法定主动公开内容", "catalog/index.html"),
    ("policies", "规范性文件库", "policies/index.html"),
    ("apply", "依申请公开", "apply.html"),
    ("units", "发布机构", "units/index.html"),
    ("topics", "主题", "topics/index.html"),
    ("years", "年份", "years/index.html"),
)
"""The main navigation: id, words, address."""


_EMBLEMS = ("emblem.svg", "emblem.png")
"""Assets with which a county's site shows the national emblem (国徽法 art. 6, 7); the site supplies one."""


def _escaped(value: Any) -> str:
    """What ``markupsafe.escape`` gives, without an object for each piece."""
    kind = type(value)
    if kind is str:
        return escape_inner(value)
    return value if kind is Markup else escape(value)


class _QuickOutput(CodeGenerator):
    """Templates compiled so that a run of output is one string, and each piece goes through :func:`_escaped`."""

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802 - the name the visitor looks for
        """Join a run before it is handed on: blocks hand every string through each level of inheritance."""
        if frame.buffer is not None or frame.require_output_check or len(node.nodes) < 2:
            super().visit_Output(node, frame)
            return
        joined = frame.copy()
        joined.buffer = self.temporary_identifier()
        self.writeline(f"{joined.buffer} = []")
        super().visit_Output(node, joined)
        self.writeline(f"yield ''.join({joined.buffer})")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
            return
        self.write("environment.escaped(")
        if finalize.src is not None:
            self.write(finalize.src)


class _Template(Template):
    """A template whose macros see the constants of the site, and nothing of the page that imports them."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


class _Values(dict[str, Any]):
    """Names of a template; one that is none of them is what Jinja knows as missing."""

    def __missing__(self, name: str) -> Any:
        return missing


class _Context(Context):
    """What a template reads from: one mapping, looked into directly, with a short way to macros and plain functions."""

    def __init__(self, environment: Environment, parent: dict[str, Any], *more: Any, **words: Any) -> None:
        values = _Values(parent)
        super().__init__(environment, values, *more, **words)
        self.vars = values
        self.resolve_or_missing = values.__getitem__  # type: ignore[method-assign, assignment] # a dozen times a block

    def call(self, obj: Any, *args: Any, _loop_vars: Any = None, _block_vars: Any = None, **words: Any) -> Any:
        """Call something from a template; whatever asks for a context or is unusual goes the long way."""
        kind = type(obj)
        if kind is Macro:
            return obj(self.eval_ctx, *args, **words)
        if (kind is FunctionType or kind is MethodType) and not hasattr(obj, "jinja_pass_arg"):
            return obj(*args, **words)
        return super().call(obj, *args, _loop_vars=_loop_vars, _block_vars=_block_vars, **words)


class _Templates(Environment):
    code_generator_class = _QuickOutput
    context_class = _Context
    template_class = _Template
    escaped = staticmethod(_escaped)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The same for all templates: none has its own, and a plain mapping is copied quickly for each page."""
        return {**self.globals, **d} if d else self.globals

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A mapping's keys first: values are mostly mappings, and a look that fails is dear."""
        try:
            return obj[attribute] if type(obj) is dict else getattr(obj, attribute)
        except (KeyError, AttributeError):
            return super().getattr(obj, attribute)


class _Compiled(FileSystemBytecodeCache):
    """Compiled templates from one process to the next; a folder that can't be written is no fault."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(str(folder), "%s.cache")


def templates_behind(theme: Theme, name: str) -> set[str]:
    """A template and all that it extends, includes or imports; every one there is, where a name is computed."""
    environment = Environment(loader=FileSystemLoader([str(folder) for folder in theme.templates]), autoescape=True)
    environment.trim_blocks = environment.lstrip_blocks = True
    found: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in found:
            continue
        found.add(current)
        try:
            source, *_ = environment.loader.get_source(environment, current)  # type: ignore[union-attr]
            names = list(find_referenced_templates(environment.parse(source)))
            names += _PARTS.findall(source)
        except TemplateError:
            continue
        if None in names:
            return set(theme.template_digests())
        waiting.extend(each for each in names if each is not None)
    return found


_PARTS = re.compile(r"""\bpart\(\s*["']([^"']+)["']""")
"""Parts that are rendered once for many pages."""


class Renderer:
    """Renders pages with one theme; made once a process."""

    def __init__(self, theme: Theme, constants: Constants, compiled: Path | None = None) -> None:
        """:param compiled: a folder that keeps templates compiled, for this program and no other."""
        theme.template_digests()  # before any is loaded: what changes meanwhile is loaded anew next time
        self.theme = theme
        self.constants = constants
        self.site = constants.site
        self._parts: dict[tuple[str, str, str], Markup] = {}
        self.environment = _Templates(
            loader=FileSystemLoader([str(folder) for folder in theme.templates]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
            bytecode_cache=_Compiled(compiled) if compiled else None,
        )
        self.environment.filters.update(
            url=quoted, size=file_size, chinese_date=chinese_date, period=period, telephone=telephone
        )
        self.environment.globals.update(
            site=constants.site,
            site_domain=urlsplit(constants.site.url).hostname or "",
            sections=SECTIONS,
            part=self.part,
            asset=self._asset,
            emblem=next((name for name in _EMBLEMS if name in theme.addresses), ""),
        )

    def serves(self, theme: Theme, constants: Constants) -> bool:
        """Whether this is the renderer of a theme, as its files are now, and of a site."""
        same = self.theme == theme and self.theme.template_digests() == theme.template_digests()
        return same and self.constants == constants

    def render(self, address: str, template: str, values: Mapping[str, Any]) -> bytes:
        """One page.

        :raises TemplateTrouble: if the template is missing, broken, or asks for what the page has not.
        """
        root = urlsplit(self.site.url).path if address == "404.html" else root_of(address)
        try:
            text = self.environment.get_template(template).render(values, root=root, address=address)
        except Exception as error:
            path, line = self._place(error, template)
            raise TemplateTrouble(Finding("GK018", path, line, 1 if line else 0, {"why": str(error)})) from error
        return text.encode()

    def part(self, name: str, root: str, section: str) -> Markup:
        """A part of a page that depends on nothing but the depth and the section: rendered once for each."""
        key = (name, root, section)
        made = self._parts.get(key)
        if made is None:
            made = Markup(self.environment.get_template(name).render(root=root, section=section))
            self._parts[key] = made
        return made

    def _place(self, error: BaseException, template: str) -> tuple[str, int]:
        """The template and line on which an error arose, as findings name it."""
        path, line = "", 0
        if isinstance(error, TemplateSyntaxError):
            path, line = error.filename or template, error.lineno
        trace = error.__traceback__
        while trace is not None and not isinstance(error, TemplateSyntaxError):
            file = trace.tb_frame.f_code.co_filename
            if any(file.startswith(str(folder)) for folder in self.theme.templates):
                path, line = file, trace.tb_lineno
            trace = trace.tb_next
        return self.theme.shown(path or template), line

    def _asset(self, name: str) -> str:
        """The hashed address of an asset, from the output's root."""
        address = self.theme.addresses.get(name)
        if address is None:
            raise TemplateError(f"asset {name!r}")
        return address
