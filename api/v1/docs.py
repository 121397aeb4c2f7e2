"""What the OpenAPI document says about each call. Each name decorates one method."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, PolymorphicProxySerializer, extend_schema
from rest_framework.serializers import Serializer

from api.v1 import bodies, schemas, sent
from api.v1 import scoring_shapes as scoring
from leads.enums import HandoffKind, Outcome, Stage, Status
from leads.filters import GRADES, SLA_STATES
from reports.export import FORMATS
from reports.periods import Group

F = TypeVar("F", bound=Callable[..., Any])
Answers = Mapping[Any, Any]  # status, or (status, media type), to the shape of the body

PROBLEMS = {
    400: "Malformed: broken JSON, unusable header",
    401: "No key, or one that is unknown, expired or revoked",
    403: "The scope or role does not allow it",
    404: "Not there, or not for you",
    406: "Only JSON is served",
    409: "Conflict, or the first request with this Idempotency-Key is still running",
    413: "Larger than 5 MB",
    415: "Only JSON is taken",
    422: "Invalid, or not possible in this state",
    429: "Too many requests; see Retry-After",
    503: "The database is away or busy; see Retry-After",
}
OF_READING = (401, 403, 404, 406, 422, 429, 503)
ONCE = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="At most 255 characters. Kept 7 days: the same request again gets the first answer again.",
)
PAGING = (
    OpenApiParameter("cursor", str, description="From `next` or `previous`"),
    OpenApiParameter("page_size", int, description="1 to 200; 50 by default"),
)


def call(
    name: str | None,
    summary: str,
    answers: Answers,
    *,
    body: type[Serializer[Any]] | None = None,
    once: bool = False,
    parameters: tuple[OpenApiParameter, ...] = (),
) -> Callable[[F], F]:
    """One operation with all its answers; `once`: it takes an Idempotency-Key. Without a name the address gives it."""
    refused = PROBLEMS if body or once or 204 in answers else {code: PROBLEMS[code] for code in OF_READING}
    problems = {
        (code, "application/problem+json"): OpenApiResponse(schemas.ProblemDocument, description=text)
        for code, text in refused.items()
    }
    return extend_schema(
        operation_id=name,
        summary=summary,
        request=body,
        responses={**answers, **problems},
        parameters=[*parameters, *([ONCE] if once else [])],
    )


def choices(name: str, values: list[str]) -> OpenApiParameter:
    return OpenApiParameter(name, str, description=f"One or several, comma separated: {', '.join(values)}")


def ordering(*values: str) -> OpenApiParameter:
    return OpenApiParameter("ordering", str, enum=list(values))


def when(name: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, description="A moment (ISO 8601) or a day (midnight, company time)")


def report_of(shape: type[Serializer[Any]]) -> Answers:
    """JSON, or with the ending .csv or .xlsx a file."""
    files = {(200, kind.content_type.partition(";")[0]): OpenApiTypes.BINARY for kind in FORMATS.values()}
    return {(200, "application/json"): shape, **files}


LEAD_FILTERS = (
    choices("status", Status.values),
    choices("stage", Stage.values),
    OpenApiParameter("owner", str, description="User ids, comma separated; `none`: nobody's"),
    OpenApiParameter("team", str, description="Team ids, comma separated; `none`: no team's"),
    OpenApiParameter("source", str),
    OpenApiParameter("campaign", str),
    OpenApiParameter("product", str),
    OpenApiParameter("city", str),
    choices("outcome", Outcome.values),
    OpenApiParameter("score_min", int),
    OpenApiParameter("score_max", int),
    choices("grade", sorted(GRADES)),
    *(
        when(name)
        for name in ("created_after", "created_before", "mql_after", "mql_before", "active_after", "active_before")
    ),
    OpenApiParameter("has_open_handoff", bool),
    choices("sla", list(SLA_STATES)),
    OpenApiParameter("tag", str, description="One or several, comma separated"),
    OpenApiParameter("q", str, description="Name, company, e-mail, part of a phone number; accents do not matter"),
    ordering("-created_at", "created_at", "-score", "score"),
)
SPAN = (
    OpenApiParameter("period", str, description="A named period; or give `from` and `to`"),
    OpenApiParameter("from", OpenApiTypes.DATE, description="First day, company time"),
    OpenApiParameter("to", OpenApiTypes.DATE, description="Last day, included"),
)
REPORT_FILTERS = (
    *SPAN,
    OpenApiParameter("group_by", str, enum=[g.value for g in Group], description="Adds a series"),
    OpenApiParameter("team", int),
    OpenApiParameter("owner", int),
    *(
        OpenApiParameter(name, str, description='One value as it is; `""` means without any')
        for name in ("source", "campaign", "product", "city")
    ),
)
HANDOFF_FILTERS = (
    choices("outcome", Outcome.values),
    choices("kind", HandoffKind.values),
    OpenApiParameter("owner", str, description="User ids, comma separated; `none`: in the pool"),
    when("offered_after"),
    when("offered_before"),
    choices("sla", list(SLA_STATES)),
    ordering("-offered_at", "offered_at"),
)
TAKEN: Any = PolymorphicProxySerializer(
    "LeadTakenOrAcknowledged", [schemas.LeadTaken, schemas.Acknowledged], resource_type_field_name=None
)

list_leads = call("leads_list", "Leads", {200: schemas.LeadPage}, parameters=(*LEAD_FILTERS, *PAGING))
send_lead = call(
    "leads_send",
    "One lead in",
    {201: schemas.LeadTaken, 200: TAKEN, 202: schemas.Queued},
    body=sent.LeadIn,
    once=True,
)
send_leads = call(
    "leads_send_bulk",
    "Up to 1,000 leads in; good rows are kept when others fail",
    {200: schemas.LeadResults, 202: schemas.LeadResults},
    body=sent.LeadsIn,
    once=True,
)
read_lead = call("leads_read", "One lead", {200: schemas.Lead})
edit_lead = call("leads_edit", "Correct the profile", {200: schemas.LeadEdited}, body=sent.ProfileIn)
send_event = call(
    "lead_events_send",
    "Something this lead did",
    {201: schemas.Sighting, 200: schemas.Sighting},
    body=sent.EventIn,
    once=True,
)
send_events = call(
    "events_send", "Up to 1,000 events of any leads", {200: schemas.SightingResults}, body=sent.EventsIn, once=True
)
timeline = call(
    "lead_timeline",
    "The log of a lead",
    {200: schemas.EventPage},
    parameters=(
        OpenApiParameter("kind", str, description="Event kinds, comma separated"),
        ordering("-occurred_at", "occurred_at"),
        *PAGING,
    ),
)
move_status = call("lead_status", "Move the status", {200: schemas.Lead}, body=bodies.StatusBody, once=True)
log_call = call("lead_calls", "Log a call", {201: schemas.Call}, body=bodies.CallBody, once=True)
make_appointment = call(
    "lead_appointments", "Make an appointment", {201: schemas.Appointment}, body=bodies.AppointmentBody, once=True
)
add_note = call("lead_notes", "Write a note", {201: schemas.Note}, body=bodies.NoteBody, once=True)
tag = call("lead_tags", "Pin tags and take some off", {200: schemas.Tags}, body=bodies.TagsBody, once=True)
read_qualification = call("lead_qualification", "The answers so far", {200: schemas.Qualification})
save_qualification = call(
    "lead_qualify", "Save answers; others stay", {200: schemas.Qualification}, body=sent.QualificationIn
)
decide = call("lead_decide", "Decide the open hand-off", {200: schemas.Handoff}, body=bodies.DecisionBody, once=True)
assign = call(
    "lead_assign", "Give to somebody, or by the rules", {200: schemas.Lead}, body=bodies.AssignBody, once=True
)
duplicates = call("lead_duplicates", "Who else this may be", {200: schemas.DuplicatesOfLead})
merge = call("lead_merge", "Take another lead up", {200: schemas.Merged}, body=bodies.MergeBody, once=True)
undo_merge = call("merge_undo", "Two leads again", {200: schemas.MergeUndone}, once=True)
list_handoffs = call("handoffs_list", "Hand-offs", {200: schemas.HandoffPage}, parameters=(*HANDOFF_FILTERS, *PAGING))
me = call("me", "Who this key or session is", {200: schemas.Whoami})
score = call(
    "lead_score",
    "Why this score",
    {200: schemas.Score},
    parameters=(OpenApiParameter("at", str, description="The score at that moment (ISO 8601)"),),
)
kpis = call(None, "Key figures", report_of(schemas.KpiReport), parameters=REPORT_FILTERS)
report = call(None, "A report", report_of(schemas.TableReport), parameters=REPORT_FILTERS)
funnel = call(None, "From lead to contract", report_of(schemas.FunnelReport), parameters=REPORT_FILTERS)
adjust_score = call(
    "lead_score_adjust", "Points by hand, with a reason", {200: schemas.Score}, body=scoring.AdjustBody, once=True
)
list_models = call(
    "scoring_models_list",
    "Versions of the scoring model",
    {200: scoring.ModelPage},
    parameters=(ordering("-version", "version"), *PAGING),
)
create_model = call(
    "scoring_models_create", "A new draft, as a copy", {201: scoring.ModelShape}, body=scoring.DraftBody, once=True
)
read_model = call("scoring_models_read", "One version", {200: scoring.ModelShape})
edit_model = call("scoring_models_edit", "Edit a draft", {200: scoring.ModelShape}, body=scoring.ModelBody)
start_backtest = call(
    "scoring_models_backtest",
    "Try a version on history, in the background",
    {201: scoring.BacktestShape},
    body=scoring.BacktestBody,
    once=True,
)
read_backtest = call("scoring_backtests_read", "How far a trial is, and its report", {200: scoring.BacktestShape})
sign_model = call(
    "scoring_models_sign", "Agree to exactly this revision", {200: scoring.ModelShape}, body=scoring.SignBody, once=True
)
publish_model = call(
    "scoring_models_publish",
    "Put a signed draft in force and re-score everybody",
    {200: scoring.PublicationShape},
    body=scoring.PublishBody,
    once=True,
)
roll_model_back = call(
    "scoring_models_rollback",
    "Put an earlier version in force again",
    {200: scoring.PublicationShape},
    body=scoring.RollbackBody,
    once=True,
)
read_rescoring = call("scoring_rescorings_read", "How far re-scoring is", {200: scoring.JobShape})
