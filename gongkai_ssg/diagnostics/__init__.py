"""Findings: what is wrong with a site, where, and how to mend it."""

from gongkai_ssg.diagnostics.codes import CODES, Code, Severity
from gongkai_ssg.diagnostics.finding import Finding, Findings

__all__ = ["CODES", "Code", "Finding", "Findings", "Severity"]
