"""Block rules by first character: a line is offered only to the rules that can take it.

markdown-it asks a dozen rules in turn about every block. Most refuse at the first character, and two
(tables, underlined headings) refuse where no line follows. Asking only the others gives the same
tokens; a property test holds it to that.
"""

from __future__ import annotations

from collections.abc import Callable

from markdown_it.parser_block import ParserBlock
from markdown_it.rules_block import StateBlock

Rule = Callable[[StateBlock, int, int, bool], bool]

_STARTS = {
    "fence": "`~",
    "blockquote": ">",
    "hr": "-*_",
    "list": "-*+0123456789",
    "reference": "[",
    "footnote_def": "[",
    "html_block": "<",
    "heading": "#",
    "container_block": ":",
    "plain_list": "-*+0123456789",
    "plain_table": "|",
    "plain_heading": "#",
}
TOO_DEEP = "too_deep"
"""Where the environment of a parse holds the first line that was left out, if one was."""

_NEEDS_NEXT_LINE = ("table", "lheading")


class BlockDispatch(ParserBlock):
    """The block parser of markdown-it with its rules sorted by what they begin with."""

    def prepare(self) -> None:
        """Sort the rules; to be called when all are registered."""
        names = self.ruler.get_active_rules()
        rules: list[tuple[str, Rule]] = list(zip(names, self.ruler.getRules(""), strict=True))
        starts = set("".join(_STARTS.values()))
        self._alone = {char: _fitting(rules, char, False) for char in starts}
        self._followed = {char: _fitting(rules, char, True) for char in starts}
        self._other_alone, self._other_followed = _fitting(rules, "", False), _fitting(rules, "", True)

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803 - markdown-it's names
        """Read the blocks of a range of lines."""
        source, begins, shifts, ends = state.src, state.bMarks, state.tShift, state.eMarks
        line, after_blank = startLine, False
        while line < endLine:
            state.line = line = state.skipEmptyLines(line)
            if line >= endLine or state.sCount[line] < state.blkIndent:
                break
            if state.level >= state.md.options.maxNesting:
                state.env.setdefault(TOO_DEEP, line)  # what follows here will be missing: that is for others to tell
                state.line = endLine
                break
            begin = begins[line] + shifts[line]
            first = source[begin : begin + 1]
            following = line + 1 < endLine and ends[line + 1] > begins[line + 1] + shifts[line + 1]
            if following:
                rules = self._followed.get(first, self._other_followed)
            else:
                rules = self._alone.get(first, self._other_alone)
            for rule in rules:
                if rule(state, line, endLine, False):
                    break
            state.tight = not after_blank
            line = state.line
            if line - 1 < endLine and state.isEmpty(line - 1):
                after_blank = True
            if line < endLine and state.isEmpty(line):
                after_blank = True
                line += 1
                state.line = line


def _fitting(rules: list[tuple[str, Rule]], first: str, following: bool) -> tuple[Rule, ...]:
    return tuple(
        rule
        for name, rule in rules
        if (following or name not in _NEEDS_NEXT_LINE) and (name not in _STARTS or (first and first in _STARTS[name]))
    )
