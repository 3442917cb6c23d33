"""Sentences and titles of the benchmark's items, filled in from templates."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from benchmarks import vocabulary
from benchmarks.county import COUNTY, Theme, Unit, read_phrases

_SLOT = re.compile(r"\{(\w+)\}")
Template = tuple[str, ...]  # text and slot names in turn


def _template(text: str) -> Template:
    return tuple(_SLOT.split(text))


def _templates(name: str) -> tuple[Template, ...]:
    return tuple(map(_template, read_phrases(name)))


def _titles() -> dict[str, tuple[Template, ...]]:
    found: dict[str, tuple[Template, ...]] = {}
    for line in read_phrases("titles"):
        category, text = line.split("|")
        found[category] = (*found.get(category, ()), _template(text))
    return found


SENTENCES, OPENERS, POINTS, HEADINGS = map(_templates, ("sentences", "openers", "points", "headings"))
TITLES = _titles()  # by category id


@dataclass(frozen=True)
class Writer:
    """Fills templates for one item: who writes, about what, and when."""

    rng: Random
    unit: Unit
    theme: Theme
    day: date

    def word(self, slot: str) -> str:
        """A word for `slot`, a new one at each call where the slot allows."""
        maker = vocabulary.MAKERS.get(slot)
        if maker is not None:
            return maker(self.rng)
        return _OWN[slot](self)

    def fill(self, template: Template) -> str:
        """The text of `template` with every slot filled."""
        parts = list(template)
        for at in range(1, len(parts), 2):
            parts[at] = self.word(parts[at])
        return "".join(parts)

    def any_of(self, templates: tuple[Template, ...]) -> str:
        """One of `templates`, filled."""
        return self.fill(templates[int(self.rng.random() * len(templates))])

    def title(self, category: str) -> str:
        """A title such as items of `category` bear."""
        return self.any_of(TITLES[category])

    def sentence(self) -> str:
        """One sentence with its full stop."""
        return self.any_of(SENTENCES)


_OWN: dict[str, Callable[[Writer], str]] = {
    "unit": lambda w: w.unit.name,
    "theme": lambda w: w.theme.name,
    "object": lambda w: w.rng.choice(w.theme.objects),
    "year": lambda w: str(w.day.year),
    "month": lambda w: str(w.rng.randrange(1, 13)),
    "quarter": lambda w: w.rng.choice("一二三四"),
    "day": lambda w: vocabulary.past_day(w.rng, w.day),
    "due": lambda w: vocabulary.due_day(w.rng, w.day),
    "COUNTY": lambda w: COUNTY,
}
