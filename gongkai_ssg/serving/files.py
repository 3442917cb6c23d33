"""From the path of a request to a file of the output, and what kind of file it is."""

from __future__ import annotations

import mimetypes
import os
import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

_TYPES = mimetypes.MimeTypes()  # only what Python itself knows: the same on every machine
for _ending, _type in {
    ".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json",
    ".jsonl": "application/x-ndjson", ".xml": "application/xml", ".md": "text/markdown", ".webp": "image/webp",
    ".svg": "image/svg+xml", ".woff": "font/woff", ".woff2": "font/woff2", ".ttf": "font/ttf",
    ".ofd": "application/ofd", ".wps": "application/vnd.ms-works", ".et": "application/vnd.ms-excel",
    ".dps": "application/vnd.ms-powerpoint", ".7z": "application/x-7z-compressed", ".rar": "application/vnd.rar",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".m4a": "audio/mp4", ".ogg": "audio/ogg",
}.items():  # fmt: skip
    _TYPES.add_type(_type, _ending)
_TEXT = ("text/", "application/json", "application/xml", "application/x-ndjson", "image/svg+xml")
_NO_NAME = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|]")
"""What no name in an output holds, on any system."""
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class Found(NamedTuple):
    """A file to send, or an address to go to instead; neither if there is nothing."""

    path: str | None = None
    address: str | None = None


def find(folder: Path, base: str, target: str) -> Found:
    """The file that a request names, below the folder and nowhere else.

    :param base: a path under which everything is found a second time.
    :param target: the target of the request as it came.
    """
    path = unquote(urlsplit(target).path, errors="surrogateescape")
    found = _find(folder, path)
    if found == Found() and base != "/" and path.startswith(base):
        found = _find(folder, "/" + path.removeprefix(base))
    if found.address is not None:
        parts = urlsplit(target)
        return Found(address="/" + parts.path.strip("/") + "/" + (f"?{parts.query}" if parts.query else ""))
    return found


def _find(folder: Path, path: str) -> Found:
    parts = path.split("/")[1:]
    if not path.startswith("/") or any(part in (".", "..") or _NO_NAME.search(part) for part in parts):
        return Found()
    if parts[0].startswith(".gongkai") or "" in parts[:-1]:
        return Found()
    root = os.path.realpath(folder)
    real = os.path.realpath(os.path.join(root, *parts))
    if real != root and not real.startswith(root + os.sep):
        return Found()
    if os.path.isdir(real):
        index = os.path.realpath(os.path.join(real, "index.html"))
        if not index.startswith(root + os.sep) or not os.path.isfile(index):
            return Found()
        return Found(index) if parts[-1] == "" else Found(address=path)
    return Found(real) if parts[-1] and os.path.isfile(real) else Found()


def content_type(path: str) -> str:
    """The type of a file, with the encoding of what is text."""
    kind = _TYPES.guess_type(path.lower())[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith(_TEXT) else kind


def wanted_part(header: str | None, size: int) -> tuple[int, int] | None:
    """The first and last byte that a player asks for; None for all. First after last: there is no such part."""
    asked = _RANGE.fullmatch(header or "")
    if asked is None or not (asked[1] or asked[2]):
        return None
    if not asked[1]:
        return max(0, size - int(asked[2])), size - 1
    return int(asked[1]), min(int(asked[2] or size), size - 1)
