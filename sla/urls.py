from django.urls import path

from sla.views import agreement, clocks, drafts

urlpatterns = [
    path("agreement/", agreement.agreement, name="agreement"),
    path("agreement/hours/", agreement.edit_hours, name="office_hours"),
    path("agreement/days/", agreement.add_day, name="special_day_add"),
    path("agreement/days/remove/", agreement.remove_day, name="special_day_remove"),
    path("agreement/escalation/", clocks.escalation, name="escalation"),
    path("sla/clocks/<int:clock_id>/pause/", clocks.pause, name="clock_pause"),
    path("sla/clocks/<int:clock_id>/resume/", clocks.resume, name="clock_resume"),
    path("agreement/draft/", drafts.edit_draft, name="agreement_draft"),
    path("agreement/draft/open/", drafts.open_draft, name="agreement_open"),
    path("agreement/draft/sign/", drafts.sign_draft, name="agreement_sign"),
    path("agreement/draft/drop/", drafts.drop_draft, name="agreement_drop"),
    path("agreement/<int:number>/", drafts.version, name="agreement_version"),
]
