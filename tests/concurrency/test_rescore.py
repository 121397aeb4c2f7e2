"""Re-scoring beside people at work, and by two workers at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads.behaviour import behave
from leads.models import Standing
from scoring.checks import violations
from scoring.drafts import save_rule
from scoring.models import LedgerEntry, Rescoring, Slice
from scoring.slices import cut
from tests.concurrency.crowd import at_once
from tests.factories import make_lead
from tests.scoring.studio import finish, make_draft, put_in_force

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def test_two_workers_and_a_busy_house_leave_ledger_score_and_replay_alike():
    began = timezone.now()
    leads = [make_lead(at=began - timedelta(days=40), event={"kind": "form.contact"}) for _n in range(12)]
    draft = make_draft(at=began)
    save_rule(draft, {"points": 30}, code=draft.rules.get(event_kind="form.contact").code)
    put_in_force(draft, at=began)
    Slice.objects.all().delete()
    cut(Rescoring.objects.get(), born_by=began, at=began, size=2)

    def acts() -> None:
        for lead in leads:
            behave([{"id": lead.pk, "kind": "page.viewed"}], at=timezone.now())

    at_once([lambda: finish(at=timezone.now()), lambda: finish(at=timezone.now()), acts])
    finish(at=timezone.now())
    job = Rescoring.objects.get()
    assert (job.state, job.done) == ("done", 12)
    assert set(Standing.objects.values_list("score", flat=True)) == {18}  # 30 - 15 of silence + 3
    assert LedgerEntry.objects.filter(kind="rescore").count() == 12
    assert [line for line in violations(at=timezone.now()) if "no sweep" not in line] == []
