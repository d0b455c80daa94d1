"""Applies a rule to a participatory budget in a file and prints the result as JSON. Needs no server."""

import json
import sys
from argparse import ArgumentParser
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from budgets.allocation import pabulib, pb_election
from budgets.allocation.catalogue import COMPLETIONS, DEFAULT_TIES, RULES, TIES
from budgets.allocation.model import ElectionError, money
from budgets.allocation.pabulib import PbError, PbFile
from budgets.allocation.result import Allocation
from budgets.allocation.running import allocate
from budgets.results.bundle import BundleError, elections_of_bundle, is_bundle

WRONG_USE = 2


class Command(BaseCommand):
    """`allocate FILE.pb --rule NAME`, or `allocate BUNDLE.jsonl` by the rule that the bundle declares.

    Standard output is JSON alone: `winners` (ids as in the file, in order of choice), `cost` and
    `budget` (numbers, exact), `ties`, `digest`, `rule`, `version`; with `--explain` everything else
    that is in `budgets.allocation.result.Allocation`. Of a bundle `winners` and `cost` are those of all
    envelopes in their order, and each of `envelopes` is a document of its own. Exit code 2 and one line
    on standard error when the file or an argument is no good.
    """

    help = "Applies a rule to a participatory budget (.pb) and prints the result as JSON."
    requires_servers = False
    requires_apps = False
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="an election (.pb), or the bundle of a vote")
        parser.add_argument("--rule", default="", help=f"one of: {', '.join(RULES)}")
        parser.add_argument(
            "--ties",
            default=",".join(DEFAULT_TIES),
            help=f"what settles ties, in order, of: {', '.join(TIES)}; default: %(default)s",
        )
        parser.add_argument(
            "--seed", default="", help="what lots are drawn from; default: the digest"
        )
        parser.add_argument(
            "--completion",
            default="",
            help=f"what spends the rest of the money: {', '.join(filter(None, COMPLETIONS))}",
        )
        parser.add_argument(
            "--threshold",
            type=int,
            default=0,
            help="projects with less support are out; default: none, whatever the file says",
        )
        parser.add_argument("--explain", action="store_true", help="print why each won or lost")

    def handle(self, *args: Any, file: Path, explain: bool, **options: Any) -> None:
        if is_bundle(file):
            self._bundle(file, options["rule"], explain)
            return
        if not options["rule"]:
            raise CommandError(f"--rule is needed: {', '.join(RULES)}", returncode=WRONG_USE)
        try:
            found = _read(file)
            result = _allocate(found, file, options)
        except (PbError, ElectionError) as error:
            raise CommandError(str(error), returncode=WRONG_USE) from error
        document = result.to_json() if explain else _short(result)
        warnings = {"file": file.name, "warnings": list(pb_election.warnings(found))}
        text = json.dumps(document | warnings, ensure_ascii=False, indent=1)
        sys.stdout.write(_with_numbers(text, result) + "\n")

    def _bundle(self, file: Path, rule: str, explain: bool) -> None:
        """Everything but the rule is as the bundle declares it."""
        try:
            declared, found = elections_of_bundle(file)
            completion = "" if rule else declared.get("completion", "")
            results = {
                key: allocate(
                    rule or declared["rule"],
                    election,
                    ties=declared["ties"],
                    seed=declared.get("seed", ""),
                    completion=completion,
                )
                for key, election in found.items()
            }
        except (BundleError, ElectionError) as error:
            raise CommandError(f"{file}: {error}", returncode=WRONG_USE) from error
        cost = sum((one.cost for one in results.values()), Decimal(0))
        document = {
            "rule": rule or declared["rule"],
            "winners": [key for one in results.values() for key in one.winners],
            "cost": money(cost),
            "envelopes": {
                key: one.to_json() if explain else _short(one) for key, one in results.items()
            },
            "file": file.name,
        }
        text = json.dumps(document, ensure_ascii=False, indent=1)
        sys.stdout.write(_as_number(text, "cost", cost) + "\n")


def _read(file: Path) -> PbFile:
    try:
        return pabulib.read(file.read_bytes())
    except OSError as error:
        raise PbError(f"{file}: {error.strerror or error}") from error
    except PbError as error:
        raise PbError(f"{file}: {error}") from error


def _allocate(found: PbFile, file: Path, options: dict[str, Any]) -> Allocation:
    if options["threshold"] < 0:
        raise ElectionError(f"--threshold must not be below zero, but is {options['threshold']}")
    ties = [word.strip() for word in options["ties"].split(",") if word.strip()]
    try:
        election = pb_election.election(found, threshold=options["threshold"])
    except PbError as error:
        raise PbError(f"{file}: {error}") from error
    return allocate(
        options["rule"],
        election,
        ties=ties,
        seed=options["seed"],
        completion=options["completion"],
    )


def _short(result: Allocation) -> dict[str, Any]:
    """What everybody asks for."""
    names = ("rule", "version", "winners", "cost", "budget", "ties", "notes", "digest")
    document = result.to_json()
    return {name: document[name] for name in names}


def _with_numbers(text: str, result: Allocation) -> str:
    """JSON in which the two sums are numbers with all their digits, which `json` can write only as
    floats.
    """
    for name, amount in (("cost", result.cost), ("budget", result.budget)):
        text = _as_number(text, name, amount)
    return text


def _as_number(text: str, name: str, amount: Decimal) -> str:
    return text.replace(f'\n "{name}": "{money(amount)}"', f'\n "{name}": {money(amount)}', 1)
