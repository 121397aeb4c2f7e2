"""Every address of LeadFlow: each room brings its own."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("", include("api.urls")),
    path("", include("leads.urls")),
    path("", include("accounts.urls")),
    path("", include("scoring.urls")),
    path("", include("sla.urls")),
    path("", include("notifications.urls")),
    path("", include("reports.urls")),
]

handler400 = "api.failures.malformed"
handler500 = "api.failures.broken"
