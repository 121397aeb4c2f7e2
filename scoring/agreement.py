"""How a draft comes into force: both sides sign exactly this revision, a manager publishes, everybody is re-scored."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Role, Side
from accounts.models import User
from core.errors import Conflict, Invalid, Refused
from core.hints import push
from core.text import clean
from scoring import slices
from scoring.backtest import latest
from scoring.drafts import SETTINGS, copy_rules, locked_draft, next_version
from scoring.enums import Handovers, JobState, ModelState, PublishedAs
from scoring.models import Publication, Rescoring, ScoringModel, Signature
from scoring.telling import tell_in_force, tell_waiting

SIDES = {Role.MARKETING_MANAGER: Side.MARKETING, Role.SALES_MANAGER: Side.SALES}


@transaction.atomic
def sign(model: ScoringModel, *, revision: int, by: User | None, at: datetime) -> Signature:
    """Agrees to this revision for one's side; signing again changes nothing.

    Raises Refused unless `by` is a Marketing or Sales manager who has not signed for the other side, Conflict when
    the draft has been edited since or is no draft any more, Invalid when it has no rule that could fire.
    """
    side = SIDES.get(Role(by.role)) if by else None
    if by is None or side is None:
        message = _("One Marketing manager and one Sales manager sign: each of them in person.")
        raise Refused(message, code="not_a_signatory")
    draft = locked_draft(model)
    if draft.revision != revision:
        message = _("The draft has been edited meanwhile. Look at it again before you sign.")
        raise Conflict(message, code="revision_changed", extra={"revision": draft.revision})
    if not draft.rules.filter(is_active=True).exists():
        raise Invalid(_("A model without rules gives nobody points."), code="no_rules")
    if any(one.by_id == by.pk for other, one in signatures(draft).items() if other != side):
        message = _("You have signed for the other side: each side signs by a manager of its own.")
        raise Refused(message, code="signed_for_the_other_side")
    signature, new = Signature.objects.get_or_create(
        model=draft, revision=revision, side=side, defaults={"by": by, "at": at}
    )
    signed = signatures(draft)
    if new and (missing := [role for role, one in SIDES.items() if one not in signed]):
        tell_waiting(signature, roles=missing, at=at)
    return signature


def signatures(model: ScoringModel) -> dict[str, Signature]:
    """Who has signed the draft as it is now, by side."""
    rows = model.signatures.filter(revision=model.revision).select_related("by")
    return {row.side: row for row in rows}


@transaction.atomic
def publish(model: ScoringModel, *, handovers: str, by: User, at: datetime) -> Publication:
    """Puts a signed draft in force and starts re-scoring everybody.

    Raises Conflict where a signature of this very revision is missing, Invalid for "hand over now" without a trial
    that has counted how many that would be.
    """
    _lock_published()
    draft = locked_draft(model)
    if missing := [side.label for side in Side if side not in signatures(draft)]:
        message = _("Not signed yet by: %(sides)s.") % {"sides": ", ".join(map(str, missing))}
        raise Conflict(message, code="not_signed", extra={"missing": [s for s in Side if s not in signatures(draft)]})
    if handovers not in Handovers.values:
        raise Invalid(_("Choose when leads over the line are handed over."), code="invalid_choice", field="handovers")
    if handovers == Handovers.NOW and latest(draft) is None:
        message = _("Try this version on history first: then you know how many leads that would be.")
        raise Invalid(message, code="not_tried", field="handovers")
    return _put_in_force(draft, PublishedAs.PUBLISH, handovers=handovers, by=by, at=at)


@transaction.atomic
def roll_back(to: ScoringModel, *, reason: str, by: User, at: datetime) -> Publication:
    """Puts the rules of an earlier version in force again, as a new version: both sides agreed to them before.

    Raises Invalid without a reason, Conflict for a model that never was in force or is so now.
    """
    if not (why := clean(reason, 500)):
        raise Invalid(_("Say why you go back."), code="reason_required", field="reason")
    _lock_published()
    earlier = ScoringModel.objects.select_for_update().get(pk=to.pk)
    if earlier.state != ModelState.RETIRED:
        raise Conflict(_("Only a version that was in force before can come back."), code="not_retired")
    again = ScoringModel(
        **{name: getattr(earlier, name) for name in SETTINGS},
        version=next_version(),
        based_on=earlier,
        created_by=by,
        created_at=at,
    )
    again.save()
    copy_rules(earlier, again)
    return _put_in_force(again, PublishedAs.ROLLBACK, handovers=Handovers.LATER, by=by, at=at, reason=why)


def _lock_published() -> None:
    """Two publications wait for each other."""
    list(ScoringModel.objects.select_for_update().filter(state=ModelState.PUBLISHED))


def _put_in_force(
    model: ScoringModel, kind: PublishedAs, *, handovers: str, by: User, at: datetime, reason: str = ""
) -> Publication:
    for job in Rescoring.objects.filter(state__in=[JobState.RUNNING, JobState.PAUSED]):
        slices.cancel(job, at=at)  # the new one re-scores everybody, whether the old one had reached them or not
    replaced = ScoringModel.objects.get(state=ModelState.PUBLISHED)
    ScoringModel.objects.filter(pk=replaced.pk).update(state=ModelState.RETIRED)
    model.state, model.published_at, model.rescored_since = ModelState.PUBLISHED, at, at
    model.save(update_fields=["state", "published_at", "rescored_since"])
    publication = Publication.objects.create(
        model=model, replaced=replaced, kind=kind, handovers=handovers, reason=reason, by=by, at=at
    )
    tell_in_force(publication, at=at)
    slices.cut(Rescoring.objects.create(publication=publication, started_at=at), born_by=at, at=at)
    push("leads", "dashboard")
    return publication
