from leads.models.appointment import Appointment, CalendarFeed
from leads.models.assigning import Absence, AssignmentRule, Handback, Speciality
from leads.models.attachment import Attachment
from leads.models.call import Call
from leads.models.custom_field import CustomField
from leads.models.event import Event
from leads.models.handoff import Handoff
from leads.models.importing import Import, ImportRow
from leads.models.job import Job, JobRow
from leads.models.job_run import JobRun
from leads.models.lead import Identity, Lead
from leads.models.merging import Duplicate, DuplicateKey, Merge
from leads.models.person_request import Objection, PersonRequest
from leads.models.policy import Policy
from leads.models.qualification import Qualification
from leads.models.reminder import Reminder
from leads.models.rotation import Rotation, Seat
from leads.models.saved_view import ListChoice, SavedView
from leads.models.spend import Spend
from leads.models.standing import Standing
from leads.models.submission import Submission

__all__ = [
    "Absence",
    "Appointment",
    "AssignmentRule",
    "Attachment",
    "CalendarFeed",
    "Call",
    "CustomField",
    "Duplicate",
    "DuplicateKey",
    "Event",
    "Handback",
    "Handoff",
    "Identity",
    "Import",
    "ImportRow",
    "Job",
    "JobRow",
    "JobRun",
    "Lead",
    "ListChoice",
    "Merge",
    "Objection",
    "PersonRequest",
    "Policy",
    "Qualification",
    "Reminder",
    "Rotation",
    "SavedView",
    "Seat",
    "Speciality",
    "Spend",
    "Standing",
    "Submission",
]
