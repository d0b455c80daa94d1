"""Which cells must not be shown, so that nobody can be recognised in a table.

A cell below `LEAST` is hidden (primary suppression, zero included). What is shown beside it must
not give it away: a reader knows sums (the total of a row, a mean times its base), so further cells
are hidden (complementary suppression) until no hidden cell follows from the sums, and until the
hidden cells of a plain sum together reach `LEAST`.

Sums are linear equations. A hidden cell follows from them exactly when its unit vector lies in the
space of their rows; that is decided by Gauss-Jordan elimination modulo a large prime, where a
number that is zero by accident has a chance of one in 10^18.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

LEAST = 5
_PRIME = 2**61 - 1

Cell = TypeVar("Cell", bound=Hashable)
Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)


def hidden_cells(
    counts: Mapping[Cell, int],
    equations: Iterable[Mapping[Cell, int]],
    *,
    hidden: Iterable[Cell] = (),
    least: int = LEAST,
) -> frozenset[Cell]:
    """The cells of `counts` to hide, given what a reader knows: the value of each of `equations`.

    An equation is {cell: coefficient}. `hidden` names cells that are hidden for another reason.
    The smallest visible cells are taken first, ties in the order of `counts`. When everything is
    hidden and a cell still follows, the caller shows too many sums: see `follows`.
    """
    sums = [equation for equation in equations if equation]
    found = {cell for cell, count in counts.items() if count < least} | set(hidden)
    while True:
        revealed = _revealing(counts, sums, found, least)
        candidates = [
            cell
            for equation in revealed
            for cell in equation
            if cell in counts and cell not in found
        ]
        if not candidates:
            return frozenset(found)
        places = {cell: place for place, cell in enumerate(counts)}
        found.add(min(candidates, key=lambda cell: (counts[cell], places[cell])))


def _revealing(
    counts: Mapping[Cell, int],
    sums: Sequence[Mapping[Cell, int]],
    found: set[Cell],
    least: int,
) -> list[Mapping[Cell, int]]:
    """The equations that give something away, as far as another cell can be hidden in them."""
    small = [
        equation
        for equation in sums
        if _is_plain(equation)
        and any(cell in found for cell in equation)
        and sum(counts[cell] for cell in equation if cell in found) < least
        and any(cell not in found for cell in equation)
    ]
    if small:
        return small
    exposed = follows(found, sums)
    return [
        equation
        for equation in sums
        if any(cell in exposed for cell in equation) and any(cell not in found for cell in equation)
    ]


def _is_plain(equation: Mapping[Cell, int]) -> bool:
    return all(coefficient == 1 for coefficient in equation.values())


def follows(hidden: Iterable[Cell], equations: Iterable[Mapping[Cell, int]]) -> frozenset[Cell]:
    """The hidden cells that a reader can compute from the values of `equations` and what is shown."""
    order = list(dict.fromkeys(hidden))
    columns = {cell: place for place, cell in enumerate(order)}
    rows = [
        {columns[cell]: value % _PRIME for cell, value in equation.items() if cell in columns}
        for equation in equations
    ]
    reduced = _reduced([row for row in rows if row])
    return frozenset(order[pivot] for pivot, row in reduced.items() if set(row) == {pivot})


def _reduced(rows: list[dict[int, int]]) -> dict[int, dict[int, int]]:
    """The reduced row echelon form, sparse: {pivot column: row}."""
    pivots: dict[int, dict[int, int]] = {}
    for row in rows:
        row = dict(row)
        for pivot in [column for column in row if column in pivots]:
            _subtract(row, pivots[pivot], row.get(pivot, 0))
        row = {column: value for column, value in row.items() if value}
        if not row:
            continue
        pivot = min(row)
        inverse = pow(row[pivot], -1, _PRIME)
        row = {column: value * inverse % _PRIME for column, value in row.items()}
        for other in pivots.values():
            _subtract(other, row, other.get(pivot, 0))
        pivots[pivot] = row
    return pivots


def _subtract(row: dict[int, int], other: Mapping[int, int], factor: int) -> None:
    """row -= factor * other, without zeros left behind."""
    if not factor:
        return
    for column, value in other.items():
        left = (row.get(column, 0) - factor * value) % _PRIME
        if left:
            row[column] = left
        else:
            row.pop(column, None)


def hidden_of_table(
    table: Mapping[Row, Mapping[Column, int]],
    *,
    hidden_rows: Iterable[Row] = (),
    hidden_columns: Iterable[Column] = (),
    rows_add_up: bool = True,
    least: int = LEAST,
) -> frozenset[tuple[Row, Column]]:
    """The cells (row, column) of a table whose totals are shown, but for the hidden rows and columns.

    A row or column without a shown total is hidden whole. `rows_add_up` False: people may stand in
    several columns, and a row's total says nothing about its cells.
    """
    counts = {(r, c): count for r, row in table.items() for c, count in row.items()}
    gone_rows, gone_columns = set(hidden_rows), set(hidden_columns)
    columns = list(dict.fromkeys(c for row in table.values() for c in row))
    equations: list[Mapping[tuple[Row, Column], int]] = [
        {(r, c): 1 for r in table if c in table[r]} for c in columns if c not in gone_columns
    ]
    if rows_add_up:
        equations += [{(r, c): 1 for c in row} for r, row in table.items() if r not in gone_rows]
    gone = [cell for cell in counts if cell[0] in gone_rows or cell[1] in gone_columns]
    return hidden_cells(counts, equations, hidden=gone, least=least)
