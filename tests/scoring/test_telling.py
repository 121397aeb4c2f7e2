"""The end of a trial and of a re-scoring, told to whoever began it and to nobody else."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from leads import jobs
from notifications.enums import Channel, Kind
from notifications.models import Delivery
from scoring.agreement import publish, sign
from scoring.backtest import start_backtest
from scoring.drafts import edit_settings
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


def told(kind: str) -> list[int]:
    rows = Delivery.objects.filter(kind=kind, channel=Channel.APP)
    return sorted(rows.values_list("recipient", flat=True))


def test_one_signature_is_the_other_sides_turn_and_the_second_is_nobodys():
    marketing, sales = make_user(Role.MARKETING_MANAGER), make_user(Role.SALES_MANAGER)
    make_user(Role.SALES_MANAGER, is_active=False)
    make_user(Role.REP)
    draft, at = make_draft(), timezone.now()
    for by in (marketing, marketing, sales):
        sign(draft, revision=draft.revision, by=by, at=at)
    assert told(Kind.MODEL_WAITS) == [sales.pk]
    row = Delivery.objects.get(kind=Kind.MODEL_WAITS, channel=Channel.APP)
    assert (row.notice.path, row.notice.actor_id) == (reverse("scoring_version", args=[draft.version]), marketing.pk)


def test_sales_may_sign_first_and_an_edited_draft_waits_anew():
    marketing, sales = make_user(Role.MARKETING_MANAGER), make_user(Role.SALES_MANAGER)
    draft, at = make_draft(), timezone.now()
    sign(draft, revision=draft.revision, by=sales, at=at)
    assert told(Kind.MODEL_WAITS) == [marketing.pk]
    edit_settings(draft, {"mql": 80})
    draft.refresh_from_db()
    sign(draft, revision=draft.revision, by=marketing, at=at)
    assert told(Kind.MODEL_WAITS) == sorted([marketing.pk, sales.pk])


def test_everybody_hears_of_rules_in_force_but_who_put_them_there():
    make_user(Role.REP)
    boss, draft = make_user(Role.SALES_MANAGER), signed(make_draft())
    publish(draft, handovers="from_now_on", by=boss, at=timezone.now())
    others = User.objects.exclude(pk=boss.pk)
    assert {user.role for user in others} == {Role.REP, Role.MARKETER, Role.MARKETING_MANAGER, Role.SALES_MANAGER}
    assert told(Kind.MODEL_HOLDS) == sorted(user.pk for user in others)
