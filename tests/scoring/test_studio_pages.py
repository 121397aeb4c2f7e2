"""The studio in a browser's eyes: every page answers, says what it must, and lets only the right people act."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from scoring.models import ScoringModel
from tests.pages import as_role
from tests.scoring.studio import make_draft

pytestmark = pytest.mark.django_db


def test_list_says_which_version_is_in_force_and_offers_a_draft_to_marketers():
    client, _user = as_role(Role.MARKETER, language="en")
    text = client.get(reverse("scoring_models")).content.decode()
    assert "In force" in text
    assert "New draft" in text
    rep, _rep = as_role(Role.REP, language="en")
    assert "New draft" not in rep.get(reverse("scoring_models")).content.decode()


def test_a_draft_is_a_copy_of_the_model_in_force():
    client, user = as_role(Role.MARKETER)
    answer = client.post(reverse("scoring_draft_new"), {"name": "Thử", "version": ""})
    draft = ScoringModel.objects.get(state="draft")
    assert answer.url == reverse("scoring_version", args=[draft.version])
    assert (draft.version, draft.name, draft.created_by, draft.based_on.version) == (2, "Thử", user, 1)
    assert list(draft.rules.values_list("code", "points")) == list(draft.based_on.rules.values_list("code", "points"))


def test_pages_of_a_draft_answer_everybody_and_editing_is_the_marketers():
    draft = make_draft()
    for role in Role.values:
        client, _user = as_role(role)
        assert client.get(reverse("scoring_version", args=[draft.version])).status_code == 200
        status = 200 if role in {"marketer", "marketing_manager", "admin"} else 403
        for name in ("scoring_settings", "scoring_rule_new"):
            assert client.get(reverse(name, args=[draft.version])).status_code == status
