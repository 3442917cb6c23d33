"""A body as read: the fragment, its headings, its links still as tokens, the text a summary comes from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape, unescape
from urllib.parse import unquote

from markdown_it.token import Token

from gongkai_ssg.diagnostics import Finding
from gongkai_ssg.model.values import is_web_address
from gongkai_ssg.reading.markdown.articles import article_label, first_words, mark_addressee, mark_article
from gongkai_ssg.reading.markdown.chinese import tidy_lines
from gongkai_ssg.reading.markdown.dispatch import TOO_DEEP
from gongkai_ssg.reading.markdown.parser import parser
from gongkai_ssg.reading.markdown.parts import ARTICLE_LEVEL, SUMMARY_LENGTH, Body, Heading, Link, LinkKind
from gongkai_ssg.reading.markdown.plain import PLAIN, PLAIN_HEADING, PLAIN_ITEM
from gongkai_ssg.reading.markdown.render import CONTAINERS
from gongkai_ssg.reading.sanitise import sanitise

_MEDIA: dict[str, LinkKind] = {"audio": "audio", "video": "video"}
_CONTROL_REFERENCE = re.compile(
    r"&#(?:0*(?:[0-9]|[12][0-9]|3[01])(?![0-9])|[xX]0*(?:[0-9A-Fa-f]|1[0-9A-Fa-f])(?![0-9A-Fa-f]));?"
)
_TOKEN = re.compile("[\x02\x03](\\d{1,9})\x04|[\x02-\x04]")
_LINES_OF_A_BLOCK = 200
_DESTINATION = re.compile(r"\]\([ \t]*(?:<([^<>\n]*)>|((?:[^\s()]|\([^\s()]*\))*))")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_ENDING = re.compile(r"\.(?=[0-9]*[A-Za-z])[A-Za-z0-9]{1,5}$")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_TAKEN_IDS = re.compile(r"main|fn(?:ref)?\d+(?::\d+)?")
_DROPPED_FROM_SLUG = re.compile(r"[^\w\- ]+")
_SALUTATION = re.compile(r"[^。；！？]{1,60}[:：]$")
_JOINED = re.compile(
    r"\n(?P<mark>（[一二三四五六七八九十]{1,3}）|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十百零]{1,6}条)(?=[^\n]*[^\n|])"
)
_NOTE = re.compile(r"^ {0,3}(?P<note>\[\^(?P<label>[^\]\s]+)\]:)", re.MULTILINE)
_NOTE_MARK = re.compile(r"\[\^([^\]\s]+)\](?!:)")
_CELL_END = re.compile(r"(?<!\\)\|")
_BROKEN_LINK = re.compile(
    r"(?<!\\)\[[^\[\]\n]*(?<!\\)\](?:\([^()（）\n]*[)）]"
    r"|（(?=[^\n（）]*\.[A-Za-z0-9]{1,5}[)）]|[^\n（）]*/\d{4}-\d{5}[)）]|https?:)[^()（）\n]*[)）])"
)
_HTML_COMMENT = re.compile(r"<!--")
_HTML_TAG = re.compile(r"(?<!\]\()(?<!\]: )</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>")


def read_body(source: str, first_line: int, path: str, is_code: Callable[[str], bool], raw_html: bool = False) -> Body:
    """Read a Markdown body.

    :param first_line: the line of the file on which ``source`` begins.
    :param is_code: what a link by 索引号 looks like.
    """
    md = parser(raw_html)
    env: dict[str, object] = {}
    body = Body()
    tidy = tidy_lines(source)
    if raw_html:
        tidy = _CONTROL_REFERENCE.sub("\ufffd", tidy)  # decoded, they would pass for the marks of links
    if "[^" in tidy:
        tidy = _unused_notes_shown(tidy, first_line, path, body.findings)
    tokens = md.parse(tidy, env)
    if TOO_DEEP in env:
        body.findings.append(Finding("GK307", path, int(str(env[TOO_DEEP])) + first_line, 1))
    reader = _Reader(body, tidy, source, first_line, path, is_code)
    reader.walk(tokens)
    body.html = md.renderer.render(tokens, md.options, env)
    if raw_html:
        body.html = _TOKEN.sub(lambda mark: _own(mark, len(body.links)), sanitise(body.html))
    elif "<" in source:
        reader.note_html()
    reader.note_joined_lines()
    return body


class _Reader:
    """One pass over the tokens: ids for headings, numbers for links, findings, the start of the text."""

    def __init__(
        self, body: Body, tidy: str, source: str, first_line: int, path: str, is_code: Callable[[str], bool]
    ) -> None:
        self.body = body
        self.tidy = tidy
        self.source_lines = source.split("\n")
        self.tidy_lines = tidy.split("\n")
        self.first_line = first_line
        self.path = path
        self.is_code = is_code
        self.ids: dict[str, int] = {}
        self.anchors: list[tuple[str, int, int]] = []
        self.from_line = 0
        self.destinations: dict[int, dict[str, list[tuple[int, str]]]] = {}

    def walk(self, tokens: list[Token]) -> None:
        """Visit every block."""
        mark_addressee(tokens)
        shift = 1 if any(token.tag == "h1" for token in tokens) else 0
        stack: list[tuple[str, Token]] = []
        summary: list[str] = []
        inner: list[str] = []
        length = 0
        for index, token in enumerate(tokens):
            kind = token.type
            if kind == PLAIN:
                token.info = self._article(token.content)
                if length < SUMMARY_LENGTH:
                    length += self._summarise(token.content, summary)
            elif kind == "inline":
                children = self._inline(token)
                if length < SUMMARY_LENGTH and tokens[index - 1].type == "paragraph_open":
                    words = "".join(child.content for child in children if child.type in ("text", "code_inline"))
                    if tokens[index - 1].level:
                        inner.append(words.strip())
                    else:
                        length += self._summarise(words, summary)
                self._parsed_article(tokens[index - 1], token)
            elif kind == PLAIN_HEADING:
                token.tag, token.info = self._heading(token.tag, token.content, shift)
            elif kind == "heading_open":
                token.tag, token.attrs["id"] = self._heading(token.tag, "".join(_words(tokens[index + 1])), shift)
                tokens[index + 2].tag = token.tag
            elif kind == PLAIN_ITEM:
                inner.append(token.content)
            elif kind == "tr_open" and tokens[index + 1].type == "td_open":
                self._row(tokens, index)
            elif kind == "container_block_open":
                stack.append((self._container(token, stack), token))
            elif kind == "container_block_close":
                token.tag = stack.pop()[0]
        self.body.start = "".join(summary or inner)
        self._check_anchors()

    def _article(self, text: str) -> str:
        """The number of an article that stands here for the first time, registered as an anchor."""
        label = article_label(text) if text[:1] == "第" else ""
        if not label or label in self.ids:
            return ""
        self.ids[label] = 1
        self.body.headings.append(Heading(ARTICLE_LEVEL, label, label))
        return label

    def _parsed_article(self, opening: Token, inline: Token) -> None:
        """The same for a paragraph that holds more than plain text."""
        if opening.type == "paragraph_open" and not opening.level and inline.content[:3].lstrip("*_")[:1] == "第":
            label = self._article(first_words(inline))
            if label:
                mark_article(opening, inline, label)

    def _summarise(self, text: str, summary: list[str]) -> int:
        text = text.strip()
        if not summary and _SALUTATION.fullmatch(text):
            return 0
        summary.append(text)
        return len(text)

    def _heading(self, tag: str, text: str, shift: int) -> tuple[str, str]:
        """Register a heading; returns the tag and the id it gets."""
        level = min(6, int(tag[1]) + shift)
        slug = _DROPPED_FROM_SLUG.sub("", text.strip()).replace(" ", "-").lower() or "section"
        anchor, number = slug, self.ids.get(slug, 1)
        while anchor in self.ids or _TAKEN_IDS.fullmatch(anchor):
            number += 1
            anchor = f"{slug}-{number}"
        self.ids[slug] = number
        self.ids.setdefault(anchor, 1)
        self.body.headings.append(Heading(level, anchor, text))
        return f"h{level}", anchor

    def _row(self, tokens: list[Token], opening: int) -> None:
        """A row with more cells than the head: Markdown would drop them, here the last cell takes them in."""
        place = tokens[opening].map
        if not place or "|" not in self.tidy:
            return
        typed = [cell.strip() for cell in _CELL_END.split(self.tidy_lines[place[0]].strip().strip("|"))]
        cells = []
        index = opening + 1
        while tokens[index].type != "tr_close":
            if tokens[index].type == "inline":
                cells.append(tokens[index])
            index += 1
        if not cells or len(typed) <= len(cells):
            return
        extra = " ".join(typed[len(cells) :]).replace("\\|", "|").strip()
        if not extra:
            return
        column = Token("text", "", 0, content=f" {extra}")
        cells[-1].children = [*(cells[-1].children or []), column]
        line = place[0] + self.first_line
        self.body.findings.append(Finding("GK305", self.path, line, 1, {"text": extra, "count": len(cells)}))

    def _container(self, token: Token, around: list[tuple[str, Token]]) -> str:
        if not token.meta["closed"]:
            self._unclosed(token, [outer for _, outer in around])
        name, _, rest = token.info.strip().partition(" ")
        kind = CONTAINERS.get(name)
        line = (token.map[0] if token.map else 0) + self.first_line
        if kind is None:
            params = {"name": name, "known": "、".join(word for word in CONTAINERS if not word.isascii())}
            self.body.findings.append(Finding("GK301", self.path, line, 1, params))
        elif kind in _MEDIA:
            file, _, label = rest.strip().partition(" ")
            self.from_line = token.map[0] if token.map else 0
            number = self._number(file, _MEDIA[kind], label.strip() or file)
            refused = f'<p class="missing">{escape(label.strip() or file)}</p>\n'
            token.meta["media"] = f"\x02{number}\x04\n" if number is not None else refused
        return "details" if kind == "details" else "div"

    def _unclosed(self, token: Token, around: list[Token]) -> None:
        """A container that runs on to the end of the text, or of what it stands in."""
        first, last = token.map or (0, 0)
        params: dict[str, object] = {"name": token.info.strip().partition(" ")[0]}
        outer = next((each for each in reversed(around) if each.meta["closed"]), None)
        if outer is not None and outer.map is not None and outer.map[1] == last:
            params |= {"hint": "inner", "outer": outer.map[0] + self.first_line}
        self.body.findings.append(Finding("GK308", self.path, first + self.first_line, 1, params))

    def _inline(self, token: Token) -> list[Token]:
        """The parts of a run of text, with their links numbered."""
        self.from_line = token.map[0] if token.map else 0
        children = token.children or []
        if len(children) > 1 or (children and children[0].type != "text"):
            self._number_links(children)
        if "](" in token.content or "]（" in token.content:
            self._note_broken_links(token.content, children)
        return children

    def _number_links(self, children: list[Token]) -> None:
        open_links: list[int | None] = []
        for token in children:
            if token.type == "link_open":
                number = self._link(token)
                open_links.append(number)
                if number is not None:
                    token.meta["link"] = number
            elif token.type == "link_close":
                number = open_links.pop()
                if number is not None:
                    token.meta["link"] = number
            elif token.type == "image":
                label = "".join(_words(token))
                number = self._number(str(token.attrs.get("src", "")), "image", label)
                if number is None:
                    token.type, token.content, token.children = "text", label, None
                else:
                    token.meta["link"] = number

    def _note_broken_links(self, typed: str, children: list[Token]) -> None:
        """What was meant as a link and stays text: a full-width bracket, a blank in the address."""
        shown = [link for child in children if child.type == "text" for link in _BROKEN_LINK.findall(child.content)]
        for match in _BROKEN_LINK.finditer(typed):
            if match[0] in shown:
                shown.remove(match[0])
                before = typed[: match.start()]
                line = self.from_line + before.count("\n")
                column = self.source_lines[line].find(match[0]) + 1 if line < len(self.source_lines) else 1
                place = (line + self.first_line, max(column, 1))
                self.body.findings.append(Finding("GK309", self.path, *place, {"text": match[0]}))

    def _link(self, token: Token) -> int | None:
        """A number for a link the site must resolve; None for one that is final."""
        href = str(token.attrs.get("href", ""))
        scheme = _scheme(href)
        if href.startswith("#"):
            line, column, _ = self._where(href)
            self.anchors.append((unquote(href[1:]), line, column))
            token.attrs["href"] = href
            return None
        if scheme in ("mailto", "tel") or is_web_address(href):
            if scheme in ("http", "https"):
                token.attrs["rel"] = "noopener"
            return None
        return self._number(href, "source", "")

    def _number(self, href: str, kind: LinkKind, label: str) -> int | None:
        """Register a link within the site; a refused one gets a finding, and its text stays."""
        line, column, typed = self._where(href)
        target, fragment = self._parts(href)
        scheme = _scheme(href)
        media = kind != "source"
        if media and scheme in ("http", "https"):
            self.body.findings.append(Finding("GK207", self.path, line, column, {"target": typed}))
            return None
        refused = self._refusal(href, target)
        if refused:
            self.body.findings.append(Finding("GK206", self.path, line, column, {"target": typed, "hint": refused}))
            if media:
                return None
            self.body.links.append(Link("source", "", line, column))
            return len(self.body.links) - 1
        if not media:
            by_code = self.is_code(target)
            kind = "item" if by_code else "source" if target.lower().endswith(".md") else "file"
        self.body.links.append(Link(kind, target, line, column, fragment, label))
        return len(self.body.links) - 1

    def _refusal(self, href: str, target: str) -> str:
        """Why a link within the site can't be one; nothing where it can."""
        if target.startswith(("/", "\\")):
            return "absolute"
        if _scheme(href) and not self.is_code(target):
            return "scheme"
        if "?" in href.partition("#")[0]:
            return "query"
        return "form" if not target or "\\" in target else ""

    def _parts(self, href: str) -> tuple[str, str]:
        """A link's target and fragment; a ``#`` before which no file can end belongs to the name: ``1#楼.pdf``."""
        left, _, right = href.partition("#")
        target, fragment = unquote(left), unquote(right)
        if _ENDING.search(fragment) and not _ENDING.search(target) and not self.is_code(target):
            return f"{target}#{fragment}", ""
        return target, fragment

    def _where(self, href: str) -> tuple[int, int, str]:
        """Where a link stands, from the line of its block on, and how it was typed there."""
        wanted = unquote(href)
        last = min(len(self.source_lines), self.from_line + _LINES_OF_A_BLOCK)
        for number in range(self.from_line, last):
            places = self._destinations(number).get(wanted)
            if places:  # one after the other, the last one for all that may follow
                column, typed = places.pop(0) if len(places) > 1 else places[0]
                return number + self.first_line, column, typed
        for number in range(self.from_line, last):
            for typed in (wanted, href):
                column = self.source_lines[number].find(typed)
                if column >= 0 and typed:
                    return number + self.first_line, column + 1, typed
        return self.from_line + self.first_line, 1, wanted

    def _destinations(self, number: int) -> dict[str, list[tuple[int, str]]]:
        """What the links of a line lead to, decoded → columns, and as typed."""
        found = self.destinations.get(number)
        if found is None:
            found = self.destinations[number] = {}
            line = self.source_lines[number]
            for match in _DESTINATION.finditer(line) if "](" in line else ():
                typed = match[1] if match[1] is not None else match[2]
                start = match.start(1 if match[1] is not None else 2)
                wanted = unquote(_ESCAPED.sub(r"\1", unescape(typed)))
                found.setdefault(wanted, []).append((start + 1, typed))
        return found

    def _check_anchors(self) -> None:
        known = {heading.id for heading in self.body.headings}
        for anchor, line, column in self.anchors:
            if anchor and anchor not in known and not anchor.startswith("fn"):
                self.body.findings.append(Finding("GK212", self.path, line, column, {"target": anchor}))

    def note_joined_lines(self) -> None:
        """Numbered lines with no empty line before them: they become one paragraph with what stands above."""
        for match in _JOINED.finditer(self.tidy):
            if self.tidy[match.start() - 1 : match.start()] in ("", "\n", "|", ">"):
                continue
            line = self.tidy.count("\n", 0, match.start("mark"))
            self.body.findings.append(Finding("GK304", self.path, line + self.first_line, 1, {"mark": match["mark"]}))

    def note_html(self) -> None:
        """One finding for the first tag that is shown as text, one for the first comment."""
        for code, pattern in (("GK302", _HTML_TAG), ("GK303", _HTML_COMMENT)):
            for number, line in enumerate(self.source_lines, self.first_line):
                match = pattern.search(line)
                if match and "`" not in line:
                    self.body.findings.append(Finding(code, self.path, number, match.start() + 1, {"tag": match[0]}))
                    break


def _unused_notes_shown(tidy: str, first_line: int, path: str, findings: list[Finding]) -> str:
    """Footnotes that nothing in the text refers to are told, and shown as text where they stand."""
    used = {match[1] for match in _NOTE_MARK.finditer(tidy)}
    parts: list[str] = []
    end = line = 0
    for note in _NOTE.finditer(tidy):
        if note["label"] in used:
            continue
        start = note.start("note")
        line += tidy.count("\n", end, start)
        findings.append(Finding("GK306", path, line + first_line, 1, {"label": note["label"]}))
        parts += [tidy[end:start], "\\"]
        end = start
    return "".join([*parts, tidy[end:]])


def _own(mark: re.Match[str], links: int) -> str:
    """A mark of a link that this body has; nothing for what only looks like one."""
    return mark[0] if mark[1] and int(mark[1]) < links else ""


def _scheme(href: str) -> str:
    match = _SCHEME.match(href)
    return match[1].lower() if match else ""


def _words(token: Token) -> Iterator[str]:
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            yield child.content
        elif child.type == "image":
            yield from _words(child)
