"""Indices of a series: by how much it moved, from one level to the next and from the first.

Exact in Decimal; `rounded` gives figures as they are printed, halves away from zero. The terms are
those of statistical handbooks: chain (against the level before), base (against the first), rate of
increase (%), build-up rate (chain increment in % of the first level), value of one percent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from itertools import pairwise

HUNDRED = Decimal(100)
_PRECISION = Context(prec=28, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Step:
    """One level against the one before (`chain`) and the first (`base`).

    Percentages are None where the level they refer to is zero.
    """

    level: Decimal
    chain_increment: Decimal
    base_increment: Decimal
    chain_growth: Decimal | None
    base_growth: Decimal | None
    chain_rate: Decimal | None
    base_rate: Decimal | None
    build_up_rate: Decimal | None
    one_percent: Decimal


def steps(levels: Sequence[Decimal]) -> tuple[Step, ...]:
    """The indices of each level after the first; empty below two levels."""
    with localcontext(_PRECISION):
        return tuple(_step(levels[0], before, level) for before, level in pairwise(levels))


def _step(first: Decimal, before: Decimal, level: Decimal) -> Step:
    chain, base = level - before, level - first
    return Step(
        level,
        chain,
        base,
        _percent(level, before),
        _percent(level, first),
        _percent(chain, before),
        _percent(base, first),
        _percent(chain, first),
        before / HUNDRED,
    )


def _percent(part: Decimal, whole: Decimal) -> Decimal | None:
    return part / whole * HUNDRED if whole else None


def mean_increment(levels: Sequence[Decimal]) -> Decimal | None:
    """The mean absolute increment: (last - first) / (n - 1); None below two levels."""
    if len(levels) < 2:
        return None
    with localcontext(_PRECISION):
        return (levels[-1] - levels[0]) / (len(levels) - 1)


def mean_growth(levels: Sequence[Decimal]) -> Decimal | None:
    """The mean growth rate in percent: the root of order n - 1 of last / first. None where undefined."""
    if len(levels) < 2 or levels[0] <= 0 or levels[-1] <= 0:
        return None
    with localcontext(_PRECISION):
        return ((levels[-1] / levels[0]).ln() / (len(levels) - 1)).exp() * HUNDRED


def chronological_mean(levels: Sequence[Decimal]) -> Decimal | None:
    """The mean of levels at equal intervals: first and last halved, over n - 1. None below two."""
    if len(levels) < 2:
        return None
    with localcontext(_PRECISION):
        return (levels[0] / 2 + sum(levels[1:-1], Decimal(0)) + levels[-1] / 2) / (len(levels) - 1)


def chronological_mean_of_spans(
    levels: Sequence[Decimal], spans: Sequence[Decimal]
) -> Decimal | None:
    """The same where `spans` says how much time lies between levels; None below two levels.

    Raises ValueError unless there is one span fewer than levels and each is positive.
    """
    if len(levels) < 2:
        return None
    if len(spans) != len(levels) - 1 or min(spans) <= 0:
        raise ValueError("a positive span lies between each two levels")
    with localcontext(_PRECISION):
        middles = zip(pairwise(levels), spans, strict=True)
        whole = sum(((a + b) / 2 * span for (a, b), span in middles), Decimal(0))
        return whole / sum(spans)


def arithmetic_mean(levels: Sequence[Decimal]) -> Decimal | None:
    """The mean of levels that each hold for an interval (not at a moment). None of nothing."""
    if not levels:
        return None
    with localcontext(_PRECISION):
        return sum(levels, Decimal(0)) / len(levels)


def rounded(value: Decimal, places: int = 2) -> Decimal:
    """As printed: halves away from zero, no zeros at the end, never a negative zero."""
    cut = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP).normalize()
    return cut.quantize(Decimal(1)) + Decimal(0) if cut == cut.to_integral() else cut
