"""What the list of keys can be narrowed down to."""

from datetime import timedelta

import pytest
from django.http import QueryDict

from api.filters import KeyFilter
from api.models import ApiKey
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Biểu mẫu", "Báo cáo", "Cũ"]),
        ("q=bieu", ["Biểu mẫu"]),
        ("q=lf_2", ["Báo cáo"]),
        ("scope=leads:write", ["Biểu mẫu", "Cũ"]),
        ("state=active", ["Biểu mẫu"]),
        ("state=expired", ["Báo cáo"]),
        ("state=revoked&scope=leads:write", ["Cũ"]),
        ("q=zz", []),
        ("state=?", ["Biểu mẫu", "Báo cáo", "Cũ"]),
    ],
)
def test_keys_by_words_scope_and_state(query, names):
    for number, (name, scope, more) in enumerate(
        [
            ("Biểu mẫu", "leads:write", {}),
            ("Báo cáo", "reports:read", {"expires_at": NOW}),
            ("Cũ", "leads:write", {"revoked_at": NOW}),
        ],
        1,
    ):
        ApiKey.objects.create(name=name, prefix=f"lf_{number}", secret_hash="x", scopes=[scope], created_at=NOW, **more)
    found = KeyFilter(QueryDict(query)).among(ApiKey.objects.order_by("pk"), at=NOW + timedelta(hours=1))
    assert [key.name for key, _state in found] == names
