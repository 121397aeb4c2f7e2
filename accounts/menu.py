"""The menu as data: what stands where, behind which permission, and the letter that goes there after `g`."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Entry(NamedTuple):
    """One place to go. `permission` is the one its page asks for, so a shown entry never answers 403."""

    url_name: str
    label: str | Promise
    icon: str
    permission: str
    key: str = ""


class Group(NamedTuple):
    label: str | Promise
    entries: tuple[Entry, ...]


MENU: tuple[Group, ...] = (
    Group(
        "",
        (
            Entry("today", _("Today"), "zap", "queue.view", "t"),
            Entry("mql", _("MQL"), "target", "mql.view", "m"),
            Entry("overview", _("Overview"), "layout-dashboard", "reports.own", "o"),
            Entry("lead_list", _("Leads"), "users", "leads.view", "l"),
            Entry("board", _("Board"), "square-kanban", "board.view", "v"),
            Entry("calendar", _("Calendar"), "calendar-days", "calendar.view", "c"),
            Entry("handoff_list", _("Hand-offs"), "arrow-left-right", "handoffs.view", "b"),
            Entry("duplicates", _("Duplicates"), "merge", "leads.merge"),
            Entry("import_list", _("Import"), "file-up", "leads.import", "f"),
            Entry("notifications", _("Notifications"), "bell", "notifications.view", "n"),
        ),
    ),
    Group(
        _("The agreement"),
        (
            Entry("scoring_model", _("Scoring"), "gauge", "scoring.view", "s"),
            Entry("scoring_models", _("Scoring studio"), "flask-conical", "scoring.view"),
            Entry("agreement", _("SLA agreement"), "file-check", "agreement.view", "a"),
            Entry("assignment", _("Assignment"), "shuffle", "leads.assign", "i"),
            Entry("responsibility", _("Responsibility"), "scale", "reports.view", "r"),
            Entry("breaches", _("Broken promises"), "alarm-clock-off", "agreement.view"),
            Entry("feedback", _("Weekly feedback"), "messages-square", "agreement.view", "w"),
            Entry("audits", _("Call audits"), "headphones", "leads.assign"),
            Entry("bonus", _("Bonus"), "hand-coins", "agreement.view"),
        ),
    ),
    Group(
        _("Administration"),
        (
            Entry("users", _("Users"), "user-cog", "people.manage", "u"),
            Entry("teams", _("Teams"), "network", "people.manage"),
            Entry("work_settings", _("Daily work"), "phone-call", "work.manage"),
            Entry("report_screens", _("Report screens"), "tv", "reports.manage"),
            Entry("custom_fields", _("Lead fields"), "list-plus", "fields.manage"),
            Entry("person_requests", _("Personal data requests"), "file-question-mark", "people.requests"),
            Entry("export_log", _("Export log"), "file-down", "exports.audit"),
            Entry("api_keys", _("API keys"), "key-round", "keys.manage", "k"),
            Entry("health", _("System health"), "heart-pulse", "system.view", "h"),
        ),
    ),
    Group(
        "",
        (
            Entry("jobs", _("Background jobs"), "list-checks", "jobs.view", "j"),
            Entry("help", _("Definitions & glossary"), "book-open", "help.view", "d"),
        ),
    ),
)

# Pages that lie under another entry than their address says.
UNDER: Mapping[str, str] = {
    "lead_merge": "duplicates",
    "person_request_new": "person_requests",
    "person_request": "person_requests",
    "lead_requests": "person_requests",
    "lead_erasure": "person_requests",
    "appointment_new": "calendar",
    "appointment": "calendar",
    "appointment_end": "calendar",
}
