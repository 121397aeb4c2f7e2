"""Each number of a trial and of a re-scoring opens into as many leads as it says."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from leads.models import Handoff
from scoring import behind
from scoring.backtest import start_backtest
from scoring.behind import page_of
from scoring.drafts import edit_settings, save_rule
from scoring.models import Backtest, Listed, Rescoring
from scoring.reading import totals
from scoring.slices import cancel
from scoring.tally import SIDES
from tests.factories import NOW, accept, make_lead
from tests.pages import as_role
from tests.scoring.makers import after, born, do
from tests.scoring.studio import finish, make_draft, put_in_force, stopped_rescoring

pytestmark = pytest.mark.django_db


def tried(**settings) -> Backtest:
    """Three leads: one accepted, one over the draft's line alone, one with nothing; under a draft with its own line."""
    accept(Handoff.objects.get(lead=born(event={"kind": "meeting.booked"})), at=after(1))
    do(born(event={"kind": "form.contact"}), (1, "page.viewed"))
    born()
    draft = make_draft()
    edit_settings(draft, {"mql": 50, **settings})
    job = start_backtest(draft, months=3, by=None, at=after(5))
    finish(at=after(5))
    job.refresh_from_db()
    return job


def listed(job, name, part="") -> int:
    return page_of(behind.behind(job, name, part), start=0).total


def test_every_number_of_a_trial_has_as_many_leads_behind_it():
    job = tried()
    for side, figures in totals(job).items():
        assert listed(job, side) == figures.handoffs
        assert listed(job, f"{side}_sql") == figures.sql
        assert listed(job, f"{side}_won") == figures.won
        assert listed(job, f"{side}_caught") == figures.caught
    for month, figures in job.report["months"].items():
        assert [listed(job, side, month) for side in SIDES] == [figures[side][0] for side in SIDES]
    assert [listed(job, f"only_{side}") for side in SIDES] == [job.report["differ"][side] for side in SIDES] == [1, 0]
    assert listed(job, "waiting") == job.report["waiting"] == 1
    fired = {rule: leads for rule, (_times, leads, _sql) in job.report["rules"].items()}
    assert {rule: listed(job, "rule", rule) for rule in fired} == fired


def test_numbers_on_the_report_are_links_to_that_many_rows():
    job = tried()
    client, _user = as_role(Role.MARKETER, language="en")
    text = client.get(reverse("scoring_backtest", args=[job.pk])).content.decode()
    links = re.findall(r'<a href="([^"]*/leads/[^"]*)">([\d.,]+)</a>', text)
    assert len(links) >= 8
    for address, count in links:
        page = client.get(address.replace("&amp;", "&"))
        assert (page.status_code, page.content.decode().count("data-href=")) == (200, int(count))


def test_a_rep_sees_how_many_and_only_the_own_leads():
    job = tried()
    client, _user = as_role(Role.REP, language="en")
    text = client.get(reverse("scoring_backtest_leads", args=[job.pk]), {"of": "only_draft"}).content.decode()
    assert "1 in all" in text
    assert "1 more on this page is not yours to see" in text
    assert "data-href=" not in text


def test_an_unknown_number_is_not_found_and_an_empty_one_says_so():
    job = tried()
    client, _user = as_role(Role.MARKETER, language="en")
    page = reverse("scoring_backtest_leads", args=[job.pk])
    for wrong in ({}, {"of": "up"}, {"of": "shown"}):
        assert client.get(page, wrong).status_code == 404
    for odd in ({"part": "9" * 30}, {"part": "\x00'"}, {"part": "99"}, {"start": "9" * 17}, {"start": "-1"}):
        for name in ("rule", "draft_won"):
            assert client.get(page, {"of": name, **odd}).status_code == 200
    assert "No lead was counted here." in client.get(page, {"of": "published_won"}).content.decode()
    Backtest.objects.update(state="running", finished_at=None)
    assert client.get(page, {"of": "draft"}).status_code == 404


