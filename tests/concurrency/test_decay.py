"""Sweeps beside sweeps, and beside people at work."""

from functools import partial

import pytest

from leads.behaviour import behave
from leads.enums import Channel
from leads.intake import receive
from leads.models import Lead, Standing
from scoring.checks import violations
from scoring.decay import sweep_decay
from scoring.models import LedgerEntry
from tests.concurrency.crowd import at_once
from tests.scoring.makers import after

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def crowd(count: int) -> list[int]:
    payloads = [{"phone": f"09{n:08d}", "event": {"kind": "form.contact"}} for n in range(count)]
    receive(payloads, channel=Channel.API, at=after(0))
    return list(Lead.objects.order_by("pk").values_list("pk", flat=True))


def test_four_sweeps_at_once_take_each_step_once():
    crowd(300)
    swept = at_once([partial(sweep_decay, at=after(61), chunk=20)] * 4)
    assert sum(swept) >= 300
    sweep_decay(at=after(61))
    assert LedgerEntry.objects.filter(kind="decay").count() == 600
    assert set(Standing.objects.values_list("score", flat=True)) == {5}
    assert list(violations(at=after(61))) == []


def test_sweep_and_actions_at_once_lose_nothing():
    ids = crowd(120)
    items = [{"id": pk, "kind": "page.viewed"} for pk in ids]
    acts = [partial(behave, items[n::3], at=after(31)) for n in range(3)]
    at_once([*acts, partial(sweep_decay, at=after(31), chunk=10), partial(sweep_decay, at=after(31), chunk=10)])
    sweep_decay(at=after(31))
    assert set(Standing.objects.values_list("score", flat=True)) == {50 - 15 + 3}
    assert list(violations(at=after(31))) == []
