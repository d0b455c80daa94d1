"""Small cells are hidden, and cannot be computed from what is shown beside them."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from voting.statistics.suppression import LEAST, follows, hidden_cells, hidden_of_table


def total_of(counts: dict[str, int]) -> dict[str, int]:
    return dict.fromkeys(counts, 1)


def test_nothing_is_hidden_where_every_cell_has_five() -> None:
    counts = {"a": 5, "b": 50, "c": 7}
    assert hidden_cells(counts, [total_of(counts)]) == frozenset()


def test_a_single_small_cell_takes_the_next_smallest_with_it() -> None:
    counts = {"a": 3, "b": 50, "c": 7}
    assert hidden_cells(counts, [total_of(counts)]) == {"a", "c"}


def test_hidden_cells_together_reach_five() -> None:
    counts = {"a": 1, "b": 1, "c": 50, "d": 9}
    assert hidden_cells(counts, [total_of(counts)]) == {"a", "b", "d"}


def test_two_options_with_one_small_show_nothing() -> None:
    counts = {"yes": 40, "no": 2}
    assert hidden_cells(counts, [total_of(counts)]) == {"yes", "no"}


def test_a_mean_is_a_second_equation_and_needs_a_third_hidden_cell() -> None:
    counts = {"1": 3, "2": 7, "3": 20, "4": 30, "5": 40}
    points = {key: int(key) for key in counts}
    assert hidden_cells(counts, [total_of(counts)]) == {"1", "2"}
    assert hidden_cells(counts, [total_of(counts), points]) == {"1", "2", "3"}


def test_too_many_sums_give_everything_away_and_say_so() -> None:
    counts = {"1": 3, "2": 7}
    sums = [total_of(counts), {"1": 1, "2": 2}]
    assert hidden_cells(counts, sums) == {"1", "2"}
    assert follows({"1", "2"}, sums) == {"1", "2"}


def test_a_small_cell_of_a_table_is_covered_in_its_row_and_in_its_column() -> None:
    table = {
        "north": {"yes": 2, "no": 30, "maybe": 20},
        "south": {"yes": 25, "no": 12, "maybe": 11},
        "west": {"yes": 40, "no": 41, "maybe": 42},
    }
    hidden = hidden_of_table(table)
    assert ("north", "yes") in hidden
    for row in table:
        assert sum(cell[0] == row for cell in hidden) != 1
    for column in ("yes", "no", "maybe"):
        assert sum(cell[1] == column for cell in hidden) != 1
    assert len(hidden) == 4


def test_a_row_without_a_shown_total_is_hidden_whole() -> None:
    table = {
        "a": {"yes": 2, "no": 1},
        "b": {"yes": 25, "no": 12},
        "c": {"yes": 9, "no": 8},
        "d": {"yes": 90, "no": 81},
    }
    hidden = hidden_of_table(table, hidden_rows=["a", "c"])
    assert {("a", "yes"), ("a", "no"), ("c", "yes"), ("c", "no")} <= hidden


def test_two_loops_joined_by_one_cell_do_not_give_that_cell_away() -> None:
    """Each line has two hidden cells, and yet the bridge between two squares would follow."""
    hidden = {(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 2), (2, 3), (3, 2), (3, 3)}
    lines = [{(r, c): 1 for c in range(4)} for r in range(4)]
    lines += [{(r, c): 1 for r in range(4)} for c in range(4)]
    assert (1, 2) in follows(hidden, lines)
    counts = {(r, c): 3 if (r, c) in hidden else 20 for r in range(4) for c in range(4)}
    safe = hidden_cells(counts, lines)
    assert follows(safe, lines) == frozenset()


tables = st.integers(2, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 40), min_size=width, max_size=width), min_size=2, max_size=5
    )
)


@given(tables)
def test_no_hidden_cell_of_any_table_follows_from_its_totals(rows: list[list[int]]) -> None:
    """Checked by another way: a cell is safe when the sums allow two different values for it."""
    table = {f"r{i}": {f"c{j}": n for j, n in enumerate(row)} for i, row in enumerate(rows)}
    hidden = hidden_of_table(table)
    assert {(r, c) for r in table for c in table[r] if table[r][c] < LEAST} <= hidden
    for cell in hidden:
        assert _can_vary(cell, hidden)


def _can_vary(cell: tuple[str, str], hidden: frozenset[tuple[str, str]]) -> bool:
    """Whether a closed walk through hidden cells, row by column, passes through `cell`."""
    start, end = f"row {cell[0]}", f"column {cell[1]}"
    links: dict[str, set[str]] = {}
    for row, column in hidden - {cell}:
        links.setdefault(f"row {row}", set()).add(f"column {column}")
        links.setdefault(f"column {column}", set()).add(f"row {row}")
    reached, front = {start}, [start]
    while front:
        for near in links.get(front.pop(), ()):
            if near not in reached:
                reached.add(near)
                front.append(near)
    return end in reached


@given(st.lists(st.integers(0, 30), min_size=1, max_size=7))
def test_what_a_reader_adds_up_never_leaves_less_than_five_for_the_hidden(
    counts: list[int],
) -> None:
    cells = {f"o{place}": count for place, count in enumerate(counts)}
    hidden = hidden_cells(cells, [total_of(cells)])
    left = sum(counts) - sum(count for cell, count in cells.items() if cell not in hidden)
    assert not hidden or left >= LEAST or hidden == set(cells)


@given(
    st.lists(st.lists(st.integers(-3, 3), min_size=4, max_size=4), min_size=1, max_size=4),
)
def test_elimination_modulo_a_prime_agrees_with_fractions(rows: list[list[int]]) -> None:
    cells = list("abcd")
    found = follows(cells, [dict(zip(cells, row, strict=True)) for row in rows])
    for place, cell in enumerate(cells):
        unit = [int(place == other) for other in range(4)]
        assert (cell in found) == (_rank([*rows, unit]) == _rank(rows))


def _rank(rows: list[list[int]]) -> int:
    left = [[Fraction(value) for value in row] for row in rows]
    rank = 0
    for column in range(4):
        pivot = next((row for row in left if row[column]), None)
        if pivot is None:
            continue
        rank += 1
        left.remove(pivot)
        left = [
            [a - row[column] / pivot[column] * b for a, b in zip(row, pivot, strict=True)]
            for row in left
        ]
    return rank
