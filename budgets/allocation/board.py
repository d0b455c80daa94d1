"""One envelope's election in whole numbers, its projects in the order of the lot.

Rules work on places in that order, so that neither names nor the order of the input can decide anything.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from budgets.allocation.model import Ballot, Election, money
from budgets.allocation.result import Choice, Note
from budgets.allocation.ties import Arbiter


@dataclass(frozen=True, slots=True)
class Scale:
    """Money in whole smallest units: `unit` of them are one unit of currency."""

    unit: int

    @classmethod
    def of(cls, amounts: Collection[Decimal]) -> "Scale":
        """The coarsest scale on which all amounts are whole."""
        places = max((_decimals(amount) for amount in amounts), default=0)
        return cls(10**places)

    def whole(self, amount: Decimal) -> int:
        return int(amount * self.unit)

    def amount(self, units: int) -> Decimal:
        return Decimal(units) / self.unit

    def text(self, units: int) -> str:
        return money(self.amount(units))

    def floor(self, units: Fraction) -> str:
        return self.text(units.numerator // units.denominator)

    def rounded(self, units: Fraction) -> str:
        """Six decimals of a unit of currency, halves to even."""
        millionths = round(units * 1_000_000 / self.unit)
        return money(Decimal(millionths) / 1_000_000)

    def exact(self, units: Fraction) -> str:
        """In units of currency, as "n/d" or "n"; "" where that is longer than 80 characters."""
        if units.numerator.bit_length() + units.denominator.bit_length() > 270:
            return ""
        text = str(units / self.unit)
        return text if len(text) <= 80 else ""


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Ballots as arrays: mark number i gives `given[i]` points to `place[i]` on ballot `row[i]`, which
    `copies[row[i]]` people cast."""

    row: NDArray[np.intp]
    place: NDArray[np.intp]
    given: NDArray[np.int64]
    copies: NDArray[np.int64]

    def totals(self, size: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Votes and points of each place. Whole numbers below 2**53 (`model` sees to it), so that
        floats are exact.
        """
        people = self.copies[self.row].astype(np.float64)
        votes = np.bincount(self.place, people, size)
        points = np.bincount(self.place, people * self.given, size)
        return tuple(map(int, votes)), tuple(map(int, points))


@dataclass(frozen=True, slots=True)
class Board:
    """What a rule needs to know of one envelope.

    All rows go by place: `costs`, the `whole` money and the `budget` that the rule may spend of it in
    smallest units, `votes` the people who gave a project anything,
    `points` what they gave, `support` the one of the two that the ballots count. `ballots` are (places,
    points); `people` voted here. `open` are the places that can be chosen, `closed` says of others why not.
    """

    envelope: str
    keys: tuple[str, ...]
    costs: tuple[int, ...]
    whole: int
    budget: int
    scale: Scale
    people: int
    marks: "Marks"
    votes: tuple[int, ...]
    points: tuple[int, ...]
    support: tuple[int, ...]
    rivals: tuple[frozenset[int], ...]
    categories: tuple[str, ...]
    open: frozenset[int] = frozenset()
    closed: Mapping[int, Note] = field(default_factory=dict)

    def arbiter(self, order: tuple[str, ...]) -> Arbiter:
        """Somebody to decide ties, with an empty record."""
        standing = {
            "votes": [-number for number in self.votes],
            "points": [-number for number in self.points],
            "cheaper": self.costs,
            "costlier": [-cost for cost in self.costs],
        }
        return Arbiter(self.keys, order, standing, self.envelope)

    def choice(self, number: int, place: int, code: str, left: int, **more: Any) -> Choice:
        """The record of a choice after which `left` is left."""
        return Choice(
            number=number,
            project=self.keys[place],
            code=code,
            support=self.support[place],
            cost=self.scale.amount(self.costs[place]),
            left=self.scale.amount(left),
            envelope=self.envelope,
            **more,
        )

    def no_money(self, place: int, left: int, after: int) -> Note:
        """Why a project that does not fit into what is left is not chosen."""
        cost = self.scale.text(self.costs[place])
        if self.costs[place] > self.whole:
            return Note("over_budget", {"cost": cost, "budget": self.scale.text(self.whole)})
        return Note("no_money", {"cost": cost, "left": self.scale.text(left), "after": after})


@dataclass(slots=True)
class Outcome:
    """What a rule found on one board: choices in order, why others lost, further notes."""

    choices: list[Choice] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    losers: dict[int, Note] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


def boards(election: Election, lot: Sequence[str]) -> list[Board]:
    """A board for each envelope, by name. In one of several envelopes those voted who named one of its
    projects.
    """
    amounts = [p.cost for p in election.projects] + [election.budget, *election.envelopes.values()]
    scale = Scale.of(amounts)
    if not election.envelopes:
        return [_board(election, "", election.budget, lot, scale)]
    parts = sorted(election.envelopes.items())
    return [_board(election, name, amount, lot, scale) for name, amount in parts]


def _board(
    election: Election, envelope: str, budget: Decimal, lot: Sequence[str], scale: Scale
) -> Board:
    by_key = {p.key: p for p in election.projects}
    projects = [by_key[key] for key in lot]
    if election.envelopes:
        projects = [project for project in projects if project.envelope == envelope]
    places = {project.key: place for place, project in enumerate(projects)}
    marks = _marks(election.ballots, places, keep_empty=not election.envelopes)
    votes, points = marks.totals(len(projects))
    support = points if election.counts_points else votes
    found = Board(
        envelope=envelope,
        keys=tuple(places),
        costs=tuple(scale.whole(project.cost) for project in projects),
        whole=scale.whole(budget),
        budget=scale.whole(budget),
        scale=scale,
        people=int(marks.copies.sum()),
        marks=marks,
        votes=votes,
        points=points,
        support=support,
        rivals=_rivals(election.incompatible, places),
        categories=tuple(project.category for project in projects),
    )
    closed = dict(_closed(support, election.threshold))
    return replace(found, closed=closed, open=frozenset(range(len(found.keys))) - closed.keys())


def _marks(ballots: Mapping[Ballot, int], places: Mapping[str, int], *, keep_empty: bool) -> Marks:
    """Ballots as arrays, of these projects alone."""
    pairs = list(chain.from_iterable(ballots))
    place_of = {pair: places.get(pair[0], -1) for pair in set(pairs)}
    place = np.fromiter(map(place_of.__getitem__, pairs), np.intp, len(pairs))
    given = np.fromiter((points for _, points in pairs), np.int64, len(pairs))
    lengths = np.fromiter(map(len, ballots), np.intp, len(ballots))
    row = np.repeat(np.arange(len(ballots)), lengths)
    copies = np.fromiter(ballots.values(), np.int64, len(ballots))
    here = place >= 0
    if not here.all():
        place, given, row = place[here], given[here], row[here]
    if not keep_empty:
        used = np.zeros(len(ballots), dtype=bool)
        used[row] = True
        number = np.cumsum(used) - 1
        row, copies = number[row], copies[used]
    return Marks(row, place, given, copies)


def _closed(support: Sequence[int], threshold: int) -> list[tuple[int, Note]]:
    found = []
    for place, number in enumerate(support):
        if not number:
            found.append((place, Note("no_support")))
        elif number < threshold:
            params = {"support": number, "threshold": threshold}
            found.append((place, Note("under_threshold", params)))
    return found


def _rivals(
    incompatible: Sequence[frozenset[str]], places: Mapping[str, int]
) -> tuple[frozenset[int], ...]:
    """For each place the places that cannot be chosen beside it."""
    found: list[set[int]] = [set() for _ in places]
    for group in incompatible:
        here = {places[key] for key in group if key in places}
        for one in here:
            found[one] |= here - {one}
    return tuple(map(frozenset, found))


def _decimals(amount: Decimal) -> int:
    text = money(amount)
    return len(text.partition(".")[2])
