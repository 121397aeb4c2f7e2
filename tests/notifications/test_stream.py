"""The stream, driven over ASGI on a real Valkey and a real PostgreSQL."""

import asyncio
from datetime import timedelta

import orjson
import pytest
from django.contrib.sessions.models import Session
from django.db import connection

from accounts.enums import Role
from core import hints
from notifications import hub as hub_module
from notifications import stream as stream_module
from notifications.hub import hub
from notifications.stream import _deaf_since
from tests.factories import NOW, make_lead, make_team, make_user
from tests.notifications.stream_driver import Page, opened, scope, session_of

pytestmark = pytest.mark.django_db(transaction=True)


def push(*topics):
    hints.postman().take(topics=topics)


async def answered(asked):
    page = Page(asked)
    await page.task
    return page.status, page.headers.get(b"content-type"), orjson.loads(page.text)["status"]


def test_page_hears_what_concerns_everybody_and_its_own():
    user, other = make_user(), make_user()
    session = session_of(user)

    async def story():
        async with opened(session) as page:
            push("leads", "dashboard", "lead:1", f"user:{other.pk}", f"user:{user.pk}")
            push(f"notifications:{other.pk}", f"notifications:{user.pk}")
            await page.hears("notifications", f"notifications:{user.pk}")
            return page.status, page.headers[b"content-type"], page.text.split("\n\n")[0], set(page.events)

    assert asyncio.run(story()) == (
        200,
        b"text/event-stream; charset=utf-8",
        "retry: 2000",
        {
            ("ready", "ready"),
            ("leads", "leads"),
            ("dashboard", "dashboard"),
            ("user", f"user:{user.pk}"),
            ("notifications", f"notifications:{user.pk}"),
        },
    )


def test_lead_page_hears_of_its_lead():
    lead = make_lead()
    session = session_of(make_user(Role.MARKETER))

    async def story():
        async with opened(session, query=f"lead={lead.pk}") as page:
            push(f"lead:{lead.pk + 1}")
            push(f"lead:{lead.pk}")
            await page.hears("lead", f"lead:{lead.pk}")
            return page.events

    assert asyncio.run(story()) == [("ready", "ready"), ("lead", f"lead:{lead.pk}")]


def test_lead_of_others_stays_silent():
    lead = make_lead()
    session = session_of(make_user(team=make_team()))

    async def story():
        async with opened(session, query=f"lead={lead.pk}") as page:
            push(f"lead:{lead.pk}")
            push("leads")
            await page.hears("leads", "leads")
            return page.events

    assert asyncio.run(story()) == [("ready", "ready"), ("leads", "leads")]


def test_page_hears_what_changed_while_it_was_made():
    session = session_of(make_user())

    async def story():
        async with opened(session) as before:
            hub()._hears_since -= 10
            push("leads")
            await before.hears("leads", "leads")
            push("dashboard", "lead:1")
            await before.hears("dashboard", "dashboard")
            async with opened(session, query="age=1000") as page, opened(session) as other:
                await page.hears("dashboard", "dashboard")
                return set(page.events), other.events

    assert asyncio.run(story()) == (
        {("ready", "ready"), ("leads", "leads"), ("dashboard", "dashboard")},
        [("ready", "ready")],
    )


def test_what_changed_before_the_page_was_asked_for_is_in_it(monkeypatch):
    monkeypatch.setattr(stream_module, "SLACK", 0.0)
    session = session_of(make_user())

    async def story():
        async with opened(session) as before:
            push("dashboard")
            await before.hears("dashboard", "dashboard")
            hub()._hears_since -= 10
            async with opened(session, query="age=0") as page:
                return page.events

    assert asyncio.run(story()) == [("ready", "ready")]


def test_first_page_in_a_while_takes_everything_for_changed():
    user = make_user()
    session = session_of(user)

    async def story():
        async with opened(session, query="age=700") as page:
            await page.hears("jobs", f"jobs:{user.pk}")
            return {event for event, _topic in page.events}

    assert asyncio.run(story()) == {"ready", "leads", "dashboard", "user", "notifications", "jobs"}


