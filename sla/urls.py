from django.urls import path

from sla.views import agreement, bonus, clocks, drafts, responsibility, weekly

urlpatterns = [
    path("agreement/", agreement.agreement, name="agreement"),
    path("agreement/hours/", agreement.edit_hours, name="office_hours"),
    path("agreement/days/", agreement.add_day, name="special_day_add"),
    path("agreement/days/remove/", agreement.remove_day, name="special_day_remove"),
    path("agreement/escalation/", clocks.escalation, name="escalation"),
    path("agreement/draft/", drafts.edit_draft, name="agreement_draft"),
    path("agreement/draft/open/", drafts.open_draft, name="agreement_open"),
    path("agreement/draft/sign/", drafts.sign_draft, name="agreement_sign"),
    path("agreement/draft/drop/", drafts.drop_draft, name="agreement_drop"),
    path("agreement/<int:number>/", drafts.version, name="agreement_version"),
    path("agreement/breaches/", responsibility.breaches, name="breaches"),
    path("agreement/breaches/<int:clock_id>/dispute/", responsibility.dispute_breach, name="dispute_breach"),
    path("sla/clocks/<int:clock_id>/pause/", clocks.pause, name="clock_pause"),
    path("sla/clocks/<int:clock_id>/resume/", clocks.resume, name="clock_resume"),
    path("responsibility/", responsibility.responsibility, name="responsibility"),
    path("responsibility/rows/<slug:code>/", responsibility.rows, name="responsibility_rows"),
    path("responsibility/<int:verdict_id>/dispute/", responsibility.dispute_verdict, name="dispute_verdict"),
    path("disputes/", responsibility.dispute_list, name="disputes"),
    path("disputes/<int:dispute_id>/", responsibility.dispute_decide, name="dispute_decide"),
    path("feedback/", weekly.feedback_list, name="feedback"),
    path("feedback/<int:feedback_id>/", weekly.feedback_week, name="feedback_week"),
    path("audits/", weekly.audit_list, name="audits"),
    path("audits/<int:audited_id>/", weekly.audit_review, name="audit_review"),
    path("bonus/", bonus.bonus, name="bonus"),
    path("bonus/plan/", bonus.plan, name="bonus_plan"),
    path("bonus/<int:user_id>/", bonus.statement, name="bonus_statement"),
    path("bonus/<int:user_id>/approve/", bonus.approve, name="bonus_approve"),
    path("bonus/statements/<int:statement_id>/correct/", bonus.correct, name="bonus_correct"),
]
