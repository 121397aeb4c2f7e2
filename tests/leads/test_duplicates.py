"""Who may be whom: the rule, the scan, the list."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Conflict
from leads.merging.finding import dismiss, duplicates_of, find_for, open_pairs, scan
from leads.merging.likeness import Face, compare, is_near, keys
from leads.models import Duplicate, DuplicateKey, JobRun, Lead
from leads.profile import update_profile
from leads.tasks import scan_duplicates
from tests.factories import NOW, make_lead, make_mql, make_team, make_user

LATER = NOW + timedelta(minutes=5)
AN = Face("Nguyễn Văn An", "ACME", "+84912345678", "an.nguyen@gmail.com")


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (Face("nguyen van an", "", "+84912345679"), ("phone", 90)),
        (Face("NGUYEN VAN AN", "acme", "+84912345687"), ("phone", 95)),
        (Face("Nguyễn Văn An", "Acme", "+84987654321"), ("name", 75)),
        (Face("Nguyen Van An", "ACME", None, "annguyen@acme.vn"), ("name", 90)),
        (Face("Nguyen Van An", "", None, "annguyen@acme.vn"), ("email", 85)),
        (Face("An", "", "+84912345679", "annguyen+x@acme.vn"), ("email", 85)),
        (Face("Ai đó", "", None, "an.nguyen@yahoo.com"), ("email", 50)),
        (Face("Nguyễn Văn An", "Khác", "+84987654321"), None),
        (Face("Lê B", "ACME", "+84912345679"), None),
        (Face("", "", "+84912345679"), None),
        (Face("", "", None, "info@acme.vn"), None),
    ],
)
def test_reason_and_confidence(other, found):
    assert compare(AN, other) == compare(other, AN) == found
    if found:
        assert keys(AN) & keys(other)


def test_mailboxes_of_nobody_and_short_ones_say_nothing():
    assert compare(Face("", "", None, "info@a.vn"), Face("", "", None, "info@b.vn")) is None
    assert compare(Face("", "", None, "an@a.vn"), Face("", "", None, "an@b.vn")) is None


numbers = st.text("0123456789", min_size=9, max_size=9)


@given(numbers, st.integers(0, 8), st.integers(1, 9))
def test_one_digit_off_is_near_and_shares_a_key(number, place, by):
    other = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert is_near(number, other)
    assert is_near(other, number)
    assert keys(Face("An", "", f"+84{number}")) & keys(Face("An", "", f"+84{other}"))


@given(numbers, st.integers(0, 7))
def test_neighbours_that_change_places_are_near_and_share_a_key(number, place):
    other = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert is_near(number, other) == (number != other)
    assert keys(Face("An", "", f"+84{number}")) & keys(Face("An", "", f"+84{other}"))


@given(numbers, numbers)
def test_near_means_at_most_two_places(one, other):
    if is_near(one, other):
        assert 1 <= sum(a != b for a, b in zip(one, other, strict=True)) <= 2
    assert not is_near(one, one)
    assert not is_near(one, one[:8])


def twins():
    one = make_lead(phone="0912345678", name="Nguyễn Văn An", company="ACME")
    return one, make_lead(phone="0912345687", name="nguyen van an")


@pytest.mark.django_db
def test_the_scan_follows_the_log_and_finds_a_pair_once():
    one, two = twins()
    make_lead(phone="0909090909", name="Lê B")
    assert scan(at=NOW) == 0  # younger than a minute: somebody may still be writing before it
    assert scan(at=LATER, chunk=2) == 3
    pair = Duplicate.objects.get()
    assert (pair.one_id, pair.other_id, pair.reason, pair.confidence) == (one.pk, two.pk, "phone", 90)
    assert (scan(at=LATER), Duplicate.objects.count(), DuplicateKey.objects.count()) == (0, 1, 7)
    assert JobRun.objects.get(job="scan_duplicates").finished_at == LATER


@pytest.mark.django_db
def test_the_task_looks_now():
    twins()
    assert scan_duplicates() == 2


@pytest.mark.django_db
def test_what_changes_is_looked_at_again():
    one, two = twins()
    scan(at=LATER)
    update_profile(two.pk, by=None, at=LATER, changes={"name": "Ai khác"})
    scan(at=LATER + timedelta(minutes=5))
    assert Duplicate.objects.count() == 0
    assert one.pk != two.pk


@pytest.mark.django_db
def test_a_dismissed_pair_is_not_suggested_again():
    one, two = twins()
    find_for([one.pk], at=NOW)
    assert find_for([two.pk], at=NOW) == 1
    pair, user = Duplicate.objects.get(), make_user("marketer")
    dismiss(pair, by=user, at=NOW)
    with pytest.raises(Conflict, match="xử lý"):
        dismiss(pair, by=user, at=NOW)
    find_for([one.pk, two.pk], at=LATER)
    assert (Duplicate.objects.get().state, duplicates_of(one.pk, user)) == ("dismissed", [])


@pytest.mark.django_db
def test_a_rep_sees_pairs_only_of_leads_that_are_theirs():
    rep = make_user(team=make_team())
    one, two = (make_mql(phone=p, name="Nguyễn Văn An") for p in ("0912345678", "0912345687"))
    find_for([one.pk, two.pk], at=NOW)
    assert [p.pk for p in open_pairs(rep)] == [Duplicate.objects.get().pk]
    assert list(open_pairs(make_user("rep"))) == []


@pytest.mark.django_db
def test_a_key_that_many_share_meets_only_the_newest():
    for number in range(60):
        make_lead(phone=f"0912{number:03d}555", name="Khách lẻ", company="Chợ")
    newest = Lead.objects.latest("pk")
    find_for(list(Lead.objects.values_list("pk", flat=True)), at=NOW)
    assert duplicates_of(newest.pk, make_user("marketer")) != []
    assert Duplicate.objects.count() < 60 * 59 / 2
