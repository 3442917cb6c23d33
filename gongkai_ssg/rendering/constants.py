"""What every page is rendered with, and what may go wrong; without the machinery, which is not always needed."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai_ssg.config import Site
from gongkai_ssg.diagnostics import Finding


class TemplateTrouble(Exception):
    """A template that can't be rendered, as a finding."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding)
        self.finding = finding


@dataclass(frozen=True)
class Constants:
    """What every page may show and none depends on alone."""

    site: Site
