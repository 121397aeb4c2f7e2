"""One lead a call: what one integration sends at the same moment is taken in together, each with its own answer."""

from collections.abc import Sequence
from functools import cache

from django.utils import timezone

from api.callers import Caller
from api.v1.shapes import Row, lead_rows
from core.together import Together
from leads.enquiry import Enquiry
from leads.enums import Channel
from leads.intake import Receipt, receive

MOST = 32  # in one transaction: as many as wait, and few enough that nobody waits long
Taken = tuple[Receipt, Row | None]  # what became of it, and what to show of the lead


def take_in(caller: Caller, enquiry: Enquiry) -> Taken:
    """Takes the enquiry in and reads the lead back; no lead is shown that this caller may not see."""
    if caller.key:
        return _integration(caller.client)(enquiry)
    receipt = receive([enquiry], channel=Channel.API, at=timezone.now(), by=caller.by)[0]
    seen = receipt.lead_id and caller.sees(receipt.lead_id)
    return _with_rows([receipt])[0] if seen else (receipt, None)


@cache
def _integration(client: str) -> Together[Enquiry, Taken]:
    def work(enquiries: Sequence[Enquiry]) -> list[Taken]:
        return _with_rows(receive(enquiries, channel=Channel.API, at=timezone.now(), client=client))

    return Together(work, most=MOST)


def _with_rows(receipts: Sequence[Receipt]) -> list[Taken]:
    rows = lead_rows([receipt.lead_id for receipt in receipts if receipt.lead_id])
    return [(receipt, rows.get(receipt.lead_id or 0)) for receipt in receipts]
