"""The agreement: what is promised, the clocks, the months as they were closed, and disputes."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from api.callers import Need, known
from api.enums import Scope
from api.v1 import agreement_docs as docs
from api.v1 import agreement_shapes as shapes
from api.v1.acting import act_on
from api.v1.base import ApiView, answer, listing
from core.errors import NotFound
from leads.filters import ids_or_none, moment, one_of, whole, yes_no
from leads.models import Lead
from sla import disputes, pausing
from sla.agreements import in_force, versions
from sla.enums import DisputeState, Promise, Segment
from sla.models import Agreement, Clock, Dispute
from sla.queries import visible_breaches, visible_verdicts

VIEW = Need(Scope.REPORTS_READ, "agreement.view")
JUDGE = Need(Scope.REPORTS_READ, "reports.view")
PAUSE = Need(Scope.ADMIN, "leads.assign")
DISPUTE = Need(Scope.ADMIN, "agreement.view")
DISPUTE_VERDICT = Need(Scope.ADMIN, "reports.view")
DECIDE = Need(Scope.ADMIN, "disputes.decide")
LARGEST = 2**63 - 1
BY_DUE = {"-due_at": "-due_at", "due_at": "due_at"}
BY_VERSION = {"-version": "-version", "version": "version"}
BY_MONTH = {"-closed_at": "-closed_at", "closed_at": "closed_at"}
BY_RAISED = {"-raised_at": "-raised_at", "raised_at": "raised_at"}
OF_CLOCK = ("lead", "agreement", "owner", "team", "breach_owner", "breach_team")
Conditions = Mapping[str, Callable[[str, str], Q]]


def _clocks(by: Any) -> QuerySet[Clock]:
    """The promises on leads this caller may see; a key sees all."""
    rows = Clock.objects.select_related(*OF_CLOCK)
    return rows if by is None else rows.filter(lead__in=Lead.objects.visible_to(by))


def _clock(clock: Clock) -> dict[str, Any]:
    return shapes.clock_json(clock, at=timezone.now())


class InForce(ApiView):
    needs = {"GET": VIEW}

    @docs.read_agreement
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002 - the framework's signature
        return answer(one_version(in_force(versions(), at=timezone.now()).version))


class Versions(ApiView):
    needs = {"GET": VIEW}

    @docs.list_agreements
    def get(self, request: Request) -> HttpResponse:
        rows = Agreement.objects.select_related("signed_by_marketing", "signed_by_sales")
        return listing(request, rows, orderings=BY_VERSION, tie="id", show=shapes.agreements_json)


class OneVersion(ApiView):
    needs = {"GET": VIEW}

    @docs.read_version
    def get(self, request: Request, number: int) -> HttpResponse:  # noqa: ARG002 - the framework's signature
        return answer(one_version(number))


class Clocks(ApiView):
    needs = {"GET": VIEW}

    @docs.list_clocks
    def get(self, request: Request) -> HttpResponse:
        rows = narrowed(_clocks(self.caller.by), CLOCKS, request)
        show = shapes.clocks_json(timezone.now())
        return listing(request, rows, orderings=BY_DUE, tie="id", show=show)


class Pause(ApiView):
    needs = {"POST": PAUSE}
    post = docs.pause_clock(act_on(lambda c: _clocks(c.by), pausing.pause_clock, _clock, body=shapes.PauseBody))


class Resume(ApiView):
    needs = {"POST": PAUSE}
    post = docs.resume_clock(act_on(lambda c: _clocks(c.by), pausing.resume_clock, _clock))


class Breaches(ApiView):
    needs = {"GET": VIEW}

    @docs.list_breaches
    def get(self, request: Request) -> HttpResponse:
        rows = narrowed(visible_breaches(self.caller.by), BREACHES, request).select_related(*OF_CLOCK)
        rows = rows.prefetch_related("disputes__raised_by", "disputes__decided_by")
        show = shapes.breaches_json(timezone.now())
        return listing(request, rows, orderings=BY_DUE, tie="id", show=show)


class DisputeBreach(ApiView):
    needs = {"POST": DISPUTE}
    post = docs.dispute_breach(
        act_on(
            lambda c: visible_breaches(c.by),
            disputes.dispute_breach,
            shapes.dispute_json,
            body=shapes.DisputeBody,
            status=201,
        )
    )


class Verdicts(ApiView):
    needs = {"GET": JUDGE}

    @docs.list_verdicts
    def get(self, request: Request) -> HttpResponse:
        rows = visible_verdicts(self.caller.by).prefetch_related("disputes__raised_by", "disputes__decided_by")
        return listing(request, rows, orderings=BY_MONTH, tie="id", show=shapes.verdicts_json)


class DisputeVerdict(ApiView):
    needs = {"POST": DISPUTE_VERDICT}
    post = docs.dispute_verdict(
        act_on(
            lambda c: visible_verdicts(c.by),
            disputes.dispute_verdict,
            shapes.dispute_json,
            body=shapes.DisputeBody,
            status=201,
        )
    )


class Disputes(ApiView):
    needs = {"GET": DECIDE}

    @docs.list_disputes
    def get(self, request: Request) -> HttpResponse:
        rows = narrowed(Dispute.objects.select_related("raised_by", "decided_by"), DISPUTES, request)

        def show(page: list[Dispute]) -> list[dict[str, Any]]:
            return [shapes.dispute_json(one) for one in page]

        return listing(request, rows, orderings=BY_RAISED, tie="id", show=show)


class Decide(ApiView):
    needs = {"POST": DECIDE}
    post = docs.decide_dispute(
        act_on(lambda _c: Dispute.objects.all(), disputes.decide_dispute, shapes.dispute_json, body=shapes.RulingBody)
    )


def one_version(number: int) -> dict[str, Any]:
    found = Agreement.objects.filter(version=known(number)).select_related("signed_by_marketing", "signed_by_sales")
    rows = shapes.agreements_json(list(found))
    if not rows:
        raise NotFound
    return rows[0]


def narrowed(rows: QuerySet[Any], conditions: Conditions, request: Request) -> QuerySet[Any]:
    """The rows that meet every condition the address names. Raises Invalid."""
    for name, condition in conditions.items():
        if value := (request.query_params.get(name) or "").strip():
            rows = rows.filter(condition(name, value))
    return rows


DUE: Conditions = {
    "promise": lambda name, value: Q(promise__in=one_of(name, value, Promise.values)),
    "lead": lambda name, value: Q(lead=whole(name, value, largest=LARGEST)),
    "handoff": lambda name, value: Q(handoff=whole(name, value, largest=LARGEST)),
    "due_after": lambda name, value: Q(due_at__gte=moment(name, value)),
    "due_before": lambda name, value: Q(due_at__lt=moment(name, value)),
}
CLOCKS: Conditions = {
    **DUE,
    "owner": ids_or_none,
    "team": ids_or_none,
    "running": lambda name, value: Q(stopped_at__isnull=yes_no(name, value)),
    "paused": lambda name, value: Q(paused_at__isnull=not yes_no(name, value)),
    "broken": lambda name, value: Q(breached_at__isnull=not yes_no(name, value)),
}
BREACHES: Conditions = {
    **DUE,
    "owner": lambda _name, value: ids_or_none("breach_owner", value),
    "team": lambda _name, value: ids_or_none("breach_team", value),
    "segment": lambda name, value: Q(breach_segment__in=one_of(name, value, Segment.values)),
}
DISPUTES: Conditions = {"state": lambda name, value: Q(state__in=one_of(name, value, DisputeState.values))}
