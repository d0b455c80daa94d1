"""Means of points and numbers, from how often each value occurs."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import sqrt
from typing import TypeVar

from voting.statistics.distributions import t_quantile
from voting.statistics.shares import LEVEL

Number = TypeVar("Number", int, float, Decimal, Fraction)


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean of `total` values and the sample's standard deviation (n - 1; None below two values)."""

    total: int
    mean: float
    deviation: float | None


def mean(counts: Mapping[Number, int]) -> Mean | None:
    """The mean of values that occur so often; None of nothing. Summed exactly, then rounded once."""
    total = sum(counts.values())
    if not total:
        return None
    exact = sum((Fraction(value) * count for value, count in counts.items()), Fraction(0)) / total
    if total == 1:
        return Mean(total, float(exact), None)
    squares = sum(
        ((Fraction(value) - exact) ** 2 * count for value, count in counts.items()), Fraction(0)
    )
    return Mean(total, float(exact), sqrt(squares / (total - 1)))


def t_interval(found: Mean, *, level: float = LEVEL) -> tuple[float, float] | None:
    """Student's interval for the mean; None below two values. Needs SciPy."""
    if found.deviation is None:
        return None
    half = t_quantile((1 + level) / 2, found.total - 1) * found.deviation / sqrt(found.total)
    return found.mean - half, found.mean + half


def weighted_mean(values: Mapping[Number, float]) -> float | None:
    """The mean of values with the sum of weights each carries; None where no weight is."""
    total = sum(values.values())
    if not total:
        return None
    return sum(float(value) * weight for value, weight in values.items()) / total


def median(counts: Mapping[Number, int]) -> Fraction | None:
    """The middle value, or halfway between the two middle ones; None of nothing."""
    total = sum(counts.values())
    if not total:
        return None
    ordered = sorted((Fraction(value), count) for value, count in counts.items() if count)
    lower = _at(ordered, (total - 1) // 2)
    return (lower + _at(ordered, total // 2)) / 2


def _at(ordered: list[tuple[Fraction, int]], place: int) -> Fraction:
    for value, count in ordered:
        place -= count
        if place < 0:
            return value
    raise IndexError(place)


def satisfied(counts: Mapping[Number, int], least: int) -> int:
    """How many values are `least` or more."""
    return sum(count for value, count in counts.items() if value >= least)
