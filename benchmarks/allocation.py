"""How long rules of participatory budgets take: `python -m benchmarks.allocation`.

On real cities' files in Pabulib's format, if they lie beside the code (`--data FOLDER` names them),
else on made-up ones; and beside the reference library pabutools in the same run, if it is installed
(extra `bench`) or `--reference PYTHON` names an interpreter that has it. The reference runs in a
process of its own and is ended when it is slow enough.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

from benchmarks.report import rule, say
from budgets.allocation.catalogue import rules_for
from budgets.allocation.model import Ballot, Election, Project, approvals
from budgets.allocation.pabulib import read, write
from budgets.allocation.pb_election import election
from budgets.allocation.pb_writing import pb_file
from budgets.allocation.running import allocate
from config import embedded

SCRIPT = Path(__file__).with_name("allocation_reference.py")
CITIES = "mes_cost_add1_until_overspend"
LARGEST = ("Poland_Lodz_2020.pb", "Poland_Warszawa_2020_Praga-Poludnie.pb")
OTHERS = ("Poland_Swiecie_2023.pb", "Poland_Wieliczka_2023_Green_Budget.pb")
LIMIT = 1.0  # seconds from file to winners
FASTER = 100  # times than the reference, at least
ENOUGH = 150  # on the largest files the reference is ended after so many times as long
LONGEST = 300  # seconds that the reference may take in any case
ROUNDS = 3


def find_data() -> Path | None:
    """Real elections, where they lie beside the code."""
    return next(iter(sorted(embedded.ROOT.parent.glob("*/data/pabulib"))), None)


def made_up(distinct: int, copies: int = 1, projects: int = 120) -> Election:
    """So many different ballots, each cast by so many people, for projects of very different costs."""
    chance = random.Random(2026)
    keys = [f"p{number}" for number in range(projects)]
    weights = [chance.random() ** 3 for _ in keys]
    ballots: dict[Ballot, int] = {}
    while len(ballots) < distinct:
        ballots[approvals(chance.choices(keys, weights, k=chance.randint(3, 10)))] = copies
    costs = [Decimal(chance.randint(5, 900)) * 1000 for _ in keys]
    standing = tuple(map(Project, keys, costs))
    return Election(standing, Decimal(sum(costs)) // 8, ballots)


def fastest(work: Callable[[], object]) -> float:
    """Seconds of the fastest of several rounds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def from_file(path: Path) -> tuple[str, ...]:
    """From a file to winners, everything included."""
    return allocate(CITIES, election(read(path.read_bytes()))).winners


def measure(folder: Path | None, scratch: Path, reference: str | None) -> None:
    """All tables, printed as they become known."""
    say(f"\n## From file to winners: {CITIES}\n")
    paths = _files(folder, scratch)
    if reference is None:
        say("NOT COMPARED: pabutools is not installed (extra `bench`; or --reference PYTHON).\n")
    rows = [_file_row(path, reference) for path in paths]
    headings = ("file", "ballots", "different", "seconds", "goal", "pabutools", "times", "winners")
    rule(rows, headings)
    say("\n## Every rule on the largest file\n")
    _rules(election(read(paths[0].read_bytes())))
    say("\n## What grows the cost: people or different ballots\n")
    _growth()


def _files(folder: Path | None, scratch: Path) -> list[Path]:
    if folder is not None:
        return [folder / name for name in (*LARGEST, *OTHERS)]
    say("Made-up files: no real ones were found.\n")
    path = scratch / "made-up.pb"
    path.write_bytes(write(pb_file(made_up(25_000, 2), {"description": "made up"}, {})))
    return [path]


def _file_row(path: Path, reference: str | None) -> list[str]:
    of = election(read(path.read_bytes()))
    winners = from_file(path)
    seconds = fastest(lambda: from_file(path))
    goal = f"< {LIMIT:g} s" if seconds < LIMIT else f"< {LIMIT:g} s MISSED"
    cells = [path.stem, f"{of.people}", f"{len(of.ballots)}", f"{seconds:.2f}", goal]
    if reference is None:
        return [*cells, "", "", ""]
    return [*cells, *_compared(path, reference, seconds, winners)]


def _compared(path: Path, reference: str, seconds: float, winners: tuple[str, ...]) -> list[str]:
    """How long the reference took, how many times that is, and whether it chose the same."""
    limit = min(ENOUGH * seconds + 5, LONGEST) if path.name in LARGEST else LONGEST
    command = [reference, str(SCRIPT), str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=limit, check=True)
    except subprocess.TimeoutExpired:
        times = limit / seconds
        return [f"> {limit:.0f} s", _times(times, ">"), "not awaited"]
    found = json.loads(done.stdout)
    same = "the same" if found["winners"] == sorted(winners) else "DIFFERENT"
    return [f"{found['seconds']:.1f} s", _times(found["seconds"] / seconds), same]


def _times(times: float, sign: str = "") -> str:
    return f"{sign}{times:.0f}" if times >= FASTER else f"{sign}{times:.0f} MISSED"


def _rules(of: Election) -> None:
    rows = []
    for spec in rules_for(of.kind):
        seconds = fastest(lambda: allocate(spec.name, of))  # noqa: B023
        rows.append([spec.name, f"{seconds:.2f}"])
    rule(rows, ("rule", "seconds"))


def _growth() -> None:
    rows = []
    for distinct, copies in ((5_000, 1), (5_000, 10), (5_000, 100), (50_000, 1)):
        of = made_up(distinct, copies)
        seconds = fastest(lambda: allocate("mes_cost", of))  # noqa: B023
        rows.append([f"{of.people}", f"{distinct}", f"{seconds:.3f}"])
    rule(rows, ("people", "different ballots", "seconds, mes_cost"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.allocation", description=__doc__)
    parser.add_argument("--data", type=Path, default=find_data(), help="folder of .pb files")
    installed = sys.executable if find_spec("pabutools") else None
    parser.add_argument("--reference", default=installed, help="a Python that has pabutools")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kenes-bench-") as scratch:
        measure(options.data, Path(scratch), options.reference)


if __name__ == "__main__":
    main()
