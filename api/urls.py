from django.urls import include, path, re_path

from api import health, reference, views
from api.v1.unknown import unknown

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("settings/api-keys/", views.api_keys, name="api_keys"),
    path("settings/api-keys/new/", views.new_key, name="api_key_new"),
    path("settings/api-keys/<int:key_id>/revoke/", views.revoke, name="api_key_revoke"),
    path("api/schema/", reference.schema, name="api_schema"),
    path("api/docs/", reference.reference, name="api_docs"),
    path("api/v1/", include("api.v1.urls")),
    re_path(r"^api/(?P<rest>.*)$", unknown, name="api_unknown"),
]
