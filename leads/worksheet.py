"""The qualification worksheet: the three checks, BANT and ICP on one sheet, filled for a lead or blank."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core import figures
from leads.bant import POINTS
from leads.enums import Authority, Budget, Need, Timing
from leads.models import Lead, Qualification

CHECKS = ("right_phone", "right_name", "right_need", "agreed_to_talk", "icp_fit")
CHOICES = {"budget": Budget, "authority": Authority, "need": Need, "timing": Timing}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Answer:
    label: str | Promise
    points: int
    chosen: bool


@dataclass(frozen=True)
class Question:
    """One letter of BANT: what may be answered, what it is worth, and the evidence."""

    name: str
    label: str
    ask: str
    answers: Sequence[Answer]
    note: str
    points: int | None


@dataclass(frozen=True)
class Check:
    label: str
    answer: bool | None


@dataclass(frozen=True)
class Worksheet:
    """`lead` is None on a blank sheet; `total` is 0-100, None while nothing was answered."""

    lead: Lead | None
    facts: Sequence[tuple[str, str]]
    checks: Sequence[Check]
    questions: Sequence[Question]
    total: int | None
    minimum: int


def worksheet(lead: Lead | None, qualification: Qualification | None, *, minimum: int) -> Worksheet:
    """The sheet of a lead with what was saved so far; without a lead, the blank one."""
    return Worksheet(
        lead=lead,
        facts=[(label, value) for label, value in _facts(lead)],
        checks=[
            Check(label, getattr(qualification, name, None)) for name, label in zip(CHECKS, _check_words(), strict=True)
        ],
        questions=[_question(name, label, ask, qualification) for name, label, ask in _bant_words()],
        total=qualification.bant if qualification else None,
        minimum=minimum,
    )


def _facts(lead: Lead | None) -> Sequence[tuple[str, str]]:
    phone = figures.phone(lead.phone) if lead and lead.phone else ""
    staff = figures.number(lead.company_size) if lead and lead.company_size is not None else ""
    texts = {
        name: str(getattr(lead, name) or "") if lead else ""
        for name in ("name", "company", "title", "email", "city", "product")
    }
    return (
        (_("Name"), texts["name"]),
        (_("Company"), texts["company"]),
        (_("Job title"), texts["title"]),
        (_("Phone"), phone),
        (_("E-mail"), texts["email"]),
        (_("Number of staff"), staff),
        (_("City"), texts["city"]),
        (_("Product of interest"), texts["product"]),
    )


def _check_words() -> Sequence[str]:
    return (
        _("Right phone: the number reaches the person"),
        _("Right name: it is the person who enquired"),
        _("Right need: they want what we sell"),
        _("Agreed to talk with Sales"),
        _("Fits the ideal customer (ICP)"),
    )


def _bant_words() -> Sequence[tuple[str, str, str]]:
    return (
        ("budget", _("Budget"), _("Is there money for it, and how much?")),
        ("authority", _("Authority"), _("Who decides, and who else has a say?")),
        ("need", _("Need"), _("What hurts today, and how much?")),
        ("timing", _("Timing"), _("When must it be solved?")),
    )


def _question(name: str, label: str, ask: str, qualification: Qualification | None) -> Question:
    chosen = getattr(qualification, name) if qualification else None
    words = CHOICES[name].choices
    answers = [Answer(text, POINTS[name][value], value == chosen) for value, text in words if value != "unknown"]
    note = getattr(qualification, f"{name}_note") if qualification else ""
    if name == "budget" and qualification and qualification.budget_amount:
        note = " · ".join(part for part in (figures.money_full(qualification.budget_amount), note) if part)
    return Question(name, label, ask, answers, note, POINTS[name][chosen] if chosen else None)


def as_xlsx(sheet: Worksheet) -> bytes:
    """The same sheet as a workbook. Cells are text or numbers, never formulas."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet(_("Qualification")[:31])
    bold, head = book.add_format({"bold": True}), book.add_format({"bold": True, "font_size": 14})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for column, width in enumerate((34, 26, 9, 60)):
        page.set_column(column, column, width)
    rows: list[tuple[tuple[str | int | None, ...], Any]] = [
        ((_("Qualification worksheet"),), head),
        *((fact, None) for fact in sheet.facts),
        ((), None),
    ]
    rows += [((_("Qualified-lead check"), _("Yes / No")), bold)]
    rows += [((check.label, _yes_no(check.answer)), None) for check in sheet.checks]
    rows += [((), None), ((_("BANT"), _("Answer"), _("Points"), _("Evidence: what did they say?")), bold)]
    for question in sheet.questions:
        given = next((str(answer.label) for answer in question.answers if answer.chosen), "")
        rows += [((f"{question.label}: {question.ask}", given, question.points, question.note), wrap)]
        rows += [((f"   {answer.label}", "", answer.points), None) for answer in question.answers]
    rows += [((_("Total, accepted from %(points)s") % {"points": sheet.minimum}, "", sheet.total), bold)]
    for number, (cells, form) in enumerate(rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, int):
                page.write_number(number, column, cell, form)
            elif cell:
                page.write_string(number, column, str(cell), form)
    page.fit_to_pages(1, 1)
    book.close()
    return buffer.getvalue()


def _yes_no(answer: bool | None) -> str:
    return "" if answer is None else _("Yes") if answer else _("No")
