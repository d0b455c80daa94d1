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
    total: int  # people times use


def backing(board: Board, measure: str) -> dict[int, Backing]:
    """For each open place its supporters. With the measure "points" a supporter's use is the points given.

    Counts are whole and far below 2**53, so that float64 holds them exactly.
    """
    lengths = np.fromiter((len(chosen) for chosen, _ in board.ballots), np.intp)
    size = int(lengths.sum())
    places = np.fromiter((one for chosen, _ in board.ballots for one in chosen), np.intp, size)
    rows = np.repeat(np.arange(len(board.ballots)), lengths)
    order = np.argsort(places, kind="stable")
    ends = np.searchsorted(places[order], np.arange(len(board.keys) + 1))
    people = np.array(board.copies, dtype=np.float64)
    given = None
    if measure == "points":
        pairs = (number for _, points in board.ballots for number in points)
        given = np.fromiter(pairs, np.float64, size)
    found: dict[int, Backing] = {}
    for place in sorted(board.open):
        picked = order[ends[place] : ends[place + 1]]
        here = rows[picked]
        use = None if given is None else given[picked]
        total = board.votes[place] if given is None else board.points[place]
        found[place] = Backing(here, people[here], use, total)
    return found
