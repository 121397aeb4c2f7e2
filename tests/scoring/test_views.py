import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from scoring.models import Rule, ScoringModel
from tests.factories import make_lead, make_user

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", Role.values)
def test_model_is_open_to_everybody_who_works_here(role):
    assert client_of(make_user(role)).get(reverse("scoring_model")).status_code == 200


def test_model_sends_strangers_to_the_login():
    assert Client().get(reverse("scoring_model")).status_code == 302


def test_model_shows_the_rules_in_the_reader_s_language():
    vietnamese = client_of(make_user()).get(reverse("scoring_model")).content.decode()
    english = client_of(make_user(language="en")).get(reverse("scoring_model")).content.decode()
    assert "Gửi biểu mẫu liên hệ" in vietnamese
    assert "5 ưu đãi miễn phí × 10 điểm" in vietnamese
    assert "Contact form" in english
    assert "90 days of silence" in english


def test_model_that_lapses_and_one_that_keeps_its_points_say_so():
    client = client_of(make_user(language="en"))
    ScoringModel.objects.update(decay="expiry", expiry_days=45)
    lapsing = client.get(reverse("scoring_model")).content.decode()
    ScoringModel.objects.update(decay="none", pause_when_accepted=False)
    keeping = client.get(reverse("scoring_model")).content.decode()
    assert "after 45 days" in lapsing
    assert "Points stay." in keeping
    assert "lose no points" not in keeping


def test_model_takes_the_same_queries_for_few_rules_and_many(django_assert_num_queries):
    client = client_of(make_user())
    client.get(reverse("scoring_model"))
    with django_assert_num_queries(MODEL_QUERIES):
        client.get(reverse("scoring_model"))
    model = ScoringModel.objects.get()
    Rule.objects.bulk_create(
        [Rule(model=model, label_vi=f"v{n}", label_en=f"e{n}", event_kind="x.y", points=1) for n in range(30)]
    )
    with django_assert_num_queries(MODEL_QUERIES):
        client.get(reverse("scoring_model"))


MODEL_QUERIES = 7


def test_lead_page_explains_its_score():
    lead = make_lead(title="Giám đốc", event={"kind": "form.contact"})
    text = client_of(make_user(Role.ADMIN)).get(reverse("lead", args=[lead.pk])).content.decode()
    assert "Vì sao có điểm này" in text
    assert "Chức danh cấp giám đốc" in text
    assert "Gửi biểu mẫu liên hệ" in text
    assert "30 ngày không có hoạt động nào" in text
