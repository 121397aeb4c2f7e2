"""Two leads become one, and two again."""

from datetime import timedelta

import pytest

from core.errors import Conflict, Invalid, NotFound
from leads.behaviour import behave
from leads.calls import log_call
from leads.checks import violations as leads_violations
from leads.merging import hanging
from leads.merging.joining import WORK, merge
from leads.merging.parting import undo_merge
from leads.models import Call, Duplicate, Event, Handoff, Identity, Lead, Merge, Standing, Submission
from leads.moves import move_status
from scoring.checks import violations as scoring_violations
from scoring.models import LedgerEntry
from sla.checks import violations as sla_violations
from sla.models import Clock
from tests.factories import NOW, accept, arrive, make_handoff, make_lead, make_mql, make_user
from tests.leads.lives import LIVES
from tests.leads.lives import everything as all_rows

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
THEN = NOW + timedelta(minutes=9)


def sound(at=THEN):
    return [*leads_violations(at=at), *scoring_violations(at=at), *sla_violations(at=at)]


def everything(*lead_ids):
    """Every row of these leads in every room, ledger rows by what they say rather than by number."""
    rows = hanging.snapshot(lead_ids)
    rows["scoring_ledgerentry"] = sorted(
        str(sorted((k, v) for k, v in row.items() if k not in {"id", "recorded_at"}))
        for row in rows["scoring_ledgerentry"].values()
    )
    return rows


def pair(**other):
    one = make_lead(phone="0912345678", name="Nguyễn Văn An", company="ACME", city="Huế")
    two = make_lead(phone="0912345687", name="Nguyen Van An", email="an@b.vn", source="fair", external_id="F1", **other)
    return one, two


def test_all_that_hangs_on_the_other_moves():
    one, two = pair(event={"kind": "form.demo"})
    arrive(phone="0912345687", note="gọi lại giúp", at=LATER)
    merge(one.pk, two.pk, by=None, at=THEN)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.email, one.phone, one.city, two.merged_into_id) == ("an@b.vn", "+84912345678", "Huế", one.pk)
    assert not Standing.objects.filter(pk=two.pk).exists()
    assert set(Event.objects.filter(lead=two).values_list("kind", flat=True)) == {"lead.created"}
    assert Identity.objects.get().lead_id == one.pk
    assert set(Submission.objects.values_list("lead", flat=True)) == {one.pk}
    assert Standing.objects.get(pk=one.pk).score == 20
    assert not LedgerEntry.objects.filter(lead=two).exists()
    assert sound() == []


def test_once_rules_count_once_and_the_log_says_so():
    one = make_lead(phone="0912345678", event={"kind": "form.demo"})
    two = make_lead(phone="0987654321", event={"kind": "form.demo"})
    merge(one.pk, two.pk, by=None, at=LATER)
    told = Event.objects.get(lead=one, kind="lead.merged")
    assert (Standing.objects.get(pk=one.pk).score, told.properties["other"]) == (20, two.pk)


def test_together_they_cross_the_line_and_are_handed_over():
    one = make_lead(phone="0912345678", event={"kind": "form.contact"})
    two = make_lead(phone="0987654321", event={"kind": "form.demo"})
    arrive(phone="0987654321", event={"kind": "webinar.attended", "properties": {"webinar": "A"}})
    merge(one.pk, two.pk, by=None, at=LATER)
    standing = Standing.objects.get(pk=one.pk)
    assert (standing.score, standing.stage, Handoff.objects.get().lead_id) == (80, "mql", one.pk)
    assert sound() == []


def test_choices_take_the_others_value():
    one, two = pair(city="Đà Nẵng")
    merge(one.pk, two.pk, by=None, at=LATER, choices={"city": "other", "phone": "other", "company": "other"})
    one.refresh_from_db()
    assert (one.city, one.phone, one.company) == ("Đà Nẵng", "+84912345687", "ACME")


