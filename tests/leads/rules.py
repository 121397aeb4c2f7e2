"""Rules of assignment for tests."""

from typing import Any

from leads.assigning.editing import save_rule
from leads.models import AssignmentRule


def rule(**fields: Any) -> AssignmentRule:
    return save_rule(AssignmentRule(**{"name": "Quy tắc", **fields}))
