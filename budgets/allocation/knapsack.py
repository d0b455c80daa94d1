"""The greatest total support that the money can buy, exactly; of equally supported sets the cheapest,
then by lot.

Sets grow class by class. A set is dropped where another one is at least as good and as cheap, or where
even the best mixture of parts of projects could not lift it to what is known to be possible. Whole
numbers throughout. Source: G. Nemhauser, Z. Ullmann (1969) for the sets that are kept; G. Dantzig
(1957) for the bound.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from budgets.allocation.board import Board, Outcome
from budgets.allocation.catalogue import RuleSpec
from budgets.allocation.model import ElectionError
from budgets.allocation.result import Note, Tie
from budgets.allocation.ties import Arbiter

# So many ways to choose among projects that exclude each other can be looked through.
MOST_WAYS = 20_000
MOST_SETS = 500_000


@dataclass(frozen=True, slots=True)
class Set:
    """Projects as bits: the higher the bit, the more the lot favours the project. `other`: as good, as
    dear.
    """

    cost: int
    value: int
    mask: int = 0
    other: int = 0


def knapsack(board: Board, spec: RuleSpec, arbiter: Arbiter) -> Outcome:
    """The best set; its projects in the order of their support."""
    outcome = Outcome()
    eligible = [place for place in sorted(board.open) if board.costs[place] <= board.budget]
    best = best_set(board, eligible)
    size = len(board.keys)
    ranks = arbiter.ranks()
    chosen = [place for place in eligible if best.mask >> (size - 1 - place) & 1]
    left = board.budget
    for place in sorted(chosen, key=lambda one: (-board.support[one], ranks[one])):
        left -= board.costs[place]
        outcome.places.append(place)
        number = len(outcome.choices) + 1
        outcome.choices.append(board.choice(number, place, "best_set", left))
    if best.other:
        arbiter.record.append(_tie(board, best))
    for place in board.open - set(chosen):
        outcome.losers[place] = _why(board, place, chosen, left)
    total = {"support": best.value, "cost": board.scale.text(best.cost)}
    outcome.notes.append(Note("best_set", total))
    return outcome


def _tie(board: Board, best: Set) -> Tie:
    size = len(board.keys)
    differ = [place for place in range(size) if (best.mask ^ best.other) >> (size - 1 - place) & 1]
    names = tuple(sorted(board.keys[place] for place in differ))
    return Tie(0, names, "lot", board.keys[differ[0]], board.envelope)


def _why(board: Board, place: int, chosen: Sequence[int], left: int) -> Note:
    if board.costs[place] > board.budget:
        return board.no_money(place, board.budget, 0)
    if board.rivals[place].intersection(chosen):
        rival = min(board.rivals[place].intersection(chosen))
        return Note("incompatible", {"project": board.keys[rival]})
    params = {
        "support": board.support[place],
        "cost": board.scale.text(board.costs[place]),
        "left": board.scale.text(left),
    }
    return Note("not_in_best_set", params)


def best_set(board: Board, eligible: Sequence[int]) -> Set:
    """The set with the greatest support that the budget can pay. Raises ElectionError where it would
    take too long.
    """
    classes = sorted(_classes(board, eligible), key=lambda one: max(map(_ratio(board), one)))
    classes.reverse()
    known = _greedy_value(board, eligible)
    kept = [Set(0, 0)]
    for number, together in enumerate(classes):
        bound = _Bound(board, [place for later in classes[number + 1 :] for place in later])
        ways = _ways(board, together)
        grown = [
            Set(
                old.cost + way.cost,
                old.value + way.value,
                old.mask | way.mask,
                old.other and old.other | way.mask,
            )
            for old in kept
            for way in ways
            if old.cost + way.cost <= board.budget
        ]
        kept = [
            one
            for one in _undominated(grown)
            if one.value + bound(board.budget - one.cost) >= known
        ]
        if len(kept) > MOST_SETS:
            raise ElectionError("the best set is too hard to find: too many sets are nearly equal")
    return max(kept, key=lambda one: (one.value, -one.cost))


def _ratio(board: Board) -> Callable[[int], Fraction]:
    """Support for the money."""
    return lambda place: Fraction(board.support[place], board.costs[place])


def _undominated(sets: list[Set]) -> list[Set]:
    """Those that no other beats in cost and value; of equals the one that the lot favours."""
    sets.sort(key=lambda one: (one.cost, -one.value, -one.mask))
    kept: list[Set] = []
    for one in sets:
        if not kept or one.value > kept[-1].value:
            kept.append(one)
        elif (one.cost, one.value) == (kept[-1].cost, kept[-1].value):
            last = kept[-1]
            other = max(last.other, one.mask)
            kept[-1] = Set(last.cost, last.value, last.mask, other)
    return kept


class _Bound:
    """What projects could add at most, if parts of them could be bought and none excluded another."""

    def __init__(self, board: Board, places: Sequence[int]) -> None:
        ordered = sorted(places, key=_ratio(board), reverse=True)
        self.costs, self.values = [0], [0]
        for place in ordered:
            self.costs.append(self.costs[-1] + board.costs[place])
            self.values.append(self.values[-1] + board.support[place])

    def __call__(self, money: int) -> int:
        full = bisect_right(self.costs, money) - 1
        value = self.values[full]
        if full + 1 < len(self.costs):
            cost = self.costs[full + 1] - self.costs[full]
            value += (
                (money - self.costs[full]) * (self.values[full + 1] - self.values[full]) // cost
            )
        return value


def _greedy_value(board: Board, eligible: Sequence[int]) -> int:
    """A support that is certainly possible."""
    left, value = board.budget, 0
    taken: set[int] = set()
    for place in sorted(eligible, key=_ratio(board), reverse=True):
        if board.costs[place] <= left and not board.rivals[place] & taken:
            left -= board.costs[place]
            value += board.support[place]
            taken.add(place)
    return value


def _classes(board: Board, eligible: Sequence[int]) -> Iterator[list[int]]:
    """Projects parted so that no project excludes one of another class."""
    waiting = set(eligible)
    while waiting:
        found: set[int] = set()
        edge = {min(waiting)}
        while edge:
            found |= edge
            edge = {rival for one in edge for rival in board.rivals[one] & waiting} - found
        waiting -= found
        yield sorted(found)


def _ways(board: Board, together: Sequence[int]) -> list[Set]:
    """All choices among projects of one class, none beside one that it excludes."""
    size = len(board.keys)
    ways: list[tuple[Set, frozenset[int]]] = [(Set(0, 0), frozenset())]
    for place in together:
        more = [
            (
                Set(
                    way.cost + board.costs[place],
                    way.value + board.support[place],
                    way.mask | 1 << (size - 1 - place),
                ),
                taken | {place},
            )
            for way, taken in ways
            if not board.rivals[place] & taken and way.cost + board.costs[place] <= board.budget
        ]
        ways += more
        if len(ways) > MOST_WAYS:
            raise ElectionError("too many projects exclude each other in too many ways")
    return [way for way, _ in ways]
