"""Quorum and thresholds: whether enough people voted, and enough of them for it. All exact."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

PLACES = 5
_SIMPLE = 100


@dataclass(frozen=True, slots=True)
class Reached:
    """`have` of `base` against the `share` that is needed; `need` is the least number that is enough."""

    is_reached: bool
    have: int
    base: int
    need: int
    share: Fraction


@dataclass(frozen=True, slots=True)
class DoubleMajority:
    """The whole, and how many areas were for it out of those in which votes were cast."""

    is_reached: bool
    whole: Reached
    areas_for: tuple[str, ...]
    areas_against: tuple[str, ...]


def exact_share(share: Decimal | Fraction) -> Fraction:
    """The fraction that a share of five decimals stands for: 0.66667 is two thirds.

    That is the one with the smallest denominator, up to 100, which rounds to it; else the decimal itself.
    """
    if isinstance(share, Fraction):
        return share
    written = Fraction(share)
    for denominator in range(1, _SIMPLE + 1):
        candidate = Fraction(round(written * denominator), denominator)
        if abs(candidate - written) * 10**PLACES * 2 <= 1:
            return candidate
    return written


def quorum(voters: int, eligible: int, share: Decimal | Fraction) -> Reached:
    """Whether at least this share of those who may vote did."""
    return _at_least(voters, eligible, exact_share(share))


def of_cast(yes: int, no: int, share: Decimal | Fraction) -> Reached:
    """Whether enough of those who voted yes or no voted yes; who abstained does not count."""
    return _needed(yes, yes + no, exact_share(share))


def of_eligible(yes: int, eligible: int, share: Decimal | Fraction) -> Reached:
    """Whether enough of all who may vote voted yes."""
    return _needed(yes, eligible, exact_share(share))


def double_majority(
    areas: Mapping[str, tuple[int, int]], share: Decimal | Fraction
) -> DoubleMajority:
    """Whether the share is reached of all votes cast, and in more than half of the areas.

    `areas` is {area: (yes, no)}; an area without a yes or a no is left out.
    """
    exact = exact_share(share)
    voting = {area: votes for area, votes in sorted(areas.items()) if sum(votes)}
    whole = _needed(sum(yes for yes, _ in voting.values()), sum(map(sum, voting.values())), exact)
    for_it = tuple(
        area for area, (yes, no) in voting.items() if _needed(yes, yes + no, exact).is_reached
    )
    against = tuple(area for area in voting if area not in for_it)
    is_reached = whole.is_reached and 2 * len(for_it) > len(voting)
    return DoubleMajority(is_reached, whole, for_it, against)


def _needed(have: int, base: int, share: Fraction) -> Reached:
    """At least the share; but a threshold of one half means more than half."""
    if share == Fraction(1, 2):
        need = base // 2 + 1
        return Reached(have >= need, have, base, need, share)
    return _at_least(have, base, share)


def _at_least(have: int, base: int, share: Fraction) -> Reached:
    """Nothing is reached where there is nothing to take a share of."""
    need = max(-(-share.numerator * base // share.denominator), 1)
    return Reached(have >= need, have, base, need, share)