def test_lists_are_read_page_by_page():
    job = Backtest.objects.get(pk=tried().pk)
    Listed.objects.all().delete()
    Listed.objects.bulk_create(
        Listed(backtest=job, name="draft", part=part, first=first, count=30, leads=list(range(first, first + 30)))
        for first, part in ((0, "2026-01"), (0, "2026-02"), (100, "2026-01"))
    )
    rows = behind.behind(job, "draft")
    one, two = page_of(rows, start=0), page_of(rows, start=50)
    assert one.ids == [*range(30), *range(20)]
    assert (one.previous, one.next, two.previous, two.next) == (None, 50, 0, None)
    assert two.ids == [*range(20, 30), *range(100, 130)]
    assert page_of(rows, start=90) == behind.Part([], 90, 90)
    assert page_of(behind.behind(job, "draft", "2026-02"), start=0).ids == list(range(30))


def test_a_rescoring_says_who_went_where():
    rises, falls, same = born(event={"kind": "form.contact"}), born(event={"kind": "ebook.downloaded"}), born()
    draft = make_draft()
    save_rule(draft, {"points": 80}, code=draft.rules.get(event_kind="form.contact").code)
    save_rule(draft, {"points": 2}, code=draft.rules.get(event_kind="ebook.downloaded").code)
    put_in_force(draft, at=after(1))
    finish(at=after(1))
    job = Rescoring.objects.get()
    names = {name: page_of(behind.behind(job, name), start=0).ids for name in behind.OF_RESCORING}
    assert names == {"up": [rises.pk], "down": [falls.pk], "stage": [], "handed": [], "withheld": [rises.pk]}
    assert behind.counts(job) == {"up": 1, "down": 1, "stage": 0, "handed": 0, "withheld": 1}
    assert same.pk not in names["up"]


def test_who_is_handed_over_now_is_listed_and_stages_open():
    over, low = born(event={"kind": "form.contact"}), born(event={"kind": "webinar.attended"})
    draft = make_draft()
    edit_settings(draft, {"mql": 50, "lead": 40})
    save_rule(draft, {"points": 3}, code=draft.rules.get(event_kind="webinar.attended").code)
    start_backtest(draft, months=3, by=None, at=after(1))
    finish(at=after(1))
    put_in_force(draft, at=after(2), handovers="now")
    finish(at=after(2))
    job = Rescoring.objects.get()
    assert (behind.counts(job)["handed"], job.handed_over) == (1, 1)
    assert page_of(behind.behind(job, "handed"), start=0).ids == [over.pk]
    assert [(str(one.before), str(one.after), one.leads) for one in behind.moves(job)] == [("prospect", "contact", 1)]
    client, _user = as_role(Role.MARKETER, language="en")
    text = client.get(reverse("scoring_rescoring", args=[job.pk])).content.decode()
    address = reverse("scoring_rescoring_leads", args=[job.pk]) + "?of=stage&amp;part=prospect.contact"
    assert address in text
    page = client.get(address.replace("&amp;", "&")).content.decode()
    assert str(low) in page
    assert "Prospect → Contact" in page or "→" in page


def test_numbers_of_jobs_from_before_are_not_links():
    job = tried()
    Listed.objects.all().delete()
    client, _user = as_role(Role.MARKETER, language="en")
    assert "/leads/?of=" not in client.get(reverse("scoring_backtest", args=[job.pk])).content.decode()
    old = stopped_rescoring()
    assert client.get(reverse("scoring_rescoring_leads", args=[old.pk]), {"of": "up"}).status_code == 404


def test_a_stopped_trial_leaves_no_lists():
    for _n in range(2):
        make_lead(at=NOW, event={"kind": "form.contact"})
    job = start_backtest(make_draft(), months=3, by=None, at=after(1))
    Listed.objects.create(backtest=job, name="draft", first=1, count=1, leads=[1])
    cancel(job, at=timezone.now())
    assert Listed.objects.count() == 0


def test_a_list_says_what_it_is():
    assert str(Listed(name="draft", part="2026-11", count=3)) == "3 leads of draft 2026-11"
