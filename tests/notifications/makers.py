"""Facts on the spine, and what they lead to, for the tests of this room."""

from contextlib import contextmanager

from core import hints
from leads.events import Fact, record
from leads.standing import lock
from notifications.enums import Channel, Kind
from notifications.models import Delivery
from tests.factories import NOW, make_lead, make_user


def say(kind, lead, *, at=NOW, by=None, **properties):
    """Records one fact about a lead, through the spine. Returns the event."""
    with lock([lead.pk]) as rows:
        (event,) = record([Fact(lead.pk, kind, at, by.pk if by else None, properties=properties)], at=at, rows=rows)
    return event


def assign(lead, user, *, at=NOW, by=None, previous=None):
    """As the assignment says it."""
    return say(Kind.ASSIGNED, lead, at=at, by=by, owner=user.pk, team=user.team_id, previous=previous)


def make_delivery(user=None, *, at=NOW, channel=Channel.APP, **lead):
    """A notification of a lead given to this person."""
    user = user or make_user()
    event = assign(make_lead(**lead), user, at=at)
    return Delivery.objects.with_subject().get(event=event, channel=channel, recipient=user)


class Ears(hints.Postman):
    """A postman that keeps what it is given: the broker's end of the line."""

    def __init__(self):
        self.topics, self.tasks = [], []

    def take(self, topics=(), tasks=()):
        self.topics += [set(topics)] if topics else []
        self.tasks += tasks


@contextmanager
def listening(monkeypatch):
    """What is pushed and woken inside, as (list of sets of topics, list of tasks)."""
    ears = Ears()
    with monkeypatch.context() as patch:
        patch.setattr(hints, "postman", lambda: ears)
        yield ears
