"""People pages. Logging in is allauth's, under accounts/."""

from django.urls import path

from accounts.views import (
    duty,
    profile,
    set_language,
    team_create,
    team_edit,
    teams,
    user_create,
    user_edit,
    user_two_step_off,
    users,
)

urlpatterns = [
    path("people/", users, name="users"),
    path("people/new/", user_create, name="user_create"),
    path("people/<int:user_id>/", user_edit, name="user_edit"),
    path("people/<int:user_id>/two-step-off/", user_two_step_off, name="user_two_step_off"),
    path("teams/", teams, name="teams"),
    path("teams/new/", team_create, name="team_create"),
    path("teams/<int:team_id>/", team_edit, name="team_edit"),
    path("profile/", profile, name="profile"),
    path("profile/duty/", duty, name="duty"),
    path("language/", set_language, name="set_language"),
]
