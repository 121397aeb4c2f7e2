"""The next version of the agreement: drafted and compared by anybody who may, signed in person."""

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from api.callers import Need, known
from api.enums import Scope
from api.idempotency import idempotent
from api.v1 import agreement_docs as docs
from api.v1 import agreement_shapes as shapes
from api.v1.agreement import VIEW, one_version
from api.v1.base import ApiView, answer, read
from core.errors import NotFound
from leads.filters import whole
from sla import drafting
from sla.agreements import draft
from sla.models import Agreement
from sla.terms import differences

EDIT = Need(Scope.ADMIN, "agreement.edit")
SIGN = Need(Scope.ADMIN, "agreement.sign")
LARGEST = 2**31 - 1


class Draft(ApiView):
    needs = {"GET": VIEW, "POST": EDIT, "PATCH": EDIT, "DELETE": EDIT}

    @docs.read_draft
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002 - the framework's signature
        found = draft()
        if found is None:
            raise NotFound
        return answer(one_version(found.version))

    @docs.open_draft
    @idempotent
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002 - the framework's signature
        opened = drafting.open_draft(by=self.caller.by, at=timezone.now())
        return answer(one_version(opened.version), status=201)

    @docs.edit_draft
    def patch(self, request: Request) -> HttpResponse:
        terms = read(shapes.DraftBody, request)
        revision = terms.pop("revision")
        edited = drafting.edit_draft(terms=terms, revision=revision, by=self.caller.by, at=timezone.now())
        return answer(one_version(edited.version))

    @docs.drop_draft
    def delete(self, request: Request) -> HttpResponse:
        revision = whole("revision", request.query_params.get("revision") or "0", largest=LARGEST)
        drafting.drop_draft(revision=revision, by=self.caller.by, at=timezone.now())
        return HttpResponse(status=204)


class SignDraft(ApiView):
    needs = {"POST": SIGN}

    @docs.sign_draft
    @idempotent
    def post(self, request: Request) -> HttpResponse:
        by, given = self.caller.person, read(shapes.RevisionBody, request)
        return answer(one_version(drafting.sign_draft(**given, by=by, at=timezone.now()).version))


class Differences(ApiView):
    needs = {"GET": VIEW}

    @docs.compare_versions
    def get(self, request: Request, number: int, other: int) -> HttpResponse:  # noqa: ARG002 - the framework's signature
        found = {v.version: v for v in Agreement.objects.filter(version__in=[known(number), known(other)])}
        if not {number, other} <= found.keys():
            raise NotFound
        changed = differences(found[other], found[number])
        return answer({"from": other, "version": number, "differences": shapes.changes_json(changed)})
