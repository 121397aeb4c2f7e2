"""What a cell narrows its rows by beyond the filters of the page: allow-listed, read strictly."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q

from core.errors import NotFound
from leads.enums import Reason, Status
from leads.kinds import STATUS_MOVED
from leads.models import Call, Event
from reports.counting import between
from reports.models import Campaign
from reports.scope import Scope

# Where a touch lies: from so many minutes to so many after the offer. The last one has no end.
TOUCHES = ((0, 5), (5, 15), (15, 30), (30, 60), (60, 120), (120, 240), (240, 1440), (1440, None))


def touched(low: int, high: int | None) -> Q:
    """Hand-offs first touched from `low` to below `high` minutes (elapsed) after the offer."""
    found = Q(first_touch_at__gte=F("offered_at") + timedelta(minutes=low))
    return found if high is None else found & Q(first_touch_at__lt=F("offered_at") + timedelta(minutes=high))


def at_hour(weekday: int, hour: int) -> Q:
    """Leads created on that weekday (Monday is 1) in that hour of company time."""
    return Q(created_at__iso_week_day=weekday, created_at__hour=hour)


def moved(scope: Scope, origin: str, target: str) -> Q:
    """Leads that moved so in the period, once or more. Index used: event_timeline, per lead; event_moved beside it."""
    moves = Event.objects.filter(between("occurred_at", scope.now), lead=OuterRef("pk"), kind=STATUS_MOVED)
    return Q(Exists(moves.filter(properties__contains={"from": origin, "to": target})))


def stuck(scope: Scope, status: str, days: int) -> Q:
    """Leads that have been in a status for so many days at the moment of the report."""
    return Q(status=status, status_since__lte=scope.at - timedelta(days=days))


def called(scope: Scope, by: int) -> Q:
    """Leads this person called in the period, whoever has them now."""
    calls = Call.objects.filter(between("occurred_at", scope.now), lead=OuterRef("pk"), by=by)
    return Q(Exists(calls))


def narrowed(scope: Scope, params: Mapping[str, str]) -> Q:
    """The conditions of the parameters it knows, all of them. Raises NotFound for a value that is none."""
    found = Q()
    for name, condition in CONDITIONS.items():
        if value := params.get(name):
            try:
                found &= condition(scope, value)
            except (ValueError, KeyError, IndexError):
                raise NotFound from None
    return found


def _touch(_scope: Scope, value: str) -> Q:
    return Q(first_touch_at=None) if value == "x" else touched(*TOUCHES[int(value)])


def _status(value: str) -> str:
    return Status(value).value


def _move(scope: Scope, value: str) -> Q:
    origin, target = value.split("-")
    return moved(scope, _status(origin), _status(target))


def _stuck(scope: Scope, value: str) -> Q:
    status, days = value.split("-")
    return stuck(scope, _status(status), min(int(days), 3650))


def _hour(_scope: Scope, value: str) -> Q:
    weekday, hour = value.split("-")
    return at_hour(int(weekday), int(hour))


def _marketer(_scope: Scope, value: str) -> Q:
    """Rows of the campaigns this marketer answers for; `x`: of those nobody does."""
    own = Campaign.objects.filter(source=OuterRef("source"), name=OuterRef("campaign"))
    return ~Q(Exists(own)) if value == "x" else Q(Exists(own.filter(owner=int(value))))


CONDITIONS: Mapping[str, Callable[[Scope, str], Q]] = {
    "reason": lambda _scope, value: Q(reason=Reason(value).value),
    "touch": _touch,
    "called": lambda scope, value: called(scope, int(value)),
    "hour": _hour,
    "marketer": _marketer,
    "move": _move,
    "stuck": _stuck,
}
