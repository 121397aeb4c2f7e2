"""From the spine to delivery rows and hints, as one transaction."""

from collections import Counter
from contextlib import contextmanager

import orjson
import pytest
import redis
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from core import hints
from core.due import DueState
from leads.events import Batch, Fact, record
from leads.kinds import HANDOFF_ACCEPTED, HANDOFF_RECYCLED
from leads.models import Event, Standing
from leads.standing import Standings, lock
from notifications.dispatch import dispatch
from notifications.enums import Channel, Kind
from notifications.models import Delivery, Preference
from notifications.receivers import MOST_LEADS, topics
from tests.factories import NOW, make_lead, make_team, make_user
from tests.notifications.makers import assign, say


def told(event):
    """(recipient, channel) of everybody told of it."""
    return set(Delivery.objects.filter(event=event).values_list("recipient", "channel"))


@contextmanager
def pushed():
    """Every message on the hints' channel that is published inside, as sets of topics."""
    heard = []
    with redis.Redis.from_url(settings.CACHES["default"]["LOCATION"]) as client, client.pubsub() as pubsub:
        pubsub.subscribe(hints.CHANNEL)
        pubsub.get_message(timeout=5)
        yield heard
        assert hints.postman().join(5)
        while message := pubsub.get_message(timeout=0.2):
            heard.append(set(orjson.loads(message["data"])))


@pytest.mark.django_db
def test_owner_is_told_in_the_app_and_by_mail():
    rep, lead = make_user(), make_lead()
    event = assign(lead, rep)
    app, mail = Delivery.objects.filter(event=event).order_by("channel")
    assert (app.channel, app.recipient, app.lead, app.kind) == (Channel.APP, rep, lead, Kind.ASSIGNED)
    assert (app.state, app.created_at, app.read_at, app.sent_at) == (DueState.DONE, NOW, None, None)
    assert (mail.channel, mail.recipient, mail.state, mail.due_at) == (Channel.EMAIL, rep, DueState.PENDING, NOW)
    assert str(mail) == f"lead.assigned to {rep.pk} by email"


@pytest.mark.django_db
def test_owner_who_took_it_finds_it_read_and_gets_no_mail():
    rep = make_user()
    event = assign(make_lead(), rep, by=rep)
    delivery = Delivery.objects.get(event=event)
    assert (delivery.channel, delivery.read_at) == (Channel.APP, NOW)


@pytest.mark.django_db
def test_pool_is_told_to_the_sales_managers():
    manager = make_user(Role.SALES_MANAGER)
    make_user(Role.MARKETING_MANAGER)
    make_user(Role.TEAM_LEAD)
    event = say(Kind.POOLED, make_lead(), handoff=1)
    assert told(event) == {(manager.pk, Channel.APP), (manager.pk, Channel.EMAIL)}


@pytest.mark.django_db
def test_breach_is_told_to_the_owner_and_the_team_lead():
    team = make_team()
    rep, head = make_user(team=team), make_user(Role.TEAM_LEAD, team=team)
    make_user(Role.TEAM_LEAD)
    make_user(Role.SALES_MANAGER)
    event = say(Kind.BREACHED, make_lead(), owner=rep.pk, team=team.pk)
    assert told(event) == {(p.pk, c) for p in (rep, head) for c in (Channel.APP, Channel.EMAIL)}


@pytest.mark.django_db
def test_warning_comes_without_mail_unless_wanted():
    quiet, eager = make_user(), make_user()
    Preference.objects.create(user=eager, email_warned=True)
    assert told(say(Kind.WARNED, make_lead(), owner=quiet.pk)) == {(quiet.pk, Channel.APP)}
    assert told(say(Kind.WARNED, make_lead(), owner=eager.pk)) == {(eager.pk, Channel.APP), (eager.pk, Channel.EMAIL)}


@pytest.mark.django_db
def test_who_wants_no_mail_gets_none():
    rep = make_user()
    Preference.objects.create(user=rep, email_assigned=False)
    assert told(assign(make_lead(), rep)) == {(rep.pk, Channel.APP)}


@pytest.mark.django_db
def test_nobody_who_has_left_is_told():
    gone = make_user(is_active=False)
    assert told(assign(make_lead(), gone)) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [HANDOFF_RECYCLED, HANDOFF_ACCEPTED, "page.viewed"])
def test_other_events_are_told_to_nobody(kind):
    make_user(Role.MARKETING_MANAGER)
    make_user(Role.SALES_MANAGER)
    assert told(say(kind, make_lead(), handoff=1)) == set()


