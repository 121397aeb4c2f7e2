"""What the log of exports says of each: the words of the list, its address, the columns by name."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from leads.bulk.selection import Selection, ticked
from leads.export_files import EXPORT
from leads.export_words import which_leads
from leads.jobs import start
from tests.factories import NOW, make_lead, make_user

pytestmark = pytest.mark.django_db


def export(selection, columns=("name",)):
    params = {"selection": selection.as_params(), "columns": list(columns), "shape": "csv"}
    return start(EXPORT, by=make_user(Role.SALES_MANAGER), at=NOW, title="x", params=params)


def taken(*jobs):
    return list(which_leads(jobs, user=make_user(Role.ADMIN)))


def test_filters_are_said_as_the_list_says_them_and_open_it():
    rep = make_user(Role.REP, full_name="Trần Huy")
    filters = {"status": "new,hot", "owner": str(rep.pk), "score_min": "75"}
    (one,) = taken(export(Selection(NOW, filters=filters)))
    assert [(chip.param, str(chip.label), chip.value) for chip in one.chips] == [
        ("status", "Trạng thái", "Mới, Nóng"),
        ("owner", "Phụ trách", "Trần Huy"),
        ("score_min", "Điểm từ", "75"),
    ]
    assert (one.chosen, one.query) == (None, f"status=new%2Chot&owner={rep.pk}&score_min=75")


def test_chosen_rows_are_counted_and_all_leads_have_no_filter():
    chosen, everything = taken(export(ticked([make_lead().pk], at=NOW)), export(Selection(NOW)))
    assert (chosen.chosen, list(chosen.chips), chosen.query) == (1, [], "")
    assert (everything.chosen, list(everything.chips), everything.query) == (None, [], "")


def test_columns_are_named_and_one_that_is_gone_keeps_its_key():
    (one,) = taken(export(Selection(NOW), columns=("name", "status", "custom.cu")))
    assert one.columns == ["Lead", "Trạng thái", "custom.cu"]


def test_a_page_of_exports_asks_for_each_list_once():
    rep = make_user(Role.REP)
    jobs = [export(Selection(NOW, filters={"owner": str(rep.pk), "source": "Web"})) for _ in range(5)]
    counts = []
    for several in (jobs[:1], jobs):
        user = make_user(Role.ADMIN)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            list(which_leads(several, user=user))
        counts.append(len(queries))
    assert counts[0] == counts[1]
