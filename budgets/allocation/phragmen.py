"""Phragmén's sequential rule for projects with costs.

Everybody earns money at the same pace from zero. As soon as the supporters of a project own its cost
together they buy it, and what they own is zero again. It ends when a project that is about to be
bought costs more than is left. Source: M. Los, Z. Christoff, D. Grossi, "Proportional budget
allocations" (IJCAI 2022), after E. Phragmén (1894).
"""

import heapq
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from budgets.allocation.arrays import Backing, backing
from budgets.allocation.board import Board, Outcome
from budgets.allocation.catalogue import RuleSpec
from budgets.allocation.paying import payments
from budgets.allocation.result import Note
from budgets.allocation.ties import Arbiter


def phragmen(board: Board, spec: RuleSpec, arbiter: Arbiter) -> Outcome:
    """Exact: a supporter's last purchase says what he owns, so that moments are fractions of few whole
    numbers.
    """
    return _Purchases(board, arbiter).run()


class _Purchases:
    """`moments[k]` is when purchase k was made (0: the beginning), `last` each ballot's latest purchase."""

    def __init__(self, board: Board, arbiter: Arbiter) -> None:
        self.board = board
        self.arbiter = arbiter
        self.back: dict[int, Backing] = backing(board, "cardinality")
        self.moments = [Fraction(0)]
        self.last: NDArray[np.intp] = np.zeros(len(board.marks.copies), dtype=np.intp)
        self.outcome = Outcome()
        self.left = board.budget
        # Moments only move later, so that an old one is a lower bound.
        self.queue: list[tuple[Fraction, int]] = []

    def run(self) -> Outcome:
        board = self.board
        for place in sorted(board.open):
            if board.costs[place] > board.budget:
                self.outcome.losers[place] = board.no_money(place, self.left, 0)
            else:
                self.queue.append((self._moment(place), place))
        heapq.heapify(self.queue)
        while self.queue:
            moment, tied = self._next()
            if not tied:
                break
            too_dear = [place for place in tied if board.costs[place] > self.left]
            if too_dear:
                self._stop(self.arbiter.pick(too_dear, len(self.outcome.choices) + 1), tied)
                break
            place = self.arbiter.pick(tied, len(self.outcome.choices) + 1)
            for other in tied:
                if other != place:
                    heapq.heappush(self.queue, (moment, other))
            self._buy(place, moment)
        return self.outcome

    def _moment(self, place: int) -> Fraction:
        """When the supporters of a project will own its cost, if nothing is bought before."""
        owed = Fraction(self.board.costs[place])
        for purchase, people in enumerate(self._by_last(place)):
            if people:
                owed += self.moments[purchase] * people
        return owed / self.board.votes[place]

    def _by_last(self, place: int) -> list[int]:
        back = self.back[place]
        counts = np.bincount(self.last[back.rows], back.people, len(self.moments))
        return [int(number) for number in counts]

    def _next(self) -> tuple[Fraction, list[int]]:
        """The next moment at which something can be bought, and all that can be bought then."""
        tied: list[int] = []
        best: Fraction | None = None
        while self.queue and (best is None or self.queue[0][0] <= best):
            bound, place = heapq.heappop(self.queue)
            if self.board.rivals[place].intersection(self.outcome.places):
                rival = min(self.board.rivals[place].intersection(self.outcome.places))
                self.outcome.losers[place] = Note(
                    "incompatible", {"project": self.board.keys[rival]}
                )
                continue
            moment = self._moment(place)
            if moment > bound:
                heapq.heappush(self.queue, (moment, place))
            else:
                best = moment
                tied.append(place)
        return best or Fraction(0), tied

    def _buy(self, place: int, moment: Fraction) -> None:
        board = self.board
        since = [
            (moment - self.moments[purchase], people)
            for purchase, people in enumerate(self._by_last(place))
            if people
        ]
        fineness = lcm(*(amount.denominator for amount, _ in since))
        paid = [(int(amount * fineness), people) for amount, people in since]
        self.left -= board.costs[place]
        self.outcome.places.append(place)
        number = len(self.outcome.choices) + 1
        choice = board.choice(
            number,
            place,
            "loads",
            self.left,
            payers=sum(people for amount, people in paid if amount > 0),
            price=board.scale.rounded(moment),
            exact_price=board.scale.exact(moment),
            payments=payments(paid, fineness, board.scale),
        )
        self.outcome.choices.append(choice)
        self.moments.append(moment)
        self.last[self.back[place].rows] = number

    def _stop(self, place: int, tied: list[int]) -> None:
        """The project at `place` does not fit: it and everything that waits is lost."""
        board = self.board
        waiting = {other for _, other in self.queue} | set(tied)
        note = Note("stopped", {"project": board.keys[place]})
        self.outcome.losers |= dict.fromkeys(waiting, note)
        self.outcome.losers[place] = board.no_money(place, self.left, len(self.outcome.choices))
