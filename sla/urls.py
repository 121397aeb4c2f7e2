from django.urls import path

from sla import views

urlpatterns = [
    path("agreement/", views.agreement, name="agreement"),
    path("agreement/hours/", views.edit_hours, name="office_hours"),
    path("agreement/days/", views.add_day, name="special_day_add"),
    path("agreement/days/remove/", views.remove_day, name="special_day_remove"),
]
