"""Schemathesis reads the document and tries it: no server error, no answer that is not documented."""

import orjson
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api import reference
from tests.api.caller import Caller
from tests.factories import make_handoff, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
document = schemathesis.openapi.from_dict(orjson.loads(reference.document()))
document.app = get_wsgi_application()
OPERATIONS = [result.ok() for result in document.get_all_operations()]


@pytest.fixture(autouse=True)
def _one_connection():
    """The application under test must not close the connection that holds the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.label)
def test_every_answer_is_documented(operation, db):
    make_user()
    caller, lead_id = Caller("admin"), make_handoff().lead_id

    @given(operation.as_strategy())
    @settings(max_examples=15, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def holds(case):
        if "lead_id" in case.path_parameters:
            case.path_parameters["lead_id"] = lead_id
        case.call_and_validate(checks=CHECKS, headers=caller.headers)

    holds()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.label)
@pytest.mark.parametrize("scope", ["reports:read", ""])
def test_refusals_are_documented(operation, scope, db):
    caller = Caller(scope) if scope else Caller()
    given_body = {"body": {}, "media_type": "application/json"} if operation.method not in {"get", "GET"} else {}
    numbers = {parameter.name: 1 for parameter in operation.path_parameters}
    case = operation.Case(path_parameters=numbers, **given_body)
    case.validate_response(case.call(headers=caller.headers), checks=CHECKS)
