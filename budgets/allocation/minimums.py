"""At least so many projects of a category: where the rule alone gives fewer, the best supported come first.

The rule is applied. While a category has fewer projects than it must, its best supported projects that
fit are chosen first, as many as are missing, their cost is taken from the money, and the rule is
applied to the rest.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from budgets.allocation.board import Board, Outcome
from budgets.allocation.result import Choice, Note, Tie
from budgets.allocation.ties import Arbiter

Decide = Callable[[Board, Arbiter], Outcome]


def with_minimums(
    board: Board, minimums: Mapping[str, int], order: tuple[str, ...], decide: Decide
) -> tuple[Outcome, list[Tie]]:
    """The outcome of `decide` that has the least number of projects of each category, as far as the
    money goes.

    A category counts only on boards where projects of it stand.
    """
    wanted = {name: least for name, least in minimums.items() if name in board.categories}
    first: list[int] = []
    drawn = board.arbiter(order)
    while True:
        arbiter = board.arbiter(order)
        outcome = decide(_rest(board, first), arbiter)
        missing = _missing(board, wanted, [*first, *outcome.places])
        more = _reserve(board, missing, first, drawn)
        if not more:
            break
        first += more
    if first:
        _put_first(board, outcome, first, arbiter.record)
    for name, number in sorted(missing.items()):
        params = {"category": name, "wanted": wanted[name], "chosen": wanted[name] - number}
        outcome.notes.append(Note("minimum_not_met", params))
    return outcome, [*drawn.record, *arbiter.record]


def _missing(board: Board, wanted: Mapping[str, int], places: Sequence[int]) -> dict[str, int]:
    chosen = [board.categories[place] for place in places]
    short = {name: least - chosen.count(name) for name, least in wanted.items()}
    return {name: number for name, number in short.items() if number > 0}


def _reserve(
    board: Board, missing: Mapping[str, int], first: Sequence[int], arbiter: Arbiter
) -> list[int]:
    """The best supported projects of the categories that miss some, as far as they fit."""
    found: list[int] = []
    need = dict(missing)
    while True:
        taken = [*first, *found]
        left = board.budget - sum(board.costs[place] for place in taken)
        able = [
            place
            for place in board.open.difference(taken)
            if need.get(board.categories[place])
            and board.costs[place] <= left
            and not board.rivals[place].intersection(taken)
        ]
        if not able:
            return found
        best = max(board.support[place] for place in able)
        tied = [place for place in able if board.support[place] == best]
        place = arbiter.pick(tied, len(taken) + 1)
        need[board.categories[place]] -= 1
        found.append(place)


def _rest(board: Board, first: Sequence[int]) -> Board:
    """What is left to the rule."""
    closed = dict(board.closed)
    for place in first:
        for rival in board.rivals[place] - closed.keys():
            closed[rival] = Note("incompatible", {"project": board.keys[place]})
    return replace(
        board,
        budget=board.budget - sum(board.costs[place] for place in first),
        open=board.open.difference(first, closed),
        closed=closed,
    )


def _put_first(board: Board, outcome: Outcome, first: Sequence[int], record: list[Tie]) -> None:
    """Set the reserved projects before those that the rule chose, and count from there."""
    before = len(first)
    choices: list[Choice] = []
    left = board.budget
    for number, place in enumerate(first, 1):
        left -= board.costs[place]
        choices.append(board.choice(number, place, "minimum", left))
    outcome.choices[:0] = choices
    outcome.choices[before:] = [
        replace(choice, number=choice.number + before) for choice in outcome.choices[before:]
    ]
    outcome.places[:0] = first
    record[:] = [replace(tie, round=tie.round + before) for tie in record]
    for place, note in outcome.losers.items():
        if "after" in note.params:
            outcome.losers[place] = Note(
                note.code, {**note.params, "after": note.params["after"] + before}
            )
    names = sorted({board.categories[place] for place in first})
    for name in names:
        keys = [board.keys[place] for place in first if board.categories[place] == name]
        outcome.notes.append(Note("minimum", {"category": name, "projects": keys}))
