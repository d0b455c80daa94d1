"""What a `.pb` file says, as an election; and what in it cannot be."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from budgets.allocation.model import (
    Ballot,
    BallotKind,
    Election,
    ElectionError,
    Project,
    approvals,
    points,
    ranked,
)
from budgets.allocation.pabulib import PbError, PbFile

KINDS: Mapping[str, BallotKind] = {
    "approval": "approval",
    "choose-1": "approval",
    "cumulative": "points",
    "scoring": "points",
    "ordinal": "ranking",
}
_AMOUNT = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,12}|,[0-9]{1,2})?", re.ASCII)
_POINTS = re.compile(r"[0-9]{1,9}(?:\.([0-9]{1,6}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a ballot had to keep to, as META says; None where it does not."""

    min_length: Decimal | None = None
    max_length: Decimal | None = None
    min_sum_cost: Decimal | None = None
    max_sum_cost: Decimal | None = None
    min_points: Decimal | None = None
    max_points: Decimal | None = None
    min_sum_points: Decimal | None = None
    max_sum_points: Decimal | None = None
    min_project_cost: Decimal | None = None
    max_project_cost: Decimal | None = None
    min_project_score_threshold: Decimal | None = None


def limits(file: PbFile) -> Limits:
    """The limits of ballots. Raises PbError for one that is not a number."""
    found = {}
    for name in Limits.__slots__:
        if text := file.value(name):
            found[name] = _amount(text, name, 0)
    return Limits(**found)


def election(file: PbFile, *, threshold: int = 0) -> Election:
    """The election of a file. The thresholds that META may name do not apply by themselves: give
    `threshold`.

    Raises PbError, with the line, for what cannot be: a cost that is not a number or not above zero,
    an id that stands twice, a vote for a project that does not exist, points that do not fit the projects.
    """
    kind = KINDS.get(file.value("vote_type").lower())
    if kind is None:
        raise PbError(f"votes of the type {_shown(file.value('vote_type'))} are not known")
    projects = _projects(file)
    _check_voters(file)
    ballots = _ballots(file, kind, {project.key: project.key for project in projects})
    if kind == "approval" and file.value("max_sum_cost"):
        kind = "knapsack"
    try:
        return Election(projects, _budget(file), ballots, kind, threshold=threshold)
    except ElectionError as error:
        raise PbError(str(error)) from error


def warnings(file: PbFile) -> tuple[str, ...]:
    """What does not prevent an election but deserves a look."""
    found = []
    for key, table in (("num_projects", file.projects), ("num_votes", file.votes)):
        said, there = file.value(key), len(table.rows)
        if said and said != str(there):
            found.append(f"{key} says {_shown(said)}, but there are {there}")
    factor = _factor(file) if KINDS.get(file.value("vote_type").lower()) == "points" else 1
    if factor > 1:
        found.append(f"points have decimals: all are multiplied by {factor}")
    return tuple(found)


def _budget(file: PbFile) -> Decimal:
    if not file.value("budget"):
        raise PbError('META has no "budget"')
    budget = _amount(file.value("budget"), "the budget", 0)
    if not budget:
        raise PbError("the budget must be more than zero")
    return budget


def _projects(file: PbFile) -> tuple[Project, ...]:
    table = file.projects
    found: dict[str, Project] = {}
    columns = (table.column(name) for name in ("project_id", "cost", "category"))
    for number, (key, cost, category) in enumerate(zip(*columns, strict=True)):
        line = table.line(number)
        if not key or "," in key:
            raise PbError(f"{_shown(key)} cannot be the id of a project", line)
        if key in found:
            raise PbError(f"the project {_shown(key)} stands twice", line)
        amount = _amount(cost, "a cost", line)
        if not amount:
            raise PbError(f"the cost of the project {_shown(key)} must be more than zero", line)
        found[key] = Project(key, amount, category)
    return tuple(found.values())


def _check_voters(file: PbFile) -> None:
    if file.votes.place("voter_id") is None:
        return
    voters = file.votes.column("voter_id")
    if len(set(voters)) == len(voters):
        return
    seen: set[str] = set()
    for number, voter in enumerate(voters):
        if voter and voter in seen:
            raise PbError(f"the voter {_shown(voter)} stands twice", file.votes.line(number))
        seen.add(voter)


