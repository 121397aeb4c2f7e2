"""Regularised logistic regression over which rules fired for whom: a program of its own.

Run as `python -m scoring.learning` with JSON on its input and output, so that the memory of its library is its own:
no web process and no worker ever loads it.
"""

import sys
from typing import Any

import numpy as np
import orjson

PENALTY = 1.0  # of the squares of the coefficients: rare rules are pulled towards 0
STEPS = 50
CLOSE = 1e-8


def coefficients(given: dict[str, Any]) -> dict[str, float]:
    """The log-odds that each of `rules` adds. `patterns`: rules fired, with how many leads, and how many became SQL."""
    rules = {rule: index for index, rule in enumerate(given["rules"])}
    fired = np.zeros((len(given["patterns"]), len(rules) + 1))
    fired[:, -1] = 1.0  # what is so without any rule
    for row, pattern in enumerate(given["patterns"]):
        fired[row, [rules[rule] for rule in pattern.split(",") if rule in rules]] = 1.0
    leads, sql = np.array(list(given["patterns"].values()), dtype=float).T
    found = _fit(fired, leads, sql)
    return {rule: float(found[index]) for rule, index in rules.items()}


def _fit(fired: Any, leads: Any, sql: Any) -> Any:
    """Newton's method on the penalised likelihood; the last column, the base, is not penalised."""
    penalty = np.full(fired.shape[1], PENALTY)
    penalty[-1] = 0.0
    found = np.zeros(fired.shape[1])
    for _step in range(STEPS):
        share = 1 / (1 + np.exp(-fired @ found))
        slope = fired.T @ (sql - leads * share) - penalty * found
        curve = (fired.T * (leads * share * (1 - share))) @ fired + np.diag(penalty)
        change = np.linalg.solve(curve, slope)
        found += change
        if np.abs(change).max() < CLOSE:
            break
    return found


if __name__ == "__main__":
    sys.stdout.buffer.write(orjson.dumps(coefficients(orjson.loads(sys.stdin.buffer.read()))))
