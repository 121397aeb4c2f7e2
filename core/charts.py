"""What a chart shows, as plain data: the page draws it, and the table beside it reads the same figures."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from core import figures

Unit = Literal["number", "percent", "money", "duration"]
Kind = Literal["line", "area", "bar", "stack", "hbar", "funnel", "heat", "sankey"]
FORMATS: dict[Unit, Callable[[float | None], str]] = {
    "number": figures.number,
    "percent": figures.percent,
    "money": figures.money,
    "duration": figures.duration,
}


@dataclass(frozen=True)
class Series:
    """One line, or one set of bars; None leaves a gap. `colour` is a Tabler colour name, as on the badges."""

    name: str
    values: Sequence[float | None]
    colour: str = "blue"
    dashed: bool = False


@dataclass(frozen=True)
class Chart:
    """Figures with their labels. `percent` values are shares of 1, `duration` seconds, `money` VND.

    `hrefs` (one per label; in a heat map one per cell, series by series) make each point or bar open its leads. A
    funnel has one series and takes one colour per step from `colours`; a sankey has one series per origin, with what
    goes from it to each label.
    """

    kind: Kind
    labels: Sequence[str]
    series: Sequence[Series]
    unit: Unit = "number"
    hrefs: Sequence[str] = ()
    colours: Sequence[str] = ()
    target: float | None = None

    def data(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(value for series in self.series for value in series.values)

    def rows(self) -> list[dict[str, Any]]:
        """The table: one row per label, each value as text in the active language."""
        write = FORMATS[self.unit]
        return [
            {
                "label": label,
                "href": self.hrefs[index] if index < len(self.hrefs) else "",
                "cells": [write(series.values[index]) for series in self.series],
            }
            for index, label in enumerate(self.labels)
        ]


def sparkline(values: Sequence[float], *, width: int = 96, height: int = 28) -> str:
    """The points of an SVG polyline through the values, oldest first; empty for fewer than two."""
    if len(values) < 2:
        return ""
    low, spread = min(values), max(values) - min(values)
    step = width / (len(values) - 1)
    inner = height - 4
    return " ".join(
        f"{index * step:.1f},{2 + (inner - (value - low) / spread * inner if spread else inner / 2):.1f}"
        for index, value in enumerate(values)
    )
