from django.urls import path

from bench.bare.views import Rows

urlpatterns = [path("rows/", Rows.as_view())]
