"""How deep brackets may stand in one another where links are looked for.

markdown-it looks behind each opening bracket for its end, and behind each that it meets there, a hundred deep: a body of
nothing but brackets takes fifty times as long as it should. Nobody writes brackets in links more than a few deep.
"""

from __future__ import annotations

from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline

DEEPEST = 12
"""So many brackets may stand in one another; what stands deeper is no part of a link around it."""


class BoundedInline(ParserInline):
    """The inline parser of markdown-it, looking ahead only so deep."""

    def skipToken(self, state: StateInline) -> None:  # noqa: N802 - markdown-it's name
        """Step over one thing without making anything of it."""
        if state.level < DEEPEST or state.pos in state.cache:
            super().skipToken(state)
        else:
            state.cache[state.pos] = state.pos = state.posMax
