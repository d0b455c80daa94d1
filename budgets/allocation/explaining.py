"""How satisfied voters are with a choice of projects. Needs no numpy."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from budgets.allocation.model import Election, money


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """What voters got of what they named.

    `people` voted, `blank` of them named nothing and are left out of all that follows. `counts` is how
    many got 0, 1, 2, … of their projects. `at_least_one` got one or more. `mean_share` is the mean
    share of a ballot's projects that were chosen, `mean_money` the mean cost of chosen projects that a
    voter named; both to six decimals.
    """

    people: int
    blank: int
    counts: tuple[int, ...]
    at_least_one: int
    mean_share: str
    mean_money: str

    def to_json(self) -> dict[str, Any]:
        return {
            "people": self.people,
            "blank": self.blank,
            "counts": list(self.counts),
            "at_least_one": self.at_least_one,
            "mean_share": self.mean_share,
            "mean_money": self.mean_money,
        }


def satisfaction(election: Election, winners: Iterable[str]) -> Satisfaction:
    """How many voters get none, one, two, … of their projects if `winners` are built. One pass over
    the ballots.
    """
    costs = {project.key: project.cost for project in election.projects}
    chosen = {key: costs[key] for key in winners}
    counts: dict[int, int] = {}
    blank, shares, spent = 0, Fraction(0), Decimal(0)
    for ballot, people in election.ballots.items():
        if not ballot:
            blank += people
            continue
        got = [chosen[key] for key, _ in ballot if key in chosen]
        counts[len(got)] = counts.get(len(got), 0) + people
        if got:
            shares += Fraction(len(got) * people, len(ballot))
            spent += sum(got) * people
    voters = sum(counts.values())
    return Satisfaction(
        people=voters + blank,
        blank=blank,
        counts=tuple(counts.get(number, 0) for number in range(max(counts, default=0) + 1)),
        at_least_one=voters - counts.get(0, 0),
        mean_share=_mean(shares, voters),
        mean_money=_mean(Fraction(spent), voters),
    )


def _mean(total: Fraction, number: int) -> str:
    millionths = round(total * 1_000_000 / number) if number else 0
    return money(Decimal(millionths) / 1_000_000)
