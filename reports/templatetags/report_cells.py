"""Cells of report tables, drawn in one go: a page has hundreds, and an include for each took a third of its time."""

from collections.abc import Sequence

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from reports.tables import Cell

register = template.Library()


@register.filter
def figure(cell: Cell) -> SafeString:
    """The text of a cell, opening what it counts."""
    return mark_safe(_figure(cell))  # noqa: S308 - escaped below


@register.filter
def figures_of(cells: Sequence[Cell]) -> SafeString:
    """The rest of a row: a `<td>` for each cell, numbers to the right."""
    return mark_safe("".join(_td(cell) for cell in cells))  # noqa: S308 - escaped below


@register.filter
def row_of(cells: Sequence[Cell]) -> SafeString:
    """A whole row, its first cell as its head."""
    return mark_safe(f'<tr><th scope="row">{_figure(cells[0])}</th>{figures_of(cells[1:])}</tr>')  # noqa: S308 - escaped below


def _td(cell: Cell) -> str:
    return f'<td class="num">{_figure(cell)}</td>' if cell.column.numeric else f"<td>{_figure(cell)}</td>"


def _figure(cell: Cell) -> str:
    text = escape(cell.text)
    return f'<a href="{escape(cell.href)}">{text}</a>' if cell.href else text
