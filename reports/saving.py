"""Reports kept under a name: page and filters, shared or not, sent by e-mail or not."""

from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Invalid, NotFound
from reports.models import Mailing, SavedReport
from reports.pages import PAGES

OVERVIEW = "overview"
KEPT = ("period", "from", "to", "team", "owner", "source", "campaign", "product", "city", "group_by")


def save_report(
    *, name: str, page: str, query: str, by: User, at: datetime, shared: bool = False, rhythm: str = ""
) -> SavedReport:
    """Keeps a page with its filters. Raises Invalid for a page there is not, or a name this person uses already."""
    if page != OVERVIEW and page not in PAGES:
        raise Invalid(_("There is no such report."), code="invalid_choice", field="page")
    said = {"name": name, "page": page, "query": kept(query), "shared": shared, "rhythm": rhythm}
    try:
        with transaction.atomic():
            return SavedReport.objects.create(owner=by, created_at=at, **said)
    except IntegrityError:
        raise Invalid(_("You have a saved report of this name already."), code="taken", field="name") from None


def forget_report(pk: int, *, by: User) -> None:
    """Deletes one of the own saved reports. Raises NotFound."""
    gone, _each = SavedReport.objects.filter(pk=pk, owner=by).delete()
    if not gone:
        raise NotFound


def shown_to(user: User) -> QuerySet[SavedReport]:
    """The own ones and the shared ones."""
    return SavedReport.objects.filter(Q(owner=user) | Q(shared=True)).select_related("owner")


def with_mails(rows: QuerySet[SavedReport]) -> QuerySet[SavedReport]:
    """The same; `unsent` says why the last mail of one could not be sent. Index used: mailing_once."""
    last = Mailing.objects.filter(report=OuterRef("pk")).order_by("-period").values("last_error")
    return rows.annotate(unsent=Subquery(last[:1]))


def kept(query: str) -> str:
    """The filters of an address, and nothing else it may carry; at most 1,000 characters."""
    found = urlencode([(name, value) for name, value in parse_qsl(query) if name in KEPT])
    if len(found) > 1000:
        raise Invalid(_("These filters are too long to keep."), code="invalid", field="query")
    return found
