"""The count of a budget: what is chosen, stored, told; never more than there is."""

from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Sum

from accounts.models import Organisation, User
from budgets.counting import count, differences
from budgets.kinds import RULES_OF, Rule
from budgets.models import Allocation, Budget, Project, Satisfaction
from processes.kinds import EntryKind
from processes.models import Entry
from tests.budgets.results.ballots import approve, chosen, counted, vote, with_projects
from tests.budgets.scenario import budget_in, envelope_of, feasible, fresh, move_to, project

COSTS = {"A park": 30_000, "A pool": 80_000, "A bridge": 50_000}


def overspent() -> list[tuple[int, Decimal]]:
    """Envelopes whose chosen projects cost more than there is, by the database itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id, sum(p.cost) FROM budgets_envelope e JOIN budgets_project p"
            " ON p.envelope_id = e.id WHERE p.chosen_at IS NOT NULL"
            " GROUP BY e.id HAVING sum(p.cost) > e.amount"
        )
        return list(cursor.fetchall())


@pytest.fixture
def budget(bob: User, alice: User, organisation: Organisation) -> Budget:
    """Most votes first, of 100,000."""
    ballot = {"rule": Rule.GREEDY_BY_VOTES}
    return with_projects(bob, organisation, alice, COSTS, ballot=ballot)


def test_the_declared_rule_chooses_and_projects_know_their_rank(budget: Budget) -> None:
    approve(budget, "p2 p3", "p2", "p1 p2", "p1", "p1 p3")
    counted(budget)
    # p1 and p2 have three votes each; the cheaper one comes first, the pool no longer fits.
    assert chosen(budget) == ["p1", "p3"]
    declared = Allocation.objects.get(budget=budget, is_declared=True)
    assert declared.result["winners"] == ["p1", "p3"]
    assert declared.result["losers"]["p2"]["code"] == "no_money"
    assert len(declared.digest) == 64
    assert overspent() == []


def test_every_other_fitting_rule_is_stored_for_comparison(budget: Budget) -> None:
    approve(budget, "p1", "p2 p3", "p3")
    counted(budget)
    rules = Allocation.objects.filter(budget=budget, is_declared=False).values_list(
        "rule", flat=True
    )
    fitting = set(RULES_OF[budget.ballot]) - {budget.rule}
    assert set(rules) == fitting
    assert Satisfaction.objects.filter(budget=budget).count() == len(fitting) + 1


def test_it_is_told_how_many_voters_got_how_many_of_theirs(budget: Budget) -> None:
    approve(budget, "p2", "p1 p3", "p1 p2", "p3", "")
    counted(budget)
    served = Satisfaction.objects.get(budget=budget, is_declared=True)
    assert chosen(budget) == ["p1", "p3"]
    assert (served.people, served.blank) == (5, 1)
    assert served.counts == {"0": 1, "1": 2, "2": 1}
    assert (served.chosen_count, served.cost) == (2, Decimal("80000.00"))


def test_the_journal_says_once_that_projects_were_chosen(budget: Budget) -> None:
    approve(budget, "p1", "p3")
    counted(budget)
    count(fresh(budget).poll)
    entry = Entry.objects.get(kind=EntryKind.PROJECTS_CHOSEN)
    assert entry.data == {"count": 2, "cost": "80000"}
    assert entry.actor is None


def test_counting_again_changes_nothing(budget: Budget) -> None:
    approve(budget, "p1", "p3")
    budget = counted(budget)
    before = list(Allocation.objects.values_list("pk", "result"))
    count(budget.poll)
    assert list(Allocation.objects.values_list("pk", "result")) == before
    assert differences(budget) == []


def test_a_count_that_finds_other_numbers_than_are_stored_says_so(budget: Budget) -> None:
    approve(budget, "p1", "p3")
    budget = counted(budget)
    Project.objects.filter(budget=budget, number=3).update(chosen_at=None, rank=None)
    assert differences(budget) == ["chosen projects"]


def test_nobody_voted_and_nothing_is_chosen(budget: Budget) -> None:
    counted(budget)
    assert chosen(budget) == []
    row = Allocation.objects.get(budget=budget, is_declared=True)
    assert {note["code"] for note in row.result["losers"].values()} == {"no_support"}


def test_each_of_several_envelopes_keeps_to_its_own_money(
    bob: User, alice: User, organisation: Organisation
) -> None:
    budget = move_to(_two_envelopes(bob, alice, organisation), "voting")
    north, south = envelope_of(budget, 1).key, envelope_of(budget, 2).key
    for person, answers in (
        (alice, {north: {"options": ["p1", "p2"]}, south: {"options": ["p3"]}}),
        (bob, {north: {"options": ["p2"]}, south: {"options": ["p4"]}}),
    ):
        vote(budget, person, answers)
    counted(budget)
    assert overspent() == []
    spent = Project.objects.filter(budget=budget, chosen_at__isnull=False)
    by_envelope = dict(spent.order_by().values_list("envelope").annotate(Sum("cost")))
    assert by_envelope == {
        envelope_of(budget, 1).pk: Decimal(60_000),
        envelope_of(budget, 2).pk: Decimal(20_000),
    }
    assert chosen(budget) == ["p2", "p3"]
    served = Satisfaction.objects.get(budget=budget, is_declared=True)
    assert served.counts == {"0": 0, "1": 1, "2": 1}


def _two_envelopes(bob: User, alice: User, organisation: Organisation) -> Budget:
    budget = budget_in(
        "costing",
        bob,
        organisation,
        envelopes=(("North", 60_000), ("South", 20_000)),
        ballot={"rule": Rule.GREEDY_BY_VOTES},
    )
    north, south = envelope_of(budget, 1), envelope_of(budget, 2)
    feasible(project(budget, alice, "A road", envelope=north), cost=40_000)
    feasible(project(budget, alice, "A school yard", envelope=north), cost=60_000)
    feasible(project(budget, alice, "A bench", envelope=south), cost=20_000)
    feasible(project(budget, alice, "A tree", envelope=south), cost=20_001)
    return budget
