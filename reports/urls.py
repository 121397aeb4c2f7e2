from django.urls import path

from reports.views import away, bonus, health, manage, overview

urlpatterns = [
    path("bonus/export.<slug:ending>", bonus.bonus_file, name="bonus_file"),
    path("overview/", overview.overview, name="overview"),
    path("overview/rows/", overview.rows, name="overview_rows"),
    path("overview/<slug:key>/", overview.block, name="overview_block"),
    path("reports/saved/", manage.saved, name="saved_reports"),
    path("reports/saved/<int:pk>/forget/", manage.forget, name="saved_report_forget"),
    path("reports/targets/", manage.goals, name="report_goals"),
    path("reports/targets/<int:pk>/forget/", manage.forget_goal, name="report_goal_forget"),
    path("reports/spend/", manage.spend, name="spend"),
    path("reports/spend/<int:pk>/forget/", manage.forget_spend, name="spend_forget"),
    path("reports/campaigns/", manage.campaigns, name="campaigns"),
    path("reports/campaigns/marketer/", manage.campaign_marketer, name="campaign_marketer"),
    path("reports/screens/", manage.television, name="report_screens"),
    path("reports/screens/<int:pk>/close/", manage.close_screen, name="report_screen_close"),
    path("reports/settings/", manage.policy, name="report_policy"),
    path("reports/settings/benchmarks/", manage.benchmark, name="report_benchmark"),
    path("reports/settings/benchmarks/<int:pk>/forget/", manage.forget_benchmark, name="report_benchmark_forget"),
    path("reports/print/", away.paper, name="report_print"),
    path("reports/<slug:page>/", overview.report, name="report"),
    path("tv/<str:token>/", away.tv, name="tv"),
    path("system/health/", health.health, name="health"),
    path("system/health/replay/", health.replay, name="health_replay"),
    path("system/health/check/", health.check_now, name="health_check"),
]
