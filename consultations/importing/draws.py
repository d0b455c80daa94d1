"""Who of the generated people stands where, where files hold totals only. No database, no clock.

The same files and seed give the same draw, which is what lets an import be repeated.
"""

import math
import random
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from consultations.importing.held import ImportProblem, Totals, Vote

SKEW = 2.0  # the larger, the more a few people take part in very much


class Drawn(NamedTuple):
    """One position: what `key` (of the caller) it is on, whose, which, when."""

    key: int
    person: int
    value: str
    at: datetime


class Target(NamedTuple):
    """Something that people take positions on."""

    key: int
    totals: Totals
    created_at: datetime


class Crowd:
    """People who take part one after another.

    `known` are there from the beginning; every one of `others` appears at least once, spread over
    the targets by their size. Some come back often and most seldom, as people do.
    """

    def __init__(self, known: Sequence[int], others: Sequence[int], seed: str) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - a draw that must be repeatable
        self.present = list(known)
        self.dice.shuffle(self.present)
        self.coming = list(reversed(others))

    def positions(self, targets: Sequence[Target], end: datetime) -> Iterator[Drawn]:
        """Positions that give every target exactly its totals."""
        slots = sum(target.totals.all for target in targets)
        for target in targets:
            number = target.totals.all
            new = math.ceil(number * len(self.coming) / slots) if slots else 0
            new = min(max(new, number - len(self.present)), len(self.coming))
            slots -= number
            people = self.some(number - new) + [self.coming.pop() for _ in range(new)]
            self.present += people[number - new :]
            self.dice.shuffle(people)
            for person, value in zip(people, _values(target.totals), strict=True):
                yield Drawn(target.key, person, value, self.moment(target.created_at, end))

    def some(self, number: int, without: int | None = None) -> list[int]:
        """Different people who have taken part already, but not `without`."""
        if number * 3 > len(self.present):
            return self.dice.sample([p for p in self.present if p != without], number)
        chosen: dict[int, None] = {}
        while len(chosen) < number:
            person = self.present[int(len(self.present) * self.dice.random() ** SKEW)]
            if person != without:
                chosen[person] = None
        return list(chosen)

    def moment(self, start: datetime, end: datetime) -> datetime:
        """Some moment from start to end, rather early than late."""
        return start + (end - start) * self.dice.random() ** SKEW


def _values(totals: Totals) -> Iterator[str]:
    for value in ("agree", "mixed", "disagree"):
        yield from [value] * getattr(totals, value)


def one_vote_each(votes: Sequence[Vote], seed: str) -> list[Vote]:
    """As many votes of each kind on each amendment, but no person twice on one.

    A person has one position. Where a file has the same number twice on an amendment, the second
    vote is counted for another voter who did not vote there: totals and number of people stay.
    """
    dice = random.Random(seed)  # noqa: S311 - a draw that must be repeatable
    voters = sorted({vote.voter for vote in votes})
    taken: set[tuple[int, int]] = set()
    settled, repeated = [], []
    for vote in votes:
        pair = (vote.amendment, vote.voter)
        (repeated if pair in taken else settled).append(vote)
        taken.add(pair)
    for vote in repeated:
        free = [voter for voter in voters if (vote.amendment, voter) not in taken]
        if not free:
            raise ImportProblem(f"Amendment {vote.amendment} has more votes than there are voters.")
        voter = dice.choice(free)
        taken.add((vote.amendment, voter))
        settled.append(Vote(vote.amendment, voter, vote.value))
    return settled
