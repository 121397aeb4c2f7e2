"""The lead pages."""

from django.urls import path

from leads.views import agenda, assigning, extras
from leads.views.about import lead_field, lead_profile, lead_profile_card, lead_tags
from leads.views.board import board, board_column, board_move, board_moves
from leads.views.bulk import export_log, job_download, lead_bulk, lead_export
from leads.views.create import lead_create
from leads.views.duplicates import duplicate_dismiss, duplicate_list, lead_merge, merge_undo
from leads.views.erasures import lead_erasure
from leads.views.fields import custom_field, custom_field_create, custom_fields
from leads.views.home import help_page, home
from leads.views.imports import (
    import_act,
    import_errors,
    import_leads,
    import_list,
    import_match,
    import_of_job,
    import_page,
)
from leads.views.jobs import job, job_cancel, job_list, job_toast, job_undo
from leads.views.lead import lead, lead_parts, lead_timeline
from leads.views.lists import lead_columns, lead_filters, lead_list, lead_palette
from leads.views.moves import lead_move
from leads.views.mql import handoff_list, mql
from leads.views.owner import lead_assign, lead_take
from leads.views.policy import work_settings
from leads.views.requests import lead_requests, person_request, person_request_new, person_requests
from leads.views.saved import view_counts, view_delete, view_edit, view_new
from leads.views.today import today
from leads.views.work import lead_bant, lead_call, lead_decision
from leads.views.worksheet import blank_worksheet, lead_worksheet

