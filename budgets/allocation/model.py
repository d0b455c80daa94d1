"""What is decided on: projects, ballots, money.

Everything here is plain and frozen. Money is Decimal, counted in whole smallest units.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from typing import Any, Literal

# (project, points) sorted by project. Points are 1 for an approval; for a ranking of at most n projects
# n for the first, n - 1 for the second, and so on.
Ballot = tuple[tuple[str, int], ...]
BallotKind = Literal["approval", "points", "ranking", "knapsack"]
MOST_POINTS = 2**50
KINDS: tuple[BallotKind, ...] = ("approval", "points", "ranking", "knapsack")


class ElectionError(ValueError):
    """An election that makes no sense, or a rule that cannot read its ballots; one line in plain
    English.
    """


@dataclass(frozen=True, slots=True)
class Project:
    """A project that stands for election. `cost` is more than zero."""

    key: str
    cost: Decimal
    category: str = ""
    envelope: str = ""


@dataclass(frozen=True, slots=True)
class Election:
    """Projects, money and the distinct ballots with how many people cast each.

    The order of projects and ballots decides nothing. An empty ballot is one person who chose nothing.
    A "knapsack" ballot is an approval ballot whose projects together fit into the money; nothing checks it.
    With `envelopes` (name: money) each is an election of its own over its projects, and `budget` is
    their sum. Of each set in `incompatible` at most one project is chosen; `minimums` is the least
    number of projects by category; a project with fewer votes (points, where points are given) than
    `threshold` is out.

    Raises ElectionError for a cost, an amount or a ballot that cannot be.
    """

    projects: tuple[Project, ...]
    budget: Decimal
    ballots: Mapping[Ballot, int]
    kind: BallotKind = "approval"
    envelopes: Mapping[str, Decimal] = field(default_factory=dict)
    incompatible: tuple[frozenset[str], ...] = ()
    minimums: Mapping[str, int] = field(default_factory=dict)
    threshold: int = 0

    def __post_init__(self) -> None:
        _check_money(self)
        _check_ballots(self)

    @property
    def people(self) -> int:
        """How many people voted, with those who chose nothing."""
        return sum(self.ballots.values())

    @property
    def counts_points(self) -> bool:
        """Whether support is a sum of points and not a number of votes."""
        return self.kind in ("points", "ranking")

    @property
    def digest(self) -> str:
        """SHA-256 in hexadecimal of the election in one spelling, whatever the order of its parts.

        The first line is canonical JSON (sorted keys, no spaces) of everything but the ballots; each
        further line is the number of people, a space and the ballot as JSON, sorted by that JSON.
        Lines end with a newline, the text is UTF-8.
        """
        lines = sorted(zip(_spelled_ballots(self.ballots), self.ballots.values(), strict=True))
        hasher = hashlib.sha256(_spelled(_head(self)).encode() + b"\n")
        hasher.update("".join(f"{people} {text}\n" for text, people in lines).encode())
        return hasher.hexdigest()


def money(amount: Decimal) -> str:
    """An amount as exact decimal text, in one spelling: "400000.0" is "400000"."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def approvals(projects: Iterable[str]) -> Ballot:
    """A ballot that approves these projects."""
    return tuple((key, 1) for key in sorted(set(projects)))


def ranked(projects: Iterable[str], length: int) -> Ballot:
    """A ballot that ranks these projects, the best first, of at most `length`."""
    order = list(projects)
    return tuple(sorted((key, length - place) for place, key in enumerate(order)))


def points(given: Mapping[str, int]) -> Ballot:
    """A ballot that gives points; projects without any are left out."""
    return tuple(sorted((key, number) for key, number in given.items() if number))


def _head(election: Election) -> dict[str, Any]:
    projects = sorted((p.key, money(p.cost), p.category, p.envelope) for p in election.projects)
    return {
        "budget": money(election.budget),
        "envelopes": {name: money(amount) for name, amount in election.envelopes.items()},
        "incompatible": sorted(sorted(group) for group in election.incompatible),
        "kind": election.kind,
        "minimums": dict(election.minimums),
        "projects": projects,
        "threshold": election.threshold,
    }


_spelled = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def _spelled_ballots(ballots: Iterable[Ballot]) -> list[str]:
    """Each ballot as JSON. The pairs recur, so that each is spelled once."""
    known: dict[tuple[str, int], str] = {}
    for ballot in ballots:
        for pair in ballot:
            if pair not in known:
                known[pair] = _spelled(pair)
    return [f"[{','.join([known[pair] for pair in ballot])}]" for ballot in ballots]


def _check_money(election: Election) -> None:
    if not _is_amount(election.budget):
        raise ElectionError(f"the budget must be more than zero, not {election.budget}")
    seen: set[str] = set()
    for project in election.projects:
        if project.key in seen:
            raise ElectionError(f'the project "{project.key}" stands twice')
        seen.add(project.key)
        if not _is_amount(project.cost):
            raise ElectionError(
                f'the cost of the project "{project.key}" must be more than zero, not {project.cost}'
            )
        if election.envelopes and project.envelope not in election.envelopes:
            raise ElectionError(f'the project "{project.key}" is in no envelope')
    if not all(map(_is_amount, election.envelopes.values())):
        raise ElectionError("the money of an envelope must be more than zero")
    if election.envelopes and sum(election.envelopes.values()) != election.budget:
        raise ElectionError("the budget must be the sum of its envelopes")
    for group in election.incompatible:
        if not group <= seen:
            raise ElectionError("a project that does not stand is called incompatible")


def _is_amount(amount: Decimal) -> bool:
    """Above zero and not absurd: below 10**18, at most twelve decimals."""
    exponent = amount.as_tuple().exponent
    return isinstance(exponent, int) and 0 < amount < 10**18 and exponent >= -12


def _check_ballots(election: Election) -> None:
    if election.kind not in KINDS:
        raise ElectionError(f'ballots of the kind "{election.kind}" are not known')
    known = {project.key for project in election.projects}
    most = 1
    for key, given in set(chain.from_iterable(election.ballots)):
        if key not in known:
            raise ElectionError(f'a ballot names the project "{key}", which does not stand')
        if given < 1:
            raise ElectionError(f'a ballot gives the project "{key}" {given} points')
        most = max(most, given)
    for ballot, people in election.ballots.items():
        if people < 1:
            raise ElectionError("a ballot was cast by fewer than one person")
        keys = [key for key, _ in ballot]
        if keys != sorted(set(keys)):
            raise ElectionError("a ballot is not sorted, or names a project twice")
    if election.people * most * max(len(known), 1) >= MOST_POINTS:
        raise ElectionError("the points are too many to be added up")
