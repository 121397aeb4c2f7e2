from hypothesis import given
from hypothesis import strategies as st

from leads.importing.met import Met

LINES = st.lists(st.lists(st.integers(0, 30), max_size=3), max_size=40)


def by_set(lines):
    known, answers = set(), []
    for keys in lines:
        answers.append(not known.isdisjoint(keys))
        known |= set(keys)
    return answers


@given(lines=LINES, exact=st.sampled_from([0, 1, 5, 1000]))
def test_who_came_before_is_known_before_and_behind_the_exact_part(lines, exact):
    met = Met(exact=exact, bits=2**16)
    answers = [met.meet([f"+8490000{key:04d}" for key in keys]) for keys in lines]
    known = by_set(lines)
    assert [answer for answer, is_known in zip(answers, known, strict=True) if is_known] == [True] * sum(known)


@given(lines=LINES)
def test_the_first_are_told_apart_exactly(lines):
    met = Met()
    assert [met.meet(keys) for keys in lines] == by_set(lines)


def test_beyond_them_hardly_anybody_is_taken_for_another():
    met = Met(exact=100, bits=2**20)
    taken = sum(met.meet([f"+849{number:08d}", f"khach{number}@congty.vn"]) for number in range(5_000))
    assert taken <= 5
    assert met.meet(["nobody", "khach17@congty.vn"])
    assert met.meet(["nobody"])