def _ballots(file: PbFile, kind: BallotKind, known: Mapping[str, str]) -> dict[Ballot, int]:
    """Distinct ballots. Each different text is understood once."""
    votes = file.votes.column("vote")
    given = file.votes.column("points") if kind != "approval" else [""] * len(votes)
    reading = _reading(file, kind, known)
    texts: dict[tuple[str, str], Ballot] = {}
    ballots: dict[Ballot, int] = {}
    for number, text in enumerate(zip(votes, given, strict=True)):
        ballot = texts.get(text)
        if ballot is None:
            try:
                ballot = texts[text] = reading(*text)
            except PbError as error:
                raise PbError(str(error), file.votes.line(number)) from None
        ballots[ballot] = ballots.get(ballot, 0) + 1
    return ballots


def _reading(
    file: PbFile, kind: BallotKind, known: Mapping[str, str]
) -> Callable[[str, str], Ballot]:
    """The function that understands a vote and its points. Raises PbError without a line."""
    if kind == "approval":
        return _approving(known)
    if kind == "ranking" and file.votes.place("points") is None:
        length = _length(file, len(known))
        return lambda vote, _: ranked(_chosen(vote, known), length)
    return _pointing(known, _factor(file))


def _approving(known: Mapping[str, str]) -> Callable[[str, str], Ballot]:
    pairs = {key: (key, 1) for key in known}

    def approved(vote: str, _: str) -> Ballot:
        try:
            found = sorted([pairs[key] for key in vote.split(",")])
        except KeyError:
            found = []
        is_plain = len(set(found)) == len(found) > 0
        return tuple(found) if is_plain else approvals(_chosen(vote, known))

    return approved


def _pointing(known: Mapping[str, str], factor: int) -> Callable[[str, str], Ballot]:
    def pointed(vote: str, given: str) -> Ballot:
        keys = _chosen(vote, known)
        numbers = [one.strip() for one in given.split(",")] if given else []
        if len(numbers) != len(keys):
            raise PbError(f"{len(numbers)} points for {len(keys)} projects")
        return points(dict(zip(keys, (_number(one, factor) for one in numbers), strict=True)))

    return pointed


def _chosen(vote: str, known: Mapping[str, str]) -> list[str]:
    """The projects of a vote. Raises PbError for one that does not exist or stands twice."""
    if not vote:
        return []
    keys = [key.strip() for key in vote.split(",")]
    for key in keys:
        if key not in known:
            raise PbError(f"a vote names the project {_shown(key)}, which does not exist")
    if len(set(keys)) < len(keys):
        raise PbError(f"a vote names a project twice: {_shown(vote)}")
    return keys


def _length(file: PbFile, size: int) -> int:
    """How many ranks a ballot has: what META says, but no fewer than any ballot uses."""
    longest = max((vote.count(",") + 1 for vote in file.votes.column("vote")), default=0)
    said = limits(file).max_length
    return max(longest, int(said) if said is not None else size)


def _factor(file: PbFile) -> int:
    """What points must be multiplied by to be whole: 1, 10, 100, …"""
    places = 0
    if any("." in text for text in file.votes.column("points")):
        for text in set(file.votes.column("points")):
            for one in text.split(","):
                places = max(places, len(one.strip().partition(".")[2].rstrip("0")))
    return int(10 ** min(places, 6))


def _number(text: str, factor: int) -> int:
    if not _POINTS.fullmatch(text):
        raise PbError(f"{_shown(text)} cannot be points")
    return int(Decimal(text) * factor)


def _amount(text: str, what: str, line: int) -> Decimal:
    """A number of META or PROJECTS, not below zero. A comma is a decimal mark, as some files have it."""
    if not _AMOUNT.fullmatch(text):
        raise PbError(f"{what} must be a number, not {_shown(text)}", line)
    return Decimal(text.replace(",", "."))


def _shown(text: str) -> str:
    """A piece of a file for a message: short, on one line, in quotes."""
    line = " ".join(text.split())
    return f'"{line[:40]}…"' if len(line) > 40 else f'"{line}"'
