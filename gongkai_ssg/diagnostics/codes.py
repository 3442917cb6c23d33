"""The stable codes of findings. The wording stands in the message catalogue under the same key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["stop", "error", "warning", "note"]

SEVERITIES: tuple[Severity, ...] = ("stop", "error", "warning", "note")
"""From the gravest to the lightest."""


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding: its severity, and whether an item may ``allow`` it."""

    severity: Severity
    waivable: bool = False


_STOP = Code("stop")
_ERROR = Code("error")
_ALLOWABLE = Code("error", waivable=True)
_WARNING = Code("warning", waivable=True)
_DOUBT = Code("warning")
_NOTE = Code("note", waivable=True)

CODES: dict[str, Code] = {
    # the site: configuration, units, catalog, theme
    "GK001": _STOP,  # file missing or unreadable
    "GK002": _STOP,  # not YAML
    "GK003": _STOP,  # unknown key
    "GK004": _STOP,  # wrong value
    "GK005": _STOP,  # required key missing
    "GK006": _STOP,  # key typed twice
    "GK007": _STOP,  # anchor, alias or tag
    "GK008": _STOP,  # wrong type
    "GK009": _STOP,  # attachment type that may never be allowed
    "GK010": _STOP,  # unit or category typed twice
    "GK011": _STOP,  # parent or successor unknown
    "GK012": _STOP,  # cycle of parents
    "GK013": _STOP,  # check digit of a unit code
    "GK014": _STOP,  # name periods overlap or run backwards
    "GK015": _STOP,  # owner of a category unknown
    "GK016": _STOP,  # output folder is not ours
    "GK017": _STOP,  # theme not found
    "GK018": _STOP,  # template or asset broken
    "GK019": _STOP,  # two addresses clash
    "GK020": _DOUBT,  # symbolic link passed over
    "GK021": _DOUBT,  # names differ in case or Unicode form only
    "GK022": _STOP,  # file not UTF-8
    "GK023": _STOP,  # folders overlap
    "GK024": _DOUBT,  # file that cannot be an item
    "GK026": _STOP,  # control character in a site file
    "GK027": _DOUBT,  # config.yaml points to what is not there
    "GK028": _STOP,  # output that can't be written
    "GK029": _ERROR,  # everyday words that are no list of groups
    # items: the file and its front matter
    "GK100": _ERROR,  # front matter is not YAML
    "GK101": _ERROR,  # required key missing
    "GK102": _ERROR,  # category unknown
    "GK103": _ERROR,  # unknown key
    "GK104": _ERROR,  # key typed twice
    "GK105": _ERROR,  # wrong type
    "GK106": _ERROR,  # not a date
    "GK107": _ERROR,  # code has not the site's form
    "GK108": _ERROR,  # unit unknown
    "GK109": _WARNING,  # unit is not the folder's
    "GK110": _ALLOWABLE,  # year of the code
    "GK111": _WARNING,  # code begins with no unit's code
    "GK112": _ERROR,  # code typed twice
    "GK113": _ERROR,  # topic not in the table
    "GK114": _WARNING,  # form of the 发文字号
    "GK115": _ERROR,  # value not on the list
    "GK116": _WARNING,  # 成文日期 missing where the category asks for it
    "GK117": _ERROR,  # anchor, alias or tag
    "GK118": _NOTE,  # a slip that was understood
    "GK119": _ERROR,  # part of a code that can be no file name
    "GK120": _ERROR,  # not UTF-8
    "GK121": _ERROR,  # empty file
    "GK122": _ERROR,  # no front matter
    "GK123": _ERROR,  # front matter not closed
    "GK124": _ERROR,  # too large
    "GK125": _ERROR,  # Git LFS pointer
    "GK126": _ERROR,  # NUL or other control characters
    "GK127": _ERROR,  # withheld, but with a body
    "GK128": _ERROR,  # withheld without a reason
    "GK129": _ERROR,  # alias is no address
    "GK130": _ERROR,  # alias clashes
    "GK131": _ALLOWABLE,  # formed after published
    "GK132": _WARNING,  # text lost as a YAML comment
    "GK133": _ERROR,  # empty required value
    "GK134": _WARNING,  # allow names no waivable rule
    "GK135": _ERROR,  # category id is ambiguous
    "GK136": _ERROR,  # file unreadable
    "GK137": _ERROR,  # name of a standing page is no address
    "GK138": _ERROR,  # item in no unit's folder
    "GK139": _WARNING,  # a day before the one it must follow
    "GK140": _WARNING,  # withdrawn on a later day
    "GK141": _WARNING,  # issuer that looks like an id and is none
    # relations, links, attachments
    "GK200": _WARNING,  # relation to an unknown code
    "GK201": _ERROR,  # relation to itself
    "GK202": _WARNING,  # link to an unknown item
    "GK203": _ERROR,  # attachment missing
    "GK204": _ERROR,  # attachment type not allowed
    "GK205": _ERROR,  # attachment outside the folder
    "GK206": _WARNING,  # link of a refused kind
    "GK207": _WARNING,  # picture or media from another host
    "GK208": _WARNING,  # linked file missing
    "GK209": _ERROR,  # attachment names clash
    "GK210": _ERROR,  # attachment name not portable
    "GK211": _WARNING,  # link or relation to an unpublished item
    "GK212": _WARNING,  # anchor missing on the page
    "GK213": _ERROR,  # attachment is a Git LFS pointer
    "GK214": _WARNING,  # linked file of a type not allowed
    "GK215": _WARNING,  # linked file's name not portable
    "GK216": _WARNING,  # linked file is a Git LFS pointer
    "GK217": _WARNING,  # file of a withdrawn or ended item given out by another
    "GK218": _WARNING,  # body almost the same as another item's
    "GK219": _WARNING,  # title the same as another item's of the unit
    # body
    "GK300": _WARNING,  # no body and no attachment
    "GK301": _WARNING,  # container unknown
    "GK302": _NOTE,  # HTML shown as text
    "GK303": _WARNING,  # HTML comment shown as text
    "GK304": _NOTE,  # numbered lines that run together
    "GK305": _WARNING,  # table row longer than its head
    "GK306": _WARNING,  # footnote that nothing refers to
    "GK307": _ERROR,  # nested too deep to be shown
    "GK308": _WARNING,  # container that is not closed
    "GK309": _WARNING,  # meant as a link, shown as text
    # validity
    "GK400": _ERROR,  # status contradicts on every day
    "GK401": _WARNING,  # status contradicts today
    "GK402": _ERROR,  # expires before effective
    "GK403": _WARNING,  # dates of validity outside the library
    "GK404": _WARNING,  # prolonged, but lapsed by its own date
    "GK405": _ERROR,  # term beyond the calendar
    # secrets
    "GK500": _STOP,  # mark of secrecy
}
