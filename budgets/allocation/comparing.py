"""What each rule would have chosen on the same ballots."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from budgets.allocation.catalogue import DEFAULT_TIES, rules_for
from budgets.allocation.explaining import Satisfaction, satisfaction
from budgets.allocation.model import Election, money
from budgets.allocation.result import Allocation
from budgets.allocation.running import allocate


@dataclass(frozen=True, slots=True)
class Compared:
    """One rule's choice and how it satisfies the voters."""

    allocation: Allocation
    satisfaction: Satisfaction

    def to_json(self) -> dict[str, Any]:
        return {
            "rule": self.allocation.rule,
            "version": self.allocation.version,
            "winners": list(self.allocation.winners),
            "cost": money(self.allocation.cost),
            "satisfaction": self.satisfaction.to_json(),
        }


def compare(
    election: Election,
    rules: Iterable[str] = (),
    *,
    ties: Sequence[str] = DEFAULT_TIES,
    seed: str = "",
) -> tuple[Compared, ...]:
    """Apply each of `rules`, or all that can read these ballots. Raises ElectionError as `allocate`
    does.
    """
    names = tuple(rules) or tuple(spec.name for spec in rules_for(election.kind))
    found = (allocate(name, election, ties=ties, seed=seed) for name in names)
    return tuple(Compared(one, satisfaction(election, one.winners)) for one in found)
