"""Bytes → text: encodings, byte-order marks, line ends, and files that are no text at all."""

from __future__ import annotations

import errno
import re

from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.messages import text as words

_MARK = b"\xef\xbb\xbf"
_LFS = b"version https://git-lfs.github.com/spec/"
_CONTROL_BYTES = bytes(set(range(32)) - {9, 10, 13} | {127})
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


def is_lfs_pointer(data: bytes) -> bool:
    """Whether this is the stand-in that Git LFS leaves where the real file was not fetched."""
    return data.startswith(_LFS)


def decode(data: bytes, path: str, code: str = "GK120") -> tuple[str, Finding | None]:
    """UTF-8 text with line feeds as line ends; otherwise a finding that names the likely encoding.

    :param code: the finding for a wrong encoding; it differs between items and site files.
    """
    if data.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return "", Finding(code, path, params={"encoding": "UTF-32", "from": "UTF-32"})
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "", Finding(code, path, params={"encoding": "UTF-16", "from": "UTF-16"})
    try:
        text = (data[3:] if data.startswith(_MARK) else data).decode()
    except UnicodeDecodeError as error:
        return "", _wrong_encoding(data, path, code, error)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, None


def control_character(text: str, path: str, code: str = "GK126") -> Finding | None:
    """A finding for the first character that no text may hold."""
    match = _CONTROL.search(text)
    if match is None:
        return None
    line, column = position(text, match.start())
    return Finding(code, path, line, column, {"char": f"U+{ord(match[0]):04X}"})


def may_hold_control(data: bytes) -> bool:
    """Whether a look at the text is worth its time: bytes that begin or are a control character."""
    return len(data.translate(None, _CONTROL_BYTES)) != len(data) or b"\xc2" in data or b"\xef\xbf" in data


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, in characters, of an offset."""
    start = text.rfind("\n", 0, offset) + 1
    return text.count("\n", 0, offset) + 1, offset - start + 1


def _wrong_encoding(data: bytes, path: str, code: str, error: UnicodeDecodeError) -> Finding:
    line = data.count(b"\n", 0, error.start) + 1
    before = data[data.rfind(b"\n", 0, error.start) + 1 : error.start]
    column = len(before.decode("utf-8", "replace")) + 1
    for name, codec in (("GBK", "gbk"), ("GB18030", "gb18030"), ("Big5", "big5")):
        try:
            decoded = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if _CONTROL.search(decoded):  # a picture or an archive that happens to decode
            continue
        return Finding(code, path, line, column, {"encoding": name, "from": name})
    return Finding(code, path, line, column, {"encoding": "?", "from": "GB18030", "hint": "unknown"})


def why(error: OSError) -> str:
    """Why a file can't be read, in the language of the run where the reason is a usual one."""
    known = {FileNotFoundError: "missing", PermissionError: "permission", IsADirectoryError: "folder"}
    key = known.get(type(error))
    return words(f"why.{key}") if key else str(error.strerror or error)


def why_unwritable(error: OSError) -> str:
    """Why a file or folder can't be made, in the language of the run where the reason is a usual one."""
    known: dict[type[OSError], str] = {
        FileNotFoundError: "no_folder",
        PermissionError: "no_writing",
        IsADirectoryError: "folder",
        NotADirectoryError: "no_folder_above",
        FileExistsError: "no_folder_above",
    }
    numbers = {errno.EROFS: "read_only", errno.ENOSPC: "full", errno.ENAMETOOLONG: "long_name"}
    key = numbers.get(error.errno or 0) or known.get(type(error))
    return words(f"why.{key}") if key else str(error.strerror or error)
