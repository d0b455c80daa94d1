"""What holds for every allocation, whatever the ballots."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgets.allocation.catalogue import DEFAULT_TIES, RULES
from budgets.allocation.model import Election, Project
from budgets.allocation.result import Allocation
from budgets.allocation.running import allocate
from tests.pure.allocations import (
    ADD1,
    LETTERS,
    elections,
    plain_phragmen,
    plain_rule,
    preference,
    sets_that_fit,
)

TIES = st.permutations(["votes", "points", "cheaper", "costlier"]).flatmap(
    lambda words: st.integers(0, 2).map(lambda number: tuple(words[:number]))
)
rules = pytest.mark.parametrize("rule", RULES)
shares = pytest.mark.parametrize("rule", [name for name in RULES if name.startswith("mes_")])


def any_election(rule: str) -> st.SearchStrategy[Election]:
    return st.sampled_from(RULES[rule].kinds).flatmap(elections)


def completions(rule: str) -> st.SearchStrategy[str]:
    return st.sampled_from(RULES[rule].completions)


@rules
@given(data=st.data())
def test_no_envelope_is_overspent_and_every_project_is_accounted_for(rule, data):
    of = data.draw(any_election(rule))
    found = allocate(rule, of, completion=data.draw(completions(rule)))
    costs = {project.key: project.cost for project in of.projects}
    assert len(set(found.winners)) == len(found.winners)
    assert found.cost == sum(costs[key] for key in found.winners) <= of.budget
    assert set(found.winners) | found.losers.keys() == costs.keys()
    assert not set(found.winners) & found.losers.keys()
    left = of.budget
    for number, one in enumerate(found.rounds, 1):
        left -= one.cost
        assert (one.number, one.project, one.left) == (number, found.winners[number - 1], left)
        assert found.support[one.project] == one.support > 0


@rules
@given(data=st.data())
def test_the_order_of_ballots_and_projects_is_irrelevant(rule, data):
    of = data.draw(any_election(rule))
    ballots = data.draw(st.permutations(list(of.ballots.items())))
    projects = data.draw(st.permutations(of.projects))
    turned = replace(of, projects=tuple(projects), ballots=dict(ballots))
    assert allocate(rule, of).to_json() == allocate(rule, turned).to_json()


@rules
@given(data=st.data())
def test_other_names_choose_the_same_projects(rule, data):
    """With the lot renamed too; the lot itself is drawn from names and so depends on them."""
    of = data.draw(any_election(rule))
    keys = [project.key for project in of.projects]
    names = dict(zip(keys, data.draw(st.permutations(LETTERS))[: len(keys)], strict=True))
    lot = data.draw(st.permutations(keys))
    renamed = replace(
        of,
        projects=tuple(replace(project, key=names[project.key]) for project in of.projects),
        ballots={
            tuple(sorted((names[key], number) for key, number in ballot)): people
            for ballot, people in of.ballots.items()
        },
    )
    ties = data.draw(TIES)
    before = allocate(rule, of, ties=ties, lot=lot)
    after = allocate(rule, renamed, ties=ties, lot=[names[key] for key in lot])
    assert after.winners == tuple(names[key] for key in before.winners)
    assert len(after.ties) == len(before.ties)


@rules
@settings(max_examples=20)
@given(data=st.data())
def test_what_is_stored_is_read_again(rule, data):
    found = allocate(rule, data.draw(any_election(rule)))
    assert Allocation.from_json(found.to_json()) == found


@shares
@given(data=st.data())
def test_equal_shares_are_what_the_definition_says(rule, data):
    of, ties = data.draw(any_election(rule)), data.draw(TIES)
    lot = tuple(data.draw(st.permutations([project.key for project in of.projects])))
    found = allocate(rule, of, ties=ties, lot=lot)
    assert list(found.winners) == plain_rule(of, rule, preference(of, ties, lot))


@pytest.mark.parametrize("rule", [name for name in RULES if name.endswith(ADD1)])
@settings(max_examples=30)
@given(data=st.data())
def test_long_steps_of_raised_shares_skip_nothing(rule, data):
    """Money in small coins: hundreds of shares are to be tried, and the definition tries each of them."""
    of = _coins(data.draw(any_election(rule).filter(lambda one: one.people < 9)), 29)
    lot = tuple(project.key for project in of.projects)
    found = allocate(rule, of, lot=lot)
    assert list(found.winners) == plain_rule(of, rule, preference(of, DEFAULT_TIES, lot))


@shares
@given(data=st.data())
def test_numbers_that_floating_point_cannot_tell_apart_are_told_apart(rule, data):
    """Costs differ in the eleventh digit, and so do what voters have left and what they need."""
    of = _coins(data.draw(any_election(rule).filter(lambda one: one.people < 9)), 10**10)
    less = st.integers(-1, 1)
    projects = tuple(replace(p, cost=p.cost + data.draw(less)) for p in of.projects)
    of = replace(of, projects=projects, budget=of.budget + data.draw(less))
    lot = tuple(project.key for project in projects)
    plain = rule.removesuffix(ADD1)
    found = allocate({"mes_points": "mes_points_utility"}.get(plain, plain), of, lot=lot)
    assert list(found.winners) == plain_rule(of, plain, preference(of, DEFAULT_TIES, lot))


def _coins(of: Election, factor: int) -> Election:
    """The same election in coins of which so many are one unit of money."""
    projects = tuple(replace(project, cost=project.cost * factor) for project in of.projects)
    return replace(of, projects=projects, budget=of.budget * factor)


@shares
@given(data=st.data())
def test_supporters_pay_exactly_the_cost(rule, data):
    found = allocate(rule, data.draw(any_election(rule)))
    for one in found.rounds:
        paid = sum(Decimal(payment.total) for payment in one.payments)
        assert abs(paid - one.cost) <= Decimal("0.000001") * len(one.payments)
        assert sum(payment.people for payment in one.payments) == one.payers


@shares
@given(data=st.data())
def test_whoever_loses_is_short_of_money(rule, data):
    of = data.draw(any_election(rule))
    found = allocate(rule, of)
    for key, note in found.losers.items():
        assert note.code in ("no_support", "short", "over_budget"), key
        if note.code == "short":
            assert Decimal(note.params["have"]) < Decimal(note.params["cost"])


@pytest.mark.parametrize("rule", ["mes_cost", "mes_cardinality"])
@given(of=elections())
def test_a_group_that_wants_one_thing_and_can_pay_it_gets_it(rule, of):
    share = of.budget / of.people
    winners = allocate(rule, of).winners
    for project in of.projects:
        if of.ballots.get(((project.key, 1),), 0) * share >= project.cost:
            assert project.key in winners


@given(of=elections(), data=st.data())
def test_phragmen_is_what_the_definition_says(of, data):
    ties = data.draw(TIES)
    lot = tuple(data.draw(st.permutations([project.key for project in of.projects])))
    found = allocate("phragmen", of, ties=ties, lot=lot)
    assert list(found.winners) == plain_phragmen(of, preference(of, ties, lot))
    moments = [Decimal(one.price) for one in found.rounds]
    assert moments == sorted(moments)


@pytest.mark.parametrize("kind", ["approval", "points"])
@given(data=st.data())
def test_the_best_set_is_the_best_of_all_sets(kind, data):
    of = data.draw(elections(kind))
    keys = [project.key for project in of.projects]
    pairs = (
        st.sets(st.sampled_from(keys), min_size=2, max_size=3) if len(keys) > 1 else st.nothing()
    )
    groups = data.draw(st.lists(pairs, max_size=2)) if len(keys) > 1 else []
    of = replace(of, incompatible=tuple(map(frozenset, groups)))
    lot = data.draw(st.permutations(keys))
    found = allocate("knapsack", of, lot=lot)

    def merit(some: tuple[Project, ...]) -> tuple:
        named = {project.key for project in some}
        support = sum(found.support[key] for key in named)
        return support, -sum(p.cost for p in some), [key in named for key in lot]

    # A project that nobody named adds nothing, and is never chosen.
    fitting = [s for s in sets_that_fit(of) if all(found.support[p.key] for p in s)]
    best = max(fitting, key=merit)
    assert set(found.winners) == {project.key for project in best}
    equals = [some for some in fitting if merit(some)[:2] == merit(best)[:2]]
    assert bool(found.ties) == (len(equals) > 1)


@rules
@settings(max_examples=40)
@given(data=st.data())
def test_of_incompatible_projects_one_is_chosen_at_most(rule, data):
    of = data.draw(any_election(rule).filter(lambda one: len(one.projects) > 1))
    keys = [project.key for project in of.projects]
    groups = data.draw(st.lists(st.sets(st.sampled_from(keys), min_size=2), min_size=1, max_size=2))
    of = replace(of, incompatible=tuple(map(frozenset, groups)))
    found = allocate(rule, of, completion=data.draw(completions(rule)))
    for group in of.incompatible:
        assert len(group.intersection(found.winners)) <= 1
    for key, note in found.losers.items():
        if note.code == "incompatible":
            beside = note.params["project"]
            assert beside in found.winners
            assert any({key, beside} <= group for group in of.incompatible)


@rules
@settings(max_examples=40)
@given(data=st.data())
def test_a_category_gets_its_least_number_or_the_result_says_that_it_cannot(rule, data):
    of = data.draw(any_election(rule))
    projects = tuple(
        replace(project, category=data.draw(st.sampled_from(["green", "sport"])))
        for project in of.projects
    )
    least = {"green": data.draw(st.integers(0, 3)), "sport": data.draw(st.integers(0, 2))}
    of = replace(of, projects=projects, minimums=least)
    lot = [project.key for project in projects]
    found = allocate(rule, of, lot=lot)
    categories = {project.key: project.category for project in projects}
    chosen = [categories[key] for key in found.winners]
    unmet = {note.params["category"] for note in found.notes if note.code == "minimum_not_met"}
    assert found.cost <= of.budget
    for name in set(chosen):
        assert (chosen.count(name) < least[name]) == (name in unmet)
    if not unmet and not any(note.code == "minimum" for note in found.notes):
        assert found.winners == allocate(rule, replace(of, minimums={}), lot=lot).winners


@rules
@settings(max_examples=40)
@given(data=st.data())
def test_envelopes_are_elections_of_their_own(rule, data):
    of = data.draw(any_election(rule))
    projects = tuple(
        replace(project, envelope=data.draw(st.sampled_from(["north", "south"])))
        for project in of.projects
    )
    envelopes = {"south": of.budget / 2, "north": of.budget / 2}
    lot = [project.key for project in projects]
    whole = replace(of, projects=projects, envelopes=envelopes)
    found = allocate(rule, whole, lot=lot)
    expected = []
    for name in ("north", "south"):
        here = {project.key for project in projects if project.envelope == name}
        ballots: dict = {}
        for ballot, people in of.ballots.items():
            part = tuple(pair for pair in ballot if pair[0] in here)
            if part:
                ballots[part] = ballots.get(part, 0) + people
        alone = Election(
            tuple(replace(p, envelope="") for p in projects if p.key in here),
            envelopes[name],
            ballots,
            of.kind,
        )
        expected += allocate(rule, alone, lot=[key for key in lot if key in here]).winners
    assert list(found.winners) == expected
    for name, money in envelopes.items():
        assert sum(one.cost for one in found.rounds if one.envelope == name) <= money


@rules
@settings(max_examples=40)
@given(data=st.data(), copies=st.integers(2, 4))
def test_more_of_the_same_ballots_choose_the_same(rule, data, copies):
    of = data.draw(any_election(rule))
    lot = [project.key for project in of.projects]
    many = replace(of, ballots={ballot: n * copies for ballot, n in of.ballots.items()})
    if not rule.endswith(ADD1):  # one unit more for each of more people is more money
        assert allocate(rule, of, lot=lot).winners == allocate(rule, many, lot=lot).winners
