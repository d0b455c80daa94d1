"""An election as a `.pb` file."""

from collections.abc import Iterable, Iterator, Mapping

from budgets.allocation.model import BallotKind, Election, ElectionError, money
from budgets.allocation.pabulib import PbFile, Table


def pb_file(
    election: Election,
    meta: Mapping[str, str],
    names: Mapping[str, str],
    chosen: Iterable[str] = (),
) -> PbFile:
    """An election of one envelope as a file. `meta` goes first (description, country, unit, instance,
    rule, …).

    Voters are numbered in the order of their ballots' contents, which says nothing about them. Of a
    ranking the points are written too. Raises ElectionError for several envelopes: each is a file of
    its own.
    """
    if election.envelopes:
        raise ElectionError("each envelope is a file of its own")
    said = dict(meta) | {
        "num_projects": str(len(election.projects)),
        "num_votes": str(election.people),
        "budget": money(election.budget),
        "vote_type": _TYPES[election.kind],
    }
    if election.kind == "knapsack":
        said.setdefault("max_sum_cost", money(election.budget))
    won = set(chosen)
    projects = tuple(
        (p.key, money(p.cost), names.get(p.key, ""), p.category, "1" if p.key in won else "0")
        for p in election.projects
    )
    columns = ("voter_id", "vote", "points") if election.counts_points else ("voter_id", "vote")
    votes = tuple((str(number), *cells) for number, cells in enumerate(_cells(election), 1))
    return PbFile(
        Table(("key", "value"), tuple(said.items())),
        Table(("project_id", "cost", "name", "category", "selected"), projects),
        Table(columns, votes),
    )


_TYPES: Mapping[BallotKind, str] = {
    "approval": "approval",
    "knapsack": "approval",
    "points": "cumulative",
    "ranking": "ordinal",
}


def _cells(election: Election) -> Iterator[tuple[str, ...]]:
    """The vote (best first, where there are points) and the points of each person."""
    for ballot, people in sorted(election.ballots.items()):
        pairs = sorted(ballot, key=lambda pair: -pair[1])
        vote = ",".join(key for key, _ in pairs)
        given = (",".join(str(points) for _, points in pairs),) if election.counts_points else ()
        for _ in range(people):
            yield (vote, *given)
