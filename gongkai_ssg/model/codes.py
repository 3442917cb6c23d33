"""索引号 and the two national organization codes it is built from."""

from __future__ import annotations

import re

_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANIZATION = re.compile(r"[0-9A-Z]{8}[0-9X]")
_CREDIT = re.compile(rf"[{_ALPHABET}]{{18}}")
_SEGMENT = re.compile(r"[0-9A-Za-z._-]+")
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(19\d{2}|20\d{2})(?=\d{2}(?:0[1-9]|[12]\d|3[01])?-|-)")


def organization_check_digit(body: str) -> str:
    """The ninth character of a 组织机构代码 from its first eight (GB 11714)."""
    total = sum(weight * int(char, 36) for weight, char in zip(_WEIGHTS, body, strict=True))
    return {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))


def credit_check_digit(body: str) -> str:
    """The eighteenth character of a 统一社会信用代码 from its first seventeen (GB 32100)."""
    total = sum(pow(3, place, 31) * _ALPHABET.index(char) for place, char in enumerate(body))
    return _ALPHABET[(31 - total % 31) % 31]


def expected_unit_code(code: str) -> str | None:
    """``code`` with the right check digit, or None where it has neither form of a unit code."""
    if _ORGANIZATION.fullmatch(code):
        return code[:8] + organization_check_digit(code[:8])
    if _CREDIT.fullmatch(code):
        return code[:17] + credit_check_digit(code[:17])
    return None


def unsafe_segment(code: str) -> str | None:
    """The first part of a code that can be no file name on every system, or None.

    Parts are ``[0-9A-Za-z._-]+``, do not start or end with a dot, are no device name of Windows,
    and do not end in ``.html``, which would be another item's address.
    """
    for segment in code.split("/"):
        if (
            not _SEGMENT.fullmatch(segment)
            or segment[0] == "."
            or segment[-1] == "."
            or _DEVICES.fullmatch(segment)
            or segment.lower().endswith((".html", ".htm"))
            or len(segment) > 100
        ):
            return segment
    return None


def code_year(code: str) -> int | None:
    """The year a 索引号 speaks of (the one in its last part), or None where none can be told."""
    years = _YEAR.findall(code.rsplit("/", 1)[-1])
    return int(years[-1]) if years else None


def code_key(code: str) -> str:
    """What two codes share that may not both exist: they differ at most in case."""
    return code.casefold()
