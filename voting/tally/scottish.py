"""Single transferable vote as Scotland counts it.

The Scottish Local Government Elections Order 2007 (SSI 2007/42), schedule 1, rules 45 to 52; the Order
of 2011 (SSI 2011/399) keeps them. All numbers are whole hundred-thousandths of a vote (UNIT).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from voting.tally.counting import Counted, nobody, sequences
from voting.tally.figures import decimal, texts
from voting.tally.lots import Arbiter
from voting.tally.model import Contest, Note, Round, Transfer
from voting.tally.runoff import written_transfers

PLACES = 5
UNIT = 10**PLACES


@dataclass(slots=True)
class Parcel:
    """Equal papers that one candidate received: how many, and what each is worth."""

    order: tuple[str, ...]
    copies: int
    value: int


def stv_scottish(contest: Contest, seats: int, arbiter: Arbiter) -> Counted:
    """Fill the seats by quota, surpluses and exclusions; the order is that of reaching the quota.

    Those elected at one stage stand in the order of their votes, then of earlier stages, then of the lot.
    """
    ballots, unusable = sequences(contest)
    if not ballots:
        return nobody(contest, unusable)
    count = _Count(contest, ballots, seats, arbiter)
    count.run()
    return Counted(tuple(count.elected), tuple(count.rounds), unusable)


class _Count:
    """The state of one count, stage by stage."""

    def __init__(
        self,
        contest: Contest,
        ballots: Mapping[tuple[str, ...], int],
        seats: int,
        arbiter: Arbiter,
    ) -> None:
        self.candidates = contest.candidates
        self.seats = seats
        self.arbiter = arbiter
        self.continuing = dict.fromkeys(contest.candidates)
        self.elected: list[str] = []
        self.surpluses: list[str] = []
        self.votes = dict.fromkeys(contest.candidates, 0)
        self.papers: dict[str, list[Parcel]] = {one: [] for one in contest.candidates}
        self.history: list[dict[str, int]] = []
        self.rounds: list[Round] = []
        self.total = sum(ballots.values()) * UNIT
        self.quota = (sum(ballots.values()) // (seats + 1) + 1) * UNIT
        for order, copies in ballots.items():
            self._credit(order[0], Parcel(order, copies, UNIT))

    def run(self) -> None:
        """Rules 45 and 47; then 48 while there are surpluses, else 50; 52 ends it."""
        self._end_stage("first")
        while len(self.elected) < self.seats and self.continuing:
            if self.surpluses:
                self._transfer_surplus()
            else:
                self._exclude()

    @property
    def stage(self) -> int:
        """The number of the stage that is under way."""
        return len(self.rounds) + 1

    def _credit(self, candidate: str, parcel: Parcel) -> None:
        self.papers[candidate].append(parcel)
        self.votes[candidate] += parcel.copies * parcel.value

    def _transfer_surplus(self) -> None:
        """Rules 48 and 49: the largest surplus first; each paper by its next available preference."""
        top = max(self.votes[one] for one in self.surpluses)
        tied = [one for one in self.surpluses if self.votes[one] == top]
        source = self.arbiter.take(
            tied, purpose="transfer", round_number=self.stage, history=self.history
        )
        self.surpluses.remove(source)
        surplus, credited = self.votes[source] - self.quota, self.votes[source]
        moved: dict[str | None, int] = {}
        for parcel in self.papers[source]:
            value = surplus * parcel.value // credited
            self._pass_on(parcel, value, moved)
        self.papers[source] = []
        self.votes[source] = self.quota
        # What is not transferred, lost remainders included, counts as surplus without a next preference.
        left = surplus - sum(votes for one, votes in moved.items() if one is not None)
        if left:
            moved[None] = left
        transfers = written_transfers(source, moved, self.candidates, PLACES)
        note = Note("surplus", {"candidate": source, "votes": decimal(surplus, PLACES)})
        self._end_stage("surplus", transfers=transfers, notes=(note,))

    def _exclude(self) -> None:
        """Rules 50 and 51: the lowest; papers move on at the value at which they came."""
        least = min(self.votes[one] for one in self.continuing)
        tied = [one for one in self.continuing if self.votes[one] == least]
        source = self.arbiter.take(
            tied, purpose="exclude", round_number=self.stage, history=self.history
        )
        del self.continuing[source]
        moved: dict[str | None, int] = {}
        for parcel in self.papers[source]:
            self._pass_on(parcel, parcel.value, moved)
        if not moved.get(None, 1):
            del moved[None]
        self.papers[source] = []
        self.votes[source] = 0
        transfers = written_transfers(source, moved, self.candidates, PLACES)
        note = Note("excluded", {"candidate": source})
        self._end_stage("exclusion", excluded=(source,), transfers=transfers, notes=(note,))

    def _pass_on(self, parcel: Parcel, value: int, moved: dict[str | None, int]) -> None:
        """Give a parcel to its next continuing candidate, at `value` a paper."""
        target = next((one for one in parcel.order if one in self.continuing), None)
        moved[target] = moved.get(target, 0) + parcel.copies * value
        if target is not None:
            self._credit(target, Parcel(parcel.order, parcel.copies, value))

    def _end_stage(
        self,
        code: str,
        *,
        excluded: tuple[str, ...] = (),
        transfers: tuple[Transfer, ...] = (),
        notes: tuple[Note, ...] = (),
    ) -> None:
        """Elect whoever has the quota (47), or all who are left where they just fill the seats (52)."""
        reached = [one for one in self.continuing if self.votes[one] >= self.quota]
        by_quota = self._elect(reached)
        self.surpluses += [one for one in by_quota if self.votes[one] > self.quota]
        vacancies = self.seats - len(self.elected)
        filled = self._elect(list(self.continuing)) if len(self.continuing) <= vacancies else []
        said = [*notes, *(Note("quota_reached", {"candidate": one}) for one in by_quota)]
        said += [Note("last_vacancies", {"candidate": one}) for one in filled]
        self.rounds.append(
            Round(
                self.stage,
                code,
                texts(self.candidates, self.votes, PLACES),
                elected=(*by_quota, *filled),
                excluded=excluded,
                transfers=transfers,
                notes=tuple(said),
                values={
                    "quota": decimal(self.quota // UNIT, 0),
                    "nontransferable": decimal(self.total - sum(self.votes.values()), PLACES),
                },
            )
        )
        self.history.append(dict(self.votes))

    def _elect(self, candidates: list[str]) -> list[str]:
        """Elect all of them, the most votes first."""
        ordered = self.arbiter.order(
            candidates,
            self.votes,
            purpose="order",
            round_number=self.stage,
            history=self.history,
        )
        self.elected += ordered
        for one in ordered:
            del self.continuing[one]
        return ordered
