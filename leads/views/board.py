"""The board by status: columns that go on loading, and moves that are refused with a reason."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from accounts.permissions import allow, may, person
from core.errors import IllegalMove
from leads.board import BoardFilter, cards, columns, following, way_back
from leads.chain import Guard
from leads.enums import Status
from leads.lifecycle import open_moves
from leads.models import Standing
from leads.moves import move_status
from leads.queries import offers
from leads.views.answers import ask, by_htmx, done
from leads.views.lead import found
from leads.views.steps import steps

AT_ONCE = {Guard.FREE, Guard.FAILED_ATTEMPT, Guard.CONTACT, Guard.ACCEPTED}


@allow("board.view")
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """All columns; htmx gets them as pieces, each for its place."""
    context = _context(request)
    context["columns"] = columns(context["rows"])
    return render(request, "leads/_board_columns.html" if by_htmx(request) else "leads/board.html", context)


@allow("board.view")
@require_safe
def board_column(request: HttpRequest, status: str) -> HttpResponse:
    """The next cards of one column."""
    if status not in Status.values:
        raise Http404
    context = _context(request)
    context["column"] = following(context["rows"], Status(status), cursor=request.GET.get("cursor", ""))
    return render(request, "leads/_board_cards.html", context)


def _context(request: HttpRequest) -> dict[str, Any]:
    user = person(request)
    form = BoardFilter(request.GET, offers=offers(user), user=user)
    rows = cards(user, form.given, at=timezone.now())
    return {"form": form, "rows": rows, "may_move": may(user, "leads.work"), "filters": bool(form.given)}


@allow("leads.work")
@require_POST
def board_move(request: HttpRequest, lead_id: int, to: str) -> HttpResponse:
    """A card was dropped: moves the lead, asks for what the move needs, or says why not."""
    if to not in Status.values:
        raise Http404
    standing, user = found(request, lead_id), person(request)
    legal = open_moves(standing, by=user)
    if to not in legal:
        message = _("%(lead)s stays where it is. %(why)s") % {
            "lead": standing.lead,
            "why": steps(standing, user).refused.get(to, ""),
        }
        raise IllegalMove(message, code="illegal_transition", field="to", extra={"legal": [str(s) for s in legal]})
    back = "back" in request.GET and way_back(standing, by=user) == to
    if back or legal[Status(to)] in AT_ONCE:
        move_status(lead_id, to, by=user, at=timezone.now(), reason=_("Moved by mistake, taken back") if back else "")
        return _moved(request, lead_id, Status(to), undo=not back)
    return trigger_client_event(
        HttpResponse(status=202), "board-asks", {"url": reverse("lead_move", args=[lead_id, to])}
    )


def _moved(request: HttpRequest, lead_id: int, to: Status, *, undo: bool) -> HttpResponse:
    """Says so, and offers the way back where there is one."""
    before = way_back(Standing.objects.get(pk=lead_id), by=person(request)) if undo else None
    address = f"{reverse('board_move', args=[lead_id, before])}?back=1" if before else ""
    return done(request, _("Status is now “%(status)s”.") % {"status": to.label}, back=reverse("board"), undo=address)


@allow("leads.work")
@require_safe
def board_moves(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Where a card can go, for keyboard and thumb."""
    standing = found(request, lead_id)
    context = {
        "title": _("Where does it go?"),
        "icon": "route",
        "lead": standing.lead,
        "standing": standing,
        "steps": steps(standing, person(request)),
        "back": reverse("board"),
    }
    return ask(request, "leads/_board_moves.html", context)
