"""A connection the server has closed meanwhile is noticed by the first statement of the next call."""

import psycopg2
import pytest
from django.db import OperationalError, connection, transaction

from api.keys import authenticate, create_key
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def token():
    return create_key("Web", ["leads:write"], by=None, at=NOW)[1]


def cut_off():
    """Ends our server process from another connection."""
    pid = connection.connection.info.backend_pid
    other = psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None})
    with other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    other.close()


def test_the_key_is_found_on_a_new_connection(token):
    assert authenticate(token, at=NOW)
    cut_off()
    assert authenticate(token, at=NOW)


def test_inside_a_transaction_the_loss_is_not_hidden(token):
    def lose(_token):
        with transaction.atomic():
            connection.ensure_connection()
            cut_off()
            authenticate(_token, at=NOW)

    with pytest.raises(OperationalError):
        lose(token)


def test_the_look_up_is_the_only_statement_of_the_kind(token, django_assert_num_queries):
    connection.health_check_enabled, connection.health_check_done = True, False
    authenticate(token, at=NOW)
    connection.health_check_enabled, connection.health_check_done = True, False
    with django_assert_num_queries(1):
        authenticate(token, at=NOW)
    assert connection.health_check_done
