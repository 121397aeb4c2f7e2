"""The same lines from several files at the same moment."""

from functools import partial

import pytest
from django.db import transaction

from leads.checks import violations
from leads.enums import ImportKind
from leads.importing.chunks import Source, bring_in
from leads.importing.lines import Plan
from leads.models import Event, Lead, Submission
from tests.concurrency.crowd import at_once
from tests.factories import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
SOURCE = Source(ImportKind.LEADS, Plan({0: "name", 1: "phone", 2: "external_id"}, system="crm"), "import:1", {}, None)


@transaction.atomic
def bring(lines):
    return bring_in(lines, SOURCE, at=NOW)


def test_the_same_lines_at_once_make_each_lead_and_each_enquiry_once():
    lines = [(n, [f"Khách {n}", f"09{n:08d}", f"K{n}"]) for n in range(10000000, 10000040)]
    results = at_once([partial(bring, lines), partial(bring, lines[::-1]), partial(bring, lines[20:] + lines[:20])])
    fates = [line.fate for result in results for line in result]
    assert (fates.count("created"), fates.count("matched"), fates.count("rejected")) == (40, 80, 0)
    assert {line.lead_id for result in results for line in result} == set(Lead.objects.values_list("pk", flat=True))
    assert (Lead.objects.count(), Submission.objects.count()) == (40, 40)
    assert Event.objects.filter(kind="lead.created").count() == 40
    assert list(violations(at=NOW)) == []
