"""What CommonMark gets wrong for Chinese: emphasis beside full-width punctuation, line breaks, leading U+3000.

Emphasis: CommonMark decides by the characters beside ``**`` whether it may open or close, and takes
a Chinese punctuation mark for a reason against it, so that ``**《办法》**的`` stays as typed. Here a
Chinese character or mark on the other side is as good as a space.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

_BLANK = re.compile(r"^[ \t\u3000\u00a0]+$", re.MULTILINE)
_SPACED_FILE = re.compile(r"(!?\[[^\[\]\n]*\])\(((?:[^()<>\"'\n]|\([^()<>\"'\n]*\)){1,300}\.[A-Za-z0-9]{1,5})\)")
_INDENT = re.compile(r"^[ \t]*\u3000[\u3000 \t]*", re.MULTILINE)


def tidy_lines(source: str) -> str:
    """Lines as they were meant.

    Lines of blanks become empty; the indent that people type with U+3000 goes (the theme indents); a
    file name with blanks may stand in a link as it is: ``[名单](附件1 名单 (1).xlsx)``.
    """
    if "\u3000" in source or "\u00a0" in source:
        source = _INDENT.sub("", source)
    if "](" in source:
        source = _SPACED_FILE.sub(_fenced, source)
    if "\n " in source or "\n\t" in source or source[:1] in (" ", "\t") or "\u00a0" in source:
        source = _BLANK.sub("", source)
    return source


def _fenced(match: re.Match[str]) -> str:
    """A link whose file name has blanks in it, as CommonMark wants it."""
    return f"{match[1]}(<{match[2]}>)" if " " in match[2].strip() else match[0]


@lru_cache(maxsize=8192)
def is_chinese(char: str) -> bool:
    """A full-width character or mark (Hangul aside, which sets spaces between words)."""
    return unicodedata.east_asian_width(char) in "WF" and not "\uac00" <= char <= "\ud7af"


@lru_cache(maxsize=8192)
def _joins(char: str) -> bool:
    """Whether a line may break beside this character without meaning a space."""
    return is_chinese(char) or (unicodedata.east_asian_width(char) == "A" and unicodedata.category(char)[0] == "P")


def breaks_without_gap(before: str, after: str) -> bool:
    """Whether a line break between two characters is no space: one is Chinese, the other too or a shared mark."""
    return _joins(before) and _joins(after) and (is_chinese(before) or is_chinese(after))


def emphasis(state: StateInline, silent: bool) -> bool:
    """``*`` and ``_`` runs, with flanking that knows Chinese."""
    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    length, can_open, can_close = _scan(state.src, state.pos, state.posMax, marker)
    for _ in range(length):
        token = state.push("text", "", 0)
        token.content = marker
        state.delimiters.append(Delimiter(ord(marker), length, len(state.tokens) - 1, -1, can_open, can_close))
    state.pos += length
    return True


def _scan(source: str, start: int, end: int, marker: str) -> tuple[int, bool, bool]:
    pos = start
    while pos < end and source[pos] == marker:
        pos += 1
    before = source[start - 1] if start else " "
    after = source[pos] if pos < end else " "
    blank_before, blank_after = isWhiteSpace(ord(before)), isWhiteSpace(ord(after))
    mark_before, mark_after = _is_mark(before), _is_mark(after)
    chinese_before, chinese_after = is_chinese(before), is_chinese(after)
    free_before = blank_before or mark_before or chinese_before
    free_after = blank_after or mark_after or chinese_after
    foreign_after = mark_after and not chinese_after
    foreign_before = mark_before and not chinese_before
    left = not blank_after and (not foreign_after or free_before)
    right = not blank_before and (not foreign_before or free_after)
    if marker == "*":
        return pos - start, left, right
    return pos - start, left and (not right or mark_before), right and (not left or mark_after)


def _is_mark(char: str) -> bool:
    return isMdAsciiPunct(ord(char)) or isPunctChar(char)
