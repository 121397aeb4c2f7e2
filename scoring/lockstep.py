"""Many histories told side by side: the first events of all leads, then their second, and so on.

The same as `scoring.trial.play` for each of them (a property test holds the two against each other), thirty times as
fast: the arithmetic of `scoring.engine` on columns. What the columns do not tell is left to `play`.
"""

from datetime import datetime, timedelta

import numpy as np

from scoring.columns import EPOCH, MICROSECOND, NOTHING, Columns, Flags, Numbers
from scoring.firing import Fired
from scoring.spec import ModelSpec
from scoring.trial import Handed, Played

NEVER = 1 << 62  # quiet since: points do not go away


class Flock:
    """Where many leads are at their n-th event, those with the most events first."""

    def __init__(self, leads: int, model: ModelSpec) -> None:
        self.model = model
        self.fit = np.zeros(leads, np.int64)
        self.engagement = np.zeros(leads, np.int64)
        self.quiet = np.full(leads, NEVER)
        self.steps = np.zeros(leads, np.int64)
        self.peak = np.zeros(leads, np.int64)
        self.paused = np.zeros(leads, bool)
        self.judged = np.zeros(leads, bool)
        self.out = np.zeros(leads, bool)

    def take(self, points: Numbers) -> None:
        """From the first leads: off engagement first, then off fit, never below 0."""
        n = len(points)
        engagement = np.minimum(self.engagement[:n], points)
        self.engagement[:n] -= engagement
        self.fit[:n] -= np.minimum(self.fit[:n], points - engagement)

    def advance(self, at: Numbers) -> None:
        """What silence takes by then, inclusive."""
        n = len(at)
        for step, (silence, points) in enumerate(self.model.deductions):
            due = (self.steps[:n] == step) & (at - self.quiet[:n] >= silence // MICROSECOND)
            if due.any():
                self.take(np.where(due, points, 0))
                self.steps[:n] += due

    def pause(self, at: Numbers, pauses: Numbers) -> None:
        n = len(at)
        on = (pauses == 1) & self.model.pause_when_accepted
        off = self.paused[:n] & (pauses == 0)
        self.quiet[:n] = np.where(on, NEVER, np.where(off, at, self.quiet[:n]))
        self.steps[:n][off] = 0
        self.paused[:n] = (self.paused[:n] | on) & ~off

    def act(self, at: Numbers, action: Flags) -> None:
        n = len(at)
        self.steps[:n][action] = 0
        self.quiet[:n] = np.where(action, np.where(self.paused[:n], NEVER, at), self.quiet[:n])

    def score(self, n: int) -> Numbers:
        score: Numbers = self.fit[:n] + self.engagement[:n]
        return score


def tell(
    found: Columns, fired: Fired, model: ModelSpec, *, since: datetime, until: datetime, counts_rules: bool = True
) -> dict[int, Played]:
    """Each lead that is not odd and has a history, with what `play` would have found."""
    begins = np.flatnonzero(np.diff(found.lead, prepend=NOTHING))
    counts = np.diff(begins, append=len(found.lead))
    longest_first = np.argsort(-counts, kind="stable")
    begins, counts = begins[longest_first], counts[longest_first]
    told = {lead: Played() for lead in found.lead[begins].tolist()}
    flock, watched = Flock(len(begins), model), np.zeros(len(found.lead), bool)
    for nth in range(counts.max(initial=0)):
        rows = begins[counts > nth] + nth
        handed = _live(flock, found, fired, rows)
        in_span = found.at[rows] >= _micros(since)
        _hand(told, found, fired, rows[handed & in_span], flock.score(len(rows))[handed & in_span])
        _judge(flock, found.pauses[rows])
        watched[rows] = ~flock.judged[: len(rows)] & in_span & found.real[rows]
        flock.peak[: len(rows)] = np.where(
            watched[rows], np.maximum(flock.peak[: len(rows)], flock.score(len(rows))), flock.peak[: len(rows)]
        )
    _end(flock, list(told.values()), until=_micros(until))
    if counts_rules:
        _count(told, found, fired, watched)
    return {lead: told[lead] for lead in _with_facts(found) if lead not in fired.odd}


def _live(flock: Flock, found: Columns, fired: Fired, rows: Numbers) -> Flags:
    """One event of each of the first leads. Where it makes a hand-off."""
    n, at, mql = len(rows), found.at[rows], flock.model.thresholds.mql
    flock.advance(at)
    before = flock.score(n)
    flock.pause(at, found.pauses[rows])
    flock.act(at, found.action[rows])
    flock.fit[:n] += fired.fit[rows]
    flock.engagement[:n] += fired.engagement[rows]
    low, score = found.score_to[rows], flock.score(n)
    flock.take(np.where((low != NOTHING) & (score > low), score - low, 0))
    handed: Flags = ((before < mql) & (flock.score(n) >= mql)) | fired.qualifies[rows]
    handed &= ~(flock.out[:n] | flock.judged[:n])
    flock.out[:n] |= handed
    return handed


def _judge(flock: Flock, pauses: Numbers) -> None:
    n, said, by_sales = len(pauses), pauses != NOTHING, pauses == 1
    flock.judged[:n] = np.where(said, by_sales, flock.judged[:n])
    flock.out[:n] &= ~said | by_sales


def _hand(told: dict[int, Played], found: Columns, fired: Fired, rows: Numbers, scores: Numbers) -> None:
    for row, score in zip(rows.tolist(), scores.tolist(), strict=True):
        at = EPOCH + timedelta(microseconds=int(found.at[row]))
        told[int(found.lead[row])].handed.append(Handed(at, score, "pql" if fired.qualifies[row] else "mql"))


def _end(flock: Flock, told: list[Played], *, until: int) -> None:
    flock.advance(np.full(len(told), until))
    scores = flock.score(len(told))
    waiting = (scores >= flock.model.thresholds.mql) & ~flock.judged
    figures = zip(told, flock.peak.tolist(), scores.tolist(), waiting.tolist(), strict=True)
    for played, peak, score, waits in figures:
        played.peak, played.score, played.waiting = peak, score, waits


def _count(told: dict[int, Played], found: Columns, fired: Fired, watched: Flags) -> None:
    """How often each rule fired for each lead, before the verdict and in the span."""
    shown = watched[fired.rows]
    rules, places = np.unique(fired.rules, return_inverse=True)
    pairs, times = np.unique(found.lead[fired.rows[shown]] * len(rules) + places[shown], return_counts=True)
    for pair, count in zip(pairs.tolist(), times.tolist(), strict=True):
        lead, place = divmod(pair, len(rules))
        told[lead].fired[int(rules[place])] = count


def _with_facts(found: Columns) -> list[int]:
    leads: list[int] = np.unique(found.lead[found.real]).tolist()
    return leads


def _micros(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND
