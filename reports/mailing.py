"""Saved reports by e-mail, with the figures in the mail.

1. Once a report's day, week or month has begun, one row per report and period is written; a second tick finds it there.
2. A row is claimed under a lease, the mail sent, the row marked. A failure puts it back with a longer pause.
The mail shows what its recipient may see at that moment. Who has left, or may see no reports any more, gets none.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from email.utils import formataddr
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import may
from core.due import claim, fail, finish
from core.errors import DomainError, NotFound
from reports import address
from reports.blocks import BLOCKS
from reports.models import Mailing, SavedReport
from reports.models.saved import Rhythm
from reports.pages import PAGES
from reports.periods import Group, Period, custom, months_on, opening
from reports.scope import Scope
from reports.tables import Table, span_words

SENT_FROM = time(7)  # company time
BUDGET = timedelta(seconds=40)
IN_MAIL = ("kpis", "funnel", "sources", "reps")  # of the overview


def queue_mails(*, at: datetime) -> int:
    """Writes the rows of the periods that have begun. Idempotent: one row per report, person and period."""
    local = timezone.localtime(at)
    if local.time() < SENT_FROM:
        return 0
    due = SavedReport.objects.exclude(rhythm=Rhythm.NEVER).select_related("owner")
    rows = [
        Mailing(report=report, recipient=report.owner, period=period, due_at=at)
        for report in due
        if (period := period_of(report.rhythm, day=local.date(), since=timezone.localtime(report.created_at).date()))
    ]
    before = Mailing.objects.count()
    Mailing.objects.bulk_create(rows, ignore_conflicts=True)
    return Mailing.objects.count() - before


def send_mails(*, clock: Callable[[], datetime]) -> int:
    """Sends what is due, for at most 40 seconds. Returns how many rows were settled."""
    until, settled = clock() + BUDGET, 0
    rows = Mailing.objects.select_related("report", "recipient")
    while clock() < until and (claimed := claim(rows, at=clock(), limit=1)):
        settled += _send(claimed[0], clock=clock)
    return settled


def period_of(rhythm: str, *, day: date, since: date) -> str:
    """The day, Monday or first of the month whose mail is due on a day; "" before the first one after `since`."""
    begun = {Rhythm.DAILY: day, Rhythm.WEEKLY: opening(day, Group.WEEK), Rhythm.MONTHLY: opening(day, Group.MONTH)}
    first = begun[Rhythm(rhythm)]
    return first.isoformat() if first > since else ""


def covered(rhythm: str, first: date) -> Period:
    """The days the mail speaks of: yesterday, last week, last month."""
    begin = {
        Rhythm.DAILY: first - timedelta(days=1),
        Rhythm.WEEKLY: first - timedelta(days=7),
        Rhythm.MONTHLY: months_on(first, -1) if first.day == 1 else first,
    }
    return custom(begin[Rhythm(rhythm)], first - timedelta(days=1))


def compose(mailing: Mailing, *, at: datetime) -> EmailMultiAlternatives:
    """The message, in the recipient's language, of what the recipient may see. Raises DomainError where nothing is."""
    recipient, report = mailing.recipient, mailing.report
    with translation.override(recipient.language):
        scope, group = _scope(mailing, at=at)
        tables = [_table(key, scope, group) for key in _keys(report.page)]
        days = span_words(scope.period.first, scope.period.last)
        context = {"report": report, "days": days, "tables": tables, "url": settings.BASE_URL + report.address}
        message = EmailMultiAlternatives(
            subject=f"{' '.join(report.name.split())}: {days}",
            body=render_to_string("reports/email/report.txt", context).strip() + "\n",
            to=[formataddr((" ".join(recipient.full_name.split()), recipient.email))],
            headers={
                "Message-ID": f"<report-{mailing.pk}@{urlsplit(settings.BASE_URL).hostname}>",
                "Auto-Submitted": "auto-generated",
            },
        )
        message.attach_alternative(render_to_string("reports/email/report.html", context), "text/html")
    return message


def _scope(mailing: Mailing, *, at: datetime) -> tuple[Scope, Group | None]:
    params = dict(parse_qsl(mailing.report.query))
    days = covered(mailing.report.rhythm or Rhythm.DAILY, datetime.fromisoformat(mailing.period).date())
    params |= {"period": "custom", "from": days.first.isoformat(), "to": days.last.isoformat()}
    return address.read(params, user=mailing.recipient, at=at), address.group_by(params)


def _table(key: str, scope: Scope, group: Group | None) -> Table:
    return BLOCKS[key].table(scope, group)


def _keys(page: str) -> tuple[str, ...]:
    return PAGES[page].blocks if page in PAGES else IN_MAIL


def _send(mailing: Mailing, *, clock: Callable[[], datetime]) -> int:
    if not may(mailing.recipient, "reports.own"):
        return finish([mailing], last_error="the recipient sees no reports")
    try:
        compose(mailing, at=clock()).send()
    except DomainError as refusal:
        return finish([mailing], last_error=_why(refusal, mailing.recipient))
    except Exception as error:  # noqa: BLE001 - whatever a mail backend throws, the row must go back in line
        fail(mailing, at=clock(), error=f"{type(error).__name__}: {error}")
        return 0
    return finish([mailing], sent_at=clock())


def _why(refusal: DomainError, recipient: User) -> str:
    """What the owner reads beside the saved report."""
    if not isinstance(refusal, NotFound):
        return str(refusal)
    with translation.override(recipient.language):
        return _("a filter of it names a person or a team that is gone, or no longer yours to see.")
