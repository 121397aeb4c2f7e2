"""Behaviour from outside: what leads did on the site, in mails, at events. One or a thousand at a time."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError
from django.utils.translation import gettext as _

from core.statements import array
from core.text import clean
from leads import sql
from leads.enquiry import Action, Problem, read_action, read_email
from leads.events import Fact, record
from leads.matching import SEPARATOR, Known, look_up
from leads.phones import parse_phone
from leads.standing import lock

CLOCK_SKEW = timedelta(minutes=5)
TRIES = 3
WORTH_ANOTHER_TRY = {"55P03", "40P01"}  # waited too long for a lock; chosen to end a deadlock


@dataclass(slots=True)
class Sighting:
    """What became of one reported event. `outcome`: recorded, known (a sender's repetition) or rejected."""

    index: int
    outcome: str = "rejected"
    lead_id: int | None = None
    event_id: int | None = None
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class _Reported:
    sighting: Sighting
    action: Action
    moment: datetime
    source: str
    address: Mapping[str, Any]


def behave(
    items: Sequence[Any], *, at: datetime, visible: Container[int] | None = None, default_source: str = ""
) -> list[Sighting]:
    """Records what is reported: `{id | external_id+source | email | phone, kind, occurred_at, properties}` each.

    `lead_external_id` names the lead and `external_id` the event; where nothing else names the lead, `external_id`
    does. Bad rows are rejected one by one. An event of the future (beyond five minutes of clock skew) is rejected;
    `visible` limits the leads that may be addressed.
    """
    reported, sightings = [], []
    for index, item in enumerate(items):
        sighting = Sighting(index)
        sightings.append(sighting)
        action = _read(item, sighting, at=at)
        if action:
            moment = min(action.occurred_at or at, at)
            source = clean(item.get("source"), 120) or default_source
            reported.append(_Reported(sighting, action, moment, source, _address(item, source)))
    _find_leads(reported, visible)
    _record([r for r in reported if r.sighting.lead_id], at=at)
    return sightings


def _read(item: Any, sighting: Sighting, *, at: datetime) -> Action | None:
    if not isinstance(item, Mapping):
        sighting.problems.append(Problem("", "not_an_object", _("An event is an object with named fields.")))
        return None
    action = read_action(item, sighting.problems)
    if action and action.occurred_at and action.occurred_at > at + CLOCK_SKEW:
        sighting.problems.append(Problem("occurred_at", "in_the_future", _("This moment lies in the future.")))
    return None if sighting.problems else action


def _find_leads(reported: Sequence[_Reported], visible: Container[int] | None) -> None:
    known = _known([r.address for r in reported])
    ids = {r.address["id"] for r in reported if r.address["id"]}
    existing = dict(sql.run(sql.LIVING, array(ids))) if ids else {}
    for one in reported:
        a, sighting = one.address, one.sighting
        lead_id = existing.get(a["id"])
        lead_id = (
            lead_id or known.external_id.get(a["key"]) or known.email.get(a["email"]) or known.phone.get(a["phone"])
        )
        if lead_id and (visible is None or lead_id in visible):
            sighting.lead_id = lead_id
        else:
            sighting.problems.append(Problem("", "unknown_lead", _("No lead is known by this id, e-mail or phone.")))


def _address(item: Mapping[str, Any], source: str) -> dict[str, Any]:
    """What names the lead, and `event_id`, the sender's own id of the event (None where that names the lead)."""
    given = item.get("id", item.get("lead"))
    address: dict[str, Any] = {
        "id": given if isinstance(given, int) and not isinstance(given, bool) and 0 < given < 2**63 else 0,
        "email": read_email(email) or "" if (email := clean(item.get("email"), 254)) else "",
        "phone": parse_phone(phone).e164 or "" if (phone := clean(item.get("phone"), 60)) else "",
    }
    named, own = clean(item.get("lead_external_id"), 200), clean(item.get("external_id"), 200)
    if not named and not any(address.values()):
        named, own = own, ""
    return address | {"key": f"{source}{SEPARATOR}{named}" if named else "", "event_id": own or None}


def _known(addresses: Sequence[Mapping[str, Any]]) -> Known:
    if not any(a["key"] or a["phone"] or a["email"] for a in addresses):
        return Known()  # all of them named by our own ids
    return look_up(
        keys=[(source, own) for a in addresses if a["key"] for source, own in [a["key"].split(SEPARATOR)]],
        phones=[a["phone"] for a in addresses if a["phone"]],
        emails=[a["email"] for a in addresses if a["email"]],
    )


def _record(reported: Sequence[_Reported], *, at: datetime) -> None:
    facts = [
        Fact(
            r.sighting.lead_id or 0,
            r.action.kind,
            r.moment,
            source=r.source,
            external_id=r.address["event_id"],
            properties=r.action.properties,
        )
        for r in reported
    ]
    for left in reversed(range(TRIES)):
        try:
            _record_once(reported, facts, at=at)
        except OperationalError as error:  # somebody else has been at these leads all the while: once more
            if not left or getattr(error.__cause__, "pgcode", "") not in WORTH_ANOTHER_TRY:
                raise
        else:
            return


def _record_once(reported: Sequence[_Reported], facts: Sequence[Fact], *, at: datetime) -> None:
    with lock({fact.lead_id for fact in facts}) as rows:
        events = iter(record(facts, at=at, rows=rows))
        event = next(events, None)
        for one, fact in zip(reported, facts, strict=True):
            recorded = event is not None and (event.kind, event.external_id) == (fact.kind, fact.external_id)
            one.sighting.outcome = "recorded" if recorded else "known"
            if recorded and event:
                one.sighting.event_id, event = event.pk, next(events, None)
