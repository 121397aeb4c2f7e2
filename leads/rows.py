"""Rows of a model made in memory by the thousand."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model
from django.db.models.base import ModelState

Row = TypeVar("Row", bound=Model)


def row_of(model: type[Row], values: Mapping[str, Any]) -> Row:
    """The row as the database would hand it over; `values` by column attribute, all of them, in their own types.

    What unpickling does, too: no signal is sent, which nobody here listens to, and a tenth of the time of `from_db`.
    """
    row = model.__new__(model)
    state = ModelState()
    state.adding, state.db = False, DEFAULT_DB_ALIAS
    vars(row).update(values, _state=state)
    return row
