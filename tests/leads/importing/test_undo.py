"""Whatever has become of a lead before a file met it: taken back, it is that again, to the last row."""

from datetime import timedelta

import pytest

from leads.checks import violations as leads_violations
from scoring.checks import violations as scoring_violations
from sla.checks import violations as sla_violations
from tests.factories import NOW, make_user
from tests.leads.importing.files import bring_in, take_back
from tests.leads.lives import LIVES, everything

pytestmark = pytest.mark.django_db
IMPORTED, BACK = NOW + timedelta(minutes=10), NOW + timedelta(minutes=20)


def sound():
    return [*leads_violations(at=BACK), *scoring_violations(at=BACK), *sla_violations(at=BACK)]


@pytest.mark.parametrize("action", ["", "meeting.booked"])
def test_leads_of_every_life_become_what_they_were(action):
    for _each in range(2):
        make_user()
    leads = [live() for live in LIVES.values()]
    before = everything()
    header = ["Họ tên", "Điện thoại", "Email", "Công ty", "Chức danh", "Mã khách hàng"]
    lines = [
        [f"Khách {n}", lead.phone, f"k{n}@moi.vn", "Công ty Mới", "Giám đốc", f"K{n}"] for n, lead in enumerate(leads)
    ]
    found = bring_in([header, *lines, *lines[:3]], at=IMPORTED, tag="mới", action=action)
    assert (found.phase, found.created, found.rejected, everything() != before) == ("done", 0, 0, True)
    assert sound() == []
    undone = take_back(found, at=BACK)
    assert (undone.phase, undone.undo_result["restored"], undone.undo_result["kept"]) == ("undone", len(leads), [])
    after = everything()
    assert [name for name in before if before[name] != after[name]] == []
    assert sound() == []


def test_history_told_of_leads_of_every_life_is_untold():
    make_user(full_name="Trần Huy")
    leads = [live() for live in LIVES.values()]
    before = everything()
    header = ["Điện thoại", "Ngày tạo", "Ngày MQL", "Ngày chốt", "Giá trị hợp đồng", "Phụ trách"]
    past = ["01/02/2026", "05/02/2026", "20/02/2026", "350.000.000", "Trần Huy"]
    lines = [[phone, *past] for phone in [*(lead.phone for lead in leads), "0977777777"]]
    found = bring_in([header, *lines, *lines[:3]], at=IMPORTED, name="crm.csv", kind="history")
    assert (found.phase, found.created, sound()) == ("done", 1, [])
    undone = take_back(found, at=BACK)
    assert (undone.phase, undone.undo_result["removed"], undone.undo_result["kept"]) == ("undone", 1, [])
    after = everything()
    assert [name for name in before if before[name] != after[name]] == []
    assert sound() == []
