"""The end of a trial and of a re-scoring, told to whoever began it and to nobody else."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from leads import jobs
from scoring.agreement import publish
from scoring.backtest import start_backtest
from tests.factories import make_lead, make_user
from tests.pages import EARLIER, as_role
from tests.scoring.makers import after, born
from tests.scoring.studio import finish, make_draft, signed

pytestmark = pytest.mark.django_db


def test_who_started_a_trial_hears_of_its_end_until_they_look():
    client, marketer = as_role(Role.MARKETER, language="en")
    other, somebody = as_role(Role.MARKETER, language="en")
    make_lead(at=EARLIER)
    draft = make_draft()
    job = start_backtest(draft, months=3, by=marketer, at=timezone.now())
    assert jobs.unread(marketer).count() == 0
    finish(at=timezone.now())
    assert [(one.title, one.done, one.phase) for one in jobs.unread(marketer)] == [
        (f"Trial of version {draft.version}: Bản thử", 1, "done")
    ]
    page = reverse("scoring_backtest", args=[job.pk])
    assert page in client.get(reverse("job_toast")).content.decode()
    assert page not in client.get(reverse("job_toast")).content.decode()
    assert page in client.get(reverse("notifications")).content.decode()
    assert page in client.get(reverse("jobs")).content.decode()
    assert page not in other.get(reverse("notifications")).content.decode()
    other.get(page)
    assert (jobs.unread(marketer).count(), jobs.unread(somebody).count()) == (1, 0)
    client.get(page)
    assert jobs.unread(marketer).count() == 0


def test_who_put_a_version_in_force_hears_when_everybody_is_rescored():
    make_lead(at=EARLIER)
    client, boss = as_role(Role.SALES_MANAGER)
    draft = signed(make_draft())
    job = publish(draft, handovers="from_now_on", by=boss, at=timezone.now()).rescoring
    page = reverse("scoring_rescoring", args=[job.pk])
    client.get(page)
    finish(at=timezone.now())
    assert [one.title for one in jobs.unread(boss)] == [
        f"Đã chấm điểm lại tất cả theo phiên bản {draft.version}: Bản thử"
    ]
    assert page in client.get(reverse("job_toast")).content.decode()
    client.get(page)
    assert jobs.unread(boss).count() == 0


def test_a_trial_that_nobody_started_or_that_was_stopped_tells_nobody():
    born()
    marketer, draft = make_user(Role.MARKETER), make_draft()
    start_backtest(draft, months=3, by=None, at=after(1))
    stopped = start_backtest(draft, months=3, by=marketer, at=after(1))
    stopped.slices.all().delete()
    type(stopped).objects.filter(pk=stopped.pk).update(state="cancelled", finished_at=after(1))
    finish(at=after(1))
    assert jobs.Job.objects.count() == 0
