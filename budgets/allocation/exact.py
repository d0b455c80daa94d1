"""The Method of Equal Shares in whole numbers: what was found quickly is found again without rounding.

What voters have left is a whole number of parts of the smallest unit of money, the same part for everybody;
it is made finer whenever a price needs it. Ballots with equal sums left are one *purse*.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from budgets.allocation.board import Board
from budgets.allocation.paying import payments
from budgets.allocation.result import Choice, Note
from budgets.allocation.shares import NEAR, Doubt, Market, Sprint
from budgets.allocation.ties import Arbiter

# (purse, use of one, people)
Group = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Bill:
    """What one project costs its supporters: `price` in smallest units for a unit of use, `groups` of
    (purse, use of one, people)."""

    price: Fraction
    groups: tuple[Group, ...]


@dataclass(slots=True)
class ExactRun:
    """One run at one share, round by round.

    A `Sprint` walks ahead with what voters have left, rounded once, and says what comes next; where it
    is in doubt, the bills of all that may come next are compared.
    """

    market: Market
    share: Fraction
    arbiter: Arbiter
    ahead: Sprint = field(init=False)
    fineness: int = field(init=False)
    purses: list[int] = field(init=False)
    sums: list[float] = field(init=False)  # purses in smallest units, rounded
    purse_of: NDArray[np.intp] = field(init=False)
    choices: list[Choice] = field(default_factory=list)
    losers: dict[int, Note] = field(default_factory=dict)

    def __post_init__(self) -> None:
        size = len(self.market.board.marks.copies)
        self.fineness = self.share.denominator
        self.purses = [self.share.numerator]
        self.sums = [float(self.share)]
        self.purse_of = np.zeros(size, dtype=np.intp)
        self.ahead = Sprint(self.market, np.full(size, float(self.share)))

    @property
    def places(self) -> list[int]:
        """What is bought, in order."""
        return self.ahead.path.places

    @property
    def spent(self) -> int:
        return self.ahead.spent

    def run(self, limit: int) -> None:
        """Buy until nobody can pay for anything, or until more than `limit` is spent."""
        while self.spent <= limit:
            bills = self._next()
            if not bills:
                break
            place = self.arbiter.pick(list(bills), len(self.places) + 1)
            self._buy(place, bills[place])

    def _next(self) -> dict[int, Bill]:
        """The projects with the lowest price for a unit of use, and their bills."""
        try:
            tied = self.ahead.next()
        except Doubt:
            self.ahead.line_up()
            return self._compare()
        bills = {place: self._bill(place) for place in tied}
        return {place: bill for place, bill in bills.items() if bill is not None}

    def _compare(self) -> dict[int, Bill]:
        """The same from exact bills, in the order of what is known of their prices."""
        best: dict[int, Bill] = {}
        least = Fraction(0)
        for bound, _, place in sorted(self.ahead.queue):
            if best and bound > float(least) * (1 + NEAR):
                break
            bill = self._bill(place)
            if bill is None:
                self.ahead.gone.add(place)
                continue
            each = bill.price / self.market.worth[place]
            if not best or each < least:
                best, least = {place: bill}, each
            elif each == least:
                best[place] = bill
        return best

    def _groups(self, place: int) -> Iterator[Group]:
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
        """The exact price: who has less for each unit of use pays all of it, the others share the rest
        evenly.

        None if the supporters do not own the cost together.
        """
        groups = tuple(self._groups(place))
        purses = self.purses
        owed = self.market.board.costs[place] * self.fineness
        if sum([purses[purse] * people for purse, _, people in groups]) < owed:
            return None
        paying = sum([use * people for _, use, people in groups])
        for purse, use, people in self._rising(groups):
            # Can this one pay an even share of what is still owed? Then so can all after.
            if purses[purse] * paying >= owed * use:
                break
            owed -= purses[purse] * people
            paying -= use * people
        return Bill(Fraction(owed, paying * self.fineness), groups)

    def _rising(self, groups: Sequence[Group]) -> list[Group]:
        """Groups by what they have for a unit of use, the least first."""
        purses = self.purses
        if all(use == 1 for _, use, _ in groups):
            return sorted(groups, key=lambda one: purses[one[0]])
        return sorted(groups, key=lambda one: Fraction(purses[one[0]], one[1]))

    def _buy(self, place: int, bill: Bill) -> None:
        self._refine(bill.price)
        self._record(place, bill)
        due = int(bill.price * self.fineness)
        back = self.market.back[place]
        by_sum: dict[int, int] = {}
        target: dict[tuple[int, int], int] = {}
        for purse, use, _ in bill.groups:
            rest = max(self.purses[purse] - due * use, 0)
            if rest not in by_sum:
                by_sum[rest] = len(self.purses)
                self.purses.append(rest)
                self.sums.append(rest / self.fineness)
            target[purse, use] = by_sum[rest]
        self._move(back.rows, back.use, target)
        self.ahead.left[back.rows] = np.array(self.sums)[self.purse_of[back.rows]]
        self.ahead.price[place] = float(bill.price)
        self.ahead.note(place)
        for rival in self.market.board.rivals[place] & self.market.back.keys():
            note = Note("incompatible", {"project": self.market.board.keys[place]})
            self.losers.setdefault(rival, note)
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
        self.sums = [self.sums[purse] for purse in used.tolist()]

    def _record(self, place: int, bill: Bill) -> None:
        board = self.market.board
        due = int(bill.price * self.fineness)
        paid = [(min(self.purses[purse], due * use), people) for purse, use, people in bill.groups]
        left = board.budget - self.spent - board.costs[place]
        choice = board.choice(
            len(self.places) + 1,
            place,
            "shares",
            left,
            payers=sum(people for amount, people in paid if amount > 0),
            price=board.scale.rounded(bill.price),
            exact_price=board.scale.exact(bill.price),
            payments=payments(paid, self.fineness, board.scale),
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
