from django.urls import path

from api.v1 import acts, events, extras, handoffs, leads, me, merges, reports, score, scoring, timeline

urlpatterns = [
    path("leads/", leads.Leads.as_view(), name="api_leads"),
    path("leads/bulk/", leads.BulkLeads.as_view(), name="api_leads_bulk"),
    path("leads/<int:lead_id>/", leads.OneLead.as_view(), name="api_lead"),
    path("leads/<int:lead_id>/timeline/", timeline.Timeline.as_view(), name="api_timeline"),
    path("leads/<int:lead_id>/score/", score.Score.as_view(), name="api_score"),
    path("leads/<int:lead_id>/events/", events.LeadEvents.as_view(), name="api_lead_events"),
    path("leads/<int:lead_id>/status/", acts.Status.as_view(), name="api_status"),
    path("leads/<int:lead_id>/calls/", acts.Calls.as_view(), name="api_calls"),
    path("leads/<int:lead_id>/appointments/", extras.Appointments.as_view(), name="api_appointments"),
    path("leads/<int:lead_id>/notes/", extras.Notes.as_view(), name="api_notes"),
    path("leads/<int:lead_id>/tags/", extras.Tags.as_view(), name="api_tags"),
    path("leads/<int:lead_id>/qualification/", acts.QualificationOfLead.as_view(), name="api_qualification"),
    path("leads/<int:lead_id>/decision/", acts.Decision.as_view(), name="api_decision"),
    path("leads/<int:lead_id>/assign/", acts.Assign.as_view(), name="api_assign"),
    path("leads/<int:lead_id>/duplicates/", merges.Duplicates.as_view(), name="api_duplicates"),
    path("leads/<int:lead_id>/merge/", merges.MergeLeads.as_view(), name="api_merge"),
    path("merges/<int:merge_id>/undo/", merges.UndoMerge.as_view(), name="api_merge_undo"),
    path("events/", events.Events.as_view(), name="api_events"),
    path("handoffs/", handoffs.Handoffs.as_view(), name="api_handoffs"),
    path("reports/kpis/", reports.Kpis.as_view(), name="api_kpis"),
    path("reports/kpis.csv", reports.Kpis.as_view(ending="csv"), name="api_kpis_csv"),
    path("reports/kpis.xlsx", reports.Kpis.as_view(ending="xlsx"), name="api_kpis_xlsx"),
    path("reports/funnel/", reports.Funnel.as_view(), name="api_funnel"),
    path("reports/funnel.csv", reports.Funnel.as_view(ending="csv"), name="api_funnel_csv"),
    path("reports/funnel.xlsx", reports.Funnel.as_view(ending="xlsx"), name="api_funnel_xlsx"),
    *(
        path(
            f"reports/{key}{'.' + ending if ending else '/'}",
            reports.Named.as_view(report=key, ending=ending),
            name=f"api_report_{key}{'_' + ending if ending else ''}",
        )
        for key in reports.NAMED
        for ending in ("", "csv", "xlsx")
    ),
    path("scoring/models/", scoring.Models.as_view(), name="api_models"),
    path("scoring/models/<int:model_id>/", scoring.OneModel.as_view(), name="api_model"),
    path("scoring/models/<int:model_id>/backtest/", scoring.Backtests.as_view(), name="api_model_backtest"),
    path("scoring/models/<int:model_id>/sign/", scoring.Sign.as_view(), name="api_model_sign"),
    path("scoring/models/<int:model_id>/publish/", scoring.Publish.as_view(), name="api_model_publish"),
    path("scoring/models/<int:model_id>/rollback/", scoring.Rollback.as_view(), name="api_model_rollback"),
    path("scoring/backtests/<int:job_id>/", scoring.OneBacktest.as_view(), name="api_backtest"),
    path("scoring/rescorings/<int:job_id>/", scoring.OneRescoring.as_view(), name="api_rescoring"),
    path("me/", me.Me.as_view(), name="api_me"),
]
