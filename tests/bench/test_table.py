import pytest

from bench.table import BEGIN, END, Figure, amount, as_markdown, as_text, cells, keep


def test_cells_say_ratio_and_bar():
    figure = Figure("POST", 400.0, "per s", bar=350, floor=700.0, ratio_bar=0.5, note="p50 9 ms")
    assert cells(figure) == ("POST", "400 per s (p50 9 ms)", "700 per s", "0.57", ">= 350 per s, ratio >= 0.5", "ok")


def test_cells_of_a_figure_without_bar_judge_nothing():
    assert cells(Figure("POST", 42.0, "ms")) == ("POST", "42.0 ms", "", "", "", "")


@pytest.mark.parametrize(
    ("figure", "ok"),
    [
        (Figure("", 350, "per s", bar=350), True),
        (Figure("", 349, "per s", bar=350), False),
        (Figure("", 20, "ms", bar=20), True),
        (Figure("", 21, "ms", bar=20), False),
        (Figure("", 400, "per s", bar=350, floor=900, ratio_bar=0.5), False),
        (Figure("", 199, "ms", floor=100, ratio_bar=2), True),
        (Figure("", 201, "ms", floor=100, ratio_bar=2), False),
        (Figure("", 1, "ms"), True),
    ],
)
def test_ok_asks_every_bar(figure, ok):
    assert figure.ok is ok


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (0.419, "0.42"), (4.2, "4.20"), (42.13, "42.1"), (4210.4, "4,210")]
)
def test_amount_shows_three_digits(value, text):
    assert amount(value) == text


def test_as_text_lines_up():
    first, second = as_text([Figure("a", 1, "ms", bar=2)]).splitlines()
    assert (first.split()[0], second.split()) == ("work", ["a", "1.00", "ms", "<=", "2.00", "ms", "ok"])
    assert len(first) == len(second)


def test_as_markdown_has_one_row_a_figure():
    assert as_markdown([Figure("a", 1, "ms", bar=2)]).splitlines()[2] == "| a | 1.00 ms |  |  | <= 2.00 ms | ok |"


def test_keep_replaces_what_was_between_the_markers(tmp_path):
    file = tmp_path / "performance.md"
    file.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    keep("new", file)
    keep("newer", file)
    assert file.read_text(encoding="utf-8") == f"before\n{BEGIN}\nnewer\n{END}\nafter\n"


def test_keep_refuses_a_file_without_markers(tmp_path):
    file = tmp_path / "performance.md"
    file.write_text("before", encoding="utf-8")
    with pytest.raises(ValueError, match="no place"):
        keep("new", file)
    assert file.read_text(encoding="utf-8") == "before"
