"""The house size (STYLE): files up to 400 lines, functions up to 50, templates up to 150."""

from statistics import mean, median, quantiles

from tests.architecture.source import BASE, functions, modules, templates


def _lines(name: str) -> int:
    return (BASE / name).read_text(encoding="utf-8").count("\n")


def test_files_are_at_most_400_lines():
    assert {name: _lines(name) for name in modules() if _lines(name) > 400} == {}


def test_templates_are_at_most_150_lines():
    assert {name: text.count("\n") for name, text in templates().items() if text.count("\n") > 150} == {}


def test_functions_are_at_most_50_lines():
    long = {f"{name}:{f.name}": f.end_lineno - f.lineno + 1 for name, f in functions() if f.end_lineno - f.lineno >= 50}
    assert long == {}


def test_functions_are_short_on_the_whole():
    sizes = [f.end_lineno - f.lineno + 1 for _name, f in functions()]
    assert mean(sizes) <= 12
    assert quantiles(sizes, n=20)[18] <= 30


def test_files_are_small_on_the_whole():
    assert median(_lines(name) for name in modules() if _lines(name) > 3) <= 90


def test_functions_are_fully_typed():
    untyped = [
        f"{name}:{f.name}"
        for name, f in functions()
        if f.returns is None
        or any(a.annotation is None for a in f.args.args + f.args.kwonlyargs if a.arg not in {"self", "cls"})
    ]
    assert untyped == []
