from django.urls import path

from scoring import views

urlpatterns = [path("scoring/", views.scoring_model, name="scoring_model")]
