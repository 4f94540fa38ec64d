"""Chance: how likely so few are, when the usual share holds. Pure."""

from __future__ import annotations

from math import exp, lgamma, log, log1p


def tail(successes: int, trials: int, rate: float) -> float:
    """P(at most so many successes) of a binomial distribution."""
    if successes >= trials:
        return 1.0
    return min(1.0, sum(exp(_log_mass(n, trials, rate)) for n in range(successes + 1)))


def _log_mass(successes: int, trials: int, rate: float) -> float:
    choose = lgamma(trials + 1) - lgamma(successes + 1) - lgamma(trials - successes + 1)
    return choose + successes * log(rate) + (trials - successes) * log1p(-rate)
