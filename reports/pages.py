"""The report pages: which blocks stand on each, in this order."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Page:
    """`wide` blocks take the whole width; of two others that share a row a `narrow` one takes a third."""

    key: str
    title: str | Promise
    icon: str
    blocks: tuple[str, ...]
    wide: frozenset[str] = frozenset()
    narrow: frozenset[str] = frozenset()


PAGES: Mapping[str, Page] = {
    page.key: page
    for page in (
        Page(
            "sources",
            _("Sources & cost"),
            "megaphone",
            ("costs_source", "costs_campaign", "invalid"),
            frozenset({"costs_source", "costs_campaign", "invalid"}),
        ),
        Page("speed", _("Speed"), "timer", ("touch", "speed"), frozenset({"touch", "speed"})),
        Page("stages", _("Stages"), "workflow", ("stuck", "stays", "moves"), frozenset({"stuck", "moves", "stays"})),
        Page("reasons", _("Reasons"), "message-circle-warning", ("reasons",), frozenset({"reasons"})),
        Page(
            "people",
            _("People & teams"),
            "users",
            ("teams", "reps", "marketers", "calls"),
            frozenset({"teams", "reps", "marketers", "calls"}),
        ),
        Page(
            "promises",
            _("Promises"),
            "shield-check",
            ("sla", "breaches"),
            narrow=frozenset({"breaches"}),
        ),
        Page(
            "cohorts",
            _("Cohorts & funnel"),
            "layers",
            ("cohorts", "volume", "funnel"),
            frozenset({"cohorts"}),
            frozenset({"funnel"}),
        ),
        Page("times", _("Enquiry times"), "calendar-clock", ("heat",), frozenset({"heat"})),
        Page("goals", _("Targets"), "goal", ("goals",), frozenset({"goals"})),
    )
}
