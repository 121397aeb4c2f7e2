"""The chain of DOMAIN 1, cell by cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.chain import MOVES, Guard, Situation, legal_moves
from leads.enums import Stage, Status

LEGAL = {
    "new": "researched unreachable wrong_target",
    "researched": "potential unreachable wrong_target",
    "unreachable": "researched wrong_target new",
    "wrong_target": "new",
    "potential": "hot researched unreachable wrong_target new",
    "hot": "won potential unreachable wrong_target",
    "won": "hot",
}


def test_moves_are_exactly_those_of_the_domain():
    assert {str(s): {str(t) for t in to} for s, to in MOVES.items()} == {s: set(t.split()) for s, t in LEGAL.items()}


def situation(status: Status, **changes) -> Situation:
    values = {"stage": Stage.LEAD, "failed_attempt": False, "contact": False, "by_manager": False} | changes
    return Situation(status=status, **values)


@pytest.mark.parametrize(
    ("status", "changes", "legal"),
    [
        (Status.NEW, {}, {"researched", "wrong_target"}),
        (Status.NEW, {"failed_attempt": True}, {"researched", "wrong_target", "unreachable"}),
        (Status.RESEARCHED, {}, {"wrong_target"}),
        (Status.RESEARCHED, {"stage": Stage.SQL}, {"potential", "wrong_target"}),
        (Status.UNREACHABLE, {}, {"wrong_target"}),
        (Status.UNREACHABLE, {"contact": True}, {"researched", "wrong_target"}),
        (Status.WRONG_TARGET, {}, set()),
        (Status.WRONG_TARGET, {"by_manager": True}, {"new"}),
        (Status.POTENTIAL, {}, {"hot", "researched", "wrong_target"}),
        (Status.HOT, {}, {"won", "potential", "wrong_target"}),
        (Status.HOT, {"failed_attempt": True}, {"won", "potential", "wrong_target", "unreachable"}),
        (Status.WON, {}, set()),
        (Status.WON, {"by_manager": True}, {"hot"}),
    ],
)
def test_legal_moves_follow_the_guards(status, changes, legal):
    assert {str(s) for s in legal_moves(situation(status, **changes))} == legal


@given(
    st.builds(Situation, st.sampled_from(Status), st.sampled_from(Stage), st.booleans(), st.booleans(), st.booleans())
)
def test_legal_moves_are_always_part_of_the_chain_and_never_the_systems_own(anything):
    legal = legal_moves(anything)
    assert legal.keys() <= MOVES[anything.status].keys()
    assert Guard.SYSTEM not in legal.values()
