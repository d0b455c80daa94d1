"""Ties: settled by earlier rounds where a method says so, else by a lot that anyone can repeat.

The lot is an order of the candidates: by SHA-256 of the seed, a newline and the candidate's key. The
seed is the digest of the ballots unless another was declared, so nobody can choose it: one ballot
more or less gives another order. The first is favoured: elected before, excluded after the others.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from voting.tally.model import Tie


def draw(candidates: Iterable[str], seed: str) -> tuple[str, ...]:
    """The order in which the lot favours candidates; the order of the input is irrelevant."""

    def ticket(candidate: str) -> str:
        return hashlib.sha256(f"{seed}\n{candidate}".encode()).hexdigest()

    return tuple(sorted(candidates, key=ticket))


@dataclass(slots=True)
class Arbiter:
    """Decides ties and keeps a record of each."""

    lot: tuple[str, ...]
    record: list[Tie] = field(default_factory=list)
    place: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.place = {candidate: index for index, candidate in enumerate(self.lot)}

    def take(
        self,
        tied: Sequence[str],
        *,
        purpose: str,
        round_number: int,
        history: Sequence[Mapping[str, int]] = (),
    ) -> str:
        """Choose one of `tied`: the favoured one, or for "exclude" the least favoured.

        `history` are the tallies of earlier rounds, oldest first. The most recent one in which
        they were unequal decides; what is still equal then goes by older ones, then by the lot.
        """
        if len(tied) == 1:
            return tied[0]
        extreme: Callable[[Iterable[int]], int] = min if purpose == "exclude" else max
        left = list(tied)
        for tallies in reversed(history):
            goal = extreme(tallies[candidate] for candidate in left)
            left = [candidate for candidate in left if tallies[candidate] == goal]
            if len(left) == 1:
                break
        decided_by = "history" if len(left) == 1 else "lot"
        chosen = extreme_place(left, self.place, last=purpose == "exclude")
        among = tuple(sorted(tied if decided_by == "history" else left))
        self.record.append(Tie(round_number, purpose, among, decided_by, chosen))
        return chosen

    def order(
        self,
        candidates: Iterable[str],
        tallies: Mapping[str, int],
        *,
        purpose: str,
        round_number: int,
        history: Sequence[Mapping[str, int]] = (),
    ) -> list[str]:
        """All of `candidates`, the highest tally first."""
        left = list(candidates)
        ordered: list[str] = []
        while left:
            top = max(tallies[candidate] for candidate in left)
            tied = [candidate for candidate in left if tallies[candidate] == top]
            chosen = self.take(tied, purpose=purpose, round_number=round_number, history=history)
            ordered.append(chosen)
            left.remove(chosen)
        return ordered


def extreme_place(candidates: Sequence[str], place: Mapping[str, int], *, last: bool) -> str:
    """The one whom the lot favours most, or least."""
    chooser = max if last else min
    return chooser(candidates, key=lambda candidate: place[candidate])
