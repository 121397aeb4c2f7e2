"""The same lines from several files at the same moment."""

from datetime import timedelta
from functools import partial
from random import Random

import pytest
from django.db import transaction

from leads.checks import violations
from leads.enums import ImportKind
from leads.importing import work
from leads.importing.chunks import Source, bring_in, understand
from leads.importing.lines import Plan
from leads.jobs import LeaseLostError
from leads.kinds import LEAD_UPDATED
from leads.models import Event, ImportRow, Lead, Submission
from tests.concurrency.crowd import at_once
from tests.factories import NOW
from tests.leads.importing import files

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
apart = work._apart
SOURCE = Source(ImportKind.LEADS, Plan({0: "name", 1: "phone", 2: "external_id"}, system="crm"), "import:1", {}, None)


@transaction.atomic
def bring(lines):
    return bring_in(lines, SOURCE, at=NOW)


def test_the_same_lines_at_once_make_each_lead_and_each_enquiry_once():
    lines = [(n, [f"Khách {n}", f"09{n:08d}", f"K{n}"]) for n in range(10000000, 10000040)]
    results = at_once([partial(bring, lines), partial(bring, lines[::-1]), partial(bring, lines[20:] + lines[:20])])
    fates = [line.fate for result in results for line in result]
    assert (fates.count("created"), fates.count("matched"), fates.count("rejected")) == (40, 80, 0)
    assert {line.lead_id for result in results for line in result} == set(Lead.objects.values_list("pk", flat=True))
    assert (Lead.objects.count(), Submission.objects.count()) == (40, 40)
    assert Event.objects.filter(kind="lead.created").count() == 40
    assert list(violations(at=NOW)) == []


HEADER = ["Họ tên", "Số điện thoại", "Email", "Công ty", "Mã khách hàng"]


def crowded(seed):
    """Lines of few people, who are named by one mark or another, again and again."""
    draw = Random(seed)
    return [HEADER, *(_line(draw, number) for number in range(60))]


def _line(draw, number):
    who = draw.randrange(25)
    phone, email = f"0912{who:06d}" if draw.random() < 0.7 else "", f"k{who}@b.vn" if draw.random() < 0.6 else ""
    return [f"Khách {number}", phone, email, f"C{number}" if draw.random() < 0.5 else "", f"K{who}" * (number % 3 == 0)]


def books():
    """What stands in the books, without the numbers that are drawn."""
    leads = {lead.pk: n for n, lead in enumerate(Lead.objects.order_by("name", "phone", "email"))}
    fields = ("name", "phone", "email", "company", "external_id", "standing__score", "standing__status")
    # What was filled in is said once a step: how much at a time depends on where a step ends, as in any import.
    said = Event.objects.exclude(kind=LEAD_UPDATED).order_by("pk").values_list("lead", "kind", "properties")
    log = {}
    for lead, kind, properties in said:
        log.setdefault(leads[lead], []).append((kind, properties))
    rows = ImportRow.objects.order_by("number").values_list("number", "fate", "lead_id", "problems")
    fates = [(number, fate, leads.get(lead), problems) for number, fate, lead, problems in rows]
    return list(Lead.objects.order_by("name", "phone", "email").values_list(*fields)), log, fates


class Steady:
    lines = 8

    def took(self, time):
        """Steps stay as they are."""


@pytest.mark.parametrize("seed", range(3))
def test_two_lanes_leave_the_books_that_one_leaves_and_nothing_after_them(monkeypatch, seed):
    monkeypatch.setattr(work, "FEWEST", 4)
    monkeypatch.setattr(work, "Pace", lambda *_lines: Steady())
    beside = []
    monkeypatch.setattr(work, "_apart", lambda *a, **k: beside.append(len(a[1])) or apart(*a, **k))
    two = files.bring_in(crowded(seed), name="crm.csv")
    assert (two.phase, two.job.done + two.rejected, sum(beside) > 10) == ("done", 60, True)
    assert list(violations(at=NOW)) == []
    found = books()
    undone = files.take_back(two, at=NOW)
    assert (undone.phase, Lead.objects.count(), Submission.objects.count()) == ("undone", 0, 0)
    monkeypatch.setattr(work, "is_alone", lambda: True)
    one = files.bring_in(crowded(seed), name="crm.csv")
    assert (one.created, one.matched) == (two.created, two.matched)
    assert books() == found


def test_a_lane_that_fails_leaves_its_lines_to_whoever_goes_on(monkeypatch):
    monkeypatch.setattr(work, "FEWEST", 4)
    monkeypatch.setattr(work, "Pace", lambda *_lines: Steady())
    monkeypatch.setattr(work, "_apart", fails_twice([]))
    found = files.bring_in(crowded(7), name="crm.csv", at=NOW)
    assert (found.phase, found.job.done) == ("running", 4)
    for minutes in (10, 60):
        found = files.work(found, at=NOW + timedelta(minutes=minutes))
    assert (found.phase, found.job.done + found.job.refused, found.rejected) == ("done", 60, found.job.refused)
    assert Event.objects.filter(kind="lead.created").count() == found.created == Lead.objects.count()
    assert list(violations(at=NOW)) == []


def fails_twice(failed):
    def apart_once(*a, **k):
        if len(failed) < 2:
            failed.append(a)
            raise ConnectionError
        return apart(*a, **k)

    return apart_once


def test_lines_somebody_else_has_settled_are_not_brought_in_again():
    found = files.match(files.upload(crowded(1), name="crm.csv"))
    source, cells = work.source_of(found), list(found.lines.order_by("number").values_list("number", "cells"))
    read = list(zip(cells, understand(cells, source, at=NOW), strict=True))
    apart(found, read[:20], source, at=NOW)
    made = Lead.objects.count()
    with pytest.raises(LeaseLostError):
        apart(found, list(zip(cells, understand(cells, source, at=NOW), strict=True))[19:], source, at=NOW)
    found.refresh_from_db()
    assert (Lead.objects.count(), found.created + found.matched) == (made, 20)