@pytest.mark.django_db
def test_a_bad_minute_is_all_in_the_app_and_ten_mails():
    rep, busy = make_user(), make_user()
    leads = [make_lead() for _n in range(12)]
    with lock([lead.pk for lead in leads]) as rows:
        facts = [Fact(lead.pk, Kind.BREACHED, NOW, properties={"owner": rep.pk}) for lead in leads]
        record([*facts, Fact(leads[0].pk, Kind.BREACHED, NOW, properties={"owner": busy.pk})], at=NOW, rows=rows)
    told_each = Counter(Delivery.objects.values_list("recipient", "channel"))
    assert told_each == {(rep.pk, "app"): 12, (rep.pk, "email"): 10, (busy.pk, "app"): 1, (busy.pk, "email"): 1}
    mailed = Delivery.objects.filter(recipient=rep, channel="email").values_list("lead", flat=True)
    assert sorted(mailed) == sorted(lead.pk for lead in leads)[:10]


@pytest.mark.django_db
def test_a_breach_and_its_first_step_are_one_message_a_later_step_another():
    team = make_team()
    rep, head, manager = make_user(team=team), make_user(Role.TEAM_LEAD, team=team), make_user(Role.SALES_MANAGER)
    of = {"owner": rep.pk, "team": team.pk, "handoff": 7, "promise": "first_touch"}
    lead = make_lead()
    with lock([lead.pk]) as rows:
        breach = Fact(lead.pk, Kind.BREACHED, NOW, properties=of)
        steps = [Fact(lead.pk, Kind.ESCALATED, NOW, properties={**of, "to": to}) for to in ("team_lead", "manager")]
        other = Fact(lead.pk, Kind.ESCALATED, NOW, properties={**of, "to": "team_lead", "promise": "decision"})
        broken, first, second, other = record([breach, *steps, other], at=NOW, rows=rows)
    assert [sorted({pk for pk, _channel in told(event)}) for event in (broken, first, second, other)] == [
        sorted([rep.pk, head.pk]),
        [],
        [manager.pk],
        [head.pk],
    ]


@pytest.mark.django_db
def test_telling_twice_changes_nothing():
    event = assign(make_lead(), make_user())
    before = list(Delivery.objects.order_by("pk").values())
    dispatch([event], at=NOW)
    assert list(Delivery.objects.order_by("pk").values()) == before


@pytest.mark.django_db
def test_dispatch_takes_two_queries_however_many_events():
    leads, reps = [make_lead() for _each in range(3)], [make_user() for _each in range(3)]
    events = [assign(lead, rep) for lead, rep in zip(leads, reps, strict=True)]
    Delivery.objects.all().delete()
    for number in (1, 3):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            dispatch(events[:number], at=NOW)
        assert len([q for q in queries if "SAVEPOINT" not in q["sql"]]) == 2
    with CaptureQueriesContext(connection) as queries:
        assert dispatch([], at=NOW) == []
    assert len(queries) == 0


@pytest.mark.django_db(transaction=True)
def test_pages_and_worker_are_told_after_the_commit():
    rep, lead = make_user(), make_lead()
    broker = redis.Redis.from_url(settings.CACHES["default"]["LOCATION"].replace("db=0", "db=1"))
    broker.flushdb()
    with pushed() as heard, transaction.atomic():
        assign(lead, rep, previous=4)
        assert heard == []
    assert {f"lead:{lead.pk}", "leads", "dashboard", "user:4", f"notifications:{rep.pk}"} in heard
    (message,) = broker.lrange("celery", 0, -1)
    broker.close()
    assert orjson.loads(message)["headers"]["task"] == "notifications.tasks.deliver"


@pytest.mark.django_db(transaction=True)
def test_worker_is_left_alone_without_mail():
    rep, lead = make_user(), make_lead()
    Preference.objects.create(user=rep, email_assigned=False)
    broker = redis.Redis.from_url(settings.CACHES["default"]["LOCATION"].replace("db=0", "db=1"))
    assert hints.postman().join(5)
    broker.flushdb()
    with pushed() as heard:
        assign(lead, rep)
    assert len(heard) == 1
    assert broker.llen("celery") == 0
    broker.close()


def batch_of(leads, owner=None):
    rows = Standings(Standing(lead_id=lead, owner_id=owner) for lead in leads)
    return Batch([Event(lead_id=lead, kind="page.viewed", properties={}) for lead in leads], NOW, rows)


def test_topics_name_the_lead_and_its_owner():
    assert topics(batch_of([7], owner=3)) == {"leads", "dashboard", "lead:7", "user:3"}
    assert topics(batch_of([7])) == {"leads", "dashboard", "lead:7"}


def test_topics_of_many_leads_are_general():
    assert len(topics(batch_of(range(MOST_LEADS)))) == MOST_LEADS + 2
    assert topics(batch_of(range(MOST_LEADS + 1), owner=3)) == {"leads", "dashboard", "user:3"}
