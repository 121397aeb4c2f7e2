"""What the API listens to: a person who is erased is in no kept answer either."""

from leads.erasure.traces import traces_of
from leads.events import Batch, subscribe
from leads.kinds import LEAD_ERASED
from leads.models import Lead
from leads.sql import run

# Index used: none, answers are kept for seven days. Lock: the rows that go. Whoever repeats such a request sends the
# person anew.
FORGET_ANSWERS = """
DELETE FROM api_idempotencyrecord
WHERE regexp_replace(convert_from(body, 'UTF8'), '[^0-9"]', '', 'g') LIKE ANY(%s)
   OR lower(convert_from(body, 'UTF8')) LIKE ANY(%s)
"""


@subscribe
def forget_answers(batch: Batch) -> None:
    """The person is still known while the batch is heard."""
    if gone := [event.lead_id for event in batch.of(LEAD_ERASED)]:
        people = Lead.objects.filter(pk__in=gone) | Lead.objects.filter(merged_into__in=gone)
        traces = traces_of(people)
        run(FORGET_ANSWERS, traces.numbers, traces.searches)
