import pytest
from leads.models import Standing
from scoring.checks import violations
from scoring.models import LedgerEntry
from tests.factories import NOW, make_lead, make_mql

pytestmark = pytest.mark.django_db


def test_smoke():
    lead = make_lead(title="Giám đốc", company_size=500, event={"kind": "form.contact"})
    s = Standing.objects.get(pk=lead.pk)
    assert (s.score, s.fit, s.engagement, s.grade, s.stage) == (75, 25, 50, "A2", "mql")
    assert list(violations(at=NOW)) == []
