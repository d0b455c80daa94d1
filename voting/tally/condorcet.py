"""Methods that compare candidates two by two: Schulze and ranked pairs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from voting.tally.counting import Counted, nobody, unbeaten_order
from voting.tally.lots import Arbiter
from voting.tally.model import Contest, Note, Round, Tie
from voting.tally.pairs import Pairs, as_table, compare, condorcet_winner

Beats = dict[str, frozenset[str]]


def schulze(contest: Contest, seats: int, arbiter: Arbiter) -> Counted:
    """Elect by strongest paths. The strength of a victory is the number of its winning votes.

    M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent
    single-winner election method", Social Choice and Welfare 36 (2011).
    """
    if not contest.ballots:
        return nobody(contest)
    pairs = compare(contest)
    paths = strongest_paths(pairs)
    beats = {
        one: frozenset(other for other, force in row.items() if force > paths[other][one])
        for one, row in paths.items()
    }
    order = unbeaten_order(contest.candidates, beats, seats, arbiter, round_number=3)
    second = Round(2, "paths", _wins(contest, beats), notes=(Note("paths"),), table=as_table(paths))
    rounds = (_pairs_round(contest, pairs), second, _ranking_round(contest, order, seats))
    return Counted(tuple(order[:seats]), rounds)


def strongest_paths(pairs: Pairs) -> dict[str, dict[str, int]]:
    """For each two candidates the strongest path; a path is as strong as its weakest victory."""
    force = {
        one: {other: votes if votes > pairs[other][one] else 0 for other, votes in row.items()}
        for one, row in pairs.items()
    }
    for middle in pairs:
        onward = force[middle]
        for start, row in force.items():
            if start == middle or not row[middle]:
                continue
            for end in row:
                if end != middle:
                    row[end] = max(row[end], min(row[middle], onward[end]))
    return force


def ranked_pairs(contest: Contest, seats: int, arbiter: Arbiter) -> Counted:
    """Lock victories from the greatest margin down, leaving out what would close a circle.

    T. N. Tideman, "Independence of clones as a criterion for voting rules", Social Choice and
    Welfare 4 (1987). Equal margins go by the number of winning votes, then by the lot.
    """
    if not contest.ballots:
        return nobody(contest)
    pairs = compare(contest)
    graph = _Graph(contest.candidates, arbiter)
    notes = tuple(graph.lock_all(pairs))
    order = unbeaten_order(contest.candidates, graph.beats(), seats, arbiter, round_number=3)
    locked = Round(2, "locking", _wins(contest, graph.beats()), notes=notes)
    rounds = (_pairs_round(contest, pairs), locked, _ranking_round(contest, order, seats))
    return Counted(tuple(order[:seats]), rounds)


@dataclass(frozen=True, slots=True)
class _Victory:
    winner: str
    loser: str
    votes: int
    against: int

    @property
    def strength(self) -> tuple[int, int]:
        return self.votes - self.against, self.votes


class _Graph:
    """Locked victories. `reach[a]` are all whom a beats directly or through others."""

    def __init__(self, candidates: tuple[str, ...], arbiter: Arbiter) -> None:
        self.arbiter = arbiter
        self.direct: dict[str, set[str]] = {one: set() for one in candidates}
        self.reach: dict[str, set[str]] = {one: set() for one in candidates}

    def beats(self) -> Beats:
        return {one: frozenset(losers) for one, losers in self.direct.items()}

    def lock_all(self, pairs: Pairs) -> Iterator[Note]:
        """Lock in order of strength; the lot's record is kept only where it mattered."""
        for _, level in groupby(self._sorted(pairs), key=lambda victory: victory.strength):
            victories = list(level)
            lockable = [one for one in victories if one.winner not in self.reach[one.loser]]
            for victory in victories:
                is_locked = self._lock(victory)
                if not is_locked and victory in lockable:
                    self._record(lockable)
                yield _told(victory, is_locked)

    def _sorted(self, pairs: Pairs) -> list[_Victory]:
        """The strongest first; equals by the lot: the favoured winner, then the less favoured loser."""
        place = self.arbiter.place
        victories = [
            _Victory(one, other, votes, pairs[other][one])
            for one, row in pairs.items()
            for other, votes in row.items()
            if votes > pairs[other][one]
        ]
        return sorted(
            victories,
            key=lambda one: (
                -one.strength[0],
                -one.strength[1],
                place[one.winner],
                -place[one.loser],
            ),
        )

    def _lock(self, victory: _Victory) -> bool:
        winner, loser = victory.winner, victory.loser
        if winner in self.reach[loser]:
            return False
        self.direct[winner].add(loser)
        gained = {loser} | self.reach[loser]
        for one, reached in self.reach.items():
            if one == winner or winner in reached:
                reached |= gained
        return True

    def _record(self, equal: list[_Victory]) -> None:
        named = tuple(sorted({name for one in equal for name in (one.winner, one.loser)}))
        tie = Tie(2, "pair", named, "lot", equal[0].winner)
        if tie not in self.arbiter.record:
            self.arbiter.record.append(tie)


def _told(victory: _Victory, is_locked: bool) -> Note:
    code = "pair_locked" if is_locked else "pair_left_out"
    return Note(
        code,
        {
            "winner": victory.winner,
            "loser": victory.loser,
            "votes": str(victory.votes),
            "against": str(victory.against),
        },
    )


def _wins(contest: Contest, beats: Mapping[str, frozenset[str]]) -> dict[str, str]:
    return {one: str(len(beats[one])) for one in contest.candidates}


def _pairs_round(contest: Contest, pairs: Pairs) -> Round:
    """The comparison; the tally is how many others a candidate beats."""
    wins = {
        one: frozenset(other for other, votes in row.items() if votes > pairs[other][one])
        for one, row in pairs.items()
    }
    winner = condorcet_winner(pairs)
    note = (
        Note("condorcet_winner", {"candidate": winner}) if winner else Note("no_condorcet_winner")
    )
    return Round(1, "pairs", _wins(contest, wins), notes=(note,), table=as_table(pairs))


def _ranking_round(contest: Contest, order: list[str], seats: int) -> Round:
    elected = tuple(order[:seats])
    places = {one: str(order.index(one) + 1) for one in contest.candidates}
    note = Note("ranking", {"order": order, "elected": list(elected)})
    return Round(3, "ranking", places, elected=elected, notes=(note,))
