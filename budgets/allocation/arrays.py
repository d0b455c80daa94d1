"""Who supports what, as arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from budgets.allocation.board import Board


@dataclass(frozen=True, slots=True)
class Backing:
    """The supporters of one project: `rows` of ballots, `people` who cast each, `use` that each has of
    it (None: 1).
    """

    rows: NDArray[np.intp]
    people: NDArray[np.float64]
    use: NDArray[np.float64] | None
    weight: NDArray[np.float64]  # people times use
    total: int  # the sum of weights


def backing(board: Board, measure: str) -> dict[int, Backing]:
    """For each open place its supporters. With the measure "points" a supporter's use is the points given.

    Counts are whole and far below 2**53, so that float64 holds them exactly.
    """
    marks = board.marks
    order = np.argsort(marks.place, kind="stable")
    ends = np.searchsorted(marks.place[order], np.arange(len(board.keys) + 1))
    people = marks.copies.astype(np.float64)
    given = marks.given.astype(np.float64) if measure == "points" else None
    found: dict[int, Backing] = {}
    for place in sorted(board.open):
        picked = order[ends[place] : ends[place + 1]]
        here = marks.row[picked]
        use = None if given is None else given[picked]
        total = board.votes[place] if given is None else board.points[place]
        each = people[here]
        found[place] = Backing(here, each, use, each if use is None else each * use, total)
    return found
