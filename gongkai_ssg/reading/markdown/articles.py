"""Paragraphs that official documents set apart: 第X条 gets an anchor and links to itself, 主送机关 stands flush left."""

from __future__ import annotations

import re

from markdown_it.token import Token

from gongkai_ssg.reading.markdown.plain import PLAIN

ARTICLE_OPEN = "article_open"
"""What the opening of a paragraph becomes that is an article; only the general way of rendering knows it."""

ADDRESSEE = "addressee"
"""The class of the paragraph that names whom a document is sent to."""

_ADDRESSEE = re.compile(
    r"(?!.*(?:如下|以下|下列|下面|现将|现就|现在|根据|按照|依据|因为?|为了))[^。；！？“”0-9]{2,120}[:：]"
)
_LABEL = re.compile(r"第[一二三四五六七八九十百千零〇]{1,7}条(?:之[一二三四五六七八九十]{1,2})?(?=[\s　]|$)")


def mark_addressee(tokens: list[Token]) -> None:
    """Set a first paragraph apart that names whom a document is sent to: it stands flush left (GB/T 9704-2012, 7.3.2)."""
    first = tokens[0] if tokens else Token("", "", 0)
    if first.type == PLAIN and _ADDRESSEE.fullmatch(first.content.strip()):
        first.markup = ADDRESSEE
    elif first.type == "paragraph_open" and _ADDRESSEE.fullmatch(tokens[1].content.strip()):
        first.type = ARTICLE_OPEN
        first.attrs["class"] = ADDRESSEE


def article_label(text: str) -> str:
    """``第三条`` of a paragraph that begins with it and a blank; of “第三条规定的……” nothing."""
    match = _LABEL.match(text)
    return match[0] if match else ""


def label_link(label: str) -> str:
    """The number as a link to itself."""
    return f'<a class="article" href="#{label}">{label}</a>'


def mark_article(opening: Token, inline: Token, label: str) -> None:
    """Give a paragraph that was parsed the anchor, and its number the link."""
    opening.type = ARTICLE_OPEN
    opening.attrs["id"] = label
    children = inline.children or []
    place = next(index for index, child in enumerate(children) if child.type == "text" and child.content)
    rest = children[place]
    number = Token("text", "", 0)
    number.content = label
    rest.content = rest.content[len(label) :]
    link = Token("link_open", "a", 1, attrs={"class": "article", "href": f"#{label}"})
    inline.children = [*children[:place], link, number, Token("link_close", "a", -1), *children[place:]]


def first_words(inline: Token) -> str:
    """The first text of a paragraph, inside emphasis too."""
    return next((child.content for child in inline.children or [] if child.type == "text" and child.content), "")
