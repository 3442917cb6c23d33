"""What a reader asks first of an item: is it valid, whom does it concern, since when, whom to call, on what ground.

An answer is a label and its parts; a part is (text, address): an address of the site, one with a
scheme (``tel:``, ``https:``), or None for plain text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gongkai_ssg.pages.view import View
from gongkai_ssg.rendering.filters import chinese_date, period, telephone

if TYPE_CHECKING:
    from gongkai_ssg.pages.items import Row
    from gongkai_ssg.pages.relations import Groups

Part = tuple[str, str | None]
Answer = tuple[str, list[Part]]

_ENDERS = {"废止本文的文件": "废止", "替代本文的文件": "替代"}
_GROUNDS = 2


def answers(view: View, row: Row, keys: dict[str, Any], relations: Groups | None) -> list[Answer]:
    """The strip above the elements, in its order; a question without an answer is left out."""
    groups = relations or {}
    found = (
        ("是否有效", _validity(row, groups) if row.status else ()),
        (
            "公示期" if row.public_until else "征求意见期",
            _period(view, row, keys) if row.public_until or keys["comments_until"] else (),
        ),
        ("对谁", _whom(keys)),
        ("何时起", _since(row, keys)),
        ("找谁", contact_answer(view, row.unit, keys["consult"])),
        ("依据", [_named(each) for each in groups["依据"][:_GROUNDS]] if "依据" in groups else ()),
    )
    return [(label, list(parts)) for label, parts in found if parts]


def _validity(row: Row, groups: Groups) -> list[Part]:
    parts: list[Part] = [("，".join([row.status or "", *(row.marks.split() if row.marks else ())]), None)]
    if row.status == "废止":
        parts += [_named(each, "由“{}”" + how) for label, how in _ENDERS.items() for each in groups.get(label, ())[:1]]
    elif row.expires:
        parts.append((f"有效期至{chinese_date(row.expires)}", None))
    return parts


def _period(view: View, row: Row, keys: dict[str, Any]) -> list[Part]:
    last = row.public_until or keys["comments_until"]
    over = "" if last >= view.today.isoformat() else "，已结束"
    return [(f"{period(row.sort, last)}{over}", None)]


def _whom(keys: dict[str, Any]) -> list[Part]:
    return [("、".join(words), None) for words in (keys["audience"], keys["areas"]) if words]


def _since(row: Row, keys: dict[str, Any]) -> list[Part]:
    if row.effective and (row.in_library or keys["effective"]):
        return [(f"{chinese_date(row.effective)}起施行", None)]
    return []


def contact_answer(view: View, unit_id: str, consult: dict[str, Any] | None) -> list[Part]:
    """Whom to call: as typed, else the unit's own office, or that of the unit which took over."""
    if consult:
        office, phone, hours = consult.get("office"), consult.get("phone"), consult.get("hours")
    else:
        unit = view.units.by_id[unit_id]
        if unit.gone(view.today):
            unit = next(iter(view.units.heirs(unit, view.today)), unit)
        if unit.contact is None or not unit.contact.phone:
            return []
        office = unit.contact.office or unit.name
        office = office if office.startswith(unit.name[:2]) else f"{unit.short_name or unit.name}{office}"
        phone, hours = unit.contact.phone, unit.contact.hours
    parts: list[Part] = [(office, None)] if office else []
    if phone:
        parts.append((phone, f"tel:{phone}" if telephone(phone) else None))
    if hours:
        parts.append((hours, None))
    return parts


def _named(entry: dict[str, Any], words: str = "{}") -> Part:
    return words.format(entry["title"]), f"items/{entry['code']}.html" if entry["code"] else entry["url"]


def caption(row: Row, keys: dict[str, Any], relations: Groups | None) -> str:
    """题注: when and by what number it was made public and changed, and since when it holds (国办公开办函〔2021〕33号)."""
    number = row.doc_number if row.doc_number and row.doc_number != "无" else ""
    changes = [each for each in (relations or {}).get("修改本文的文件", ()) if each["status"] != "尚未施行"]
    parts = [
        f"{chinese_date(keys['promulgated'] or row.formed)}{number}公布",
        *(f"根据{chinese_date(each['day'])}{each['doc_number'] or ''}修改" for each in changes),
    ]
    if row.effective:
        parts.append(f"自{chinese_date(row.effective)}起施行")
    return "　".join(parts)