def test_only_so_many_topics_are_remembered(monkeypatch):
    monkeypatch.setattr(hub_module, "MOST_REMEMBERED", 2)
    monkeypatch.setattr(hub_module, "LINGER", 0.0)
    session = session_of(make_user())

    async def story():
        async with opened(session) as page:
            for topics in (("lead:1", "lead:2", "lead:3"), ("leads",)):
                push(*topics)
                assert hints.postman().join(5)
            await page.hears("leads", "leads")
            return set(hub()._lately)

    assert asyncio.run(story()) == {"leads"}


@pytest.mark.parametrize("query", ["", "age=", "age=x", "age=%00", "age=²", "age=-1", "age=60001", "age=" + "9" * 40])
def test_page_of_no_age_or_too_old_missed_nothing(query):
    async def asked():
        return _deaf_since(scope(query=query.encode().decode("latin-1")))

    assert asyncio.run(asked()) is None


def test_burst_is_gathered_into_few_messages():
    session = session_of(make_user())

    async def story():
        async with opened(session) as page:
            for _each in range(50):
                push("leads", "dashboard")
                await asyncio.sleep(0.002)
            await asyncio.sleep(2 * stream_module.GATHER)
            return page.events.count(("leads", "leads"))

    assert 1 <= asyncio.run(story()) <= 4


def test_quiet_stream_gives_a_sign_of_life(monkeypatch):
    monkeypatch.setattr(stream_module, "HEARTBEAT", 0.05)
    session = session_of(make_user())

    async def story():
        async with opened(session) as page:
            await page.until(lambda page: page.text.endswith(": still here\n\n"))

    asyncio.run(story())


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"path": "/events/more"}, 404),
        ({"method": "POST"}, 405),
        ({"headers": [(b"sec-fetch-site", b"cross-site")]}, 403),
        ({}, 401),
        ({"session": "unknown"}, 401),
    ],
)
def test_stream_refuses_with_a_problem(asked, status):
    assert asyncio.run(answered(scope(**asked))) == (status, b"application/problem+json", status)


def test_stream_refuses_who_has_left():
    user = make_user()
    session = session_of(user)
    user.is_active = False
    user.save()
    assert asyncio.run(answered(scope(session)))[0] == 401


def test_one_person_opens_only_so_many_pages(monkeypatch):
    monkeypatch.setattr(hub_module, "MOST_PER_PERSON", 1)
    session, colleague = session_of(make_user()), session_of(make_user())

    async def story():
        async with opened(session), opened(colleague):
            return await answered(scope(session))

    assert asyncio.run(story())[0] == 429


@pytest.mark.parametrize("end", ["logged out", "left", "new password"])
def test_stream_ends_with_the_login(monkeypatch, end):
    monkeypatch.setattr(hub_module, "RECHECK", 0.1)
    user, colleague = make_user(), make_user()
    session, other = session_of(user), session_of(colleague)

    async def story():
        async with opened(other) as stays, opened(session) as page:
            await asyncio.to_thread(finish)
            await page.until(lambda page: page.ended, seconds=5)
            return stays.ended, page.task.done()

    def finish():
        if end == "logged out":
            Session.objects.filter(session_key=session).delete()
        elif end == "left":
            type(user).objects.filter(pk=user.pk).update(is_active=False)
        else:
            user.set_password("another-password")
            user.save()
        connection.close()

    assert asyncio.run(story())[0] is False


def test_stream_outlives_a_database_that_is_away(monkeypatch, caplog):
    monkeypatch.setattr(hub_module, "RECHECK", 0.05)
    session = session_of(make_user())

    async def story():
        async with opened(session) as page:
            with monkeypatch.context() as broken:
                broken.setitem(connection.settings_dict, "HOST", "/nowhere")
                await asyncio.sleep(0.5)
            push("leads")
            await page.hears("leads", "leads")

    asyncio.run(story())
    assert "stream: sessions not checked: OperationalError" in {r.getMessage() for r in caplog.records}


