"""What comes out: winners in order of choice, and why each won or lost. Plain and frozen, JSON-able.

Money is exact decimal text in JSON. Codes say why; the sentences for them stand outside this package.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from budgets.allocation.model import money


@dataclass(frozen=True, slots=True)
class Payment:
    """How many people paid between `least` and `most` (decimal text), and how much together."""

    least: str
    most: str
    people: int
    total: str

    def to_json(self) -> dict[str, Any]:
        return {
            "least": self.least,
            "most": self.most,
            "people": self.people,
            "total": self.total,
        }


@dataclass(frozen=True, slots=True)
class Choice:
    """A project that was chosen.

    `code`: "votes", "points", "votes_per_cost", "shares", "loads", "best_set", "minimum" (for its
    category) or "completion". `support` in votes or points; `left` is what is left of the money of its
    envelope. Rules in which supporters pay: `payers`; `price` is the most that anybody pays (by
    points: for a point), rounded to six decimals; `exact_price` the same as a fraction "n/d", "" where
    that is longer than 80 characters; `payments` from the highest; with loads, `price` is the moment
    of the purchase.
    """

    number: int
    project: str
    code: str
    support: int
    cost: Decimal
    left: Decimal
    envelope: str = ""
    payers: int = 0
    price: str = ""
    exact_price: str = ""
    payments: tuple[Payment, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "project": self.project,
            "code": self.code,
            "support": self.support,
            "cost": money(self.cost),
            "left": money(self.left),
            "envelope": self.envelope,
            "payers": self.payers,
            "price": self.price,
            "exact_price": self.exact_price,
            "payments": [payment.to_json() for payment in self.payments],
        }


@dataclass(frozen=True, slots=True)
class Note:
    """Something to say: a code, and what its sentence names. Params are texts, whole numbers or lists
    of them.

    Of a project that lost: "no_support" {}, "under_threshold" {support, threshold}, "over_budget"
    {cost, budget}, "incompatible" {project}, "no_money" {cost, left, after: number of choices before
    its turn}, "stopped" {project: the one that did not fit}, "short" {cost, have, supporters: what its
    supporters had left together, rounded down}, "not_in_best_set" {support, cost, instead: projects of
    the best set that would have to go, or [] if it simply does not fit}.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "params": dict(self.params)}


@dataclass(frozen=True, slots=True)
class Tie:
    """Projects that stood equal where an order was needed, and what decided: a word of the declared rule.

    `round` is the number of the choice within the envelope.
    """

    round: int
    projects: tuple[str, ...]
    decided_by: str
    chosen: str
    envelope: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "round": self.round,
            "projects": list(self.projects),
            "decided_by": self.decided_by,
            "chosen": self.chosen,
            "envelope": self.envelope,
        }


@dataclass(frozen=True, slots=True)
class Allocation:
    """Who gets the money, and how it came.

    `rounds` in the order of `winners`; `losers` has every other project. `order` is the declared rule for
    ties, `lot` the order of projects that settles what nothing else settles (the first is favoured),
    `seed` what it was drawn from. `digest` is the election's. `support` is the number of votes or
    points of each project.
    """

    rule: str
    version: int
    winners: tuple[str, ...]
    cost: Decimal
    budget: Decimal
    people: int
    rounds: tuple[Choice, ...]
    losers: Mapping[str, Note]
    ties: tuple[Tie, ...]
    notes: tuple[Note, ...]
    support: Mapping[str, int]
    order: tuple[str, ...]
    lot: tuple[str, ...]
    seed: str
    completion: str
    digest: str

    def to_json(self) -> dict[str, Any]:
        """Plain data for storing and publishing."""
        return {
            "rule": self.rule,
            "version": self.version,
            "winners": list(self.winners),
            "cost": money(self.cost),
            "budget": money(self.budget),
            "people": self.people,
            "rounds": [choice.to_json() for choice in self.rounds],
            "losers": {key: note.to_json() for key, note in self.losers.items()},
            "ties": [tie.to_json() for tie in self.ties],
            "notes": [note.to_json() for note in self.notes],
            "support": dict(self.support),
            "order": list(self.order),
            "lot": list(self.lot),
            "seed": self.seed,
            "completion": self.completion,
            "digest": self.digest,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Allocation":
        """What `to_json` wrote. Raises KeyError, TypeError or decimal.InvalidOperation for anything
        else.
        """
        return cls(
            rule=data["rule"],
            version=data["version"],
            winners=tuple(data["winners"]),
            cost=Decimal(data["cost"]),
            budget=Decimal(data["budget"]),
            people=data["people"],
            rounds=tuple(_choice(one) for one in data["rounds"]),
            losers={key: Note(**note) for key, note in data["losers"].items()},
            ties=tuple(Tie(**(tie | {"projects": tuple(tie["projects"])})) for tie in data["ties"]),
            notes=tuple(Note(**note) for note in data["notes"]),
            support=dict(data["support"]),
            order=tuple(data["order"]),
            lot=tuple(data["lot"]),
            seed=data["seed"],
            completion=data["completion"],
            digest=data["digest"],
        )


def _choice(data: Mapping[str, Any]) -> Choice:
    payments = tuple(Payment(**payment) for payment in data["payments"])
    amounts = {"cost": Decimal(data["cost"]), "left": Decimal(data["left"])}
    return Choice(**{**data, **amounts, "payments": payments})
