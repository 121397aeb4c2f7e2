"""What the list of keys can be narrowed down to."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from api.enums import Scope
from api.models import ApiKey
from core.list_filters import ListFilter, choice_field, search_field

STATES = {"active": _("Active"), "expired": _("Expired"), "revoked": _("Revoked")}


class KeyFilter(ListFilter):
    q = search_field(_("Name or beginning of the key"))
    scope = choice_field(_("Scope"), _("Any scope"), dict(Scope.choices))
    state = choice_field(_("State"), _("Any state"), STATES)

    def among(self, keys: Iterable[ApiKey], *, at: datetime) -> list[tuple[ApiKey, str]]:
        """The keys with how they stand at that moment."""
        said = [(key, key.state(at=at)) for key in keys if self.says(f"{key.name} {key.prefix}")]
        scope, state = self.said.get("scope"), self.said.get("state")
        return [(key, now) for key, now in said if scope in {None, *key.scopes} and state in {None, now}]
