"""The worker dies in the middle of a file."""

import pytest

from tests.faults import kills
from tests.faults.books import check, settled
from tests.faults.sender import Journal, phone
from tests.stack import Stack
from tests.waiting import eventually

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]
LINES, HALF = 2100, 500  # two lanes bring in half a chunk of a thousand each
KNOWN = 1400  # the line, in the first half of the second chunk, that names somebody who is a lead already
# Progress as the page tells it, beside what really came in; one statement, so one moment.
PROGRESS = """
SELECT i.phase, j.done, i.created, i.matched,
    (SELECT count(*) FROM leads_importrow r WHERE r.job_id = i.id AND r.fate <> 'waiting'),
    (SELECT count(*) FROM leads_submission s WHERE s.client = 'import:' || i.id),
    (SELECT count(*) FROM leads_lead l WHERE l.source = 'hội chợ')
FROM leads_import i LEFT JOIN leads_job j ON j.id = i.job_id WHERE i.id = %s
"""
HELD = "SELECT s.lead_id FROM leads_standing s JOIN leads_lead l ON l.id = s.lead_id WHERE l.phone = %s FOR UPDATE OF s"
LEFT = "SELECT count(*) FROM leads_submission WHERE client = 'import:' || %s"


def test_import_goes_on_where_the_worker_died_and_doubles_nothing(stack: Stack, journal: Journal):
    """One lane waits for a lead somebody holds; when the other has stored its half, the death is armed that meets it.

    The step counted before knew of one half: the lines of the others know themselves that they are stored.
    """
    assert eventually(lambda: kills.at_full_strength(stack), seconds=kills.STARTS_WITHIN)
    known = phone(journal.send(hot=False))
    number = stack.inside(
        "check_file", lines=["Họ tên,Điện thoại,Nguồn", *(line(n, known) for n in range(1, LINES + 1))]
    )
    assert eventually(lambda: progress(stack, number)[0] == "checked", seconds=kills.LEASED_STEP)
    with stack.connected() as holder, holder.cursor() as cursor:
        cursor.execute(HELD, [known])
        stack.inside("start_import", number=number)
        assert eventually(lambda: progress(stack, number)[2] == 3 * HALF, seconds=kills.LEASED_STEP)
        kills.arm("import_chunk", folder=stack.failpoints)
    assert eventually(lambda: not (stack.failpoints / "import_chunk").exists(), seconds=kills.STARTS_WITHIN)
    stored = 3 * HALF
    assert progress(stack, number) == ("running", HALF, stored, 0, stored, stored, stored)
    assert eventually(lambda: progress(stack, number)[0] == "done", seconds=kills.LEASED_STEP)
    assert progress(stack, number) == ("done", LINES, LINES - 1, 1, LINES, LINES, LINES - 1)
    assert stack.inside("broken_invariants") == []
    stack.inside("take_import_back", number=number)
    assert eventually(lambda: progress(stack, number)[0] == "undone", seconds=kills.LEASED_STEP)
    assert (progress(stack, number)[-1], stack.ask(LEFT, number)) == (0, [(0,)])
    assert eventually(lambda: settled(stack), seconds=kills.LEASED_STEP)
    check(stack, journal)


def line(number: int, known: str) -> str:
    return f"Khách {number},{known if number == KNOWN else f'+8498{number:07d}'},hội chợ"


def progress(stack: Stack, number: int) -> tuple[object, ...]:
    return stack.ask(PROGRESS, number)[0]
