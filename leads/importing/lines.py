"""One line of a file read by its mapping: a payload for the intake, and for history what came of it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from core.text import clean, fold
from leads.custom import PREFIX
from leads.enums import Outcome, Reason
from leads.importing.cells import read_amount, read_day, read_when, said
from leads.importing.columns import BY_NAME, WHENS

PLAIN = ("name", "phone", "email", "company", "title", "company_size", "city", "product", "source", "campaign", "note")
UTM = {"utm_medium": "medium", "utm_term": "term", "utm_content": "content"}
HISTORY = ("created_at", "mql_at", "owner", "outcome", "reason", "decided_at", "won_at", "amount")
MOST_TAGS = 30
# Words people use for the outcomes, folded: codes, our own labels in either language, and where the chain ends.
_SAID = {
    Outcome.ACCEPTED: """
        accepted, accept, sql, da nhan, nhan, duoc nhan, sql duoc nhan, da chap nhan, dong y, chap nhan, dat, qualified,
        won, chot, da chot, tiem nang, nong
    """,
    Outcome.RECYCLED: """
        recycled, recycle, tra lai, da tra lai, tra ve, nuoi duong, nuoi lai, tra ve marketing, khong tiep can, nurture
    """,
    Outcome.DISCARDED: """
        discarded, discard, loai, da loai, loai bo, bi loai, sai doi tuong, huy, lost, disqualified, that bai
    """,
    Outcome.WITHDRAWN: "withdrawn, withdraw, rut lai, da rut, thu hoi, khong ro, unknown",
}
OUTCOMES: Mapping[str, Outcome] = {
    word.strip(): outcome for outcome, words in _SAID.items() for word in words.split(",")
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a line, in the reader's language. A `fatal` one keeps the line out; others are told."""

    field: str
    message: str
    fatal: bool = True

    def as_dict(self) -> dict[str, Any]:
        return {"field": self.field, "message": self.message, "fatal": self.fatal}


@dataclass(frozen=True, slots=True)
class Past:
    """What came of a lead long ago. `offered_at` is None where it was never handed over. Moments are UTC."""

    created_at: datetime
    offered_at: datetime | None = None
    outcome: Outcome = Outcome.WITHDRAWN
    decided_at: datetime | None = None
    owner: str = ""
    reason: str = ""
    note: str = ""
    won_at: datetime | None = None
    amount: int | None = None
    told_created: bool = False  # whether the file itself says when the lead was first met


@dataclass(slots=True)
class Reading:
    """One line as it is understood."""

    payload: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    past: Past | None = None
    troubles: list[Trouble] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        return any(trouble.fatal for trouble in self.troubles)

    def refuse(self, name: str, message: str) -> None:
        self.troubles.append(Trouble(name, message))

    def warn(self, name: str, message: str) -> None:
        self.troubles.append(Trouble(name, message, fatal=False))


@dataclass(frozen=True, slots=True)
class Cost:
    """One line of spend."""

    day: date
    source: str
    campaign: str
    amount: int


@dataclass(frozen=True)
class Plan:
    """What the columns mean, and what holds for every line.

    `source` and `campaign` stand where the line gives none; `system` is whose ids the external ids are; `action` is
    the kind of event each new lead did.
    """

    columns: Mapping[int, str]
    source: str = ""
    campaign: str = ""
    tag: str = ""
    system: str = ""
    action: str = ""
    month_first: bool = False

    def cells(self, line: Sequence[str]) -> dict[str, str]:
        """What the line says, by target; what says nothing is left out."""
        width = len(line)
        return {name: text for column, name in self.columns.items() if column < width and (text := said(line[column]))}


def read_line(line: Sequence[str], plan: Plan, *, at: datetime) -> Reading:
    """A line of new leads."""
    given, reading = plan.cells(line), Reading()
    _person(given, plan, reading)
    moment = _moment(given, "occurred_at", plan, reading, at=at)
    if plan.action:
        reading.payload["event"] = {"kind": plan.action, "occurred_at": moment and moment.isoformat()}
    return reading


