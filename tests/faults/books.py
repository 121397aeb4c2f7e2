"""What the database says after a kill, against what was acknowledged."""

import re
from collections import Counter

from tests.faults.sender import Journal, is_hot, phone
from tests.stack import Stack

# Of each lead that came in: created, enquiries, submissions, hand-offs with an owner, clocks to call, e-mails.
LEADS = """
SELECT l.phone, l.id,
    (SELECT count(*) FROM leads_event e WHERE e.lead_id = l.id AND e.kind = 'lead.created'),
    (SELECT count(*) FROM leads_event e WHERE e.lead_id = l.id AND e.kind = 'enquiry.received'),
    (SELECT count(*) FROM leads_submission s WHERE s.lead_id = l.id AND s.state = 'done'),
    (SELECT count(*) FROM leads_handoff h WHERE h.lead_id = l.id AND h.owner_id IS NOT NULL),
    (SELECT count(*) FROM sla_clock c WHERE c.lead_id = l.id AND c.promise = 'first_touch'),
    (SELECT count(*) FROM notifications_delivery d WHERE d.lead_id = l.id AND d.channel = 'email')
FROM leads_lead l
"""
WAITING = """
SELECT (SELECT count(*) FROM leads_submission WHERE state <> 'done'),
       (SELECT count(*) FROM notifications_delivery WHERE state <> 'done')
"""


def disagreements(stack: Stack, journal: Journal) -> list[str]:
    """Where the database and the journal differ: lost, doubled, unknown or half-made leads."""
    found = {row[0]: row[1:] for row in stack.ask(LEADS)}
    rows = sum(1 for _row in stack.ask("SELECT 1 FROM leads_lead"))
    wrong = [f"{rows - len(found)} leads share a phone"] if rows != len(found) else []
    for number, answer in sorted(journal.answers.items()):
        hot = int(is_hot(number))
        lead_id, *counts = found.pop(phone(number), (None,))
        if counts != [1, 0, 1, hot, hot, hot] or answer.body.get("id", lead_id) != lead_id:
            wrong.append(f"lead {number}: {counts}, id {lead_id}, answered {answer.status} {answer.body.get('id')}")
    return wrong + [f"{number}: nobody was told that it exists" for number in found]


def waiting(stack: Stack) -> tuple[int, int]:
    """Submissions and e-mails that are not done."""
    submissions, mails = stack.ask(WAITING)[0]
    return submissions, mails


def mails_sent(stack: Stack) -> Counter[str]:
    """Message-ID -> how often that message went out."""
    files = (stack.var / "mail").glob("*")
    return Counter(i for file in files for i in re.findall(r"(?im)^message-id:\s*(\S+)", file.read_text()))


def settled(stack: Stack) -> bool:
    return waiting(stack) == (0, 0)


def check(stack: Stack, journal: Journal) -> None:
    """Everything acknowledged exists exactly once, nothing else does, and all books agree."""
    assert disagreements(stack, journal) == []
    assert stack.inside("broken_invariants") == []
    assert journal.sender.refused == []