def test_of_two_open_handoffs_one_stays():
    make_user()
    one, two = make_mql(phone="0912345678"), make_mql(phone="0987654321")
    rep = make_user("sales_manager")
    merge(one.pk, two.pk, by=rep, at=LATER)
    outcomes = {h.outcome: (h.lead_id, h.cycle) for h in Handoff.objects.all()}
    assert outcomes == {"open": (one.pk, 1), "withdrawn": (one.pk, 2)}
    assert Standing.objects.get(pk=one.pk).cycle == 2
    assert (Clock.objects.running().exclude(handoff__outcome="open").count(), sound()) == (0, [])


def test_the_one_that_is_further_leads():
    rep = make_user()
    one = make_lead(phone="0912345678")
    handoff = make_handoff(phone="0987654321")
    accept(handoff, by=rep)
    merge(one.pk, handoff.lead_id, by=None, at=LATER)
    standing = Standing.objects.get(pk=one.pk)
    assert (standing.stage, standing.status, standing.owner, standing.handoff_id) == (
        "sql",
        "potential",
        rep,
        handoff.pk,
    )
    assert standing.quiet_since is None
    assert sound() == []


def test_a_dropped_lead_never_leads():
    make_user()
    one = make_lead(phone="0912345678")
    move_status(one.pk, "wrong_target", by=None, at=NOW, reason="spam")
    two = make_mql(phone="0987654321")
    merge(one.pk, two.pk, by=None, at=LATER)
    assert Standing.objects.get(pk=one.pk).stage == "mql"
    assert Standing.objects.get(pk=one.pk).quiet_since is not None
    assert sound() == []


def test_who_writes_as_the_merged_lead_is_the_survivor():
    one, two = pair()
    merge(one.pk, two.pk, by=None, at=LATER)
    by_phone = arrive(phone="0912345687", at=THEN)
    by_id = arrive(source="fair", external_id="F1", at=THEN)
    seen = behave([{"id": two.pk, "kind": "page.viewed"}, {"phone": "0912345687", "kind": "page.viewed"}], at=THEN)
    assert {by_phone.lead_id, by_id.lead_id, *(s.lead_id for s in seen)} == {one.pk}
    assert sound() == []


def test_a_chain_of_merges_ends_at_the_last():
    one, two = pair()
    three = make_lead(phone="0909090909")
    first = merge(two.pk, three.pk, by=None, at=LATER)
    merge(one.pk, two.pk, by=None, at=LATER)
    assert arrive(phone="0909090909", at=THEN).lead_id == one.pk
    with pytest.raises(Conflict, match="thành một phần"):
        undo_merge(first, by=None, at=THEN)


@pytest.mark.parametrize("worked", ["nothing", "handoffs", "sql"])
def test_undo_restores_both_exactly(worked):
    make_user()
    one, two = pair(**({} if worked == "nothing" else {"event": {"kind": "meeting.booked"}}))
    if worked == "handoffs":
        arrive(phone="0912345678", event={"kind": "meeting.booked"})
    if worked == "sql":
        accept(Handoff.objects.get(lead=two))
        log_call(two.pk, by=None, at=NOW, outcome="reached")
    before = everything(one.pk, two.pk)
    made = merge(one.pk, two.pk, by=make_user("admin"), at=LATER, choices={"name": "other", "phone": "other"})
    assert everything(one.pk, two.pk) != before
    undo_merge(made, by=None, at=LATER)
    assert everything(one.pk, two.pk) == before
    assert sound() == []
    assert Merge.objects.get().undone_at == LATER


@pytest.mark.parametrize("accepted", [False, True])
def test_a_handoff_that_only_both_together_opened_goes_with_the_merge(accepted):
    make_user()
    one = make_lead(phone="0912345678", event={"kind": "form.contact"})
    two = make_lead(phone="0987654321", event={"kind": "form.demo"})
    arrive(phone="0987654321", event={"kind": "webinar.attended", "properties": {"webinar": "A"}})
    before = list(Standing.objects.order_by("pk").values(*WORK))
    made = merge(one.pk, two.pk, by=None, at=LATER)
    if accepted:
        accept(Handoff.objects.get())
    undo_merge(made, by=None, at=THEN)
    assert list(Standing.objects.order_by("pk").values(*WORK)) == before
    assert not Handoff.objects.exists()
    assert sound() == []


