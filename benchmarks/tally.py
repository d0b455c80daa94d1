"""How long counting 100,000 different ballots takes: `python -m benchmarks.tally`.

The ratio is to one bare pass that looks at every rank once, so that it can be compared between machines.
"""

import random
import time
from collections.abc import Callable

from voting.tally.methods import METHODS, count
from voting.tally.model import Contest, Preference, marks, strict

BALLOTS = 100_000
CANDIDATES = tuple(f"candidate-{number}" for number in range(1, 13))
FEWEST_RANKS = 10
SEATS = 4
GRADES = ("excellent", "good", "fair", "poor", "reject")
LIMIT, LIMIT_OF_STV = 10, 60  # seconds


def ranked(chance: random.Random) -> Contest:
    """Different ballots of 10 to 12 ranks each."""
    ballots: dict[Preference, int] = {}
    while len(ballots) < BALLOTS:
        length = chance.randint(FEWEST_RANKS, len(CANDIDATES))
        ballots[strict(*chance.sample(CANDIDATES, length))] = 1
    return Contest(CANDIDATES, ballots)


def marked(chance: random.Random, values: tuple[int | str, ...]) -> Contest:
    """Different ballots that give every candidate a score or a grade."""
    ballots: dict[Preference, int] = {}
    while len(ballots) < BALLOTS:
        ballots[marks({one: chance.choice(values) for one in CANDIDATES})] = 1
    return Contest(CANDIDATES, ballots, grades=GRADES)


def bare_pass(contest: Contest) -> int:
    """Look at every rank of every ballot."""
    seen = 0
    for ballot in contest.ballots:
        for group in ballot:
            seen += len(group)
    return seen


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    chance = random.Random(2026)
    contests = {
        "ranking": ranked(chance),
        "score": marked(chance, tuple(range(11))),
        "grades": marked(chance, GRADES),
    }
    unit = min(seconds(lambda: bare_pass(contests["ranking"])) for _ in range(5))
    print(f"{BALLOTS} different ballots, {len(CANDIDATES)} candidates, {SEATS} seats")
    print(f"bare pass {unit:.3f} s\n")
    print(f"{'method':20} {'seconds':>8} {'of limit':>9} {'ratio':>7}")
    for spec in METHODS.values():
        contest = contests[spec.takes]
        taken = seconds(lambda: count(spec.name, contest, seats=SEATS))  # noqa: B023
        limit = LIMIT_OF_STV if spec.name.startswith("stv") else LIMIT
        print(f"{spec.name:20} {taken:8.2f} {taken / limit:9.1%} {taken / unit:7.1f}")


if __name__ == "__main__":
    main()
