"""The Method of Equal Shares in whole numbers: what was found quickly is found again without rounding.

What voters have left is a whole number of parts of the smallest unit of money, the same part for everybody;
it is made finer whenever a price needs it. Ballots with equal sums left are one *purse*.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from budgets.allocation.board import Board, payments
from budgets.allocation.result import Choice, Note
from budgets.allocation.shares import NEAR, Market
from budgets.allocation.ties import Arbiter


@dataclass(frozen=True, slots=True)
class Bill:
    """What one project costs its supporters: `price` in smallest units for a unit of use, `groups` of
    (purse, use of one, people)."""

    price: Fraction
    groups: tuple[tuple[int, int, int], ...]


@dataclass(slots=True)
class ExactRun:
    """One run at one share, round by round."""

    market: Market
    share: Fraction
    arbiter: Arbiter
    fineness: int = 1
    purses: list[int] = field(default_factory=list)
    purse_of: NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    places: list[int] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    waiting: dict[int, float] = field(default_factory=dict)  # place: no less than this for a unit
    losers: dict[int, Note] = field(default_factory=dict)
    spent: int = 0

    def __post_init__(self) -> None:
        self.fineness = self.share.denominator
        self.purses = [self.share.numerator]
        self.purse_of = np.zeros(len(self.market.board.copies), dtype=np.intp)
        self.waiting = {place: float(self.market.least_price(place)) for place in self.market.back}

    def run(self, limit: int) -> list[int]:
        """Buy until nobody can pay for anything, or until more than `limit` is spent."""
        while self.spent <= limit:
            self._drop_rivals()
            found = self._next()
            if found is None:
                break
            self._buy(*found)
        return self.places

    def _drop_rivals(self) -> None:
        board = self.market.board
        for place in list(self.waiting):
            if beside := board.rivals[place].intersection(self.places):
                self.losers[place] = Note("incompatible", {"project": board.keys[min(beside)]})
                del self.waiting[place]

    def _next(self) -> tuple[int, Bill] | None:
        """The project with the lowest price for a unit of use, and its bill."""
        best: list[tuple[Fraction, int, Bill]] = []
        for place, bound in sorted(self.waiting.items(), key=lambda one: one[1]):
            if best and bound > float(best[0][0]) * (1 + NEAR):
                break
            bill = self._bill(place)
            if bill is None:
                del self.waiting[place]
                continue
            each = bill.price / self.market.worth[place]
            self.waiting[place] = float(each)
            if best and each > best[0][0]:
                continue
            if best and each < best[0][0]:
                best.clear()
            best.append((each, place, bill))
        if not best:
            return None
        chosen = self.arbiter.pick([place for _, place, _ in best], len(self.places) + 1)
        return chosen, next(bill for _, place, bill in best if place == chosen)

    def _groups(self, place: int) -> Iterator[tuple[int, int, int]]:
        """(purse, use, people) of the supporters of a project."""
        back = self.market.back[place]
        purses = self.purse_of[back.rows]
        if back.use is None:
            counts = np.bincount(purses, back.people)
            used = np.flatnonzero(counts)
            yield from zip(
                used.tolist(), [1] * len(used), counts[used].astype(np.int64).tolist(), strict=True
            )
            return
        width = int(back.use.max()) + 1
        label = purses * width + back.use.astype(np.intp)
        counts = np.bincount(label, back.people)
        used = np.flatnonzero(counts)
        rows = zip(
            (used // width).tolist(),
            (used % width).tolist(),
            counts[used].astype(np.int64).tolist(),
            strict=True,
        )
        yield from rows

    def _bill(self, place: int) -> Bill | None:
        """The exact price: those with less for each unit of use pay all they have, the others share
        the rest evenly.

        None if the supporters do not own the cost together.
        """
        groups = tuple(self._groups(place))
        owed = self.market.board.costs[place] * self.fineness
        if sum(self.purses[purse] * people for purse, _, people in groups) < owed:
            return None
        paying = sum(use * people for _, use, people in groups)
        rising = sorted(
            groups,
            key=lambda one: (
                Fraction(self.purses[one[0]], one[1]) if one[1] > 1 else self.purses[one[0]]
            ),
        )
        for purse, use, people in rising:
            # Can this one pay an even share of what is still owed? Then so can all after him.
            if self.purses[purse] * paying >= owed * use:
                break
            owed -= self.purses[purse] * people
            paying -= use * people
        return Bill(Fraction(owed, paying * self.fineness), groups)

    def _buy(self, place: int, bill: Bill) -> None:
        board = self.market.board
        self._record(place, bill)
        self._refine(bill.price)
        due = int(bill.price * self.fineness)
        back = self.market.back[place]
        by_sum: dict[int, int] = {}
        target: dict[tuple[int, int], int] = {}
        for purse, use, _ in bill.groups:
            rest = max(self.purses[purse] - due * use, 0)
            if rest not in by_sum:
                by_sum[rest] = len(self.purses)
                self.purses.append(rest)
            target[purse, use] = by_sum[rest]
        self._move(back.rows, back.use, target)
        self.places.append(place)
        self.spent += board.costs[place]
        del self.waiting[place]
        self._tidy()

    def _move(
        self,
        rows: NDArray[np.intp],
        use: NDArray[np.float64] | None,
        target: dict[tuple[int, int], int],
    ) -> None:
        width = 2 if use is None else int(use.max()) + 1
        table = np.zeros((max(purse for purse, _ in target) + 1) * width, dtype=np.intp)
        for (purse, one), new in target.items():
            table[purse * width + one] = new
        units = np.intp(1) if use is None else use.astype(np.intp)
        self.purse_of[rows] = table[self.purse_of[rows] * width + units]

    def _refine(self, price: Fraction) -> None:
        """Make parts of money so fine that the price is a whole number of them."""
        factor = _missing(price.denominator, self.fineness)
        if factor > 1:
            self.fineness *= factor
            self.purses = [purse * factor for purse in self.purses]

    def _tidy(self) -> None:
        """Forget purses that nobody has any more."""
        used = np.flatnonzero(np.bincount(self.purse_of, minlength=len(self.purses)))
        number = np.zeros(len(self.purses), dtype=np.intp)
        number[used] = np.arange(len(used))
        self.purse_of = number[self.purse_of]
        self.purses = [self.purses[purse] for purse in used.tolist()]

    def _record(self, place: int, bill: Bill) -> None:
        board = self.market.board
        paid = [
            (min(Fraction(self.purses[purse], self.fineness), bill.price * use), people)
            for purse, use, people in bill.groups
        ]
        left = board.budget - self.spent - board.costs[place]
        choice = board.choice(
            len(self.choices) + 1,
            place,
            "shares",
            left,
            payers=sum(people for amount, people in paid if amount > 0),
            price=board.scale.rounded(bill.price),
            exact_price=board.scale.exact(bill.price),
            payments=payments(paid, board.scale),
        )
        self.choices.append(choice)

    def explain_losers(self) -> dict[int, Note]:
        """Why each project that was not bought was not: its supporters have too little left."""
        board = self.market.board
        for place, back in self.market.back.items():
            if place not in self.places and place not in self.losers:
                owned = sum(self.purses[purse] * people for purse, _, people in self._groups(place))
                self.losers[place] = _short(
                    board, place, Fraction(owned, self.fineness), back.people.sum()
                )
        return self.losers


def _short(board: Board, place: int, owned: Fraction, supporters: float) -> Note:
    params = {
        "cost": board.scale.text(board.costs[place]),
        "have": board.scale.floor(owned),
        "supporters": int(supporters),
    }
    return Note("short", params)


def _missing(wanted: int, given: int) -> int:
    """The least factor that makes `given` a multiple of `wanted`."""
    return int(Fraction(wanted, given).numerator)
