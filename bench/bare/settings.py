"""The product's settings, so that database connections are the same, without its rooms and its middleware."""

from leadflow.settings import *  # noqa: F403 - that is the point

INSTALLED_APPS = ["rest_framework"]
ROOT_URLCONF = "bench.bare.urls"
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": [], "DEFAULT_PERMISSION_CLASSES": [], "UNAUTHENTICATED_USER": None}
