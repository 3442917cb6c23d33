"""All words the program says, from one gettext catalogue.

Message ids are stable keys such as ``GK102`` or ``cli.build``; ``locale/zh_CN`` holds the Chinese
wording, and another language is another folder beside it.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"
DEFAULT = "zh_CN"

_language: str | None = None


def languages() -> list[str]:
    """The languages there is a catalogue for."""
    return sorted(folder.name for folder in LOCALE.iterdir() if (folder / "LC_MESSAGES" / "gongkai.mo").is_file())


def use_language(wanted: str | None) -> None:
    """Speak ``wanted`` from now on; None goes back to the environment's choice."""
    global _language
    _language = _match(wanted) if wanted else None
    # The command-line library looks its words up by itself, in the default domain and by LANGUAGE.
    os.environ["LANGUAGE"] = language()
    gettext.bindtextdomain("click", LOCALE)
    gettext.textdomain("click")


def language() -> str:
    """The language in use: ``--lang``, GONGKAI_LANG, the locale, Chinese."""
    if _language is not None:
        return _language
    for variable in ("GONGKAI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value and value.partition(".")[0] not in ("C", "POSIX"):
            return _match(value)
    return DEFAULT


def speaks(wanted: str) -> bool:
    """Whether there are words in a language, as ``--lang`` names it."""
    return _known(wanted) is not None


def _match(wanted: str) -> str:
    return _known(wanted) or DEFAULT


def _known(wanted: str) -> str | None:
    name = wanted.partition(".")[0].replace("-", "_")
    known = languages()
    if name in known:
        return name
    return next((each for each in known if each.partition("_")[0] == name.partition("_")[0]), None)


@cache
def _catalogue(name: str) -> gettext.NullTranslations:
    return gettext.translation("gongkai", LOCALE, languages=[name])


def text(key: str, params: Mapping[str, object] | None = None, **more: object) -> str:
    """The words for ``key`` with their places filled from ``params`` and ``more``.

    :raises KeyError: if no catalogue has the key.
    """
    template = _lookup(key)
    values = {**(params or {}), **more}
    return template.format_map(values) if values else template


def has(key: str) -> bool:
    """Whether there are words for ``key``."""
    return _catalogue(DEFAULT).gettext(key) != key


def _lookup(key: str) -> str:
    for name in (language(), DEFAULT):
        words = _catalogue(name).gettext(key)
        if words != key:
            return words
    raise KeyError(key)
