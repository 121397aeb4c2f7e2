"""What is said without a lead: once, in the transaction of whoever says it."""

import pytest
from django.db import transaction
from django.urls import reverse

from accounts import notices
from accounts.enums import Role
from accounts.models import Notice
from accounts.notices import CATALOGUE, News, announce, declare, opens_for, who_may
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db


def news(key="1", *, kind="bonus.approved", to=(), **also):
    return News(kind, key, to, "/bonus/", NOW, **also)


@pytest.fixture
def heard(monkeypatch):
    """What subscribers get while the test runs; nobody else listens."""
    told = []
    monkeypatch.setattr(notices, "_subscribers", [lambda new, _at: told.extend(new)])
    return told


def test_a_notice_is_written_as_it_was_said(heard):
    user = make_user()
    (said,) = announce([news(actor_id=user.pk, properties={"month": "2026-11-01"})], at=NOW)
    row = Notice.objects.get()
    assert (row.pk, row.kind, row.key, row.at, row.actor) == (said.pk, "bonus.approved", "1", NOW, user)
    assert (row.path, row.properties, str(row)) == ("/bonus/", {"month": "2026-11-01"}, "bonus.approved 1")
    assert (said.path, said.at, said.properties) == (row.path, NOW, row.properties)


def test_what_was_said_is_heard_once_however_often_it_is_said(heard):
    announce([news(to=[4, 4, 5])], at=NOW)
    assert announce([news(to=[4]), news("2", to=[6])], at=NOW) == [Notice.objects.get(key="2")]
    assert [(notice.key, to) for notice, to in heard] == [("1", {4, 5}), ("2", {6})]


def test_the_same_key_of_another_kind_is_other_news(heard):
    assert len(announce([news(), news(kind="bonus.corrected")], at=NOW)) == 2


def test_said_twice_in_one_breath_is_said_once(heard):
    announce([news(), news()], at=NOW)
    assert (Notice.objects.count(), len(heard)) == (1, 1)


def test_nothing_said_asks_nothing(heard, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert announce([], at=NOW) == []


def test_what_is_taken_back_was_never_said(heard):
    with transaction.atomic():
        announce([news()], at=NOW)
        transaction.set_rollback(True)
    assert Notice.objects.count() == 0
    assert len(announce([news()], at=NOW)) == 1


def test_kinds_are_declared_once():
    assert "bonus.approved" in CATALOGUE
    with pytest.raises(ValueError, match=r"bonus\.approved is declared twice"):
        declare("bonus.approved")


def test_a_subscriber_is_called_once_for_each_notice():
    known = list(notices._subscribers)
    assert notices.subscribe(known[0]) is known[0]
    assert notices._subscribers == known


def test_who_may_leaves_out_who_has_left():
    here = make_user(Role.SALES_MANAGER)
    make_user(Role.SALES_MANAGER, is_active=False)
    make_user(Role.MARKETER)
    assert who_may("disputes.decide") == [here.pk]


def test_a_page_opens_for_those_whom_its_mark_allows():
    path = reverse("disputes")
    assert opens_for(f"{path}?state=open", make_user(Role.SALES_MANAGER)) is True
    assert opens_for(path, make_user(Role.REP)) is False
    assert opens_for("/healthz", make_user(Role.REP)) is True
