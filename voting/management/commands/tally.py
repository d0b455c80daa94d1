"""Counts a file of ballots and prints the result as JSON. Needs neither a database nor a server."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from voting.tally.files import BallotFile, FormatError
from voting.tally.formats import SUFFIXES, read
from voting.tally.methods import METHODS, MethodSpec, count
from voting.tally.model import Contest
from voting.tally.preflib import as_approvals, as_rankings

WRONG_USE = 2


class Command(BaseCommand):
    """`tally FILE --method NAME [--seats N]`.

    Standard output is JSON alone: `winners` (candidates' numbers as in the file, in order of election),
    `rounds`, `ties`, `digest` and what else is in `voting.tally.model.Result`, with `names` by number.
    Exit code 2 and one line on standard error when the file or an argument is no good.
    """

    help = "Counts a file of ballots by a method and prints the result as JSON."
    requires_servers = False
    requires_apps = False
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help=f"ballots: {' '.join(SUFFIXES)}")
        parser.add_argument("--method", required=True, help=f"one of: {', '.join(METHODS)}")
        parser.add_argument("--seats", type=int, help="default: what the file says, else 1")
        parser.add_argument(
            "--seed", default="", help="what lots are drawn from; default: the digest"
        )

    def handle(
        self, *args: Any, file: Path, method: str, seats: int | None, **options: Any
    ) -> None:
        try:
            spec = _spec(method)
            ballots = _read(file)
            contest = _suited(ballots, spec, file)
            filled = _seats(ballots, spec, seats)
        except FormatError as error:
            raise CommandError(str(error), returncode=WRONG_USE) from error
        result = count(method, contest, seats=filled, seed=options["seed"])
        document = result.to_json() | {
            "file": file.name,
            "title": ballots.title,
            "names": dict(ballots.names),
            "withdrawn": [int(one) for one in ballots.withdrawn],
            "empty": ballots.empty,
            "warnings": list(ballots.warnings),
            "winners": [int(one) for one in result.winners],
            "candidates": [int(one) for one in result.candidates],
        }
        json.dump(document, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")


def _spec(method: str) -> MethodSpec:
    if method not in METHODS:
        raise FormatError(f'the method "{method}" is not known (known: {", ".join(METHODS)})')
    return METHODS[method]


def _read(file: Path) -> BallotFile:
    try:
        return read(file.read_bytes(), file.name)
    except OSError as error:
        raise FormatError(f"{file}: {error.strerror or error}") from error
    except FormatError as error:
        raise FormatError(f"{file}: {error}") from error


def _suited(ballots: BallotFile, spec: MethodSpec, file: Path) -> Contest:
    """The ballots as the method takes them. Raises FormatError where they do not say enough."""
    contest = ballots.contest
    if spec.takes == "ranking" and not contest.grades:
        return contest
    if spec.takes == "ranking":
        return as_approvals(contest) if spec.name == "approval" else as_rankings(contest)
    if spec.takes == "grades" and contest.grades:
        return contest
    needed = "grades (a .cat file)" if spec.takes == "grades" else "scores"
    raise FormatError(f"{file}: {spec.name} needs ballots with {needed}")


def _seats(ballots: BallotFile, spec: MethodSpec, seats: int | None) -> int:
    if seats is None:
        return (ballots.seats or 1) if spec.fills_seats else 1
    if seats < 1:
        raise FormatError(f"--seats must be at least 1, not {seats}")
    if seats > 1 and not spec.fills_seats:
        raise FormatError(
            f"{spec.name} elects one; for {seats} seats take stv-scottish or stv-meek"
        )
    return seats
