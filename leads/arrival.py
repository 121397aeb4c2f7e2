"""What an enquiry changes on the lead it belongs to: blanks filled, differences kept, the facts recorded."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from accounts.models import User
from leads import sql
from leads.custom import as_facts
from leads.enquiry import Enquiry
from leads.events import Fact, record
from leads.handoffs import reopen
from leads.kinds import ENQUIRY_RECEIVED, LEAD_CREATED, LEAD_UPDATED
from leads.matching import Found, RaceLostError
from leads.models import Lead
from leads.search import search_text
from leads.standing import lock

FILLED = ("name", "phone", "email", "company", "title", "company_size", "city", "product")
PROFILE = ("title", "company_size", "city", "company", "product", "source")  # what scoring may look at


def welcome(found: Sequence[Found], *, at: datetime, by: User | None) -> None:
    """Records the arrivals of a batch: new leads, enquiries of known ones, and the behaviour that came along.

    A known lead's blanks are filled and never overwritten; differing values stay readable on the enquiry.
    Somebody Sales had given up or dropped is `new` again.
    """
    known = sorted({f.lead_id for f in found if f.matched_by})
    new = {f.lead_id for f in found if not f.matched_by}
    with lock(set(known) - new, savepoint=False) as rows:  # whoever settles a batch has one already
        if not rows.keys() >= set(known) - new:
            raise RaceLostError  # merged or erased since it was found: look again
        for one in found:
            if not one.matched_by:
                rows.add(one.lead_id, source=one.enquiry.source, campaign=one.enquiry.campaign, at=at)
                if by and by.is_seller:
                    rows.set_owner(one.lead_id, owner_id=by.pk, team_id=by.team_id)
        filled = fill_blanks(found, known, at=at, by=by)
        facts = [fact for one in found for fact in arrival_facts(one, at=at, by=by)] + filled
        record(facts, at=at, rows=rows)
        if known:
            reopen(known, by=by, at=at, rows=rows)


def profile_of(source: Lead | Enquiry) -> dict[str, Any]:
    """The profile as scoring sees it."""
    return {name: getattr(source, name) for name in PROFILE} | as_facts(source.custom)


def arrival_facts(one: Found, *, at: datetime, by: User | None) -> list[Fact]:
    """That it came, and what the lead did with it."""
    enquiry = one.enquiry
    properties: dict[str, Any] = {"source": enquiry.source, "campaign": enquiry.campaign}
    if enquiry.note:
        properties["note"] = enquiry.note
    if one.matched_by:
        properties |= {"matched_by": one.matched_by, "given": _given(enquiry)}
    else:
        properties["profile"] = profile_of(enquiry)
    kind = ENQUIRY_RECEIVED if one.matched_by else LEAD_CREATED
    action = enquiry.action
    moment = min(action.occurred_at or at, at) if action else at
    facts = [Fact(one.lead_id, kind, moment, by.pk if by else None, properties=properties)]
    if action:
        facts.append(
            Fact(
                one.lead_id,
                action.kind,
                moment,
                source=enquiry.source,
                external_id=action.external_id,
                properties=action.properties,
            )
        )
    return facts


def _given(enquiry: Enquiry) -> dict[str, Any]:
    return {name: value for name in FILLED if (value := getattr(enquiry, name)) not in (None, "")}


def fill_blanks(found: Sequence[Found], known: Sequence[int], *, at: datetime, by: User | None) -> list[Fact]:
    """Fills blanks of known leads in one statement; returns what to record about it."""
    if not known:
        return []
    leads = {lead.pk: lead for lead in Lead.objects.filter(pk__in=known).order_by("pk").select_for_update()}
    taken = _taken(found)
    filled: dict[int, dict[str, Any]] = {}
    for one in found:
        lead = leads.get(one.lead_id)
        if lead and (news := _blanks(lead, one.enquiry, taken)):
            for name, value in news.items():
                setattr(lead, name, value)
            filled.setdefault(lead.pk, {}).update(news)
    _write([leads[pk] for pk in filled], at=at)
    return [
        Fact(
            pk,
            LEAD_UPDATED,
            at,
            by.pk if by else None,
            properties={"filled": news, "profile": _profile_part(news)},
        )
        for pk, news in filled.items()
    ]


def _profile_part(news: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in news.items() if name in PROFILE} | as_facts(news.get("custom", {}))


def _taken(found: Sequence[Found]) -> set[str]:
    """Phones and e-mails of this batch that belong to another live lead: they can't fill a blank."""
    phones = [f.enquiry.phone for f in found if f.matched_by and f.enquiry.phone]
    emails = [f.enquiry.email for f in found if f.matched_by and f.enquiry.email]
    owned = Lead.objects.live().filter(phone__in=phones).values_list("phone", flat=True)
    mailed = Lead.objects.live().filter(email__in=emails).values_list("email", flat=True)
    return {contact for contact in (*owned, *mailed) if contact}


def _blanks(lead: Lead, enquiry: Enquiry, taken: set[str]) -> dict[str, Any]:
    news = {}
    for name in FILLED:
        value = getattr(enquiry, name)
        if value not in (None, "") and getattr(lead, name) in (None, "") and value not in taken:
            news[name] = value
            if name in {"phone", "email"}:
                taken.add(value)
    custom = {key: value for key, value in enquiry.custom.items() if key not in lead.custom}
    return news | ({"custom": {**lead.custom, **custom}} if custom else {})


def _write(leads: Iterable[Lead], *, at: datetime) -> None:
    rows = [
        {
            **{name: getattr(lead, name) for name in (*FILLED, "custom")},
            "id": lead.pk,
            "contactable": bool(lead.phone or lead.email),
            "search": search_text(
                name=lead.name,
                company=lead.company,
                email=lead.email,
                phone=lead.phone,
                external_id=lead.external_id,
            ),
            "at": at,
        }
        for lead in leads
    ]
    if rows:
        sql.run(sql.FILL_LEADS, sql.as_json(rows))
