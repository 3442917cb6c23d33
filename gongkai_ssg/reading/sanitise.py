"""Raw HTML, where a site turns it on, reduced to harmless marks by nh3."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import urlsplit

_TAGS = set(
    "a abbr b blockquote br caption cite code col colgroup dd del details div dl dt em figcaption figure "
    "h2 h3 h4 h5 h6 hr i ins kbd li mark ol p pre q rp rt ruby s section small span strong sub summary sup "
    "table tbody td tfoot th thead tr u ul".split()
)
_ATTRIBUTES = {
    "*": {"class", "id", "lang", "title", "role", "tabindex", "aria-label"},
    "a": {"href"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "col": {"span"},
    "ol": {"start", "type"},
}


def sanitise(html: str) -> str:
    """``html`` without scripts, styles, embeds, event handlers, or links that only the site may make."""
    return str(_cleaner().clean(html))


@cache
def _cleaner() -> Any:
    import nh3  # only where a site turns raw HTML on

    return nh3.Cleaner(
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        attribute_filter=_filter,
        link_rel="noopener",
    )


def _filter(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href" and not value.startswith("#") and not urlsplit(value).scheme:
        return None
    return value
