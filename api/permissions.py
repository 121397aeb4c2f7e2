"""The framework imports this while it loads itself, so its views are only named here."""

from typing import TYPE_CHECKING

from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from api.callers import Caller, Need

if TYPE_CHECKING:
    from rest_framework.views import APIView


class DenyByDefault(BasePermission):
    """Opens a method only where its view declares the need: forgetting is a closed door."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if request.user is None:
            raise NotAuthenticated
        method = "GET" if request.method == "HEAD" else str(request.method)
        if method.lower() not in view.http_method_names or not hasattr(view, method.lower()):
            return True  # goes on to "405 method not allowed"
        need: Need | None = getattr(view, "needs", {}).get(method)
        return need is not None and Caller.of(request).may(need)
