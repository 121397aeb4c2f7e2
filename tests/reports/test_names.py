import pytest
from django.utils import timezone

from accounts.enums import Role
from reports.names import Person, names
from reports.periods import named
from reports.scope import Scope
from tests.factories import make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def scope():
    at = timezone.now()
    return Scope(named("30d", at=at), at)


def test_everybody_has_a_name_and_a_team_in_the_order_of_names(scope):
    north = make_team("Bắc")
    gone = make_user(Role.ADMIN, full_name="Bình", is_active=False)
    first = make_user(full_name="An", team=north)
    found = names(scope)
    assert [(key, found.people[key]) for key in found.people if key in {first.pk, gone.pk}] == [
        (first.pk, Person("An", "Bắc")),
        (gone.pk, Person("Bình", "")),
    ]
    assert found.teams[north.pk] == "Bắc"


def test_they_are_asked_for_once_for_a_page(scope, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert names(scope) is names(scope)
