"""Writes the office files of the sample county (docx, xlsx, pdf) from tools/sample_files/*.yaml, the same bytes each time.

A specification is ``{path, title, landscape?}`` and one of

- ``sheets``: a list of ``{name, rows}``, the first row the heading (xlsx);
- ``from_item``: the item whose body is the text (docx, pdf);
- ``content``: a list of paragraphs and ``{table: rows}`` (docx, pdf).

Needs the group ``sample`` (``requirements/sample.lock``) and, for PDF, the font Noto Serif CJK SC.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import json
import re
import sys
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import docx
import typst
import xlsxwriter
import yaml
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[1]
SPECIFICATIONS = ROOT / "tools" / "sample_files"
NUMBER = re.compile(r"[-−+]?[\d,，]+(\.\d+)?%?|[—-]|")
CHAPTER = re.compile(r"第[一二三四五六七八九十]+[编篇章节]\s")
SECTION = re.compile(r"(第[一二三四五六七八九十]+部分|[一二三四五六七八九十]+、)[^。：；]{1,30}$")
SUBSECTION = re.compile(r"（[一二三四五六七八九十]+）[^。：；，]{1,24}$")
CONTAINER = re.compile(r"^:::.*$", re.MULTILINE)
ADDRESSED = re.compile(r"(各|[^，。]*(人民政府|办事处|公司)[，、：]).*：$")
PLACED = {"center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT, "flush": WD_ALIGN_PARAGRAPH.LEFT}


@dataclass
class Block:
    """A heading, a paragraph or a table of a document."""

    kind: str
    text: str = ""
    level: int = 0
    depth: int = 0
    align: str = ""
    rows: list[list[str]] = field(default_factory=list)
    header: bool = False
    widths: list[int] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)


def width(text: str) -> int:
    """How wide a text stands, in halves of a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def paragraph(text: str) -> Block:
    """A paragraph of a specification or an item: what it looks like tells its rank."""
    text = text.strip()
    if CHAPTER.match(text):
        return Block("heading", text, level=2)
    if SECTION.match(text):
        return Block("heading", text, level=3)
    if SUBSECTION.match(text):
        return Block("heading", text, level=4)
    if text.startswith("（") and text.endswith("）"):
        return Block("paragraph", text, align="center")
    flush = "　　　" in text or "____" in text or ADDRESSED.match(text)
    return Block("paragraph", text, align="flush" if flush else "")


def table(rows: list[list[Any]]) -> Block:
    """A table; its first row is a heading where every cell of it names something."""
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
    header = all(cell and "□" not in cell for cell in texts[0])
    columns = list(zip(*texts, strict=True))
    body = columns if not header else [column[1:] for column in columns]
    widths = []
    for column, cells in zip(columns, body, strict=True):
        widest = max(width(cell) for cell in column)
        least = 24 if not any(cells) and len(columns) < 5 else 10
        widths.append(max(min(widest + 3, 48), least))
    right = [any(cells) and all(NUMBER.fullmatch(cell) for cell in cells) for cells in body]
    return Block("table", rows=texts, header=header, widths=widths, right=right)


def item_blocks(path: Path, title: str) -> Iterator[Block]:
    """The body of an item, from its heading of the same name where it has one."""
    body = path.read_text(encoding="utf-8").split("\n---\n", 1)[1]
    signed = [block.strip() for block in re.findall(r"^::: 落款\n(.*?)^:::", body, re.MULTILINE | re.DOTALL)]
    signatures = {line.strip() for block in signed for line in block.split("\n") if line.strip()}
    blocks = list(_parsed(CONTAINER.sub("", body), signatures))
    start = next((at for at, block in enumerate(blocks) if block.level == 1 and _same(block.text, title)), -1)
    for block in blocks[start + 1 :]:
        if block.level == 1:
            block.level = 2
        yield block


def _same(heading: str, title: str) -> bool:
    return title.startswith(heading)


def _parsed(body: str, signatures: set[str]) -> Iterator[Block]:
    tokens = iter(MarkdownIt().enable("table").parse(body))
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1:])
            text = _plain(next(tokens))
            named = paragraph(text)
            yield Block("heading", text, level=1 if level == 1 else named.level or min(level + 1, 4))
        elif token.type == "paragraph_open":
            text = _plain(next(tokens))
            if text in signatures:
                yield Block("paragraph", text, align="right")
            else:
                block = paragraph(text)
                yield Block("paragraph", text) if block.kind == "heading" else block
        elif token.type == "list_item_open" and token.info:
            next(tokens)
            yield Block("paragraph", f"{token.info}{token.markup} {_plain(next(tokens))}")
        elif token.type == "table_open":
            yield table(_rows(tokens))


def _rows(tokens: Iterator[Token]) -> list[list[str]]:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "table_close":
            return rows
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_plain(token))
    return rows


