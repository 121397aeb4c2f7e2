"""Hand-offs at every line at once: the same as a trial with the line there. Pure."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from leads.thresholds import Thresholds
from scoring.trial import play
from scoring.volume import Volume, moved
from tests.scoring.specs import act, after, make_model, make_rule, mark
from tests.scoring.test_engine_properties import lives, models

PQL = make_rule(30, points=3, event="unknown.thing", product_qualifying=True)


@given(models(), st.booleans(), st.lists(lives(), max_size=3), st.integers(0, 140), st.integers(1, 160))
def test_volume_is_what_a_trial_with_the_line_there_finds(model, marks, histories, since, line):
    model = replace(model, rules=(*model.rules, *([PQL] if marks else [])), thresholds=Thresholds(mql=line))
    volume, span = Volume(), {"since": after(since), "until": after(400)}
    for facts in histories:
        volume.add(facts, model, since=after(since))
    assert volume.at(line) == sum(len(play(facts, model, **span).handed) for facts in histories)


def test_recycling_opens_the_lines_above_again():
    story = [act(1), act(2), mark(3, pauses=False, score_to=10), act(4)]
    volume = Volume()
    volume.add(story, make_model(make_rule(points=10)), since=after(0))
    assert volume.always == 0
    assert volume.by_line == {**dict.fromkeys(range(1, 11), 1), **dict.fromkeys(range(11, 21), 2)}


def test_a_product_event_counts_at_the_lines_not_crossed_before():
    volume, model = Volume(), make_model(make_rule(points=10), PQL)
    volume.add([act(1), act(2, "unknown.thing"), act(3)], model, since=after(0))
    assert (volume.at(10), volume.at(11), volume.at(500)) == (1, 1, 1)
    late = Volume()
    late.add([act(1), act(2, "unknown.thing")], model, since=after(2))
    assert (late.at(10), late.at(11)) == (0, 1)


def test_the_line_comes_nearest_and_is_a_score_that_leads_have():
    volume = Volume(by_line=Counter({**dict.fromkeys(range(1, 41), 9), **dict.fromkeys(range(41, 76), 4), 90: 1}))
    assert [volume.line_for(wanted) for wanted in (9, 5, 4, 2, 1)] == [40, 75, 75, 90, 90]
    assert Volume().line_for(3) == 1


@given(st.lists(st.integers(0, 400), min_size=4, max_size=4).map(sorted), st.integers(1, 600))
def test_lines_still_rise_wherever_the_mql_line_goes(lines, mql):
    prospect, lead, old, ready = (1 + line for line in lines)
    limits = Thresholds(prospect, lead, old, ready)
    after_it = replace(limits, **moved(limits, mql))
    assert 1 <= after_it.prospect <= after_it.lead <= after_it.mql == mql <= after_it.sql_ready


def test_lines_that_are_not_in_the_way_stay():
    assert moved(Thresholds(), 60) == {"mql": 60}
    assert moved(Thresholds(), 30) == {"mql": 30, "lead": 20}
    assert moved(Thresholds(prospect=40), 30) == {"mql": 30, "lead": 20, "prospect": 16}
    assert moved(Thresholds(), 120) == {"mql": 120, "sql_ready": 145}
