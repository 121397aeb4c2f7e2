"""A lead that has said and been told everything there is to say; every word of it holds "kanarie"."""

from datetime import timedelta

from django.core.files.base import ContentFile

from leads.appointments import make_appointment
from leads.behaviour import behave
from leads.calls import log_call
from leads.files import attach
from leads.models import Handoff
from leads.notes import add_note
from leads.profile import update_profile
from scoring.adjust import adjust_score
from tests.factories import NOW, accept, arrive, make_mql

PHONE = "+84912345678"
PNG = b"\x89PNG\r\n\x1a\nkanarie" + b"\0" * 20


def a_full_life(rep, manager):
    """Accepted by Sales, with all that comes before."""
    lead = make_mql(
        name="Nguyễn Kanarie Anh", phone="0912 345 678", email="kanarie@anphat.example", company="Kanarie Co",
        title="Giám đốc Kanarie", city="Kanarie city", external_id="kanarie-1", note="gọi kanarie", company_size=200,
        utm={"term": "kanarie"}, consent={"purpose": "ads", "text_version": "kanarie"}, custom={"x": "kanarie"},
    )  # fmt: skip
    handoff = Handoff.objects.get(lead=lead)
    arrive(name="Kanarie Khác", phone=PHONE, at=NOW, event={"kind": "page.viewed", "properties": {"page": "/kanarie"}})
    behave([{"lead_id": lead.pk, "kind": "ebook.downloaded", "properties": {"document": "kanarie"}}], at=NOW)
    log_call(lead.pk, by=rep, at=NOW, outcome="reached", note="kanarie", recording_url="https://r.example/kanarie")
    add_note(lead.pk, by=rep, at=NOW, text="kanarie nói")
    update_profile(lead.pk, by=rep, at=NOW, changes={"title": "Kanarie"})
    adjust_score(lead.pk, points=5, reason="kanarie", by=manager, at=NOW)
    made = {"starts_at": NOW + timedelta(days=30), "minutes": 30, "place": "nhà Kanarie", "note": "kanarie"}
    make_appointment(lead.pk, by=rep, at=NOW, **made)
    attach(lead.pk, by=rep, at=NOW, file=ContentFile(PNG, name="kanarie.png"))
    accept(handoff, by=rep, need_note="kanarie cần", budget_note="kanarie")
    return lead
