"""Who answered for what, to take away: one row per finding, what was agreed beside what came of it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from reports.tables import Column, Row, Table
from sla.responsibility import Group
from sla.verdicts import Code, Finding, Judgement
from sla.wording import LABELS, side


def responsibility_table(groups: Iterable[Group]) -> Table:
    """Shares are shares of 1. A finding nobody can judge yet is neither kept nor broken."""
    columns = [
        Column("group", _("Group"), "text"),
        Column("first", _("From"), "day"),
        Column("last", _("To"), "day"),
        Column("version", _("Agreement"), "number"),
        Column("who", _("Who answers"), "text"),
        Column("code", _("Code"), "text"),
        Column("finding", _("Commitment"), "text"),
        Column("side", _("Side"), "text"),
        Column("actual", _("Actual"), "mixed"),
        Column("promised", _("Promised"), "mixed"),
        Column("kept", _("Kept"), "flag"),
    ]
    rows = [
        _row(group, judgement, finding)
        for group in groups
        for judgement in group.found.judgements
        for finding in judgement.findings
    ]
    return Table("responsibility", _("Responsibility"), columns, rows)


def _row(group: Group, judgement: Judgement, finding: Finding) -> Row:
    return Row(
        {
            "group": group.name,
            "first": judgement.first,
            "last": judgement.last,
            "version": judgement.agreement.version,
            "who": str(judgement.who.label),
            "code": finding.code.value,
            "finding": str(LABELS[finding.code]),
            "side": str(side(finding)),
            "actual": finding.actual,
            "promised": finding.promised,
            "kept": finding.kept,
        },
        unit="number" if finding.code == Code.VOLUME else "percent",
    )
