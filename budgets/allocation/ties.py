"""Ties: settled by the declared rule, in the end always by a lot that anyone can repeat.

The lot is that of votes (`voting.tally.lots`): by SHA-256 of the seed, a newline and the project's key.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from budgets.allocation.catalogue import TIES
from budgets.allocation.model import ElectionError
from budgets.allocation.result import Tie


def declared(ties: Sequence[str]) -> tuple[str, ...]:
    """The rule for ties, with the lot at its end. Raises ElectionError for a word that is not known."""
    for word in ties:
        if word not in TIES:
            raise ElectionError(f'ties cannot be settled by "{word}" (known: {", ".join(TIES)})')
    first = ties[: ties.index("lot")] if "lot" in ties else ties
    return (*first, "lot")


@dataclass(slots=True)
class Arbiter:
    """Decides ties among projects, known by their place in the lot, and keeps a record of each.

    `standing` has for each word of `order` but the lot a number for each project: the lowest is favoured.
    """

    keys: Sequence[str]
    order: tuple[str, ...]
    standing: Mapping[str, Sequence[int]]
    envelope: str = ""
    record: list[Tie] = field(default_factory=list)

    def pick(self, tied: Sequence[int], round_number: int) -> int:
        """The favoured one of `tied`. A tie of two or more is recorded."""
        left = sorted(tied)
        if len(left) == 1:
            return left[0]
        decided_by = "lot"
        for word in self.order[:-1]:
            left = _least(left, self.standing[word].__getitem__)
            if len(left) == 1:
                decided_by = word
                break
        among = tuple(sorted(self.keys[one] for one in tied))
        chosen = self.keys[left[0]]
        self.record.append(Tie(round_number, among, decided_by, chosen, self.envelope))
        return left[0]

    def ranks(self) -> list[int]:
        """For each project its place in the order that `pick` follows; 0 is favoured most."""
        numbers = range(len(self.keys))
        rows = [self.standing[word] for word in self.order[:-1]]
        ordered = sorted(numbers, key=lambda one: (*(row[one] for row in rows), one))
        places = [0] * len(self.keys)
        for place, one in enumerate(ordered):
            places[one] = place
        return places


def _least(among: Sequence[int], number: Callable[[int], int]) -> list[int]:
    goal = min(map(number, among))
    return [one for one in among if number(one) == goal]
