"""Two answers against each other: chi-square and Cramér's V."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from voting.statistics.distributions import chi_square_tail

# An expected count below this makes the chi-square distribution a poor guide (Cochran, 1954).
LEAST_EXPECTED = 5


@dataclass(frozen=True, slots=True)
class Association:
    """How far two answers hang together.

    `corrected`: whether Yates' continuity correction was applied (only ever to two by two).
    `cramers_v` lies between 0 (nothing) and 1 and is computed without any correction.
    `is_reliable`: no expected count is below five.
    """

    statistic: float
    degrees: int
    p: float
    cramers_v: float
    corrected: bool
    is_reliable: bool


def association(table: Sequence[Sequence[int]], *, yates: bool = False) -> Association | None:
    """Pearson's chi-square of a table of counts; `yates` corrects a table of two by two.

    Empty rows and columns are left out; None where fewer than two of either are left. Raises
    ValueError when the rows differ in length or the correction is asked of a larger table.
    """
    rows = _without_empty(table)
    if not rows:
        return None
    if yates and (len(rows), len(rows[0])) != (2, 2):
        raise ValueError("Yates' correction is for tables of two by two")
    expected = _expected(rows)
    plain = _statistic(rows, expected, 0.0)
    statistic = _statistic(rows, expected, 0.5) if yates else plain
    degrees = (len(rows) - 1) * (len(rows[0]) - 1)
    total = sum(map(sum, rows))
    strength = sqrt(plain / (total * min(len(rows) - 1, len(rows[0]) - 1)))
    least = min(min(line) for line in expected)
    return Association(
        statistic,
        degrees,
        chi_square_tail(statistic, degrees),
        min(1.0, strength),
        yates,
        least >= LEAST_EXPECTED,
    )


def _without_empty(table: Sequence[Sequence[int]]) -> list[list[int]]:
    if len({len(row) for row in table}) > 1:
        raise ValueError("the rows of a table are equally long")
    rows = [list(row) for row in table if any(row)]
    columns = [list(column) for column in zip(*rows, strict=True) if any(column)]
    if len(rows) < 2 or len(columns) < 2:
        return []
    return [list(row) for row in zip(*columns, strict=True)]


def _expected(rows: list[list[int]]) -> list[list[float]]:
    columns = [sum(column) for column in zip(*rows, strict=True)]
    total = sum(columns)
    return [[sum(row) * column / total for column in columns] for row in rows]


def _statistic(rows: list[list[int]], expected: list[list[float]], shift: float) -> float:
    """The sum of squared distances over what was expected; `shift` never passes the expectation."""
    return sum(
        (abs(seen - due) - min(shift, abs(seen - due))) ** 2 / due
        for row, line in zip(rows, expected, strict=True)
        for seen, due in zip(row, line, strict=True)
    )
