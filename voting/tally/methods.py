"""All methods by name, and the one function that counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from voting.tally.condorcet import ranked_pairs, schulze
from voting.tally.counting import Counted
from voting.tally.judgement import majority_judgement
from voting.tally.lots import Arbiter, draw
from voting.tally.meek import stv_meek
from voting.tally.model import Contest, Result
from voting.tally.runoff import irv
from voting.tally.scottish import stv_scottish
from voting.tally.simple import approval, borda, plurality, score


@dataclass(frozen=True, slots=True)
class MethodSpec:
    """One method. `version` goes up whenever the same ballots could give another result.

    `takes`: "ranking" for ballots that rank, choose or approve, "score" or "grades" for marks.
    `fills_seats`: whether it can elect several; a method that cannot always elects one.
    """

    name: str
    takes: Literal["ranking", "score", "grades"]
    count: Callable[[Contest, int, Arbiter], Counted]
    fills_seats: bool = True
    version: int = 1


METHODS: Mapping[str, MethodSpec] = {
    spec.name: spec
    for spec in (
        MethodSpec("plurality", "ranking", plurality),
        MethodSpec("approval", "ranking", approval),
        MethodSpec("score", "score", score),
        MethodSpec("majority-judgement", "grades", majority_judgement),
        MethodSpec("borda", "ranking", borda),
        MethodSpec("irv", "ranking", irv, fills_seats=False),
        MethodSpec("stv-scottish", "ranking", stv_scottish),
        MethodSpec("stv-meek", "ranking", stv_meek),
        MethodSpec("schulze", "ranking", schulze),
        MethodSpec("ranked-pairs", "ranking", ranked_pairs),
    )
}


def count(
    method: str,
    contest: Contest,
    *,
    seats: int = 1,
    seed: str = "",
    lot: Sequence[str] | None = None,
) -> Result:
    """Count `contest`. The same contest gives the same result, in whatever order it is written.

    `seed` is what the lot is drawn from, "" for the digest of the ballots; `lot` is an order of all
    candidates that was drawn elsewhere, the favoured first. Nobody is elected where no ballot can be
    counted. Raises KeyError for a method that is not known, ValueError for fewer than one seat or a lot
    that is not an order of the candidates.
    """
    spec = METHODS[method]
    if seats < 1:
        raise ValueError("seats must be at least 1")
    digest = contest.digest
    order = draw(contest.candidates, seed or digest) if lot is None else tuple(lot)
    if sorted(order) != sorted(contest.candidates):
        raise ValueError("the lot must name every candidate once")
    arbiter = Arbiter(order)
    filled = seats if spec.fills_seats else 1
    counted = spec.count(contest, filled, arbiter)
    return Result(
        method=spec.name,
        version=spec.version,
        seats=filled,
        candidates=contest.candidates,
        ballots=sum(contest.ballots.values()) - counted.unusable,
        unusable=counted.unusable,
        winners=counted.winners,
        rounds=counted.rounds,
        ties=tuple(arbiter.record),
        lot=order,
        digest=digest,
    )
