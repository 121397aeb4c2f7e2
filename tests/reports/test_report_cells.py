from django.template import Context, Template
from django.utils import translation

from reports.tables import Column, Row, Table

EVIL = '<script>alert("1")</script>'


def drawn(template: str, table: Table) -> str:
    with translation.override("en"):
        return Template("{% load report_cells %}" + template).render(Context({"cells": next(iter(table.cells()))}))


def table(**values) -> Table:
    columns = [Column("name", "Name", "text"), Column("day", "Day", "text"), Column("count", "Count", "number")]
    return Table(
        "t", "T", columns, [Row({"name": "An", "day": "x", "count": 1234, **values}, {"count": "/rows/?a=1&b=2"})]
    )


def test_a_figure_opens_what_it_counts_and_a_text_stands_alone():
    assert drawn("{{ cells.2|figure }}|{{ cells.0|figure }}", table()) == '<a href="/rows/?a=1&amp;b=2">1,234</a>|An'


def test_numbers_stand_to_the_right():
    expected = '<td>x</td><td class="num"><a href="/rows/?a=1&amp;b=2">1,234</a></td>'
    assert drawn('{{ cells|slice:"1:"|figures_of }}', table()) == expected
    assert drawn("{{ cells|row_of }}", table()) == f'<tr><th scope="row">An</th>{expected}</tr>'


def test_what_people_typed_is_only_text():
    said = drawn("{{ cells|row_of }}", table(name=EVIL))
    assert said.startswith('<tr><th scope="row">&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;</th>')
