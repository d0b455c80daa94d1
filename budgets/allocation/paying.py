"""Who paid how much, in few rows."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import groupby

from budgets.allocation.board import Scale
from budgets.allocation.result import Payment

_CLASSES = 10


def payments(rows: Iterable[tuple[int, int]], fineness: int, scale: Scale) -> tuple[Payment, ...]:
    """Rows (amount, people) from the highest; amounts are in so many parts of the smallest unit of money.

    Up to eleven amounts are told one by one. Of more the highest has a row of its own, and the others
    are joined in ten classes of equal width.
    """
    ordered = sorted((row for row in rows if row[0] > 0), reverse=True)
    if not ordered:
        return ()
    top = ordered[0][0]
    few = len({amount for amount, _ in ordered}) <= _CLASSES + 1

    def label(row: tuple[int, int]) -> int:
        amount = row[0]
        if few:
            return amount
        return _CLASSES if amount == top else min(amount * _CLASSES // top, _CLASSES - 1)

    return tuple(_payment(list(group), fineness, scale) for _, group in groupby(ordered, label))


def _payment(group: Sequence[tuple[int, int]], fineness: int, scale: Scale) -> Payment:
    total = sum([amount * people for amount, people in group])
    return Payment(
        least=scale.rounded(Fraction(group[-1][0], fineness)),
        most=scale.rounded(Fraction(group[0][0], fineness)),
        people=sum([people for _, people in group]),
        total=scale.rounded(Fraction(total, fineness)),
    )