def read_history(line: Sequence[str], plan: Plan, *, at: datetime) -> Reading:
    """A line of history. What contradicts itself is told and kept; what cannot be read keeps the line out.

    The raw payload holds it too: the same person with another history is no repetition.
    """
    given, reading = plan.cells(line), Reading()
    _person(given, plan, reading)
    reading.payload["history"] = {name: given[name] for name in HISTORY if name in given}
    whens = {name: _moment(given, name, plan, reading, at=at) for name in WHENS - {"day", "occurred_at"}}
    outcome = _outcome(given, reading)
    amount = _amount(given, reading)
    if reading.is_refused:
        return reading
    won_at, decided_at = whens["won_at"], whens["decided_at"]
    if won_at and outcome not in {None, Outcome.ACCEPTED}:
        reading.refuse("outcome", _("Won and not accepted: one of the two is wrong."))
        return reading
    outcome = Outcome.ACCEPTED if won_at else outcome
    known = [moment for moment in whens.values() if moment]
    offered_at = whens["mql_at"] or (min(known) if known and (outcome or decided_at) else None)
    created_at = whens["created_at"] or min(known, default=at)
    if offered_at and offered_at < created_at:
        reading.warn("mql_at", _("MQL before the first contact: taken over as it stands, please look it up."))
    if decided_at and offered_at and decided_at < offered_at:
        reading.warn("decided_at", _("Decided before it was handed over: the day of the hand-over is kept."))
    if won_at and offered_at and won_at < offered_at:
        reading.warn("won_at", _("Won before the first contact: taken over as it stands, please look it up."))
    if won_at and not amount:
        reading.warn("amount", _("Won without an amount: 0 ₫ is kept."))
    if decided_at is None and offered_at:
        decided_at = max(won_at or offered_at, offered_at)
    code, note = _reason(given.get("reason", ""), outcome)
    reading.past = Past(
        created_at=created_at,
        offered_at=offered_at,
        outcome=outcome or Outcome.WITHDRAWN,
        decided_at=decided_at,
        owner=given.get("owner", ""),
        reason=code,
        note=note,
        won_at=won_at,
        amount=(amount or 0) if won_at else None,
        told_created=whens["created_at"] is not None,
    )
    return reading


def read_cost(line: Sequence[str], plan: Plan) -> tuple[Cost | None, list[Trouble]]:
    """A line of spend, or what is wrong with it."""
    given, reading = plan.cells(line), Reading()
    day = read_day(given.get("day", ""), month_first=plan.month_first)
    if day is None:
        reading.refuse("day", _("There is no day here, such as 23/11/2026."))
    amount = _amount(given, reading)
    if amount is None and not reading.is_refused:
        reading.refuse("amount", _("There is no amount here."))
    source = clean(given.get("source") or plan.source, 120)
    if not source:
        reading.refuse("source", _("There is no source here."))
    if reading.is_refused or day is None or amount is None:
        return None, reading.troubles
    return Cost(day, source, clean(given.get("campaign") or plan.campaign, 120), amount), []


def _person(given: Mapping[str, str], plan: Plan, reading: Reading) -> None:
    payload: dict[str, Any] = {name: given[name] for name in PLAIN if name in given}
    if "name" not in payload and (parts := [given[n] for n in ("family_name", "given_name") if n in given]):
        payload["name"] = " ".join(parts)
    if "external_id" in given:
        payload["external_id"] = given["external_id"]
    if plan.source:
        payload.setdefault("source", plan.source)
    if plan.campaign:
        payload.setdefault("campaign", plan.campaign)
    if utm := {key: given[name] for name, key in UTM.items() if name in given}:
        payload["utm"] = utm
    if custom := {n.removeprefix(PREFIX): given[n] for n in given if n.startswith(PREFIX)}:
        payload["custom"] = custom
    reading.payload = payload
    words = [word for part in given.get("tags", "").split(";") if (word := clean(part, 60))]
    reading.tags = list(dict.fromkeys([*words[: MOST_TAGS - 1], *([plan.tag] if plan.tag else [])]))


def _moment(given: Mapping[str, str], name: str, plan: Plan, reading: Reading, *, at: datetime) -> datetime | None:
    text = given.get(name)
    if text is None:
        return None
    moment = read_when(text, month_first=plan.month_first)
    if moment is None:
        reading.refuse(name, _("“%(text)s” is no date.") % {"text": text[:40]})
    elif moment > at:
        reading.refuse(name, _("“%(text)s” lies in the future.") % {"text": text[:40]})
        return None
    return moment


def _amount(given: Mapping[str, str], reading: Reading) -> int | None:
    text = given.get("amount")
    if text is None:
        return None
    amount = read_amount(text)
    if amount is None:
        reading.refuse("amount", _("“%(text)s” is no amount in VND.") % {"text": text[:40]})
    return amount


def _outcome(given: Mapping[str, str], reading: Reading) -> Outcome | None:
    text = given.get("outcome")
    if text is None:
        return None
    outcome = OUTCOMES.get(fold(text))
    if outcome is None:
        reading.refuse("outcome", _("“%(text)s” is no outcome: accepted, recycled or discarded.") % {"text": text[:40]})
    return outcome


def _reason(text: str, outcome: Outcome | None) -> tuple[str, str]:
    """The coded reason a refusal must have, and what the file said where that is no code."""
    if outcome not in {Outcome.RECYCLED, Outcome.DISCARDED}:
        return "", clean(text, 500)
    for code in Reason:
        if fold(text) in {code.value, fold(str(code.label))}:
            return code.value, ""
    return Reason.OTHER.value, clean(text, 500)


def label_of(name: str) -> str:
    """What a target is called, for people."""
    return str(BY_NAME[name].label) if name in BY_NAME else name.removeprefix(PREFIX)
