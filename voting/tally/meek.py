"""Single transferable vote by Meek's method.

B. L. Meek, "A new approach to the single transferable vote" (1969); I. D. Hill, B. A. Wichmann and
D. R. Woodall, "Algorithm 123", The Computer Journal 30 (1987). The steps, the precision and the end of
the iteration are those of the Proportional Representation Foundation's Reference Meek Rule: nine
decimals, what is kept rounded up, until the surpluses together are below a millionth of a vote.
All numbers are whole billionths (UNIT).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from voting.tally.counting import Counted, nobody, sequences
from voting.tally.figures import decimal, texts
from voting.tally.lots import Arbiter
from voting.tally.model import Contest, Note, Round

PLACES = 9
UNIT = 10**PLACES
OMEGA = UNIT // 10**6

Ballots = Mapping[tuple[str, ...], int]


@dataclass(slots=True)
class Standing:
    """The votes, the quota and the sum of surpluses that the present keep factors lead to."""

    votes: dict[str, int]
    quota: int
    surplus: int


def stv_meek(contest: Contest, seats: int, arbiter: Arbiter) -> Counted:
    """Fill the seats; a ballot is always worth what its earlier choices do not need."""
    ballots, unusable = sequences(contest)
    if not ballots:
        return nobody(contest, unusable)
    count = _Count(contest, ballots, seats, arbiter)
    count.run()
    return Counted(tuple(count.elected), tuple(count.rounds), unusable)


class _Count:
    """The state of one count. A keep factor is UNIT for hopefuls and 0 for the excluded."""

    def __init__(self, contest: Contest, ballots: Ballots, seats: int, arbiter: Arbiter) -> None:
        self.candidates = contest.candidates
        self.seats = seats
        self.arbiter = arbiter
        self.hopeful = dict.fromkeys(contest.candidates)
        self.keep = dict.fromkeys(contest.candidates, UNIT)
        self.elected: list[str] = []
        self.rounds: list[Round] = []
        self.total = sum(ballots.values()) * UNIT
        self.ballots: Ballots = ballots

    def run(self) -> None:
        """One round elects, or excludes the lowest, until the seats are filled."""
        code = "first"
        excluded: tuple[str, ...] = ()
        while len(self.elected) < self.seats and self.hopeful:
            self._shorten()
            standing, reached = self._iterate()
            fills = len(self.hopeful) <= self.seats - len(self.elected)
            chosen = list(self.hopeful) if fills else reached
            notes = [Note("excluded", {"candidate": one}) for one in excluded]
            notes += [
                Note("quota_reached" if one in reached else "last_vacancies", {"candidate": one})
                for one in self._elect(chosen, standing)
            ]
            self._write(code, standing, excluded, tuple(notes))
            code, excluded = "iteration", ()
            if not chosen:
                code, excluded = "exclusion", (self._exclude(standing),)

    def _shorten(self) -> None:
        """Strike the excluded, and cut each ballot after its first hopeful, who keeps all that comes.

        What then is equal is counted once: few ballots are left, however many were cast.
        """
        short: dict[tuple[str, ...], int] = {}
        for order, copies in self.ballots.items():
            kept = tuple(one for one in order if self.keep[one])
            short[kept] = short.get(kept, 0) + copies
        self.ballots = short

    def _iterate(self) -> tuple[Standing, list[str]]:
        """Lower the keep factors until somebody reaches the quota or the surplus is spent."""
        cut = self._cut()
        before = self.total
        while True:
            standing = self._distribute(cut)
            reached = [one for one in self.hopeful if standing.votes[one] >= standing.quota]
            if reached or standing.surplus < OMEGA or standing.surplus >= before:
                return standing, reached
            before = standing.surplus
            for one in self.elected:
                kept = _up(self.keep[one] * standing.quota, UNIT)
                self.keep[one] = _up(kept * UNIT, standing.votes[one])

    def _cut(self) -> Ballots:
        """The ballots up to their first hopeful."""
        short: dict[tuple[str, ...], int] = {}
        for order, copies in self.ballots.items():
            length = next(
                (index for index, one in enumerate(order, 1) if one in self.hopeful), len(order)
            )
            head = order[:length]
            short[head] = short.get(head, 0) + copies
        return short

    def _distribute(self, ballots: Ballots) -> Standing:
        votes = dict.fromkeys(self.candidates, 0)
        for order, copies in ballots.items():
            weight = UNIT
            for one in order:
                kept = _up(weight * self.keep[one], UNIT)
                votes[one] += kept * copies
                weight -= kept
                if not weight:
                    break
        quota = sum(votes.values()) // (self.seats + 1) + 1
        surplus = sum(votes[one] - quota for one in self.elected)
        return Standing(votes, quota, max(surplus, 0))

    def _elect(self, chosen: list[str], standing: Standing) -> list[str]:
        ordered = self.arbiter.order(
            chosen, standing.votes, purpose="order", round_number=len(self.rounds) + 1
        )
        self.elected += ordered
        for one in ordered:
            del self.hopeful[one]
        return ordered

    def _exclude(self, standing: Standing) -> str:
        """The lowest hopeful; who is within the remaining surplus of the lowest is equal to her."""
        least = min(standing.votes[one] for one in self.hopeful)
        tied = [one for one in self.hopeful if standing.votes[one] <= least + standing.surplus]
        last = self.arbiter.take(tied, purpose="exclude", round_number=len(self.rounds) + 1)
        del self.hopeful[last]
        self.keep[last] = 0
        return last

    def _write(
        self, code: str, standing: Standing, excluded: tuple[str, ...], notes: tuple[Note, ...]
    ) -> None:
        chosen = self.elected[len(self.elected) - sum(n.code != "excluded" for n in notes) :]
        factors = {one: decimal(self.keep[one], PLACES) for one in self.candidates}
        self.rounds.append(
            Round(
                len(self.rounds) + 1,
                code,
                texts(self.candidates, standing.votes, PLACES),
                elected=tuple(chosen),
                excluded=excluded,
                notes=notes,
                values={
                    "quota": decimal(standing.quota, PLACES),
                    "nontransferable": decimal(self.total - sum(standing.votes.values()), PLACES),
                    "surplus": decimal(standing.surplus, PLACES),
                },
                table={"keep": factors},
            )
        )


def _up(dividend: int, divisor: int) -> int:
    """The quotient of two whole numbers, rounded up."""
    quotient, rest = divmod(dividend, divisor)
    return quotient + (rest > 0)
