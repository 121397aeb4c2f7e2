from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from accounts.permissions import public
from api.errors import Refusal
from api.v1.base import spoken


@csrf_exempt
@public
def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    """Every address under /api/ that is none: a problem document here too."""
    with translation.override(spoken(request)):
        detail = "" if rest.endswith("/") else _("Addresses here end with a slash: %(path)s/") % {"path": request.path}
        response = Refusal(404, "not_found", detail).response()
        response.headers["Content-Language"] = translation.get_language() or "vi"
    return response
