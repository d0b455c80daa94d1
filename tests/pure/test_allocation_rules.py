"""Single cases by hand: ties, conditions, envelopes, what is said of winners and losers."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest

from budgets.allocation.board import Scale
from budgets.allocation.catalogue import RULES, rules_for
from budgets.allocation.comparing import compare
from budgets.allocation.explaining import satisfaction
from budgets.allocation.model import Election, ElectionError, Project, approvals, points, ranked
from budgets.allocation.paying import payments
from budgets.allocation.running import allocate
from tests.pure.allocations import TOWN, election


def codes(found) -> dict[str, str]:
    return {key: note.code for key, note in found.losers.items()}


def test_a_tie_goes_by_the_first_word_that_tells_and_is_told():
    of = election(10, "a6 b5 c5", (2, "abc"))
    found = allocate("greedy_by_votes", of, ties=("costlier",), lot=["c", "b", "a"])
    assert found.winners == ("a",)
    assert [tie.to_json() for tie in found.ties] == [
        {
            "round": 1,
            "projects": ["a", "b", "c"],
            "decided_by": "costlier",
            "chosen": "a",
            "envelope": "",
        },
        {"round": 2, "projects": ["b", "c"], "decided_by": "lot", "chosen": "c", "envelope": ""},
    ]
    assert allocate("greedy_by_votes", of, lot=["c", "b", "a"]).winners == ("c", "b")
    assert allocate("greedy_by_votes", of, lot=["b", "c", "a"]).winners == ("b", "c")


def test_the_lot_follows_the_seed_and_the_seed_follows_the_ballots():
    of = election(5, "a5 b5 c5 d5 e5 f5", (1, "abcdef"))
    assert len({allocate("greedy_by_votes", of, seed=str(n)).winners for n in range(40)}) == 6
    again = allocate("greedy_by_votes", of, seed=of.digest)
    assert again.winners == allocate("greedy_by_votes", of).winners
    more = [replace(of, ballots={approvals("abcdef"): n}) for n in range(1, 41)]
    assert len({allocate("greedy_by_votes", one).winners for one in more}) == 6


def test_the_digest_is_of_the_contents():
    same = Election(TOWN.projects[::-1], Decimal("100.00"), dict(reversed(TOWN.ballots.items())))
    assert same.digest == TOWN.digest
    others = [
        replace(TOWN, budget=Decimal(101)),
        replace(TOWN, kind="knapsack"),
        replace(TOWN, threshold=1),
        replace(TOWN, minimums={"": 1}),
        replace(TOWN, incompatible=(frozenset("pc"),)),
        replace(TOWN, projects=(*TOWN.projects, Project("x", Decimal(1)))),
        replace(TOWN, ballots={**TOWN.ballots, (): 1}),
    ]
    assert len({one.digest for one in [TOWN, *others]}) == 8


def test_a_threshold_closes_projects_with_less_support():
    found = allocate("mes_cost", replace(TOWN, threshold=5))
    assert found.losers["l"].to_json() == {
        "code": "under_threshold",
        "params": {"support": 4, "threshold": 5},
    }
    assert allocate("mes_cost", replace(TOWN, threshold=4)).winners == ("p", "t", "l")


def test_blank_ballots_have_a_share_too():
    assert allocate("mes_cost", election(10, "a10", (1, "a"))).winners == ("a",)
    found = allocate("mes_cost", election(10, "a10", (1, "a"), (1, "")))
    assert found.winners == ()
    assert found.losers["a"].params == {"cost": "10", "have": "5", "supporters": 1}


def test_without_ballots_nothing_is_chosen():
    for name, spec in RULES.items():
        of = replace(election(10, "a5 b2"), kind=spec.kinds[0])
        found = allocate(name, of)
        assert (found.winners, set(codes(found).values())) == ((), {"no_support"})


def test_a_project_dearer_than_all_money_says_so():
    of = election(10, "a11 b5", (3, "ab"))
    for name in RULES:
        if "approval" in RULES[name].kinds and not name.endswith("no_skip"):
            note = allocate(name, of).losers["a"]
            assert (note.code, note.params) == ("over_budget", {"cost": "11", "budget": "10"})


def test_incompatible_projects_are_weighed_by_the_best_set():
    of = replace(election(10, "a6 b5 c5", (5, "a"), (4, "bc")), incompatible=(frozenset("ab"),))
    greedy = allocate("greedy_by_votes", of)
    assert greedy.winners == ("a",)
    assert greedy.losers["b"].params == {"project": "a"}
    assert set(allocate("knapsack", of).winners) == {"b", "c"}


def test_a_completion_spends_the_rest_and_says_so():
    of = election(10, "p6 b3", (3, "p"), (2, "b"))
    assert allocate("mes_cost", of).winners == ("p", "b")
    of = election(10, "p6 b4", (4, "p"), (1, "b"))
    plain = allocate("mes_cost", of)
    assert (plain.winners, codes(plain)) == (("p",), {"b": "short"})
    full = allocate("mes_cost", of, completion="greedy")
    assert [(one.project, one.code) for one in full.rounds] == [
        ("p", "shares"),
        ("b", "completion"),
    ]
    assert (full.losers, full.completion) == ({}, "greedy")


def test_a_minimum_brings_in_the_best_supported_of_a_category():
    projects = tuple(
        replace(one, category="green" if one.key in "tl" else "sport") for one in TOWN.projects
    )
    of = replace(TOWN, projects=projects, minimums={"green": 2})
    found = allocate("greedy_by_votes", of)
    assert [(one.project, one.code) for one in found.rounds] == [
        ("t", "minimum"),
        ("l", "minimum"),
        ("p", "votes"),
    ]
    assert [note.to_json() for note in found.notes] == [
        {"code": "minimum", "params": {"category": "green", "projects": ["t", "l"]}}
    ]
    assert found.losers["c"].params == {"cost": "30", "left": "0", "after": 3}
    short = allocate("greedy_by_votes", replace(of, minimums={"green": 3}))
    assert short.notes[-1].to_json() == {
        "code": "minimum_not_met",
        "params": {"category": "green", "wanted": 3, "chosen": 2},
    }


def test_each_envelope_has_its_own_money_and_voters():
    projects = tuple(
        replace(one, envelope="north" if one.key in "pc" else "south") for one in TOWN.projects
    )
    envelopes = {"north": Decimal(60), "south": Decimal(40)}
    found = allocate("mes_cost", replace(TOWN, projects=projects, envelopes=envelopes))
    # Six voted in the north, ten a head; five in the south, eight a head.
    assert [(one.project, one.envelope, one.payments[0].most) for one in found.rounds] == [
        ("p", "north", "10"),
        ("t", "south", "2"),
    ]
    assert found.losers["l"].params == {"cost": "30", "have": "24", "supporters": 4}
    assert (found.cost, found.budget) == (70, 100)


def test_what_supporters_pay_is_told_in_few_rows():
    found = allocate("mes_cost", election(9, "a3 b4", (1, "a"), (2, "ab")))
    assert [(one.project, one.payers, one.price) for one in found.rounds] == [
        ("a", 3, "1"),
        ("b", 2, "2"),
    ]
    assert [payment.to_json() for payment in found.rounds[1].payments] == [
        {"least": "2", "most": "2", "people": 2, "total": "4"}
    ]


def test_of_many_different_amounts_the_highest_stands_alone():
    rows = [(amount, 2) for amount in range(101)]
    found = payments(rows, 10, Scale(1))
    assert len(found) == 11
    assert found[0].to_json() == {"least": "10", "most": "10", "people": 2, "total": "20"}
    assert (found[1].least, found[1].most, found[1].people) == ("9", "9.9", 20)
    assert (found[-1].least, found[-1].people) == ("0.1", 18)
    assert sum(Decimal(row.total) for row in found) == Decimal(sum(range(101)) * 2) / 10


def test_a_price_that_decimals_cannot_write_is_a_fraction():
    found = allocate("mes_cost", election(10, "a10", (3, "a")))
    assert (found.rounds[0].price, found.rounds[0].exact_price) == ("3.333333", "10/3")
    cents = Election((Project("a", Decimal("0.10")),), Decimal("0.10"), {approvals("a"): 3})
    assert allocate("mes_cost", cents).rounds[0].exact_price == "1/30"


def test_satisfaction_counts_what_voters_got():
    found = satisfaction(TOWN, ["p", "t"])
    assert found.to_json() == {
        "people": 10,
        "blank": 0,
        "counts": [0, 9, 1],
        "at_least_one": 10,
        "mean_share": "0.55",
        "mean_money": "41",
    }
    none = satisfaction(election(5, "a5", (2, "")), [])
    assert (none.people, none.blank, none.counts, none.mean_share) == (2, 2, (0,), "0")


def test_every_rule_is_compared_on_the_same_ballots():
    found = {one.allocation.rule: one for one in compare(TOWN)}
    assert found.keys() == {spec.name for spec in rules_for("approval")}
    assert found["greedy_by_votes"].satisfaction.counts == (0, 4, 6)
    assert found["mes_cost"].satisfaction.counts == (0, 5, 5)
    assert found["greedy_by_votes"].to_json()["winners"] == ["p", "t", "c"]
    few = compare(TOWN, ["knapsack", "phragmen"])
    assert [one.allocation.rule for one in few] == ["knapsack", "phragmen"]


def test_ranks_are_points():
    assert ranked(["b", "a"], 3) == (("a", 2), ("b", 3))
    of = Election(
        (Project("a", Decimal(5)), Project("b", Decimal(5))),
        Decimal(5),
        {ranked("ab", 2): 3, ranked("ba", 2): 1, ranked("b", 2): 2},
        "ranking",
    )
    assert allocate("greedy_by_score", of).support == {"a": 7, "b": 9}
    assert allocate("greedy_by_votes", of).winners == ("b",)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"budget": Decimal(0)}, "budget must be more than zero"),
        ({"budget": Decimal("NaN")}, "budget must be more than zero"),
        ({"budget": Decimal("Infinity")}, "budget must be more than zero"),
        ({"budget": Decimal("1e30")}, "budget must be more than zero"),
        ({"projects": TOWN.projects * 2}, 'project "p" stands twice'),
        ({"projects": (Project("p", Decimal("-1")),)}, 'cost of the project "p"'),
        ({"projects": TOWN.projects[:2]}, "which does not stand"),
        ({"ballots": {(("p", 1), ("c", 1)): 1}}, "not sorted"),
        ({"ballots": {(("p", 1), ("p", 1)): 1}}, "not sorted"),
        ({"ballots": {(("p", 0),): 1}}, "0 points"),
        ({"ballots": {(("p", 2**60),): 1}}, "too many"),
        ({"ballots": {(("p", 1),): 0}}, "fewer than one person"),
        ({"kind": "dice"}, "not known"),
        ({"envelopes": {"x": Decimal(100)}}, "in no envelope"),
        ({"incompatible": (frozenset("pq"),)}, "does not stand"),
    ],
)
def test_an_election_that_cannot_be_is_refused(change, message):
    with pytest.raises(ElectionError, match=message):
        replace(TOWN, **change)


def test_the_money_of_envelopes_is_all_the_money():
    projects = tuple(replace(one, envelope="x") for one in TOWN.projects)
    with pytest.raises(ElectionError, match="sum of its envelopes"):
        replace(TOWN, projects=projects, envelopes={"x": Decimal(99)})
    with pytest.raises(ElectionError, match="envelope must be more than zero"):
        replace(TOWN, projects=projects, envelopes={"x": Decimal(100), "y": Decimal(0)})


@pytest.mark.parametrize(
    ("rule", "options", "message"),
    [
        ("dice", {}, 'rule "dice" is not known'),
        ("greedy_by_score", {}, "needs ballots with points"),
        ("greedy_by_votes", {"completion": "greedy"}, "no completion"),
        ("mes_cost", {"ties": ["beauty"]}, 'settled by "beauty"'),
        ("mes_cost", {"lot": ["p"]}, "lot must name every project once"),
    ],
)
def test_a_wrong_call_is_refused(rule, options, message):
    with pytest.raises(ElectionError, match=message):
        allocate(rule, TOWN, **options)


def test_too_many_exclusions_are_refused_and_not_guessed():
    keys = [f"k{number:02}" for number in range(22)]
    of = Election(
        tuple(Project(key, Decimal(1)) for key in keys),
        Decimal(20),
        {approvals(keys): 1},
        incompatible=tuple(map(frozenset, pairwise(keys))),
    )
    with pytest.raises(ElectionError, match="exclude each other"):
        allocate("knapsack", of)


def test_points_of_zero_are_no_mark():
    assert points({"a": 0, "b": 2}) == (("b", 2),)