def _plain(token: Token) -> str:
    text = "".join(child.content for child in token.children or [] if child.type in ("text", "code_inline"))
    return re.sub(r"\[\^\w+\]", "", text)


def blocks_of(specification: dict[str, Any]) -> list[Block]:
    """What a document holds."""
    if "from_item" in specification:
        return list(item_blocks(ROOT / specification["from_item"], specification["title"]))
    content: list[str | dict[str, Any]] = specification["content"]
    return [paragraph(each) if isinstance(each, str) else table(each["table"]) for each in content]


def nest(blocks: list[Block]) -> list[Block]:
    """The same blocks; each heading is at most one step deeper than the one before, below the title."""
    open_levels: list[int] = []
    for block in blocks:
        if block.kind == "heading":
            open_levels = [each for each in open_levels if each < block.level]
            open_levels.append(block.level)
            block.depth = len(open_levels) + 1
    return blocks


def day_of(path: Path) -> dt.date:
    """The day a file bears: when the item that offers it was published."""
    for item in sorted(path.parent.glob("*.md")):
        text = item.read_text(encoding="utf-8")
        found = re.search(r"^(?:date|发布日期): *(\d{4})[-年](\d{1,2})[-月](\d{1,2})", text, re.MULTILINE)
        if found and path.name in text:
            return dt.date(*map(int, found.groups()))
    raise LookupError(f"no item offers {path}")


# Workbooks ------------------------------------------------------------------------------------------------------------


def write_xlsx(specification: dict[str, Any], day: dt.date) -> bytes:
    """A workbook: a title above each table, columns as wide as their text, ready to print."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    moment = dt.datetime.combine(day, dt.time(9))
    book.set_properties({"title": specification["title"], "author": "青禾县", "created": moment})
    font = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
    cell = {**font, "border": 1, "text_wrap": True}
    formats = {
        "title": book.add_format({**font, "bold": True, "font_size": 16, "align": "center"}),
        "head": book.add_format({**cell, "bold": True, "align": "center", "bg_color": "#F2F2F2"}),
        "text": book.add_format(cell),
        "centre": book.add_format({**cell, "align": "center"}),
        "whole": book.add_format({**cell, "num_format": "#,##0"}),
        "number": book.add_format({**cell, "num_format": "General"}),
    }
    for sheet in specification["sheets"]:
        _write_sheet(book, sheet, specification["title"], len(specification["sheets"]) > 1, formats)
    book.close()
    return buffer.getvalue()


def _write_sheet(book: Any, sheet: dict[str, Any], title: str, several: bool, formats: dict[str, Any]) -> None:
    rows: list[list[Any]] = sheet["rows"]
    page = book.add_worksheet(sheet["name"])
    last = max(map(len, rows)) - 1
    name = re.sub(r"^(\d|表[一二三四五六七八九十])", "", sheet["name"])
    heading = f"{title}（{name}）" if several else title
    if last:
        page.merge_range(0, 0, 0, last, heading, formats["title"])
    else:
        page.write_string(0, 0, heading, formats["title"])
    page.set_row(0, 30)
    widths = [0] * (last + 1)
    for at, row in enumerate(rows):
        for column, value in enumerate([*row, *[""] * (last + 1 - len(row))]):
            serial = rows[0][column] == "序号" if column < len(rows[0]) else False
            style = "head" if at == 0 else _style(value, serial)
            page.write(at + 1, column, "" if value is None else value, formats[style])
            widths[column] = max(widths[column], width(f"{value:,}" if isinstance(value, int) else str(value)))
    for column, widest in enumerate(widths):
        page.set_column(column, column, max(8, min(widest + 3, 44)))
    page.freeze_panes(2, 0)
    page.repeat_rows(0, 1)
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_footer("&C第 &P 页，共 &N 页")
    if sum(min(each + 3, 44) for each in widths) > 90:
        page.set_landscape()


def _style(value: Any, serial: bool) -> str:
    if serial:
        return "centre"
    if isinstance(value, int):
        return "whole"
    return "number" if isinstance(value, float) else "text"


# Documents ------------------------------------------------------------------------------------------------------------


def write_docx(specification: dict[str, Any], day: dt.date) -> bytes:
    """A document laid out after the standard for official papers."""
    document = docx.Document()
    landscape = specification.get("landscape", False)
    _page(document, landscape)
    _footer(document)
    _line(document.add_paragraph(), specification["title"], "方正小标宋简体", 22, WD_ALIGN_PARAGRAPH.CENTER, after=12)
    for block in blocks_of(specification):
        if block.kind == "table":
            _table(document, block, Mm(241 if landscape else 156))
        elif block.kind == "heading":
            centred = block.level == 2
            face = "楷体" if block.level == 4 else "黑体"
            place = WD_ALIGN_PARAGRAPH.CENTER if centred else None
            _line(document.add_paragraph(), block.text, face, 16, place, indent=not centred, keep=True)
        else:
            _line(document.add_paragraph(), block.text, "仿宋", 16, PLACED.get(block.align), indent=not block.align)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = specification["title"], "青禾县", ""
    properties.last_modified_by = "青禾县"
    properties.created = properties.modified = dt.datetime.combine(day, dt.time(9))
    buffer = io.BytesIO()
    document.save(buffer)
    return _packed(buffer.getvalue())


def _page(document: Document, landscape: bool) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)


def _footer(document: Document) -> None:
    foot = document.sections[0].footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text in ("— ", None, " —"):
        run = foot.add_run(text or "")
        _face(run, "宋体", 14)
        for kind in ("begin", "", "end") if text is None else ():
            element = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                element.set(qn("w:fldCharType"), kind)
            else:
                element.text = "PAGE"
            run._r.append(element)  # noqa: SLF001  # the library has no words for fields


def _face(run: Run, face: str, size: float) -> None:
    run.font.name, run.font.size = "Times New Roman", Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)  # noqa: SLF001


def _line(
    paragraph: Paragraph,
    text: str,
    face: str,
    size: float,
    place: WD_ALIGN_PARAGRAPH | None = None,
    *,
    indent: bool = False,
    keep: bool = False,
    after: float = 0,
) -> None:
    layout = paragraph.paragraph_format
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(28 if size > 12 else 18)
    layout.space_after = Pt(after)
    if indent:
        layout.first_line_indent = Pt(size * 2)
    if keep:
        layout.keep_with_next = True
    paragraph.alignment = place
    _face(paragraph.add_run(text), face, size)


def _table(document: Document, block: Block, room: int) -> None:
    grid = document.add_table(rows=0, cols=len(block.widths), style="Table Grid")
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    size = 12 if len(block.widths) < 6 else 10.5
    for at, row in enumerate(block.rows):
        line = grid.add_row()
        head = block.header and at == 0
        for column, text in enumerate(row):
            cell = line.cells[column]
            cell.width = Emu(room * block.widths[column] // sum(block.widths))
            _fill(cell, text, "黑体" if head else "仿宋", size, head, block.right[column])
        if head:
            repeated = OxmlElement("w:tblHeader")
            line._tr.get_or_add_trPr().append(repeated)  # noqa: SLF001
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _fill(cell: _Cell, text: str, face: str, size: float, head: bool, right: bool) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    place = WD_ALIGN_PARAGRAPH.CENTER if head else WD_ALIGN_PARAGRAPH.RIGHT if right else None
    _line(cell.paragraphs[0], text, face, size, place)


def _packed(data: bytes) -> bytes:
    """The same document without the clock in it, and without the library's picture of its own template."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name == "docProps/thumbnail.jpeg":
                continue
            part = old.read(name)
            if name == "_rels/.rels":
                part = re.sub(rb'<Relationship [^>]*thumbnail\.jpeg"[^>]*/>', b"", part)
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            new.writestr(entry, part, compresslevel=9)
    return packed.getvalue()


