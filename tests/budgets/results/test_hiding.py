"""What is kept of a result where ballots are confidential."""

from decimal import Decimal

import pytest

from budgets.allocation.model import Election, Project, approvals
from budgets.allocation.running import allocate
from budgets.kinds import RULES_OF, BallotKind
from budgets.results.hiding import without_small, without_small_counts


def result(rule: str, ballots: dict[str, int]) -> dict[str, object]:
    """Of 100 for a (10), b (30) and c (90); ballots are {"a b": people}."""
    costs = {"a": 10, "b": 30, "c": 90}
    projects = tuple(Project(key, Decimal(cost)) for key, cost in costs.items())
    cast = {approvals(text.split()): people for text, people in ballots.items()}
    return allocate(rule, Election(projects, Decimal(100), cast)).to_json()


def supporters(ballots: dict[str, int]) -> dict[str, int]:
    return {k: sum(n for text, n in ballots.items() if k in text.split()) for k in "abc"}


@pytest.mark.parametrize("rule", RULES_OF[BallotKind.APPROVAL])
def test_no_number_about_fewer_than_five_people_is_kept(rule: str) -> None:
    ballots = {"a": 3, "b": 20, "c": 2}
    whole = result(rule, ballots)
    shown = without_small(whole, supporters(ballots))
    assert shown["winners"] == whole["winners"]
    assert shown["support"] == {"a": None, "b": 20, "c": None}
    assert shown["digest"] == "" and shown["lot"] == []
    for choice in shown["rounds"]:
        if choice["project"] == "a":
            assert (choice["payers"], choice["price"], choice["payments"]) == (None, "", [])
    for key in ("a", "c"):
        if note := shown["losers"].get(key):
            told = [note["params"].get(name) for name in ("support", "supporters", "have")]
            assert told == [None, None, None]
    assert shown["is_hidden"]


def test_a_small_group_that_paid_another_share_is_not_told() -> None:
    # The three who chose both have less left for the second, so they pay another share than the twenty.
    ballots = {"a b": 3, "a": 3, "b": 20}
    whole = result("mes_cost", ballots)
    shown = without_small(whole, supporters(ballots))
    for choice in shown["rounds"]:
        assert all(payment["people"] >= 5 for payment in choice["payments"])


def test_where_hardly_anybody_voted_not_even_their_number_is_told() -> None:
    ballots = {"a b": 3}
    shown = without_small(result("mes_cost_add1_until_overspend", ballots), supporters(ballots))
    assert shown["people"] is None
    assert shown["notes"] == []


def test_a_drawn_lot_of_a_declared_seed_stands() -> None:
    whole = {**result("greedy_by_votes", {"a": 9}), "seed": "said on the radio"}
    assert without_small(whole, {"a": 9})["lot"] == whole["lot"]


def test_of_voters_by_projects_got_nothing_small_can_be_worked_out() -> None:
    shown, blank = without_small_counts({"0": 3, "1": 40, "2": 50}, 0)
    assert shown["0"] is None
    assert sum(number is None for number in shown.values()) >= 2
    assert blank == 0
    assert without_small_counts({"0": 30, "1": 40}, 6) == ({"0": 30, "1": 40}, 6)
