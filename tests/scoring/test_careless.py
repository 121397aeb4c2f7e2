"""The studio under careless and hostile hands: a clear refusal each time, and nothing half done."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from scoring.backtest import start_backtest
from scoring.drafts import drop_rule
from scoring.models import Backtest, Publication, Rescoring, Rule, ScoringModel, Signature
from tests.factories import NOW, make_lead
from tests.pages import EARLIER, as_role
from tests.scoring.makers import after
from tests.scoring.studio import finish, make_draft, put_in_force, signed

pytestmark = pytest.mark.django_db


def form_of(client, address: str) -> dict[str, str]:
    """What the browser would send back as it stands."""
    bound = client.get(address).context
    values = {name: bound["form"][name].value() for name in bound["form"].fields}
    return {name: value for name, value in values.items() if value not in (None, False)} | {"seen": bound["seen"]}


def a_rule(draft) -> Rule:
    return draft.rules.get(event_kind="form.contact")


def test_the_second_of_two_tabs_is_told_and_may_still_have_its_way():
    client, _user = as_role(Role.MARKETER, language="en")
    draft = make_draft()
    address = reverse("scoring_rule", args=[draft.version, a_rule(draft).code])
    one, two = form_of(client, address), form_of(client, address)
    assert client.post(address, one | {"points": "41"}).status_code == 302
    refused = client.post(address, two | {"points": "42"})
    assert (refused.status_code, a_rule(draft).points) == (422, 41)
    text = refused.content.decode()
    assert "Somebody has changed this meanwhile" in text
    assert 'value="42"' in text
    assert client.post(address, two | {"points": "42", "seen": refused.context["seen"]}).status_code == 302
    assert a_rule(draft).points == 42


def test_two_tabs_on_the_settings_and_one_on_a_rule_do_not_mix():
    client, _user = as_role(Role.MARKETER, language="en")
    draft = make_draft()
    settings, rule = (
        reverse("scoring_settings", args=[draft.version]),
        reverse("scoring_rule", args=[draft.version, a_rule(draft).code]),
    )
    one, two, other = form_of(client, settings), form_of(client, settings), form_of(client, rule)
    assert client.post(settings, one | {"mql": "80"}).status_code == 302
    assert client.post(rule, other | {"points": "33"}).status_code == 302
    assert client.post(settings, two | {"mql": "90"}).status_code == 422
    draft.refresh_from_db()
    assert (draft.mql, a_rule(draft).points) == (80, 33)


def refused(client, address: str, *changes: dict[str, str]) -> list[dict[str, str]]:
    """Those of the changes that do not go through."""
    sent = form_of(client, address)
    return [change for change in changes if client.post(address, sent | change).status_code == 422]


def test_an_impossible_rule_is_refused_beside_its_field():
    client, _user = as_role(Role.MARKETER)
    draft = make_draft()
    address = reverse("scoring_rule", args=[draft.version, a_rule(draft).code])
    wrong = [{"points": points} for points in ("1000000000", "-1000000000", "0", "1e400", "")]
    wrong += [{"cap_per_day": "-1"}, {"cap_per_lead": "9" * 30}, {"expiry_days": "-5"}, {"event_kind": ""}]
    wrong += [{"label_vi": ""}, {"kind": "x"}, {"repeat": "property", "repeat_property": ""}]
    assert refused(client, address, *wrong) == wrong
    assert a_rule(draft).points == 50


def test_impossible_settings_are_refused():
    client, _user = as_role(Role.MARKETER)
    draft = make_draft()
    wrong = [{"mql": "-75"}, {"mql": "1000000000"}, {"lead": "90", "mql": "60"}, {"offers": "0"}, {"fit_a": "-1"}]
    wrong += [{"days_0": "0"}, {"points_0": "-15"}, {"days_1": "30"}, {"days_0": "", "points_0": "9"}, {"decay": "x"}]
    assert refused(client, reverse("scoring_settings", args=[draft.version]), *wrong) == wrong
    draft.refresh_from_db()
    assert draft.revision == 1


def test_an_empty_draft_is_shown_and_tried_but_not_signed():
    draft = make_draft()
    for code in draft.rules.values_list("code", flat=True):
        drop_rule(draft, code=code)
    make_lead(at=EARLIER, event={"kind": "form.contact"})
    client, _user = as_role(Role.MARKETING_MANAGER, language="en")
    page = reverse("scoring_version", args=[draft.version])
    assert "No rules yet" in client.get(page).content.decode()
    draft.refresh_from_db()
    answer = client.post(reverse("scoring_sign", args=[draft.version]), {"revision": draft.revision}, follow=True)
    assert "A model without rules gives nobody points" in answer.content.decode()
    assert Signature.objects.count() == 0
    job = start_backtest(draft, months=3, by=None, at=timezone.now())
    finish(at=timezone.now())
    assert client.get(reverse("scoring_backtest", args=[job.pk])).status_code == 200


def test_signing_twice_is_one_signature():
    client, _user = as_role(Role.SALES_MANAGER)
    draft = make_draft()
    for _time in range(2):
        answer = client.post(reverse("scoring_sign", args=[draft.version]), {"revision": "1"})
        assert answer.status_code == 302
    assert Signature.objects.count() == 1


def test_publishing_while_everybody_is_being_rescored_takes_over():
    make_lead(at=EARLIER)
    put_in_force(make_draft(), at=NOW)
    second = signed(make_draft("Bản sau"), at=after(1))
    client, _user = as_role(Role.SALES_MANAGER)
    address = reverse("scoring_publish", args=[second.version])
    assert client.post(address, {"handovers": "from_now_on"}).status_code == 302
    assert client.post(address, {"handovers": "from_now_on"}).status_code == 422
    assert list(Rescoring.objects.order_by("pk").values_list("state", flat=True)) == ["cancelled", "running"]
    assert Publication.objects.count() == 2


def test_a_draft_is_thrown_away_while_its_trial_runs():
    make_lead(at=EARLIER)
    client, _user = as_role(Role.MARKETER, language="en")
    draft = make_draft()
    job = start_backtest(draft, months=3, by=None, at=timezone.now())
    client.post(reverse("scoring_backtest_cancel", args=[job.pk]))
    other = start_backtest(draft, months=3, by=None, at=timezone.now())
    assert client.post(reverse("scoring_draft_drop", args=[draft.version])).status_code == 302
    assert Backtest.objects.count() == 0
    assert finish(at=timezone.now()) == 0
    for name, key in (("scoring_backtest", job.pk), ("scoring_backtest", other.pk), ("scoring_version", draft.version)):
        assert client.get(reverse(name, args=[key])).status_code == 404
    assert client.post(reverse("scoring_backtest_cancel", args=[other.pk])).status_code == 404


def test_nobody_goes_back_to_what_is_in_force():
    client, _user = as_role(Role.SALES_MANAGER, language="en")
    draft = make_draft()
    for version in (1, draft.version):
        answer = client.post(reverse("scoring_roll_back", args=[version]), {"reason": "Thử"})
        assert answer.status_code == 422
        assert "Only a version that was in force before can come back." in answer.content.decode()
    assert ScoringModel.objects.get(state="published").version == 1
