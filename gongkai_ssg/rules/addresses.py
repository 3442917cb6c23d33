"""Which paths may stand in the output: safe on every file system, never outside the folder."""

from __future__ import annotations

import re
import unicodedata

_SEGMENT = re.compile(r"[^\x00-\x1f<>:\"|?*\\/]+")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)


def unsafe_name(name: str) -> bool:
    """Whether a file or folder name is refused somewhere: NTFS marks, device names, dots at an end, length."""
    return (
        not _SEGMENT.fullmatch(name)
        or name in (".", "..")
        or name[0] in ". "
        or name[-1] in ". "
        or _DEVICE.fullmatch(name) is not None
        or len(name.encode("utf-16-le")) > 2 * 200
        or len(name.encode()) > 240
    )


def unsafe_alias(alias: str) -> str:
    """Why an old address can't be served: ``form`` or ``name``; nothing where it can."""
    address = alias.strip().lstrip("/")
    if not address.endswith((".html", ".htm", "/")) or address == "/" or not address:
        return "form"
    if "?" in address or "#" in address or any(unsafe_name(part) for part in address.rstrip("/").split("/")):
        return "name"
    return ""


def address_key(address: str) -> str:
    """What two addresses share that one file system somewhere takes for the same."""
    return unicodedata.normalize("NFC", address).casefold()
