"""The Method of Equal Shares, quickly: in floating point, and only where that is beyond doubt.

Everybody has the same share of the money. A project is bought if its supporters can pay it together; each
pays the price times the use that he has of it, or all that he has left. The project with the lowest
price for a unit of use is bought first. Source: D. Peters, G. Pierczyński, P. Skowron, "Proportional
participatory budgeting with additive utilities" (NeurIPS 2021).

Nothing here decides: a run in which two numbers that are compared lie within a billionth of each other is
given up (`Doubt`) and made again by `exact`, unless the two can be compared without what voters have left.
"""

import heapq
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from budgets.allocation.arrays import Backing, backing
from budgets.allocation.board import Board
from budgets.allocation.ties import Arbiter

NEAR = 1e-9
_SAME = 1e-13

Floats = NDArray[np.float64]


class Doubt(Exception):
    """Floating point cannot tell which of two numbers is greater."""


@dataclass(frozen=True, slots=True)
class Market:
    """What stays the same whatever the share: supporters, costs, use, and the order that settles ties.

    `worth` is what a project's price is divided by to compare it: its cost where use is the cost, else 1;
    prices are then per supporter, or per point.
    """

    board: Board
    back: dict[int, Backing]
    worth: tuple[int, ...]
    ranks: tuple[int, ...]

    @classmethod
    def of(cls, board: Board, measure: str, arbiter: Arbiter) -> "Market":
        worth = board.costs if measure == "cost" else (1,) * len(board.keys)
        return cls(board, backing(board, measure), worth, tuple(arbiter.ranks()))

    def least_price(self, place: int) -> Fraction:
        """The price for a unit of use if every supporter can pay it."""
        return Fraction(self.board.costs[place], self.back[place].total * self.worth[place])

    def share(self, raised: int) -> Fraction:
        """Everybody's share in smallest units, raised by so many units of currency."""
        return Fraction(self.board.budget, self.board.people) + raised * self.board.scale.unit


@dataclass(slots=True)
class Sprint:
    """One run at one share. `places` in order; `spent` may be more than the money, then the run was
    cut short.
    """

    market: Market
    left: Floats
    limit: int
    places: list[int] = field(default_factory=list)
    spent: int = 0
    price: dict[int, float] = field(default_factory=dict)
    queue: list[tuple[float, int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        board = self.market.board
        for place, back in self.market.back.items():
            self.price[place] = board.costs[place] / back.total
            self._wait(place)
        heapq.heapify(self.queue)

    def _wait(self, place: int) -> None:
        bound = self.price[place] / self.market.worth[place]
        heapq.heappush(self.queue, (bound, self.market.ranks[place], place))

    def run(self) -> list[int]:
        """Buy until nobody can pay for anything, or until more than the limit is spent. Raises Doubt."""
        while self.queue and self.spent <= self.limit:
            place = self._next()
            if place is None:
                break
            self._buy(place)
        return self.places

    def _next(self) -> int | None:
        """The project with the lowest price, with `price` set; ties settled."""
        found: list[tuple[float, int]] = []
        while self.queue and (not found or self.queue[0][0] <= found[0][0] * (1 + NEAR)):
            place = heapq.heappop(self.queue)[2]
            if self.market.board.rivals[place].intersection(self.places):
                continue
            if self._settle(place):
                found.append((self.price[place] / self.market.worth[place], place))
                found.sort()
        if not found:
            return None
        near = [place for bound, place in found if bound <= found[0][0] * (1 + NEAR)]
        chosen = near[0] if len(near) == 1 else self._untie(near)
        for _, place in found:
            if place != chosen:
                self._wait(place)
        return chosen

    def _settle(self, place: int) -> bool:
        """One step towards the price of a project; whether it is found. If not, it waits or is given up."""
        back, cost, price = (
            self.market.back[place],
            self.market.board.costs[place],
            self.price[place],
        )
        owned = self.left[back.rows]
        due = price if back.use is None else back.use * price
        paid = float(np.minimum(owned, due) @ back.people)
        if paid >= cost * (1 - _SAME):
            self._check_wealth(back, owned, cost)
            return True
        weight = back.people if back.use is None else back.people * back.use
        rest = float(weight[owned > due].sum())
        if rest > 0:
            self.price[place] = price + (cost - paid) / rest
            self._wait(place)
        elif cost - paid <= cost * NEAR:
            raise Doubt
        return False

    def _check_wealth(self, back: Backing, owned: Floats, cost: int) -> None:
        """Whether the supporters own clearly more than the cost."""
        if float(owned @ back.people) - cost <= cost * NEAR:
            raise Doubt

    def _untie(self, near: list[int]) -> int:
        """The cheapest of projects that look equal: if all of them cost their least price, fractions
        say so.
        """
        for place in near:
            back = self.market.back[place]
            due = self.price[place] if back.use is None else back.use * self.price[place]
            if self.price[place] * back.total > self.market.board.costs[place] * (1 + NEAR):
                raise Doubt
            if float((self.left[back.rows] - due * (1 + NEAR)).min()) < 0:
                raise Doubt
        ranks = self.market.ranks
        return min(near, key=lambda place: (self.market.least_price(place), ranks[place]))

    def _buy(self, place: int) -> None:
        back = self.market.back[place]
        due = self.price[place] if back.use is None else back.use * self.price[place]
        self.left[back.rows] = np.maximum(self.left[back.rows] - due, 0)
        self.places.append(place)
        self.spent += self.market.board.costs[place]


def sprint(market: Market, raised: int) -> Sprint:
    """Run at the share that is raised by so many units of currency. Raises Doubt."""
    share = float(market.share(raised))
    run = Sprint(market, np.full(len(market.board.copies), share), market.board.budget)
    run.run()
    return run