def test_stream_holds_no_database_connection():
    session = session_of(make_user())

    async def story():
        async with opened(session):
            return await asyncio.to_thread(backends)

    def backends():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            (count,) = cursor.fetchone()
        connection.close()
        return count

    connection.close()  # the test's own
    assert asyncio.run(story()) == 0


def test_last_page_that_leaves_closes_the_ear(monkeypatch):
    monkeypatch.setattr(hub_module, "LINGER", 0.0)
    session = session_of(make_user())

    async def story():
        async with opened(session) as first, opened(session):
            assert len(hub()._listeners) == 2
            await first.leave()
            assert len(hub()._tasks) == 2
        await asyncio.sleep(0)
        left = (hub()._listeners, hub()._tasks, dict(hub()._by_topic), hub()._hears_since)
        async with opened(session) as again:
            push("leads")
            await again.hears("leads", "leads")
        return left

    assert asyncio.run(story()) == (set(), [], {}, None)


def test_ear_stays_open_for_the_next_page():
    session = session_of(make_user())

    async def story():
        async with opened(session):
            hub()._hears_since = heard_since = hub()._hears_since - 10
        push("dashboard")
        assert hints.postman().join(5)
        async with opened(session, query="age=300") as page:
            await page.hears("dashboard", "dashboard")
            return page.events, hub()._hears_since == heard_since

    assert asyncio.run(story()) == ([("ready", "ready"), ("dashboard", "dashboard")], True)


def test_lost_connection_is_told_and_made_good():
    user = make_user()
    session = session_of(user)

    async def story():
        async with opened(session) as page:
            kill_subscribers()
            await page.hears("lost", "lost")
            await page.hears("user", f"user:{user.pk}")
            events = page.events[1:]
            async with opened(session) as late:
                assert late.events == [("ready", "ready")]
            return events

    def kill_subscribers():
        client = hints._client()
        client.client_kill_filter(_type="pubsub")

    assert asyncio.run(story()) == [
        ("lost", "lost"),
        ("resync", "resync"),
        ("leads", "leads"),
        ("dashboard", "dashboard"),
        ("user", f"user:{user.pk}"),
        ("notifications", f"notifications:{user.pk}"),
        ("jobs", f"jobs:{user.pk}"),
    ]


def test_frozen_server_is_noticed_by_its_silence(monkeypatch):
    monkeypatch.setattr(hub_module, "SILENCE", 0.1)
    session = session_of(make_user())

    async def story():
        async with opened(session) as page:
            await asyncio.sleep(0.5)  # asked several times, answered each time
            assert page.events == [("ready", "ready")]
            await asyncio.to_thread(hints._client().client_pause, 1000)
            await page.hears("lost", "lost")
            await page.hears("resync", "resync")

    asyncio.run(story())


def test_server_that_is_away_is_tried_again(settings, caplog):
    session = session_of(make_user())
    away = dict(settings.CACHES["default"], LOCATION="unix:///nowhere/valkey.sock?db=0")
    here, settings.CACHES = settings.CACHES, {"default": away}

    async def story():
        page = Page(scope(session))
        await asyncio.sleep(0.3)
        assert page.events == []
        settings.CACHES = here
        await page.hears("ready", "ready")
        await page.leave()

    asyncio.run(story())
    assert {record.getMessage() for record in caplog.records} == {"stream: lost the hints: ConnectionError"}


def test_page_that_leaves_before_it_is_answered_does_no_harm():
    session = session_of(make_user())

    async def story():
        page = Page(scope(session))
        await page.leave()
        return hub()._listeners

    assert asyncio.run(story()) == set()


def test_expired_session_hears_nothing():
    session = session_of(make_user())
    Session.objects.update(expire_date=NOW - timedelta(days=400))
    assert asyncio.run(answered(scope(session)))[0] == 401
