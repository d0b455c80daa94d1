"""What the methods share: what they return, and how the highest are elected."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from voting.tally.lots import Arbiter
from voting.tally.model import Contest, Marks, Note, Preference, Ranking, Round

NO_BALLOTS = "no_ballots"


@dataclass(frozen=True, slots=True)
class Counted:
    """What a method returns. `unusable` ballots said nothing that it can count."""

    winners: tuple[str, ...]
    rounds: tuple[Round, ...]
    unusable: int = 0


def as_ranking(ballot: Preference) -> Ranking:
    """The ballot as ranked groups; only for methods that take ranked ballots."""
    return ballot  # type: ignore[return-value]


def as_marks(ballot: Preference) -> Marks:
    """The ballot as scores or grades; only for methods that take those."""
    return ballot  # type: ignore[return-value]


def sequence(ballot: Preference) -> tuple[str, ...]:
    """The candidates in order of preference up to the first tie.

    Where one preference at a time is counted, a ballot that names two at once says no more.
    """
    order: list[str] = []
    for group in as_ranking(ballot):
        if len(group) != 1:
            break
        order.append(group[0])
    return tuple(order)


def sequences(contest: Contest) -> tuple[dict[tuple[str, ...], int], int]:
    """The distinct sequences with their number, and how many ballots have none."""
    found: dict[tuple[str, ...], int] = {}
    unusable = 0
    for ballot, copies in contest.ballots.items():
        order = sequence(ballot)
        if order:
            found[order] = found.get(order, 0) + copies
        else:
            unusable += copies
    return found, unusable


def nobody(contest: Contest, unusable: int = 0) -> Counted:
    """The result where there is nothing to count: nobody is elected."""
    zero = dict.fromkeys(contest.candidates, "0")
    return Counted((), (Round(1, "first", zero, notes=(Note(NO_BALLOTS),)),), unusable)


def highest(
    candidates: Iterable[str],
    tallies: Mapping[str, int],
    seats: int,
    arbiter: Arbiter,
    *,
    round_number: int,
) -> tuple[str, ...]:
    """The `seats` candidates with the highest tallies, in that order; ties go by lot."""
    elected: list[str] = []
    for tied in _levels(candidates, tallies):
        room = seats - len(elected)
        if room <= 0:
            break
        purpose = "elect" if len(tied) > room else "order"
        for _ in range(min(room, len(tied))):
            chosen = arbiter.take(tied, purpose=purpose, round_number=round_number)
            elected.append(chosen)
            tied.remove(chosen)
    return tuple(elected)


def _levels(candidates: Iterable[str], tallies: Mapping[str, int]) -> Iterator[list[str]]:
    """Candidates of equal tally together, the highest first."""
    levels: dict[int, list[str]] = {}
    for candidate in candidates:
        levels.setdefault(tallies[candidate], []).append(candidate)
    for tally in sorted(levels, reverse=True):
        yield levels[tally]


def unbeaten_order(
    candidates: Iterable[str],
    beats: Mapping[str, frozenset[str]],
    seats: int,
    arbiter: Arbiter,
    *,
    round_number: int,
) -> list[str]:
    """All candidates, each time one whom nobody left beats. `beats` has no cycles.

    Where several are unbeaten the lot decides; that is recorded as long as seats are to be filled.
    """
    left = list(candidates)
    order: list[str] = []
    while left:
        free = [one for one in left if not any(one in beats[other] for other in left)]
        room = seats - len(order)
        if room > 0:
            purpose = "elect" if len(free) > room else "order"
            chosen = arbiter.take(free, purpose=purpose, round_number=round_number)
        else:
            chosen = min(free, key=lambda one: arbiter.place[one])
        order.append(chosen)
        left.remove(chosen)
    return order
