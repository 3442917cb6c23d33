"""Addresses in pages: all relative, so that a folder of files works under any path and from a stick."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

_PLAIN = re.compile(r"[0-9A-Za-z/._~-]*")
_MARK = re.compile("\x02(\\d+)\x04|\x03(\\d+)\x04")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link token leads; ``address`` is None for nowhere."""

    kind: str
    address: str | None
    fragment: str
    label: str


def quoted(address: str) -> str:
    """An address as it stands in a link."""
    return address if _PLAIN.fullmatch(address) else quote(address, safe="/-._~")


def root_of(address: str) -> str:
    """The way from a page to the output's root: ``../`` for each folder."""
    return "../" * address.count("/")


def settle(html: str, targets: list[Target], root: str) -> str:
    """Put addresses in place of link tokens; a link that leads nowhere leaves its text."""
    if not targets or "\x02" not in html:
        return html

    def replaced(match: re.Match[str]) -> str:
        number = int((match[1] or match[2])[:9])
        if number >= len(targets):
            return ""
        target = targets[number]
        if match[1] is None:
            return "</a>" if target.address else ""
        return _opening(target, root)

    return _MARK.sub(replaced, html)


def _opening(target: Target, root: str) -> str:
    media = target.kind in ("image", "audio", "video")
    if target.address is None:
        return f'<span class="missing">{escape(target.label)}</span>' if media else ""
    href = root + quoted(target.address)
    if target.kind == "image":
        return f'<img src="{href}" alt="{escape(target.label)}" loading="lazy">'
    if media:
        label = escape(target.label)
        return f'<{target.kind} src="{href}" controls preload="none" aria-label="{label}"></{target.kind}>\n<p><a href="{href}">{label}</a></p>'
    fragment = "#" + quote(target.fragment, safe="-._~") if target.fragment else ""
    return f'<a href="{href}{fragment}">'
