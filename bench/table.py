"""What was measured, as people read it: on the terminal, and kept in docs/performance.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HEADINGS = ("work", "measured", "floor, same run", "ratio", "bar", "")
BEGIN, END = "<!-- results of make bench -->", "<!-- end of results -->"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line. Of rates (`per_s`) more is better, of milliseconds less. `least_ratio` is a bar on measured / floor."""

    work: str
    value: float
    unit: str  # "per s" or "ms"
    bar: float | None = None
    floor: float | None = None
    note: str = ""
    ratio_bar: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.floor if self.floor else None

    @property
    def ok(self) -> bool:
        """Whether every bar is reached."""
        return self._reaches(self.value, self.bar) and self._reaches(self.ratio, self.ratio_bar)

    def _reaches(self, value: float | None, bar: float | None) -> bool:
        if value is None or bar is None:
            return True
        return value >= bar if self.unit == "per s" else value <= bar


def cells(figure: Figure) -> tuple[str, ...]:
    sign = ">=" if figure.unit == "per s" else "<="
    bars = [f"{sign} {amount(figure.bar)} {figure.unit}"] if figure.bar is not None else []
    bars += [f"ratio {sign} {figure.ratio_bar:g}"] if figure.ratio_bar is not None else []
    note = f" ({figure.note})" if figure.note else ""
    return (
        figure.work,
        f"{amount(figure.value)} {figure.unit}{note}",
        f"{amount(figure.floor)} {figure.unit}" if figure.floor else "",
        f"{figure.ratio:.2f}" if figure.ratio else "",
        ", ".join(bars),
        ("ok" if figure.ok else "MISSED") if bars else "",
    )


def amount(value: float | None) -> str:
    """Three digits that mean something: 0.42, 4.21, 42.1, 4,210."""
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def as_text(figures: Sequence[Figure]) -> str:
    """Columns for a terminal."""
    rows = [HEADINGS, *(cells(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def as_markdown(figures: Sequence[Figure]) -> str:
    rows = [HEADINGS, ("---",) * len(HEADINGS), *(cells(figure) for figure in figures)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def keep(text: str, file: Path) -> None:
    """Puts the text between the markers of the file, in place of what was there. Raises ValueError without markers."""
    before, _begin, rest = file.read_text(encoding="utf-8").partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{file.name} has no place for results")
    file.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