def write_pdf(specification: dict[str, Any], day: dt.date) -> bytes:
    """A tagged PDF with the characters it uses embedded."""
    data = {
        "title": specification["title"],
        "landscape": specification.get("landscape", False),
        "blocks": [asdict(block) for block in nest(blocks_of(specification))],
        "date": [day.year, day.month, day.day],
    }
    inputs = {"file": json.dumps(data, ensure_ascii=False)}
    moment = int(dt.datetime(day.year, day.month, day.day, 1, tzinfo=dt.UTC).timestamp())
    made = typst.compile(SPECIFICATIONS / "official.typ", sys_inputs=inputs, pdf_standards="ua-1", timestamp=moment)
    assert isinstance(made, bytes)
    return made


WRITERS = {".xlsx": write_xlsx, ".docx": write_docx, ".pdf": write_pdf}


def specifications() -> Iterator[dict[str, Any]]:
    """All of them, in the order of the files and in them."""
    for path in sorted(SPECIFICATIONS.glob("*.yaml")):
        yield from yaml.safe_load(path.read_text(encoding="utf-8"))


def main(arguments: Iterable[str] | None = None) -> int:
    """Write what differs; with ``--check`` only say so."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--check", action="store_true", help="write nothing, fail where a file differs")
    check = parser.parse_args(None if arguments is None else list(arguments)).check
    differing = 0
    for specification in specifications():
        path = ROOT / specification["path"]
        made = WRITERS[path.suffix](specification, day_of(path))
        if path.exists() and path.read_bytes() == made:
            continue
        differing += 1
        print(specification["path"])
        if not check:
            path.write_bytes(made)
    return int(check and differing > 0)


if __name__ == "__main__":
    sys.exit(main())
