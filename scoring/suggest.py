"""Points that the team's own history suggests: evidence for people to weigh, never applied by itself."""

import logging
import math
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from django.conf import settings

from scoring.enums import Mode, Unsuggested
from scoring.models import Rule
from scoring.tally import Tally

FEWEST_SQL = 30  # in all, and as many that did not become SQL: with fewer nothing is suggested
FEWEST_LEADS = 30  # with a rule, and without it
FEWEST_OF_RULE = 5  # that became SQL, with the rule and without
NEARLY_ALL = 0.8  # of all leads: what those few without the rule are like says more of them than of the rule
SURE = 1.96  # standard errors: 95 %
MOST = 100  # points
SECONDS = 30
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lift:
    """How much more often leads with the rule became SQL than leads without it, with a 95 % interval."""

    times: float
    low: float
    high: float


def lift(*, leads: int, sql: int, all_leads: int, all_sql: int) -> Lift | None:
    """The ratio of the two shares (interval by Katz's log method), or None where there is too little to say."""
    others, other_sql = all_leads - leads, all_sql - sql
    if min(leads, others) < FEWEST_LEADS or min(sql, other_sql) < FEWEST_OF_RULE:
        return None
    times = (sql / leads) / (other_sql / others)
    spread = SURE * math.sqrt(1 / sql - 1 / leads + 1 / other_sql - 1 / others)
    return Lift(times, times * math.exp(-spread), times * math.exp(spread))


def suggest_points(total: Tally, rules: Iterable[Rule]) -> dict[str, int]:
    """Whole points by rule id, on the scale of the points the rules have now; empty with too little data.

    The regression sees all rules that vary at once, so that two that always come together share what they tell.
    """
    told = {str(rule.pk): rule for rule in rules if why_none(rule, **figures(total, rule)) is None}
    if not told or min(total.sql, total.leads - total.sql) < FEWEST_SQL:
        return {}
    odds = _learn(list(told), total.patterns)
    return scaled(odds, {key: _given(total, key, rule) for key, rule in told.items() if key in odds})


def scaled(odds: Mapping[str, float], given: Mapping[str, tuple[int, int, float]]) -> dict[str, int]:
    """Log-odds as points; the sum of all points given stays what it is. `given`: points now, leads, times per lead."""
    now = sum(abs(points) * leads * times for points, leads, times in given.values())
    then = sum(abs(odds[key]) * leads for key, (_points, leads, _times) in given.items())
    if not now or not then:
        return {}
    return {
        key: max(-MOST, min(MOST, round(odds[key] * now / then / times)))
        for key, (_points, _leads, times) in given.items()
    }


def why_none(rule: Rule, *, leads: int, sql: int, all_leads: int, all_sql: int) -> Unsuggested | None:
    """What keeps the past from suggesting points for this rule, whatever the other rules do; None: nothing."""
    if rule.mode == Mode.RAISE_TO:
        return Unsuggested.LIFTS
    if leads > NEARLY_ALL * all_leads:
        return Unsuggested.NEARLY_ALL
    known = lift(leads=leads, sql=sql, all_leads=all_leads, all_sql=all_sql)
    return None if known else Unsuggested.FEW_LEADS


def figures(total: Tally, rule: Rule) -> dict[str, int]:
    """How many leads the rule fired for, and how many there were, as `lift` takes them."""
    _times, leads, sql = total.rules.get(str(rule.pk), (0, 0, 0))
    return {"leads": leads, "sql": sql, "all_leads": total.leads, "all_sql": total.sql}


def _given(total: Tally, key: str, rule: Rule) -> tuple[int, int, float]:
    times, leads, _sql = total.rules[key]
    return rule.points, leads, times / leads


def _learn(rules: list[str], patterns: Mapping[str, Any]) -> dict[str, float]:
    """Asks the regression, in a process of its own. A report without suggestions is better than none."""
    try:
        answer = subprocess.run(
            [sys.executable, "-m", "scoring.learning"],
            input=orjson.dumps({"rules": rules, "patterns": patterns}),
            capture_output=True,
            cwd=settings.BASE_DIR,
            timeout=SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("no suggestions: %s", type(error).__name__)
        return {}
    found: dict[str, float] = orjson.loads(answer.stdout)
    return found
