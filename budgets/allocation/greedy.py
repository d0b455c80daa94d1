"""One project after the other by support, as long as the money lasts."""

from fractions import Fraction

from budgets.allocation.board import Board, Outcome
from budgets.allocation.catalogue import RuleSpec
from budgets.allocation.result import Note
from budgets.allocation.ties import Arbiter


def greedy(board: Board, spec: RuleSpec, arbiter: Arbiter) -> Outcome:
    """The best supported first; what does not fit any more is skipped, or ends it where the rule
    `stops`.
    """
    outcome = Outcome()
    fill(board, outcome, arbiter, spec.measure, code=spec.measure, stops=spec.stops)
    return outcome


def fill(
    board: Board, outcome: Outcome, arbiter: Arbiter, measure: str, *, code: str, stops: bool
) -> None:
    """Go on choosing into `outcome` by `measure` with what is left of the money."""
    left = board.budget - sum(board.costs[place] for place in outcome.places)
    merit = _merits(board, measure)
    waiting = set(board.open) - set(outcome.places)
    while waiting:
        for place in [one for one in waiting if board.rivals[one].intersection(outcome.places)]:
            rival = min(board.rivals[place].intersection(outcome.places))
            outcome.losers[place] = Note("incompatible", {"project": board.keys[rival]})
            waiting.discard(place)
        if not waiting:
            break
        best = max(merit[place] for place in waiting)
        number = len(outcome.choices) + 1
        place = arbiter.pick([one for one in waiting if merit[one] == best], number)
        waiting.discard(place)
        if board.costs[place] <= left:
            left -= board.costs[place]
            outcome.places.append(place)
            outcome.choices.append(board.choice(number, place, code, left))
            outcome.losers.pop(place, None)
            continue
        outcome.losers[place] = board.no_money(place, left, len(outcome.choices))
        if stops:
            note = Note("stopped", {"project": board.keys[place]})
            outcome.losers |= dict.fromkeys(waiting, note)
            break


def _merits(board: Board, measure: str) -> list[Fraction]:
    if measure == "points":
        return [Fraction(number) for number in board.points]
    if measure == "votes":
        return [Fraction(number) for number in board.votes]
    return [Fraction(n, cost) for n, cost in zip(board.votes, board.costs, strict=True)]
