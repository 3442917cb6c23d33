"""What reading depends on besides a file's own bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from gongkai_ssg.config import CodePattern, Limits
from gongkai_ssg.model.catalog import Catalog
from gongkai_ssg.model.units import Units


@dataclass(frozen=True)
class ReadingOptions:
    """All that a record depends on besides the file itself."""

    units: Units
    catalog: Catalog
    code_patterns: tuple[CodePattern, ...]
    limits: Limits
    raw_html: bool = False

    def is_code(self, text: str) -> bool:
        """Whether this looks like a 索引号 of this site, at any time."""
        return any(re.fullmatch(form.pattern, text) for form in self.code_patterns)

    @cached_property
    def unit_codes(self) -> frozenset[str]:
        """The codes of all units."""
        return frozenset(unit.code for unit in self.units)
