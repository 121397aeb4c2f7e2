from leads.models.call import Call
from leads.models.event import Event
from leads.models.handoff import Handoff
from leads.models.job_run import JobRun
from leads.models.lead import Identity, Lead
from leads.models.policy import Policy
from leads.models.qualification import Qualification
from leads.models.rotation import Rotation, Seat
from leads.models.standing import Standing
from leads.models.submission import Submission

__all__ = [
    "Call",
    "Event",
    "Handoff",
    "Identity",
    "JobRun",
    "Lead",
    "Policy",
    "Qualification",
    "Rotation",
    "Seat",
    "Standing",
    "Submission",
]
