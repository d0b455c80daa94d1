"""The one function that decides."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from budgets.allocation.board import Board, Outcome, boards
from budgets.allocation.catalogue import DEFAULT_TIES, RULES, Family, RuleSpec
from budgets.allocation.equal_shares import equal_shares
from budgets.allocation.greedy import fill, greedy
from budgets.allocation.knapsack import knapsack
from budgets.allocation.minimums import with_minimums
from budgets.allocation.model import Election, ElectionError
from budgets.allocation.phragmen import phragmen
from budgets.allocation.result import Allocation, Tie
from budgets.allocation.ties import Arbiter, declared
from voting.tally.lots import draw

_DECIDE: Mapping[Family, Callable[[Board, RuleSpec, Arbiter], Outcome]] = {
    "greedy": greedy,
    "shares": equal_shares,
    "phragmen": phragmen,
    "knapsack": knapsack,
}


@dataclass(frozen=True, slots=True)
class _Call:
    """How the rule is to be applied."""

    spec: RuleSpec
    order: tuple[str, ...]
    completion: str


def allocate(
    rule: str,
    election: Election,
    *,
    ties: Sequence[str] = DEFAULT_TIES,
    seed: str = "",
    lot: Sequence[str] | None = None,
    completion: str = "",
) -> Allocation:
    """Apply `rule` to `election`. The same election gives the same result, in whatever order it is written.

    `ties` is the declared rule for projects that stand equal; the lot is always its end. `seed` is
    what the lot is drawn from, "" for the election's digest; `lot` is an order of all projects that
    was drawn elsewhere, the favoured first. `completion` "greedy" spends what is left by votes
    (points), for rules that leave something. Raises ElectionError for a rule that is not known or
    cannot read these ballots.
    """
    spec = _spec(rule, election, completion)
    order = declared(ties)
    digest = election.digest
    drawn = _lot(election, seed or digest, lot)
    call = _Call(spec, order, completion)
    parts = [_decide(board, election, call) for board in boards(election, drawn)]
    rounds = tuple(choice for _, outcome, _ in parts for choice in outcome.choices)
    support = {key: board.support[i] for board, _, _ in parts for i, key in enumerate(board.keys)}
    losers = {board.keys[i]: note for board, out, _ in parts for i, note in out.losers.items()}
    return Allocation(
        rule=spec.name,
        version=spec.version,
        winners=tuple(choice.project for choice in rounds),
        cost=sum((choice.cost for choice in rounds), Decimal(0)),
        budget=election.budget,
        people=election.people,
        rounds=rounds,
        losers=dict(sorted(losers.items())),
        ties=tuple(tie for _, _, record in parts for tie in record),
        notes=tuple(note for _, outcome, _ in parts for note in outcome.notes),
        support=dict(sorted(support.items())),
        order=order,
        lot=drawn,
        seed=seed,
        completion=completion,
        digest=digest,
    )


def _spec(rule: str, election: Election, completion: str) -> RuleSpec:
    if rule not in RULES:
        raise ElectionError(f'the rule "{rule}" is not known (known: {", ".join(RULES)})')
    spec = RULES[rule]
    if election.kind not in spec.kinds:
        raise ElectionError(f"{rule} needs ballots with points or ranks, not {election.kind}")
    if completion not in spec.completions:
        raise ElectionError(f'{rule} has no completion "{completion}"')
    return spec


def _lot(election: Election, seed: str, lot: Sequence[str] | None) -> tuple[str, ...]:
    keys = [project.key for project in election.projects]
    drawn = draw(keys, seed) if lot is None else tuple(lot)
    if sorted(drawn) != sorted(keys):
        raise ElectionError("the lot must name every project once")
    return drawn


def _decide(board: Board, election: Election, call: _Call) -> tuple[Board, Outcome, list[Tie]]:
    """Apply the rule to one envelope."""

    def decide(rest: Board, arbiter: Arbiter) -> Outcome:
        outcome = _DECIDE[call.spec.family](rest, call.spec, arbiter)
        if call.completion:
            measure = "points" if election.counts_points else "votes"
            fill(rest, outcome, arbiter, measure, code="completion", stops=False)
        outcome.losers |= rest.closed
        return outcome

    outcome, ties = with_minimums(board, election.minimums, call.order, decide)
    return board, outcome, ties