def test_what_happened_since_stays_where_it_belongs():
    rep = make_user()
    one = make_lead(phone="0912345678", name="An")
    two = make_mql(phone="0987654321", name="Bình")
    made = merge(one.pk, two.pk, by=None, at=LATER)
    arrive(phone="0912345678", note="của An", event={"kind": "form.demo"}, at=LATER)
    log_call(one.pk, by=rep, at=LATER, outcome="reached")
    undo_merge(made, by=None, at=THEN)
    assert Call.objects.get().lead_id == two.pk
    assert (Standing.objects.get(pk=two.pk).status, Standing.objects.get(pk=two.pk).stage) == ("researched", "mql")
    assert (Standing.objects.get(pk=one.pk).stage, Standing.objects.get(pk=one.pk).handoff_id) == ("prospect", None)
    assert Event.objects.filter(lead=one, kind="enquiry.received").count() == 1
    assert sound() == []


def test_a_value_changed_since_is_left():
    from leads.profile import update_profile

    one, two = pair()
    made = merge(one.pk, two.pk, by=None, at=LATER)
    update_profile(one.pk, by=None, at=LATER, changes={"city": "Vinh", "email": "moi@b.vn"})
    undo_merge(made, by=None, at=THEN)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.city, one.email, two.email, two.merged_into) == ("Vinh", "moi@b.vn", "an@b.vn", None)
    assert sound() == []


def test_undo_twice_and_undo_too_late():
    from leads.profile import update_profile

    one, two = pair()
    made = merge(one.pk, two.pk, by=None, at=LATER)
    third = make_lead(phone="0909090909")
    update_profile(third.pk, by=None, at=LATER, changes={"phone": "0912345687"})
    with pytest.raises(Conflict, match="người khác"):
        undo_merge(made, by=None, at=THEN)
    update_profile(third.pk, by=None, at=LATER, changes={"phone": "0909090909"})
    undo_merge(made, by=None, at=THEN)
    with pytest.raises(Conflict, match="hoàn tác"):
        undo_merge(made, by=None, at=THEN)
    assert sound() == []


def test_what_cannot_be_merged():
    one, two = pair()
    with pytest.raises(Invalid):
        merge(one.pk, one.pk, by=None, at=LATER)
    merge(one.pk, two.pk, by=None, at=LATER)
    for other in (two.pk, 10**9):
        with pytest.raises(NotFound):
            merge(one.pk, other, by=None, at=LATER)


def test_merging_settles_the_pair_and_undo_suggests_it_again():
    from leads.merging.finding import find_for

    one, two = pair()
    find_for([one.pk, two.pk], at=NOW)
    made = merge(one.pk, two.pk, by=None, at=LATER)
    assert Duplicate.objects.get().state == "merged"
    undo_merge(made, by=None, at=THEN)
    assert Duplicate.objects.get().state == "open"


def test_handed_over_leads_of_two_owners_keep_the_survivors():
    first, second = make_user(), make_user()
    one, two = make_mql(phone="0912345678"), make_mql(phone="0987654321")
    owners = {s.pk: s.owner_id for s in Standing.objects.all()}
    assert set(owners.values()) == {first.pk, second.pk}
    merge(two.pk, one.pk, by=None, at=LATER)
    assert Standing.objects.get().owner_id == owners[two.pk]
    assert Lead.objects.live().get() == two


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("fresh", "merged"),  # who is part of the other already finds the way back to it
        ("accepted", "won"),
        ("accepted", "accepted"),  # two people's care of one person
        ("handed over", "called"),
        ("discarded", "accepted"),
        ("recycled", "won"),
    ],
)
def test_leads_of_every_life_are_one_and_two_again(one, other):
    for _each in range(2):
        make_user()
    survivor, gone = LIVES[one](), LIVES[other]()
    before = all_rows()
    made = merge(survivor.pk, gone.pk, by=None, at=LATER)
    assert sound() == []
    assert Clock.objects.running().filter(promise="care").count() <= 1
    undo_merge(made, by=None, at=THEN)
    after = all_rows()
    assert [name for name in before if before[name] != after[name]] == []
    assert sound() == []
