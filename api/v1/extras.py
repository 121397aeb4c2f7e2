"""What hangs on one lead beside calls: appointments, notes, tags."""

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from api.idempotency import idempotent
from api.v1 import bodies, docs
from api.v1.acts import WORK
from api.v1.base import ApiView, answer, read
from api.v1.leads import EDIT
from api.v1.shapes import appointment_json, note_json
from leads.appointments import make_appointment
from leads.notes import add_note
from leads.tags import tag_lead


class Appointments(ApiView):
    needs = {"POST": WORK}

    @docs.make_appointment
    @idempotent
    def post(self, request: Request, lead_id: int) -> HttpResponse:
        self.caller.check_work(lead_id)
        given = read(bodies.AppointmentBody, request)
        return answer(
            appointment_json(make_appointment(lead_id, by=self.caller.by, at=timezone.now(), **given)), status=201
        )


class Notes(ApiView):
    needs = {"POST": EDIT}

    @docs.add_note
    @idempotent
    def post(self, request: Request, lead_id: int) -> HttpResponse:
        self.caller.check_work(lead_id)
        event = add_note(lead_id, by=self.caller.by, at=timezone.now(), **read(bodies.NoteBody, request))
        return answer(note_json(event), status=201)


class Tags(ApiView):
    needs = {"POST": EDIT}

    @docs.tag
    @idempotent
    def post(self, request: Request, lead_id: int) -> HttpResponse:
        self.caller.check_work(lead_id)
        lead = tag_lead(lead_id, by=self.caller.by, at=timezone.now(), **read(bodies.TagsBody, request))
        return answer({"tags": lead.tags})
