"""What the import pages draw: how far an import is, what becomes of a line, what a column means."""

from typing import Any

from django import template

from core.templatetags.ui import badge
from leads.enums import ImportPhase, RowFate
from leads.importing.lines import label_of

register = template.Library()

PHASES = {
    ImportPhase.MAPPING: ("secondary", "columns-3"),
    ImportPhase.CHECKING: ("blue", "loader"),
    ImportPhase.CHECKED: ("blue", "file-check"),
    ImportPhase.RUNNING: ("blue", "loader"),
    ImportPhase.DONE: ("green", "circle-check"),
    ImportPhase.CANCELLED: ("orange", "circle-stop"),
    ImportPhase.FAILED: ("red", "circle-x"),
    ImportPhase.UNDOING: ("blue", "loader"),
    ImportPhase.UNDONE: ("secondary", "undo-2"),
}
FATES = {
    RowFate.WAITING: ("secondary", "hourglass"),
    RowFate.CREATED: ("green", "user-plus"),
    RowFate.MATCHED: ("blue", "user-check"),
    RowFate.REJECTED: ("red", "circle-x"),
}


@register.inclusion_tag("components/badge.html")
def import_badge(phase: str) -> dict[str, Any]:
    colour, icon = PHASES[ImportPhase(phase)]
    return badge(str(ImportPhase(phase).label), colour, icon)


@register.inclusion_tag("components/badge.html")
def fate_badge(fate: str) -> dict[str, Any]:
    colour, icon = FATES[RowFate(fate)]
    return badge(str(RowFate(fate).label), colour, icon)


@register.filter
def target_label(name: str) -> str:
    """What a column means, in the reader's language."""
    return label_of(name)
