"""What may go wrong in the domain, said in words the user understands.

Acts raise these; one middleware turns them into a page message, the API into problem+json.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """An act was refused. `code` is stable for machines; the message is already in the user's language.

    `retry_after`: seconds after which the same may be asked again, where that helps.
    """

    status = 422
    retry_after: int | None = None

    def __init__(
        self, message: str | Promise, *, code: str, field: str = "", extra: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(str(message))
        self.code = code
        self.field = field
        self.extra = dict(extra or {})


class Invalid(DomainError):
    """The input can't be taken as it is."""


class IllegalMove(DomainError):
    """A status move the chain does not know, or whose guard is not met. `extra` lists the legal moves."""


class Conflict(DomainError):
    """Somebody else was faster, or the thing is no longer in the state the act needs."""

    status = 409


class Refused(DomainError):
    """The person may see it, but not do this."""

    status = 403


class NotFound(DomainError):
    """It does not exist, or not for this person: both look the same."""

    status = 404

    def __init__(self, message: str | Promise = "", *, code: str = "not_found") -> None:
        super().__init__(message or _("Not found."), code=code)
