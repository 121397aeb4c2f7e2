from django.urls import path

from reports.views import health, overview

urlpatterns = [
    path("overview/", overview.overview, name="overview"),
    path("overview/rows/", overview.rows, name="overview_rows"),
    path("overview/<slug:key>/", overview.block, name="overview_block"),
    path("system/health/", health.health, name="health"),
    path("system/health/replay/", health.replay, name="health_replay"),
    path("system/health/check/", health.check_now, name="health_check"),
]
