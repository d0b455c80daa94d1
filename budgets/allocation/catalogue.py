"""All rules by name. Needs no numpy, so that pages can offer them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from budgets.allocation.model import KINDS, BallotKind

TIES = ("votes", "points", "cheaper", "costlier", "lot")
DEFAULT_TIES = ("votes", "cheaper", "lot")
COMPLETIONS = ("", "greedy")

Family = Literal["greedy", "shares", "phragmen", "knapsack"]
_POINTS: tuple[BallotKind, ...] = ("points", "ranking")


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """One rule. `version` goes up whenever the same ballots could give another result.

    `measure`: what a rule of its family goes by: "votes", "points", "votes_per_cost"; for equal shares a
    supporter's use of a project: "cost", "cardinality" (1) or "points". `raises`: whether shares are
    raised until the money would be overspent. `stops`: whether it ends at the first project that does
    not fit. `completions`: what may fill the rest of the money. Rules by votes count everyone who gave
    a project anything.
    """

    name: str
    family: Family
    measure: str
    kinds: tuple[BallotKind, ...] = KINDS
    raises: bool = False
    stops: bool = False
    completions: tuple[str, ...] = ("",)
    version: int = 1


def _shares(measure: str, kinds: tuple[BallotKind, ...] = KINDS) -> tuple[RuleSpec, RuleSpec]:
    plain = "mes_points_utility" if measure == "points" else f"mes_{measure}"
    return (
        RuleSpec(plain, "shares", measure, kinds, completions=COMPLETIONS),
        RuleSpec(
            f"mes_{measure}_add1_until_overspend",
            "shares",
            measure,
            kinds,
            raises=True,
            completions=COMPLETIONS,
        ),
    )


RULES: Mapping[str, RuleSpec] = {
    spec.name: spec
    for spec in (
        RuleSpec("greedy_by_votes", "greedy", "votes"),
        RuleSpec("greedy_by_votes_no_skip", "greedy", "votes", stops=True),
        RuleSpec("greedy_by_score", "greedy", "points", _POINTS),
        RuleSpec("greedy_by_votes_per_cost", "greedy", "votes_per_cost"),
        *_shares("cost"),
        *_shares("cardinality"),
        *_shares("points", _POINTS),
        RuleSpec("phragmen", "phragmen", "votes", stops=True, completions=COMPLETIONS),
        RuleSpec("knapsack", "knapsack", "votes"),
    )
}


def rules_for(kind: BallotKind) -> tuple[RuleSpec, ...]:
    """The rules that can read ballots of this kind."""
    return tuple(spec for spec in RULES.values() if kind in spec.kinds)
