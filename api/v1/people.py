"""The people leads are given to: what each is given, and handing over all of somebody who leaves."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request

from accounts.models import User
from api.callers import Caller, Need, known
from api.enums import Scope
from api.idempotency import idempotent
from api.v1 import agreement_docs as docs
from api.v1 import assigning_shapes as shapes
from api.v1.agreement import Conditions, narrowed
from api.v1.assigning import AWAY, BY_ID, LOOK, people_of
from api.v1.base import ApiView, answer, listing, read
from core.errors import Invalid
from leads.assigning import editing
from leads.assigning.leaving import hand_over_all
from leads.filters import ids_or_none
from leads.models import Speciality


class People(ApiView):
    needs = {"GET": LOOK}

    @docs.list_people
    def get(self, request: Request) -> HttpResponse:
        rows = narrowed(people_of(self.caller).select_related("team"), PEOPLE, request)
        return listing(request, rows, orderings=BY_ID, tie="id", show=_shown)


class Skills(ApiView):
    needs = {"GET": LOOK, "PUT": AWAY}

    @docs.read_skills
    def get(self, request: Request, user_id: int) -> HttpResponse:  # noqa: ARG002 - the framework's signature
        return answer(_one(self.caller, user_id))

    @docs.set_skills
    def put(self, request: Request, user_id: int) -> HttpResponse:
        rep = get_object_or_404(people_of(self.caller), pk=known(user_id))
        editing.set_speciality(rep, words=read(shapes.SkillsBody, request))
        return answer(_one(self.caller, user_id))


class Leaving(ApiView):
    """Also somebody's who has left already."""

    needs = {"POST": Need(Scope.ADMIN, "leads.assign")}

    @docs.hand_over_all
    @idempotent
    def post(self, request: Request, user_id: int) -> HttpResponse:
        rep = get_object_or_404(_everybody(self.caller), pk=known(user_id))
        wanted, to = read(shapes.LeavingBody, request)["to"], None
        if wanted is not None:
            to = people_of(self.caller).filter(pk=wanted).first()
            if to is None:
                raise Invalid(_("Nobody you can give leads to has this id."), code="unknown_user", field="to")
        done = hand_over_all(rep, to=to, by=self.caller.by, at=timezone.now())
        return answer({"given": done.given, "waiting": done.waiting})


def _everybody(caller: Caller) -> QuerySet[User]:
    """A team lead: the own team; others: all, whether or not they still work here."""
    own = caller.by is not None and caller.by.is_seller
    return User.objects.filter(team=caller.by.team_id) if own and caller.by else User.objects.all()


def _one(caller: Caller, user_id: int) -> dict[str, Any]:
    rep = get_object_or_404(people_of(caller).select_related("team"), pk=known(user_id))
    return _shown([rep])[0]


def _shown(people: list[User]) -> list[dict[str, Any]]:
    skills = Speciality.objects.in_bulk([rep.pk for rep in people])
    return [shapes.seller_json(rep, skills.get(rep.pk)) for rep in people]


PEOPLE: Conditions = {"team": ids_or_none}
