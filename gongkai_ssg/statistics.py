"""``gongkai stats``: how many items by unit, category, year, stage and state."""

from __future__ import annotations

import json

import click

from gongkai_ssg.messages import text
from gongkai_ssg.pages.data import counts
from gongkai_ssg.pages.view import View


def print_counts(view: View, style: str) -> None:
    """Tables on a terminal, or one JSON object."""
    numbers = counts(view)
    if style == "json":
        click.echo(json.dumps(numbers, ensure_ascii=False, sort_keys=True))
        return
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.print(f"{text('stats.total')} {numbers['total']}")
    for group in ("unit", "category", "year", "kind", "stage", "status"):
        table = Table()
        table.add_column(text(f"stats.{group}"))
        table.add_column(text("stats.count"), justify="right")
        for name, number in numbers[group].items():
            table.add_row(_shown(view, group, name), str(number))
        if numbers[group]:
            console.print(table)


def _shown(view: View, group: str, name: str) -> str:
    if group == "unit":
        return view.units.by_id[name].name
    if group == "category":
        return " / ".join(each.name for each in view.catalog.lineage(name))
    return name
