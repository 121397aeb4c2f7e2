"""How a figure is placed in time. Every figure says which; a table never mixes two without saying so."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class View(NamedTuple):
    key: str
    label: str | Promise
    rule: str | Promise


FLOW = View("flow", _("in the period"), _("Counts what happened in the period."))
COHORT = View(
    "cohort",
    _("of those handed over in the period"),
    _("Follows the hand-offs offered in the period until now, wherever the rest of their way falls."),
)
DUE = View("due", _("fell due in the period"), _("Counts promises in the period in which they fell due."))
LIVE = View("live", _("now"), _("As things stand now; the period does not matter."))
