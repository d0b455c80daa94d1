"""Equal Shares as a rule: at the plain share, or raised as cities do it."""

from budgets.allocation.board import Board, Outcome
from budgets.allocation.catalogue import RuleSpec
from budgets.allocation.exact import ExactRun
from budgets.allocation.result import Note
from budgets.allocation.shares import Doubt, Market, Path, sprint
from budgets.allocation.ties import Arbiter


def equal_shares(board: Board, spec: RuleSpec, arbiter: Arbiter) -> Outcome:
    """Apply the rule; what it finds quickly is made again exactly."""
    if not board.people:
        return Outcome()
    market = Market.of(board, spec.measure, arbiter)
    raised = _raise(market, arbiter) if spec.raises else 0
    run = _exact(market, raised, arbiter)
    outcome = Outcome(run.choices, run.places, run.explain_losers())
    if spec.raises:
        outcome.notes.append(_raised_note(market, raised, arbiter))
    for place in outcome.losers:
        if board.costs[place] > board.whole:
            outcome.losers[place] = board.no_money(place, 0, 0)
    return outcome


def _raise(market: Market, arbiter: Arbiter) -> int:
    """By how many units of currency every share can be raised, one at a time, before too much would be
    spent.

    Ends also where nothing is left to buy: more money would change nothing. While the same things are
    bought in the same order, the step grows; a longer step is taken only if every share in between is
    known to lead to the same.
    """
    raised, step = 0, 1
    path = _quick(market, 0, arbiter)[0]
    while not _nothing_left(market, path.places):
        if step > 1:
            after = _along(market, raised + step, path)
            if after is None:
                step = step // 4 or 1
                continue
            path, raised, step = after, raised + step, 2 * step
            continue
        after, spent = _quick(market, raised + 1, arbiter)
        if spent > market.board.budget:
            break
        step = 2 if after.places == path.places else 1
        path, raised = after, raised + 1
    return raised


def _along(market: Market, raised: int, path: Path) -> Path | None:
    """The path at this share, if it and all shares since that of `path` lead along the same projects."""
    try:
        run = sprint(market, raised, path)
    except Doubt:
        return None
    return run.path if run.is_along else None


def _quick(market: Market, raised: int, arbiter: Arbiter) -> tuple[Path, int]:
    try:
        run = sprint(market, raised)
    except Doubt:
        sure = _exact(market, raised, arbiter)
        return sure.ahead.path, sure.spent
    return run.path, run.spent


def _exact(market: Market, raised: int, arbiter: Arbiter) -> ExactRun:
    arbiter.record.clear()
    run = ExactRun(market, market.share(raised), arbiter)
    run.run(market.board.budget)
    return run


def _nothing_left(market: Market, places: list[int]) -> bool:
    chosen = set(places)
    rivals = market.board.rivals
    return all(place in chosen or rivals[place] & chosen for place in market.back)


def _raised_note(market: Market, raised: int, arbiter: Arbiter) -> Note:
    scale = market.board.scale
    return Note(
        "raised",
        {
            "by": raised,
            "share": scale.rounded(market.share(raised)),
            "from": scale.rounded(market.share(0)),
        },
    )
