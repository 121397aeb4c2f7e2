"""Regularised logistic regression over which rules fired for whom: a program of its own.

Run as `python -m scoring.learning` with JSON on its input and output, so that the library's memory and start time
are its own: no web process and no worker ever loads it.
"""

import sys
from typing import Any

import numpy as np
import orjson
from sklearn.linear_model import LogisticRegression

STRENGTH = 1.0  # of the L2 penalty (C of the library): rare rules are pulled towards 0


def coefficients(given: dict[str, Any]) -> dict[str, float]:
    """The log-odds that each of `rules` adds. `patterns`: rules fired, with how many leads, and how many became SQL."""
    rules = {rule: index for index, rule in enumerate(given["rules"])}
    rows, answers, weights = [], [], []
    for pattern, (leads, sql) in given["patterns"].items():
        row = np.zeros(len(rules))
        row[[rules[rule] for rule in pattern.split(",") if rule in rules]] = 1.0
        for answer, weight in ((1, sql), (0, leads - sql)):
            if weight:
                rows.append(row)
                answers.append(answer)
                weights.append(weight)
    fitted = LogisticRegression(C=STRENGTH, max_iter=1000).fit(np.array(rows), answers, sample_weight=weights)
    return {rule: float(fitted.coef_[0][index]) for rule, index in rules.items()}


if __name__ == "__main__":
    sys.stdout.buffer.write(orjson.dumps(coefficients(orjson.loads(sys.stdin.buffer.read()))))
