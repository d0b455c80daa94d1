"""Instant run-off: the last is excluded until one has more than half of the votes that still count."""

from collections.abc import Mapping, Sequence

from voting.tally.counting import Counted, nobody, sequences
from voting.tally.figures import texts
from voting.tally.lots import Arbiter
from voting.tally.model import Contest, Note, Round, Transfer

# Ballots that lie with one candidate: the sequence, and how many there are of it.
Pile = list[tuple[tuple[str, ...], int]]


def irv(contest: Contest, seats: int, arbiter: Arbiter) -> Counted:
    """Elect one. `seats` is ignored: a run-off has one winner."""
    ballots, unusable = sequences(contest)
    if not ballots:
        return nobody(contest, unusable)
    return Counted(*_RunOff(contest, ballots, arbiter).count(), unusable)


class _RunOff:
    """The state of one count."""

    def __init__(
        self, contest: Contest, ballots: Mapping[tuple[str, ...], int], arbiter: Arbiter
    ) -> None:
        self.candidates = contest.candidates
        self.arbiter = arbiter
        self.piles: dict[str, Pile] = {one: [] for one in contest.candidates}
        self.tallies = dict.fromkeys(contest.candidates, 0)
        self.exhausted = 0
        self.history: list[dict[str, int]] = []
        self.rounds: list[Round] = []
        for order, copies in ballots.items():
            self.piles[order[0]].append((order, copies))
            self.tallies[order[0]] += copies

    def count(self) -> tuple[tuple[str, ...], tuple[Round, ...]]:
        transfers: tuple[Transfer, ...] = ()
        excluded: tuple[str, ...] = ()
        while True:
            winner = self._winner()
            self._write(excluded, transfers, winner)
            if winner is not None:
                return (winner,), tuple(self.rounds)
            last = self._last()
            excluded, transfers = (last,), self._exclude(last)

    def _winner(self) -> str | None:
        """Whoever has more than half of the votes that still count, or stands alone."""
        top = max(self.tallies, key=lambda one: self.tallies[one])
        alone = len(self.tallies) == 1
        return top if alone or 2 * self.tallies[top] > sum(self.tallies.values()) else None

    def _last(self) -> str:
        least = min(self.tallies.values())
        tied = [one for one in self.tallies if self.tallies[one] == least]
        number = len(self.rounds) + 1
        return self.arbiter.take(tied, purpose="exclude", round_number=number, history=self.history)

    def _exclude(self, last: str) -> tuple[Transfer, ...]:
        """Move the ballots of `last` to their next preference that is still there."""
        self.history.append(dict(self.tallies))
        pile = self.piles.pop(last)
        del self.tallies[last]
        moved: dict[str | None, int] = {}
        for order, copies in pile:
            target = next((one for one in order if one in self.tallies), None)
            moved[target] = moved.get(target, 0) + copies
            if target is None:
                self.exhausted += copies
            else:
                self.piles[target].append((order, copies))
                self.tallies[target] += copies
        return written_transfers(last, moved, self.candidates)

    def _write(
        self, excluded: tuple[str, ...], transfers: tuple[Transfer, ...], winner: str | None
    ) -> None:
        continuing = sum(self.tallies.values())
        figures = {"continuing": continuing, "exhausted": self.exhausted}
        notes = [Note("excluded", {"candidate": one}) for one in excluded]
        if winner is not None:
            code = "majority" if 2 * self.tallies[winner] > continuing else "last_standing"
            notes.append(Note(code, {"candidate": winner}))
        self.rounds.append(
            Round(
                len(self.rounds) + 1,
                "exclusion" if excluded else "first",
                texts(self.candidates, self.tallies),
                elected=(winner,) if winner is not None else (),
                excluded=excluded,
                transfers=transfers,
                notes=tuple(notes),
                values=texts(figures, figures),
            )
        )


def written_transfers(
    source: str, moved: Mapping[str | None, int], candidates: Sequence[str], places: int = 0
) -> tuple[Transfer, ...]:
    """`moved` as text, in the order of candidates, what rests last."""
    named = {one: votes for one, votes in moved.items() if one is not None}
    shown = texts(candidates, named, places)
    transfers = [Transfer(source, one, votes) for one, votes in shown.items()]
    if None in moved:
        transfers.append(Transfer(source, None, *texts([""], {"": moved[None]}, places).values()))
    return tuple(transfers)
