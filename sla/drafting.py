"""The next version of the agreement: drafted, edited, signed by both sides on exactly the same text."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from core.errors import Conflict, Invalid, NotFound, Refused
from core.figures import number
from leads.thresholds import in_force as model_in_force
from sla.agreements import put_in_force, versions
from sla.enums import AgreementState, Written
from sla.models import Agreement, AgreementEntry
from sla.news import say_signed
from sla.terms import LARGEST, TERMS, WRITTEN, changes

SIGNERS = {
    Role.MARKETING_MANAGER: ("signed_by_marketing", "marketing_signed_at"),
    Role.SALES_MANAGER: ("signed_by_sales", "sales_signed_at"),
}
FURTHEST = timedelta(days=3 * 366)  # a later version cannot begin before the last one: one of the year 9999 ends all
UNSIGNED: dict[str, None] = {name: None for pair in SIGNERS.values() for name in pair}


def open_draft(*, by: User | None, at: datetime) -> Agreement:
    """A draft that says what the last agreed version says. Raises Conflict when there is one already."""
    last = versions()[-1]
    terms = {name: getattr(last, name) for name in TERMS}
    terms["model_version"] = model_in_force().version or None
    draft = Agreement(version=last.version + 1, state=AgreementState.DRAFT, in_force_from=None, **terms)
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
            _note(draft, Written.OPENED, by=by, at=at)
    except IntegrityError as error:
        raise Conflict(_("There is a draft already."), code="draft_exists") from error
    return draft


def edit_draft(*, terms: Mapping[str, Any], revision: int, by: User | None, at: datetime) -> Agreement:
    """Writes the terms given over the revision the person looked at; signatures given so far are void.

    Raises Conflict when somebody edited meanwhile, NotFound without a draft, Invalid for a term beyond all sense,
    ValidationError for terms that cannot stand together. An integration drafts without a name.
    """
    with transaction.atomic():
        draft = _locked(revision)
        given = {name: value for name, value in terms.items() if name in WRITTEN}
        _check_sense(given, at=at)
        changed = changes(draft, given)
        if changed:
            for name, value in {**given, **UNSIGNED}.items():
                setattr(draft, name, value)
            draft.revision += 1
            draft.validate_unique()
            draft.validate_constraints()
            draft.save()
            _note(draft, Written.EDITED, by=by, at=at, changed=changed)
    return draft


def sign_draft(*, revision: int, by: User, at: datetime) -> Agreement:
    """One side's signature on the revision the manager read. With the second one the version is agreed.

    Raises Refused for anybody but the managers of the two sides, and for one who signed for the other side before
    changing over, Conflict when the draft was edited meanwhile or
    that side has signed it, Invalid without a date to come or a date before the version it follows.
    """
    if by.role not in SIGNERS:
        raise Refused(_("Only the managers of Marketing and Sales sign the agreement."), code="not_a_signer")
    signer, moment = SIGNERS[Role(by.role)]
    with transaction.atomic():
        draft = _locked(revision)
        if signed_for(draft, by):
            raise Conflict(_("Your side has signed this text already."), code="signed_already")
        if by.pk in {draft.signed_by_marketing_id, draft.signed_by_sales_id}:
            message = _("You have signed for the other side: each side signs by a manager of its own.")
            raise Refused(message, code="signed_for_the_other_side")
        _check_date(draft, at=at)
        setattr(draft, signer, by)
        setattr(draft, moment, at)
        _note(draft, Written.SIGNED, by=by, at=at)
        if draft.signed_by_marketing_id and draft.signed_by_sales_id:
            draft.state = AgreementState.AGREED
            _note(draft, Written.AGREED, by=by, at=at)
        draft.save()
        say_signed(draft, by=by, at=at)
        put_in_force(at=at)
    return draft


def signed_for(draft: Agreement, by: User) -> bool:
    """Whether the side this person signs for has signed the text as it stands."""
    return Role(by.role) in SIGNERS and getattr(draft, SIGNERS[Role(by.role)][0]) is not None


def drop_draft(*, revision: int, by: User | None, at: datetime) -> None:
    """The draft is given up; the log keeps that it was there."""
    with transaction.atomic():
        draft = _locked(revision)
        _note(draft, Written.DROPPED, by=by, at=at)
        draft.delete()


def _locked(revision: int) -> Agreement:
    draft = Agreement.objects.select_for_update().filter(state=AgreementState.DRAFT).first()
    if draft is None:
        raise NotFound(_("There is no draft."))
    if draft.revision != revision:
        raise Conflict(_("The draft has been changed meanwhile. Read it again."), code="changed_meanwhile")
    return draft


def _check_sense(given: Mapping[str, Any], *, at: datetime) -> None:
    """Raises Invalid for terms nobody means: a slip of the finger must not hold a promise open for a century."""
    for name, most in LARGEST.items():
        if (given.get(name) or 0) > most:
            raise Invalid(_("At most %(most)s.") % {"most": number(most)}, code="too_large", field=name)
    first = given.get("in_force_from")
    if first and first > timezone.localtime(at).date() + FURTHEST:
        message = _("No agreement is made for more than three years ahead.")
        raise Invalid(message, code="too_far", field="in_force_from")


def _check_date(draft: Agreement, *, at: datetime) -> None:
    """A version never reaches back: what has happened is judged by what was agreed then."""
    today, last = timezone.localtime(at).date(), versions()[-1]
    if draft.in_force_from is None or draft.in_force_from < today:
        message = _("Enter from which day it is in force, today or later.")
        raise Invalid(message, code="date_required", field="in_force_from")
    if last.in_force_from and draft.in_force_from <= last.in_force_from:
        message = _("It must come into force after the version before it.")
        raise Invalid(message, code="before_the_last", field="in_force_from")


def _note(
    draft: Agreement, what: Written, *, by: User | None, at: datetime, changed: Mapping[str, list[Any]] | None = None
) -> None:
    AgreementEntry.objects.create(
        version=draft.version, revision=draft.revision, what=what, changes=dict(changed or {}), by=by, at=at
    )
