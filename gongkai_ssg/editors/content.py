"""An item of the working tree as the indexes take it in, whatever is wrong with its file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.reading.chunks import Reader
from gongkai_ssg.reading.record import Record
from gongkai_ssg.search.entry import BREAK, numbers_of, visible


@dataclass(frozen=True, slots=True)
class Content:
    """What stands in an item.

    :ivar numbers: with ``BREAK`` between them, as ``keywords``.
    :ivar unit: the id of the unit that publishes it, or what stands for one in a broken item.
    :ivar day: its date; None where the item is broken.
    :ivar state: ``draft``, ``broken`` where it is no item as it stands, else nothing.
    :ivar body: the text that a reader sees of it; of a broken item, its file as it is.
    """

    code: str
    title: str
    numbers: str
    keywords: str
    summary: str
    unit: str
    day: date | None
    state: str
    body: str


def content_of(reader: Reader, path: str, data: bytes) -> Content:
    """The content of a source."""
    record = reader.record(path, data)
    item = record.item
    if item is None:
        return _as_it_is(record, data, reader.folder_unit(path))
    return Content(
        item.code,
        item.title,
        BREAK.join(numbers_of(item)),
        BREAK.join(item.keywords),
        "" if record.auto_summary else record.summary,
        record.unit,
        item.date.date(),
        "draft" if item.draft else "",
        visible(record.body.html),
    )


def source_of(reader: Reader, path: str) -> bytes:
    """The bytes of a source; none if it is gone or unreadable since the scan, of which ``check`` tells."""
    data = reader.data(path)
    return b"" if isinstance(data, Finding) else data


def as_text(data: bytes) -> str:
    """A file's text for the eye, with line feeds as line ends: UTF-8, else what Chinese Windows writes."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _as_it_is(record: Record, data: bytes, folder_unit: str) -> Content:
    body = "".join(each if each >= " " else "\n" for each in as_text(data))
    code = record.code or ""
    name = record.path.rpartition("/")[2]
    return Content(code, name, code, "", "", record.unit or folder_unit, None, "broken", body)
