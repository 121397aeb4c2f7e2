import pytest

from accounts.enums import Role
from core.errors import Conflict, Invalid, Refused
from scoring.agreement import publish, roll_back, sign, signatures
from scoring.backtest import start_backtest
from scoring.drafts import drop_rule, edit_settings
from scoring.enums import ModelState
from scoring.models import Publication, Rescoring, ScoringModel, Slice
from scoring.published import in_force_at, published
from tests.factories import NOW, make_user
from tests.scoring.makers import after, born
from tests.scoring.studio import finish, make_draft, managers, put_in_force, signed

pytestmark = pytest.mark.django_db


def code_of(act) -> str:
    with pytest.raises((Conflict, Invalid, Refused)) as refused:
        act()
    return refused.value.code


def test_both_sides_sign_exactly_this_revision():
    draft, (marketing, sales) = make_draft(), managers()
    sign(draft, revision=1, by=marketing, at=NOW)
    assert {side: row.by for side, row in signatures(draft).items()} == {"marketing": marketing}
    sign(draft, revision=1, by=sales, at=NOW)
    sign(draft, revision=1, by=sales, at=after(1))
    assert {side: (row.by, row.at) for side, row in signatures(draft).items()} == {
        "marketing": (marketing, NOW), "sales": (sales, NOW),
    }  # fmt: skip


def test_any_edit_voids_the_signatures():
    draft = signed(make_draft())
    edit_settings(draft, {"mql": 70})
    draft.refresh_from_db()
    assert signatures(draft) == {}
    assert code_of(lambda: publish(draft, handovers="now", by=make_user(Role.ADMIN), at=NOW)) == "not_signed"


def test_nobody_signs_what_they_have_not_seen():
    draft, (marketing, _sales) = make_draft(), managers()
    edit_settings(draft, {"mql": 70})
    assert code_of(lambda: sign(draft, revision=1, by=marketing, at=NOW)) == "revision_changed"


@pytest.mark.parametrize("role", ["admin", "marketer", "rep", "team_lead", None])
def test_only_the_two_managers_sign(role):
    draft = make_draft()
    by = make_user(role) if role else None
    assert code_of(lambda: sign(draft, revision=1, by=by, at=NOW)) == "not_a_signatory"


def test_who_changes_sides_signs_once():
    draft, (marketing, _sales) = make_draft(), managers()
    sign(draft, revision=1, by=marketing, at=NOW)
    marketing.role = Role.SALES_MANAGER
    marketing.save()
    assert code_of(lambda: sign(draft, revision=1, by=marketing, at=NOW)) == "signed_for_the_other_side"
    assert set(signatures(draft)) == {"marketing"}


def test_a_model_without_rules_is_not_signed():
    draft, (marketing, _sales) = make_draft(), managers()
    for rule in draft.rules.all():
        drop_rule(draft, code=rule.code)
    draft.refresh_from_db()
    assert code_of(lambda: sign(draft, revision=draft.revision, by=marketing, at=NOW)) == "no_rules"


def test_one_signature_is_not_enough():
    draft, (marketing, sales) = make_draft(), managers()
    sign(draft, revision=1, by=sales, at=NOW)
    with pytest.raises(Conflict) as refused:
        publish(draft, handovers="from_now_on", by=marketing, at=NOW)
    assert (refused.value.code, refused.value.extra) == ("not_signed", {"missing": ["marketing"]})
    assert Publication.objects.count() == 0


def test_publishing_replaces_logs_and_starts_the_rescoring():
    born()
    draft = signed(make_draft())
    boss = make_user(Role.MARKETING_MANAGER)
    made = publish(draft, handovers="from_now_on", by=boss, at=after(1))
    old, new = ScoringModel.objects.get(version=1), ScoringModel.objects.get(version=2)
    assert (old.state, new.state, new.published_at, new.rescored_since) == ("retired", "published", after(1), after(1))
    assert (made.kind, made.model, made.replaced, made.by, made.at) == ("publish", new, old, boss, after(1))
    assert (made.rescoring.state, Rescoring.objects.get().total, Slice.objects.count()) == ("running", 1, 1)
    assert published().version == 2
    assert in_force_at(after(0.5)).version == 1
    assert in_force_at(after(1)).version == 2


def test_a_published_model_is_not_published_or_signed_again():
    draft, (marketing, _sales) = make_draft(), managers()
    put_in_force(draft, at=after(1))
    assert code_of(lambda: publish(draft, handovers="now", by=marketing, at=after(2))) == "not_a_draft"
    assert code_of(lambda: sign(draft, revision=1, by=marketing, at=after(2))) == "not_a_draft"


def test_hand_over_now_asks_for_a_trial_of_this_very_revision():
    draft = signed(make_draft())
    boss = make_user(Role.ADMIN)
    assert code_of(lambda: publish(draft, handovers="now", by=boss, at=NOW)) == "not_tried"
    assert code_of(lambda: publish(draft, handovers="whenever", by=boss, at=NOW)) == "invalid_choice"
    start_backtest(draft, months=1, by=None, at=NOW)
    finish(at=NOW)
    assert publish(draft, handovers="now", by=boss, at=NOW).handovers == "now"


def test_roll_back_needs_a_reason_and_a_version_that_was_in_force():
    boss, first = make_user(Role.SALES_MANAGER), ScoringModel.objects.get(version=1)
    draft = make_draft()
    assert code_of(lambda: roll_back(draft, reason="x", by=boss, at=NOW)) == "not_retired"
    assert code_of(lambda: roll_back(first, reason="x", by=boss, at=NOW)) == "not_retired"
    put_in_force(draft, at=after(1))
    assert code_of(lambda: roll_back(first, reason=" ", by=boss, at=after(2))) == "reason_required"
    made = roll_back(first, reason="Nhầm", by=boss, at=after(2))
    again = ScoringModel.objects.get(state=ModelState.PUBLISHED)
    assert (made.model, again.version, again.based_on, again.name) == (again, 3, first, first.name)
    assert list(again.rules.values_list("code", "points")) == list(first.rules.values_list("code", "points"))
    assert in_force_at(after(1.5)).version == 2
    assert in_force_at(NOW).version == 1
