"""What the OpenAPI document says about the agreement, its weeks and the assignment."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from api.v1 import agreement_shapes as agreement
from api.v1 import assigning_shapes as assigning
from api.v1 import bonus_shapes as bonus
from api.v1 import weekly_shapes as weekly
from api.v1.docs import PAGING, SPAN, call, choices, ordering, report_of, when
from sla.enums import DisputeState, Promise, Segment
from sla.responsibility import GROUPS

IDS = "Ids, comma separated; `none`: without any"
MONTH = OpenApiParameter("month", str, description="2026-11; the month before this by default")
DUE = (
    choices("promise", Promise.values),
    OpenApiParameter("lead", int),
    OpenApiParameter("handoff", int),
    when("due_after"),
    when("due_before"),
    OpenApiParameter("owner", str, description=IDS),
    OpenApiParameter("team", str, description=IDS),
    ordering("-due_at", "due_at"),
    *PAGING,
)
FLAGS = tuple(OpenApiParameter(name, bool) for name in ("running", "paused", "broken"))
JUDGED = (
    *SPAN,
    OpenApiParameter("team", int),
    OpenApiParameter("source", str),
    OpenApiParameter("campaign", str),
    OpenApiParameter("group_by", str, enum=list(GROUPS), description="One verdict each, in `groups` or as rows"),
)

read_agreement = call("agreement_read", "The agreement in force", {200: agreement.AgreementShape})
list_agreements = call(
    "agreement_versions_list",
    "Its versions, the draft among them",
    {200: agreement.AgreementPage},
    parameters=(ordering("-version", "version"), *PAGING),
)
read_version = call("agreement_versions_read", "One version", {200: agreement.AgreementShape})
list_clocks = call("clocks_list", "Promises and how they stand", {200: agreement.ClockPage}, parameters=(*DUE, *FLAGS))
pause_clock = call(
    "clocks_pause", "Let a clock stand still", {200: agreement.ClockShape}, body=agreement.PauseBody, once=True
)
resume_clock = call("clocks_resume", "Let it go on", {200: agreement.ClockShape}, once=True)
list_breaches = call(
    "breaches_list",
    "Broken promises under whoever answers for them",
    {200: agreement.BreachPage},
    parameters=(*DUE, choices("segment", Segment.values)),
)
dispute_breach = call(
    "breaches_dispute", "Dispute a breach", {201: agreement.DisputeLine}, body=agreement.DisputeBody, once=True
)
read_responsibility = call(
    None, "Who answers for a period", report_of(agreement.ResponsibilityShape), parameters=JUDGED
)
read_draft = call("agreement_draft_read", "The draft of the next version", {200: agreement.AgreementShape})
open_draft = call(
    "agreement_draft_open", "Open a draft as a copy of the last version", {201: agreement.AgreementShape}, once=True
)
edit_draft = call("agreement_draft_edit", "Edit the draft", {200: agreement.AgreementShape}, body=agreement.DraftBody)
drop_draft = call(
    "agreement_draft_drop",
    "Give the draft up",
    {204: None},
    parameters=(OpenApiParameter("revision", int, required=True, description="The revision that was read"),),
)
sign_draft = call(
    "agreement_draft_sign",
    "Sign exactly this revision for one side",
    {200: agreement.AgreementShape},
    body=agreement.RevisionBody,
    once=True,
)
compare_versions = call("agreement_versions_compare", "What two versions differ in", {200: agreement.DifferencesShape})
list_verdicts = call(
    "verdicts_list",
    "The months as they were closed",
    {200: agreement.VerdictPage},
    parameters=(ordering("-closed_at", "closed_at"), *PAGING),
)
dispute_verdict = call(
    "verdicts_dispute", "Dispute a verdict", {201: agreement.DisputeLine}, body=agreement.DisputeBody, once=True
)
list_disputes = call(
    "disputes_list",
    "Disputes",
    {200: agreement.DisputePage},
    parameters=(choices("state", DisputeState.values), ordering("-raised_at", "raised_at"), *PAGING),
)
decide_dispute = call(
    "disputes_decide", "Decide a dispute", {200: agreement.DisputeLine}, body=agreement.RulingBody, once=True
)

list_feedback = call(
    "feedback_list",
    "Weekly feedback of the sales teams",
    {200: weekly.FeedbackPage},
    parameters=(
        OpenApiParameter("team", str, description=IDS),
        when("due_after"),
        when("due_before"),
        OpenApiParameter("given", bool),
        OpenApiParameter("answered", bool),
        ordering("-due_at", "due_at"),
        *PAGING,
    ),
)
read_feedback = call("feedback_read", "One team's week", {200: weekly.FeedbackShape})
give_feedback = call(
    "feedback_give", "What was good, what to stop", {200: weekly.FeedbackShape}, body=weekly.GiveBody, once=True
)
answer_feedback = call(
    "feedback_answer", "Marketing's answer", {200: weekly.FeedbackShape}, body=weekly.AnswerBody, once=True
)
read_bonus = call("bonus_list", "The bonus of a month, person by person", {200: bonus.BonusMonth}, parameters=(MONTH,))
read_statement = call(
    "bonus_read", "One person's month, every amount with its hand-off", {200: bonus.BonusShape}, parameters=(MONTH,)
)
approve_bonus = call(
    "bonus_approve", "Freeze one person's month", {201: bonus.BonusShape}, body=bonus.MonthBody, once=True
)
approve_month = call(
    "bonus_approve_month",
    "Freeze the month of everybody who has no statement yet",
    {200: bonus.ApprovedMonth},
    body=bonus.MonthBody,
    once=True,
)
correct_bonus = call(
    "bonus_correct", "Add what has changed since as lines of their own", {200: bonus.CorrectionShape}, once=True
)
list_plans = call(
    "bonus_plans_list",
    "Rates and penalties, version by version",
    {200: bonus.PlanPage},
    parameters=(ordering("-first_month", "first_month"), *PAGING),
)
create_plan = call(
    "bonus_plans_create", "Other rates from a month on", {201: bonus.PlanShape}, body=bonus.PlanBody, once=True
)
remove_plan = call("bonus_plans_remove", "Take back rates no statement rests on", {204: None})
list_audits = call(
    "audits_list",
    "Calls drawn for review",
    {200: weekly.AuditPage},
    parameters=(
        OpenApiParameter("rep", str, description=IDS),
        OpenApiParameter("reviewed", bool),
        ordering("-id", "id"),
        *PAGING,
    ),
)
review_call = call("audits_review", "Was it logged right?", {200: weekly.AuditShape}, body=weekly.ReviewBody, once=True)

list_rules = call(
    "assignment_rules_list",
    "The rules in order; the first that fits decides",
    {200: assigning.AssignmentRulePage},
    parameters=(ordering("position"), *PAGING),
)
create_rule = call(
    "assignment_rules_create",
    "A new rule, at the end",
    {201: assigning.AssignmentRuleShape},
    body=assigning.NewRuleBody,
    once=True,
)
read_rule = call("assignment_rules_read", "One rule", {200: assigning.AssignmentRuleShape})
edit_rule = call(
    "assignment_rules_edit", "Edit a rule", {200: assigning.AssignmentRuleShape}, body=assigning.EditRuleBody
)
remove_rule = call("assignment_rules_remove", "Take a rule away", {204: None})
move_rule = call(
    "assignment_rules_move", "One place up or down", {200: assigning.RuleOrder}, body=assigning.MoveBody, once=True
)
list_absences = call(
    "absences_list",
    "Who is away",
    {200: assigning.AbsencePage},
    parameters=(
        OpenApiParameter("user", str, description=IDS),
        OpenApiParameter("from", OpenApiTypes.DATE, description="Absences that end on this day or later"),
        ordering("id", "-id"),
        *PAGING,
    ),
)
add_absence = call(
    "absences_add", "Somebody is away", {201: assigning.AbsenceShape}, body=assigning.AbsenceBody, once=True
)
remove_absence = call("absences_remove", "Back after all", {204: None})
list_people = call(
    "assignment_people_list",
    "Who leads are given to, and what each is given",
    {200: assigning.SellerPage},
    parameters=(OpenApiParameter("team", str, description=IDS), ordering("id", "-id"), *PAGING),
)
read_skills = call("assignment_skills_read", "What one person is given", {200: assigning.SellerShape})
set_skills = call(
    "assignment_skills_set", "Set what a person is given", {200: assigning.SellerShape}, body=assigning.SkillsBody
)
hand_over_all = call(
    "assignment_leaving",
    "Somebody leaves: hand over all their leads",
    {200: assigning.HandedOverShape},
    body=assigning.LeavingBody,
    once=True,
)
try_lead = call("lead_trial", "Who would get this lead now, and why", {200: assigning.TrialShape})
read_fairness = call(
    "assignment_fairness",
    "How the leads were dealt out",
    {200: assigning.FairnessShape},
    parameters=(*SPAN, OpenApiParameter("team", int)),
)
