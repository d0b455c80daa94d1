"""What a result shows of its cells: all of them, or, in confidential polls, none that is too small."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from voting.statistics.suppression import LEAST, follows, hidden_cells, hidden_of_table

Value = str | int
# {value: how many}; any kind of value.
Cells = Mapping[Any, int]
# Statistics of points that are further equations to whoever knows them, in the order in which
# they are given up when they would give a hidden cell away.
SPREAD, MEAN, SATISFIED = "spread", "mean", "satisfied"


@dataclass(frozen=True, slots=True)
class Hidden:
    """The cells of a distribution to hide and the statistics that may stand beside it."""

    cells: frozenset[Value]
    statistics: frozenset[str]


class Open:
    """Shows everything: named polls, whose public body sees answers, and secret ones, which publish
    their ballots."""

    is_hiding = False

    def of_total(self, counts: Cells) -> frozenset[Value]:
        return frozenset()

    def of_choices(self, counts: Cells) -> frozenset[Value]:
        return frozenset()

    def of_points(self, counts: Cells, satisfied_from: int) -> Hidden:
        return Hidden(frozenset(), frozenset({SPREAD, MEAN, SATISFIED}))

    def of_table(
        self,
        table: Mapping[str, Cells],
        hidden_rows: Iterable[str],
        hidden_columns: Iterable[Value],
        *,
        rows_add_up: bool,
    ) -> frozenset[tuple[str, Value]]:
        return frozenset()


class Confidential(Open):
    """Hides cells under five, and those that would give them away."""

    is_hiding = True

    def of_total(self, counts: Cells) -> frozenset[Value]:
        """Cells that add up to a total that is shown."""
        return hidden_cells(counts, [dict.fromkeys(counts, 1)])

    def of_choices(self, counts: Cells) -> frozenset[Value]:
        """Cells of which a person may be in several: nothing follows from their sum."""
        return frozenset(value for value, count in counts.items() if count < LEAST)

    def of_points(self, counts: Cells, satisfied_from: int) -> Hidden:
        """Points add up to a total, and a mean and a share of satisfied are sums of them too."""
        points = {v: count for v, count in counts.items() if isinstance(v, int)}
        total = sum(points.values())
        kept = [SPREAD, MEAN, SATISFIED] if total >= LEAST else []
        happy = sum(count for value, count in points.items() if value >= satisfied_from)
        if not satisfied_from or min(happy, total - happy) < LEAST:
            kept = [name for name in kept if name != SATISFIED]
        while True:
            known = [dict.fromkeys(counts, 1)]
            known += [_equation(name, points, satisfied_from) for name in kept]
            cells = hidden_cells(counts, known)
            if not kept or not follows(cells, known):
                return Hidden(cells, frozenset(kept))
            kept = kept[1:]

    def of_table(
        self,
        table: Mapping[str, Cells],
        hidden_rows: Iterable[str],
        hidden_columns: Iterable[Value],
        *,
        rows_add_up: bool,
    ) -> frozenset[tuple[str, Value]]:
        return hidden_of_table(
            table,
            hidden_rows=hidden_rows,
            hidden_columns=hidden_columns,
            rows_add_up=rows_add_up,
        )


def _equation(name: str, points: Mapping[int, int], satisfied_from: int) -> dict[Value, int]:
    """What a statistic says about the cells, as coefficients of a sum that is known.

    A mean S / N says that the points less the mean sum up to nought; so it does for squares. The
    number of satisfied is known itself.
    """
    total = sum(points.values())
    if name == SATISFIED:
        return {value: 1 for value in points if value >= satisfied_from}
    power = 1 if name == MEAN else 2
    whole = sum(value**power * count for value, count in points.items())
    return {value: value**power * total - whole for value in points}
