import pytest

from accounts.enums import Role
from accounts.models import User
from core.errors import Invalid
from leads.models import Event
from leads.notes import add_note, mentions
from notifications.models import Delivery
from tests.factories import NOW, make_lead, make_mql, make_user

PEOPLE = [
    User(pk=1, full_name="Trần Huy", email="huy@a.vn"),
    User(pk=2, full_name="Trần Huy Nam", email="nam@a.vn"),
    User(pk=3, full_name="Đỗ Ánh", email="anh@a.vn"),
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Trần Huy xem giúp", [1]),
        ("@Trần Huy Nam xem giúp", [2]),
        ("@tran huy nam và @Trần Huy", [1, 2]),
        ("(@do anh) và @do anh", [3]),
        ("gửi @anh@a.vn nhé", [3]),
        ("mail anh@Trần Huyền", []),
        ("Trần Huy", []),
        ("@", []),
    ],
)
def test_mentions_are_found_whole_and_without_accents(text, found):
    assert [user.pk for user in mentions(text, PEOPLE)] == found


@pytest.mark.django_db
def test_who_is_mentioned_is_told_if_they_may_see_the_lead():
    rep = make_user(full_name="Trần Huy")
    lead = make_mql()
    manager = make_user(Role.SALES_MANAGER, full_name="Đỗ Ánh")
    make_user(full_name="Lê Xa", on_duty=False)
    event = add_note(lead.pk, by=rep, at=NOW, text="Nhờ @Đỗ Ánh, @Lê Xa và @Trần Huy")
    assert sorted(event.properties["mentioned"]) == sorted([manager.pk, rep.pk])
    assert list(Delivery.objects.filter(kind="note.added").values_list("recipient", "channel")) == [
        (manager.pk, "app"),
        (manager.pk, "email"),
    ]


@pytest.mark.django_db
def test_an_empty_note_is_refused():
    with pytest.raises(Invalid):
        add_note(make_lead().pk, by=None, at=NOW, text=" \u200b ")
    assert Event.objects.filter(kind="note.added").count() == 0
