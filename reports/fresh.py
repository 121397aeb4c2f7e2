"""What the rows themselves say, of the days no roll-up answers for: today, and days that have changed since."""

from collections.abc import Iterable, Sequence
from typing import Any

from reports import sql
from reports.periods import Span
from reports.questions import By, Piece, Question
from reports.scope import Scope
from reports.writing import Statement, counts_of, grouped_by, times_of

Found = dict[Question, dict[str, dict[Any, Any]]]
Asked = tuple[str, tuple[Span, ...], list[Question]]  # questions about the same rows: the side, where they lie


def fresh(scope: Scope, pieces: Sequence[Piece]) -> Found:
    """Question, side, group, and its counts, or its steps. Two statements at most: one look at the same rows."""
    asked = _together(pieces)
    found: Found = {}
    counts = [(number, one) for number, one in enumerate(asked) if not one[2][0].time]
    for number, place, key, sums in _run(_statement(scope, one, number) for number, one in counts):
        _put(found, asked[number], place, key, sums)
    times = [(number, one) for number, one in enumerate(asked) if one[2][0].time]
    for number, place, key, steps, each in _run(_statement(scope, one, number) for number, one in times):
        _put(found, asked[number], place, key, dict(zip(steps, each, strict=True)))
    return found


def _together(pieces: Iterable[Piece]) -> list[Asked]:
    found: dict[Any, Asked] = {}
    for piece in pieces:
        if spans := tuple(piece.cover.raw):
            same = piece.question.reading, piece.question.time, piece.side, spans
            found.setdefault(same, (piece.side, spans, []))[2].append(piece.question)
    return list(found.values())


def _statement(scope: Scope, asked: Asked, number: int) -> Statement:
    _side, spans, questions = asked
    reading, time, groups = questions[0].reading, questions[0].time, _groups(questions)
    if time:
        text, given = times_of(scope, reading, time, groups, *spans)
    else:
        text, given = counts_of(scope, reading, groups, *spans)
    return text, [number, *given]


def _groups(questions: Iterable[Question]) -> tuple[By, ...]:
    return tuple(question.by for question in questions)


def _put(found: Found, asked: Asked, place: int, key: str | None, value: Any) -> None:
    side, _spans, questions = asked
    by = grouped_by(place, _groups(questions))
    question = next(one for one in questions if one.by == by)
    group = None if key is None else question.key(key)
    found.setdefault(question, {}).setdefault(side, {})[group] = value


def _run(statements: Iterable[Statement]) -> list[tuple[Any, ...]]:
    parts = list(statements)
    union = " UNION ALL ".join(f"({text})" for text, _given in parts)
    return sql.run(union, [value for _text, given in parts for value in given]) if parts else []
