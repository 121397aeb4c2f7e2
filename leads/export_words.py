"""Which leads an export was about, as the list itself says it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from leads.columns import columns
from leads.export_files import ACCESS
from leads.filter_forms import Chip
from leads.lead_filter import LeadFilter
from leads.models import Job
from leads.queries import Choices


@dataclass(frozen=True)
class Taken:
    """One export: the chosen rows, or the filters with the address of the list they make; the columns in words.

    Or all data of one person: the lead's number.
    """

    job: Job
    chosen: int | None
    chips: Sequence[Chip]
    query: str
    columns: Sequence[str]
    person: int | None = None


def which_leads(jobs: Sequence[Job], *, user: User) -> Iterator[Taken]:
    """Each export in words for whoever looks; what a list offers is asked for once for all of them."""
    listed: dict[str, Choices] = {}
    labels = {key: str(column.label) for key, column in columns().items()}
    for job in jobs:
        if job.kind == ACCESS:
            yield Taken(job, 1, (), "", [_("All data of the person")], job.params["lead"])
            continue
        ids, filters = job.params["selection"]["ids"], job.params["selection"]["filters"]
        query = urlencode(filters)
        chips = LeadFilter(QueryDict(query), user=user, listed=listed).chips if filters else []
        words = [labels.get(key, key) for key in job.params["columns"]]
        yield Taken(job, None if ids is None else len(ids), chips, query, words)
