import io

import pytest
from python_calamine import CalamineWorkbook

from leads.models import Lead, Qualification
from leads.worksheet import as_xlsx, worksheet

FILLED = Qualification(
    right_phone=True, right_name=False, budget="planned", budget_amount=250_000_000, authority="user", need="urgent",
    timing="unknown", bant=50, need_note="=HYPERLINK(1)",
)  # fmt: skip
LEAD = Lead(pk=3, name="=1+1", phone="+84912345678", company_size=1200)


def rows(sheet):
    return CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(sheet))).get_sheet_by_index(0).to_python()


def test_blank_sheet_has_every_question_and_no_answer():
    sheet = worksheet(None, None, minimum=60)
    assert ([check.answer for check in sheet.checks], sheet.total) == ([None] * 5, None)
    assert [(len(q.answers), q.points, q.note) for q in sheet.questions] == [(3, None, "")] * 3 + [(4, None, "")]
    assert all(value == "" for _label, value in sheet.facts)


def test_filled_sheet_says_what_was_answered():
    sheet = worksheet(LEAD, FILLED, minimum=60)
    assert [check.answer for check in sheet.checks] == [True, False, None, None, None]
    assert [q.points for q in sheet.questions] == [15, 10, 25, 0]
    assert [sum(a.chosen for a in q.answers) for q in sheet.questions] == [1, 1, 1, 0]
    assert "250.000.000" in sheet.questions[0].note
    assert dict(sheet.facts)["Số nhân sự"] == "1.200"


@pytest.mark.parametrize("sheet", [worksheet(None, None, minimum=60), worksheet(LEAD, FILLED, minimum=60)])
def test_workbook_has_the_same_and_no_formula(sheet):
    text = [str(cell) for row in rows(sheet) for cell in row]
    assert all(str(value) in text for _label, value in sheet.facts if value)
    assert ("=1+1" in text) == (sheet.lead is not None)
