"""Elections and allocations as plain rows: CSV into a text stream, JSON as plain data and back.

In CSV a text that a spreadsheet would take for a formula gets an apostrophe before it; JSON has it as
it is.
"""

import csv
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, TextIO

from budgets.allocation.model import Ballot, Election, Project, money
from budgets.allocation.result import Allocation

PROJECT_COLUMNS = ("project", "cost", "category", "envelope")
BALLOT_COLUMNS = ("people", "project", "points", "ballot")
ALLOCATION_COLUMNS = (
    "project", "place", "chosen", "support", "cost", "envelope", "code", "payers", "price", "left",
)  # fmt: skip


def write_projects(election: Election, out: TextIO) -> None:
    """A row for each project."""
    rows = ((p.key, money(p.cost), p.category, p.envelope) for p in election.projects)
    _write(out, PROJECT_COLUMNS, rows)


def write_ballots(election: Election, out: TextIO) -> None:
    """A row for each project on each distinct ballot; ballots are numbered in the order of their contents.

    An empty ballot is a row without a project.
    """
    rows: list[tuple[Any, ...]] = []
    for number, (ballot, people) in enumerate(sorted(election.ballots.items()), 1):
        for key, points in ballot or (("", 0),):
            rows.append((people, key, points, number))
    _write(out, BALLOT_COLUMNS, rows)


def write_allocation(allocation: Allocation, out: TextIO) -> None:
    """A row for each project: the winners in order of choice, then the others by support."""
    rows: list[tuple[Any, ...]] = []
    for place, one in enumerate(allocation.rounds, 1):
        cost, left = money(one.cost), money(one.left)
        row = (one.project, place, 1, one.support, cost, one.envelope, one.code)
        rows.append((*row, one.payers, one.price, left))
    support = allocation.support
    for key in sorted(allocation.losers, key=lambda key: (-support[key], key)):
        note = allocation.losers[key]
        cost, left = note.params.get("cost", ""), note.params.get("left", "")
        rows.append((key, "", 0, support[key], cost, "", note.code, "", "", left))
    _write(out, ALLOCATION_COLUMNS, rows)


def election_json(election: Election) -> dict[str, Any]:
    """All of an election as plain data, in an order that depends on nothing but its contents."""
    return {
        "budget": money(election.budget),
        "kind": election.kind,
        "envelopes": {name: money(amount) for name, amount in sorted(election.envelopes.items())},
        "incompatible": sorted(sorted(group) for group in election.incompatible),
        "minimums": dict(sorted(election.minimums.items())),
        "threshold": election.threshold,
        "projects": [
            {"key": p.key, "cost": money(p.cost), "category": p.category, "envelope": p.envelope}
            for p in sorted(election.projects, key=lambda project: project.key)
        ],
        "ballots": [
            {"people": people, "points": [list(pair) for pair in ballot]}
            for ballot, people in sorted(election.ballots.items())
        ],
    }


def election_from_json(data: Mapping[str, Any]) -> Election:
    """What `election_json` wrote. Raises ElectionError for an election that cannot be, KeyError or
    TypeError for other data."""
    ballots: dict[Ballot, int] = {}
    for row in data["ballots"]:
        ballot = tuple((key, points) for key, points in row["points"])
        ballots[ballot] = ballots.get(ballot, 0) + row["people"]
    return Election(
        projects=tuple(
            Project(p["key"], Decimal(p["cost"]), p["category"], p["envelope"])
            for p in data["projects"]
        ),
        budget=Decimal(data["budget"]),
        ballots=ballots,
        kind=data["kind"],
        envelopes={name: Decimal(amount) for name, amount in data["envelopes"].items()},
        incompatible=tuple(map(frozenset, data["incompatible"])),
        minimums=dict(data["minimums"]),
        threshold=data["threshold"],
    )


def _write(out: TextIO, columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_safe(cell) for cell in row] for row in rows)


def _safe(cell: Any) -> Any:
    is_formula = isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{cell}" if is_formula else cell