urlpatterns = [
    path("assignment/", assigning.assignment, name="assignment"),
    path("assignment/rules/new/", assigning.rule_edit, name="assignment_rule_new"),
    path("assignment/rules/<int:rule_id>/", assigning.rule_edit, name="assignment_rule"),
    path("assignment/rules/<int:rule_id>/move/", assigning.rule_move, name="assignment_rule_move"),
    path("assignment/rules/<int:rule_id>/remove/", assigning.rule_remove, name="assignment_rule_remove"),
    path("assignment/people/<int:user_id>/skills/", assigning.speciality, name="assignment_speciality"),
    path("assignment/people/<int:user_id>/leaving/", assigning.leaving, name="assignment_leaving"),
    path("assignment/absences/add/", assigning.absence_add, name="assignment_absence_add"),
    path("assignment/absences/<int:absence_id>/remove/", assigning.absence_remove, name="assignment_absence_remove"),
    path("leads/<int:lead_id>/decline/", assigning.lead_decline, name="lead_decline"),
    path("leads/<int:lead_id>/who-next/", assigning.lead_trial, name="lead_trial"),
    path("", home, name="home"),
    path("today/", today, name="today"),
    path("mql/", mql, name="mql"),
    path("handoffs/", handoff_list, name="handoff_list"),
    path("help/", help_page, name="help"),
    path("leads/", lead_list, name="lead_list"),
    path("leads/new/", lead_create, name="lead_create"),
    path("leads/find/", lead_palette, name="lead_palette"),
    path("leads/filters/", lead_filters, name="lead_filters"),
    path("leads/columns/", lead_columns, name="lead_columns"),
    path("leads/export/", lead_export, name="lead_export"),
    path("leads/bulk/<slug:name>/", lead_bulk, name="lead_bulk"),
    path("leads/views/", view_counts, name="view_counts"),
    path("leads/views/new/", view_new, name="view_new"),
    path("leads/views/<int:view_id>/", view_edit, name="view_edit"),
    path("leads/views/<int:view_id>/delete/", view_delete, name="view_delete"),
    path("jobs/", job_list, name="jobs"),
    path("jobs/toast/", job_toast, name="job_toast"),
    path("jobs/<int:job_id>/", job, name="job"),
    path("jobs/<int:job_id>/cancel/", job_cancel, name="job_cancel"),
    path("jobs/<int:job_id>/undo/", job_undo, name="job_undo"),
    path("jobs/<int:job_id>/download/", job_download, name="job_download"),
    path("exports/", export_log, name="export_log"),
    path("requests/", person_requests, name="person_requests"),
    path("requests/new/", person_request_new, name="person_request_new"),
    path("requests/<int:request_id>/", person_request, name="person_request"),
    path("leads/<int:lead_id>/requests/", lead_requests, name="lead_requests"),
    path("leads/<int:lead_id>/erasure/", lead_erasure, name="lead_erasure"),
    path("leads/<int:lead_id>/", lead, name="lead"),
    path("leads/<int:lead_id>/parts/", lead_parts, name="lead_parts"),
    path("leads/<int:lead_id>/timeline/", lead_timeline, name="lead_timeline"),
    path("leads/<int:lead_id>/call/", lead_call, name="lead_call"),
    path("leads/<int:lead_id>/bant/", lead_bant, name="lead_bant"),
    path("leads/<int:lead_id>/decision/<slug:outcome>/", lead_decision, name="lead_decision"),
    path("leads/<int:lead_id>/status/<slug:to>/", lead_move, name="lead_move"),
    path("leads/<int:lead_id>/assign/", lead_assign, name="lead_assign"),
    path("leads/<int:lead_id>/take/", lead_take, name="lead_take"),
    path("leads/<int:lead_id>/profile/", lead_profile, name="lead_profile"),
    path("leads/<int:lead_id>/profile/card/", lead_profile_card, name="lead_profile_card"),
    path("leads/<int:lead_id>/field/<str:name>/", lead_field, name="lead_field"),
    path("leads/<int:lead_id>/tags/", lead_tags, name="lead_tags"),
    path("duplicates/", duplicate_list, name="duplicates"),
    path("duplicates/<int:pair_id>/dismiss/", duplicate_dismiss, name="duplicate_dismiss"),
    path("leads/<int:lead_id>/merge/<int:other_id>/", lead_merge, name="lead_merge"),
    path("merges/<int:merge_id>/undo/", merge_undo, name="merge_undo"),
    path("imports/", import_list, name="import_list"),
    path("imports/<int:import_id>/", import_page, name="import"),
    path("imports/<int:import_id>/columns/", import_match, name="import_match"),
    path("imports/<int:import_id>/errors.csv", import_errors, name="import_errors"),
    path("imports/<int:import_id>/leads/", import_leads, name="import_leads"),
    path("imports/<int:import_id>/<slug:act>/", import_act, name="import_act"),
    path("imports/job/<int:job_id>/", import_of_job, name="import_of_job"),
    path("leads/<int:lead_id>/notes/", extras.lead_note, name="lead_note"),
    path("leads/<int:lead_id>/mentions/", extras.lead_mentions, name="lead_mentions"),
    path("leads/<int:lead_id>/files/", extras.lead_file, name="lead_file"),
    path("leads/<int:lead_id>/files/<int:file_id>/", extras.file_download, name="file_download"),
    path("leads/<int:lead_id>/files/<int:file_id>/remove/", extras.file_delete, name="file_delete"),
    path("leads/<int:lead_id>/care/", extras.lead_care, name="lead_care"),
    path("leads/<int:lead_id>/give-back/", extras.lead_give_back, name="lead_give_back"),
    path("leads/<int:lead_id>/appointments/new/", agenda.appointment_create, name="appointment_create"),
    path("leads/<int:lead_id>/worksheet/", lead_worksheet, name="lead_worksheet"),
    path("leads/<int:lead_id>/worksheet.xlsx", lead_worksheet, {"ending": "xlsx"}, name="lead_worksheet_xlsx"),
    path("worksheet/", blank_worksheet, name="blank_worksheet"),
    path("worksheet.xlsx", blank_worksheet, {"ending": "xlsx"}, name="blank_worksheet_xlsx"),
    path("calendar/", agenda.calendar, name="calendar"),
    path("calendar/feed/", agenda.calendar_feed, name="calendar_feed"),
    path("calendar/<str:token>.ics", agenda.calendar_ics, name="calendar_ics"),
    path("appointments/new/", agenda.appointment_new, name="appointment_new"),
    path("appointments/<int:appointment_id>/", agenda.appointment, name="appointment"),
    path("appointments/<int:appointment_id>/end/", agenda.appointment_end, name="appointment_end"),
    path("appointments/<int:appointment_id>.ics", agenda.appointment_ics, name="appointment_ics"),
    path("board/", board, name="board"),
    path("board/columns/<slug:status>/", board_column, name="board_column"),
    path("board/<int:lead_id>/moves/", board_moves, name="board_moves"),
    path("board/<int:lead_id>/<slug:to>/", board_move, name="board_move"),
    path("settings/work/", work_settings, name="work_settings"),
    path("settings/fields/", custom_fields, name="custom_fields"),
    path("settings/fields/new/", custom_field_create, name="custom_field_create"),
    path("settings/fields/<int:field_id>/", custom_field, name="custom_field"),
]
