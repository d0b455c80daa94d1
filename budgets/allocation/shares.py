"""The Method of Equal Shares, quickly: in floating point, and only where that is beyond doubt.

Everybody has the same share of the money. A project is bought if its supporters can pay it together; each
pays the price times the use that he has of it, or all that he has left. The project with the lowest
price for a unit of use is bought first. Source: D. Peters, G. Pierczyński, P. Skowron, "Proportional
participatory budgeting with additive utilities" (NeurIPS 2021).

Nothing here decides: a run in which two numbers that are compared lie within a billionth of each other is
given up (`Doubt`) and made again by `exact`, unless the two can be compared without what voters have left.
"""

import heapq
import math
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from budgets.allocation.arrays import Backing, backing
from budgets.allocation.board import Board
from budgets.allocation.ties import Arbiter

NEAR = 1e-9
_SAME = 1e-12

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


@dataclass(frozen=True, slots=True)
class Path:
    """What was bought in a run, in order, and at which prices for a unit of use."""

    places: list[int]
    prices: list[float]


@dataclass(slots=True)
class Sprint:
    """One run at one share. `left` is what each ballot's voters have left.

    With `along`, the path of a run at a smaller share, it also finds out whether every share between
    the two leads along the same path (`is_along`), and ends as soon as that is uncertain. Between the
    two shares nobody has more left than here and no price is higher than there; so that whatever is
    dearer here than what was bought there cannot come before it.
    """

    market: Market
    left: Floats
    along: Path | None = None
    is_along: bool = True
    path: Path = field(default_factory=lambda: Path([], []))
    spent: int = 0
    price: dict[int, float] = field(default_factory=dict)
    queue: list[tuple[float, int, int]] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        costs = self.market.board.costs
        self.price = {place: costs[place] / back.total for place, back in self.market.back.items()}
        self.line_up()

    def line_up(self) -> None:
        """Let all wait that are neither bought nor gone."""
        self.queue = [self._ticket(place) for place in self.price if place not in self.gone]
        heapq.heapify(self.queue)

    def _ticket(self, place: int) -> tuple[float, int, int]:
        market = self.market
        return self.price[place] / market.worth[place], market.ranks[place], place

    def run(self, limit: int) -> None:
        """Buy until nobody can pay for anything, or until more than `limit` is spent. Raises Doubt."""
        while self.spent <= limit:
            tied = self.next()
            if not tied or not self.is_along:
                break
            self.buy(min(tied, key=self.market.ranks.__getitem__))
        if self.along is not None and self.path.places != self.along.places:
            self.is_along = False

    def next(self) -> list[int]:
        """What can be bought at the lowest price for a unit of use: one project, or several that are equal.

        Raises Doubt.
        """
        guard = self._guard()
        queue, gone = self.queue, self.gone
        found: list[tuple[float, int]] = []
        reach = guard or math.inf
        while queue and queue[0][0] <= reach:
            ticket = heapq.heappop(queue)
            place = ticket[2]
            if place in gone or not self._settle(place):
                continue
            each = self.price[place] / self.market.worth[place]
            found.append((each, place))
            reach = max(guard, min(found)[0] * (1 + NEAR))
        if not found:
            self.is_along = self.is_along and not guard
            return []
        for each, place in found:
            heapq.heappush(queue, (each, self.market.ranks[place], place))
        return self._cheapest(found)

    def _cheapest(self, found: list[tuple[float, int]]) -> list[int]:
        tied = [found[0][1]]
        if len(found) > 1:
            limit = min(found)[0] * (1 + NEAR)
            tied = [place for each, place in found if each <= limit]
            if len(tied) > 1:
                tied = self._untie(tied)
        if self.along is not None:
            self.is_along = self._leads_along(self.along, tied, [place for _, place in found])
        return tied

    def _settle(self, place: int) -> bool:
        """Steps towards the price of a project; whether it is found. If not, it waits or is gone.

        What supporters would pay at a price grows ever more slowly with it, so that each step of
        Newton's method ends below the price that is looked for. Raises Doubt where they own so nearly
        the cost that it is not clear whether they can pay.
        """
        back, price = self.market.back[place], self.price[place]
        cost, use, people = self.market.board.costs[place], back.use, back.people
        owned = self.left.take(back.rows)
        wealth = float(owned.dot(people))
        if wealth < cost * (1 + NEAR):
            if wealth > cost * (1 - NEAR):
                raise Doubt
            self.gone.add(place)
            return False
        enough = cost * (1 - _SAME)
        # Where something else may be cheaper, there is no need to go on.
        reach = self.queue[0][0] * self.market.worth[place] if self.queue else math.inf
        while True:
            due = price if use is None else use * price
            paid = float(np.minimum(owned, due).dot(people))
            if paid >= enough:
                self.price[place] = price
                return True
            price += (cost - paid) / float((owned > due).dot(back.weight))
            if price > reach:
                self.price[place] = price
                heapq.heappush(self.queue, self._ticket(place))
                return False

    def _untie(self, near: list[int]) -> list[int]:
        """The cheapest of projects that look equal: if all of them cost their least price, fractions
        say so.
        """
        for place in near:
            back, price = self.market.back[place], self.price[place]
            if price * back.total > self.market.board.costs[place] * (1 + NEAR):
                raise Doubt
            due = price if back.use is None else back.use * price
            if float((self.left.take(back.rows) - due * (1 + NEAR)).min()) < 0:
                raise Doubt
        least = min(map(self.market.least_price, near))
        return [place for place in near if self.market.least_price(place) == least]

    def buy(self, place: int) -> None:
        """Let the supporters pay."""
        back, price = self.market.back[place], self.price[place]
        due = price if back.use is None else back.use * price
        self.left[back.rows] = np.maximum(self.left.take(back.rows) - due, 0)
        self.note(place)

    def note(self, place: int) -> None:
        """A project is bought: it and what cannot stand beside it are gone."""
        self.path.places.append(place)
        self.path.prices.append(self.price[place])
        self.spent += self.market.board.costs[place]
        self.gone.add(place)
        self.gone |= self.market.board.rivals[place]

    def _guard(self) -> float:
        """Up to which price for a unit of use everything must be looked at."""
        number = len(self.path.places)
        if self.along is None or number >= len(self.along.places):
            return 0.0
        place = self.along.places[number]
        return self.along.prices[number] / self.market.worth[place] * (1 + NEAR)

    def _leads_along(self, path: Path, tied: list[int], found: list[int]) -> bool:
        """Whether the next project on the path is bought next at every share between."""
        number, market = len(self.path.places), self.market
        if number >= len(path.places):
            return False
        due = path.places[number]
        if due != min(tied, key=market.ranks.__getitem__):
            return False
        if found == [due]:
            return True
        # Where it costs its least price, others that can never cost less come after it all the same.
        least = market.least_price(due)
        if path.prices[number] > float(least * market.worth[due]) * (1 + _SAME):
            return False
        bar = (least, market.ranks[due])
        return all((market.least_price(one), market.ranks[one]) >= bar for one in found)


def sprint(market: Market, raised: int, along: Path | None = None) -> Sprint:
    """Run at the share that is raised by so many units of currency. Raises Doubt."""
    share = float(market.share(raised))
    run = Sprint(market, np.full(len(market.board.marks.copies), share), along)
    run.run(market.board.budget)
    return run
