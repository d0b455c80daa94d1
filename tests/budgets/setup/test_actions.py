"""Declaring a budget by its actions: who may, what fits, and that the database holds it alone."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Group
from budgets.actions.assessors import name_assessor, name_group, remove_assessor
from budgets.actions.conflicts import declare_conflict, remove_conflict
from budgets.actions.declaring import (
    Declared,
    Voters,
    bound_projects,
    declare_ballot,
    declare_voters,
)
from budgets.actions.envelopes import (
    add_category,
    add_envelope,
    edit_envelope,
    move_envelope,
    remove_category,
    remove_envelope,
)
from budgets.actions.maps import set_boundaries
from budgets.actions.phases import set_dates
from budgets.actions.setup import close_budget, create_budget, publish_budget, set_languages
from budgets.kinds import RULES_OF
from budgets.models import Budget, Category, Conflict, Envelope
from budgets.permissions import may_see_assessments
from common.verdicts import Refused
from processes.actions import PhasePlan
from processes.kinds import Activity
from tests.budgets import scenario

POINT = b'{"type": "Point", "coordinates": [7, 43]}'


def everything(budget: Budget) -> dict:
    """Each thing that is declared, as a call by somebody."""
    envelope = scenario.envelope_of(budget)
    bounds = {"currency": "EUR", "smallest_cost": None, "largest_cost": None, "cosigners_needed": 2}
    return {
        "ballot": lambda who: declare_ballot(who, budget=budget, declared=Declared()),
        "voters": lambda who: declare_voters(who, budget=budget, voters=Voters(), consent={}),
        "bounds": lambda who: bound_projects(who, budget=budget, **bounds),
        "add": lambda who: add_envelope(who, budget=budget, title={"en": "x"}, amount=Decimal(1)),
        "edit": lambda who: edit_envelope(
            who, envelope=envelope, title={"en": "x"}, amount=Decimal(1), area=None
        ),
        "move": lambda who: move_envelope(who, envelope=envelope, step=1),
        "remove": lambda who: remove_envelope(who, envelope=envelope),
        "category": lambda who: add_category(who, budget=budget, title={"en": "x"}),
        "conflict": lambda who: declare_conflict(who, budget=budget, projects=[], reason="x"),
    }


NAMES = (
    "ballot", "voters", "bounds", "add", "edit", "move", "remove", "category", "conflict",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_editors_alone_declare(name, nobody, alice, otto, olga, proposing):
    for person in (nobody, alice, otto, olga):
        with pytest.raises(Refused) as refused:
            everything(proposing)[name](person)
        assert refused.value.verdict.status in (401, 403)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_declared_once_voting_has_opened(name, bob, voting):
    with pytest.raises(Refused) as refused:
        everything(voting)[name](bob)
    assert refused.value.verdict.code == "voting_open"


def test_a_stale_row_does_not_declare_either(bob, alice, costing):
    """The row in hand says that voting has not opened; the database knows better."""
    scenario.feasible(scenario.project(costing, alice))
    scenario.move_to(costing, "voting")
    with pytest.raises(Refused, match="voting_open"):
        declare_ballot(bob, budget=costing, declared=Declared())


def fixed(statement):
    """The database refuses, whatever Python says."""
    with pytest.raises(DatabaseError, match="kenes: what was declared"), transaction.atomic():
        statement()


def test_the_database_alone_keeps_what_was_declared(voting):
    row = Budget.objects.filter(pk=voting.pk)
    for change in (
        {"rule": "greedy_by_votes"}, {"ballot": "ranking"}, {"currency": "USD"}, {"seed": "1"},
        {"ties": "lot"}, {"support_needed": 5}, {"scope": "one"}, {"least": 0}, {"most": 3},
    ):  # fmt: skip
        fixed(lambda change=change: row.update(**change))
    fixed(lambda: Envelope.objects.filter(budget=voting).update(amount=1))
    fixed(lambda: Envelope.objects.create(budget=voting, key="x", title={}, amount=1))
    fixed(lambda: Category.objects.create(budget=voting, key="x", title={}))
    fixed(lambda: Conflict.objects.create(budget=voting, reason="x"))
    row.update(about={"en": "What describes it can change."})


def test_the_database_alone_refuses_an_empty_envelope_and_points_without_number(draft):
    with pytest.raises(DatabaseError), transaction.atomic():
        Envelope.objects.create(budget=draft, key="x", title={}, amount=0)
    with pytest.raises(DatabaseError), transaction.atomic():
        Budget.objects.filter(pk=draft.pk).update(ballot="share", points=None)


@pytest.mark.parametrize("ballot", list(RULES_OF))
def test_every_rule_of_a_ballot_can_be_declared_and_no_other(ballot, bob, draft):
    every = {rule for rules in RULES_OF.values() for rule in rules}
    wanted = Declared(ballot=ballot, points=10)
    for rule in every:
        if rule in RULES_OF[ballot]:
            declare_ballot(bob, budget=draft, declared=replace(wanted, rule=rule))
            assert scenario.fresh(draft).rule == rule
        else:
            with pytest.raises(Refused, match="rule_unfit"):
                declare_ballot(bob, budget=draft, declared=replace(wanted, rule=rule))


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("unknown_ballot", {"ballot": "dice"}),
        ("least_above_most", {"least": 4, "most": 3}),
        ("number_unfit", {"least": -1}),
        ("number_unfit", {"most": 0}),
        ("number_unfit", {"support_needed": 10**9}),
        ("points_missing", {"ballot": "share", "rule": "mes_points_utility"}),
        ("points_missing", {"ballot": "share", "rule": "mes_points_utility", "points": 5000}),
        (
            "points_each_unfit",
            {"ballot": "share", "rule": "mes_points_utility", "points": 5, "points_each": 6},
        ),
        ("completion_unfit", {"rule": "greedy_by_votes", "completion": "greedy"}),
        ("completion_unfit", {"completion": "magic"}),
        ("unknown_tie_rule", {"ties": "id"}),
        ("too_long", {"seed": "x" * 121}),
    ],
)
def test_a_ballot_that_does_not_fit_is_refused(code, changes, bob, draft):
    with pytest.raises(Refused) as refused:
        declare_ballot(bob, budget=draft, declared=replace(Declared(), **changes))
    assert (refused.value.verdict.code, refused.value.verdict.status) == (code, 400)


def test_limits_that_a_ballot_has_no_use_for_are_dropped(bob, draft):
    wanted = Declared(ballot="knapsack", least=3, most=5, points=10, rule="greedy_by_votes")
    budget = declare_ballot(bob, budget=draft, declared=wanted)
    assert (budget.least, budget.most, budget.points) == (0, None, None)


@pytest.mark.parametrize("amount", ["0", "-5", "0.001", "NaN", "Infinity", "1000000000000"])
def test_an_envelope_holds_money_to_the_cent(amount, bob, draft):
    with pytest.raises(Refused, match="amount_unfit"):
        add_envelope(bob, budget=draft, title={"en": "x"}, amount=Decimal(amount))


def test_envelopes_have_names_for_files_and_an_order(bob, draft):
    titles = ("Парк", "The north", "The north", "not")
    rows = [
        add_envelope(bob, budget=draft, title={"en": title}, amount=Decimal(5)) for title in titles
    ]
    assert [row.key for row in rows] == ["envelope", "the-north", "the-north-2", "envelope-2"]
    assert move_envelope(bob, envelope=rows[3], step=-1)
    assert [row.key for row in draft.envelopes.all()][-2:] == ["envelope-2", "the-north-2"]
    assert not move_envelope(bob, envelope=rows[2], step=1)


def test_money_with_projects_in_it_stays(bob, alice, proposing):
    row = scenario.envelope_of(proposing)
    category = add_category(bob, budget=proposing, title={"en": "Sport"})
    scenario.project(proposing, alice, category=category)
    with pytest.raises(Refused, match="has_projects"):
        remove_envelope(bob, envelope=row)
    with pytest.raises(Refused, match="has_projects"):
        remove_category(bob, category=category)


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("currency_unfit", {"currency": "E1R"}),
        ("currency_unfit", {"currency": "€"}),
        ("costs_unfit", {"smallest_cost": Decimal(5), "largest_cost": Decimal(4)}),
        ("costs_unfit", {"smallest_cost": Decimal(0)}),
        ("number_unfit", {"cosigners_needed": -1}),
    ],
)
def test_bounds_that_do_not_fit_are_refused(code, changes, bob, draft):
    bounds = {"currency": "EUR", "smallest_cost": None, "largest_cost": None, "cosigners_needed": 0}
    with pytest.raises(Refused, match=code):
        bound_projects(bob, budget=draft, **(bounds | changes))


def test_results_of_a_budget_are_sealed_whatever_is_declared(bob, draft):
    declare_voters(bob, budget=draft, voters=Voters(secrecy="named"), consent={"en": "Yes."})
    poll = scenario.fresh(draft).poll
    assert (poll.results_policy, poll.secrecy, poll.consent) == ("sealed", "named", {"en": "Yes."})


def test_incompatible_projects_lie_in_one_envelope_of_one_budget(bob, alice, organisation, draft):
    budget = scenario.budget_in(
        "costing", bob, organisation, envelopes=(("North", 1000), ("South", 1000))
    )
    south = scenario.envelope_of(budget, 2)
    first, second = (scenario.project(budget, alice, str(n)) for n in range(2))
    third = scenario.project(budget, alice, "3", envelope=south)
    stranger = scenario.project(draft, alice)
    for code, rows in (
        ("too_few", [first, first]),
        ("several_envelopes", [first, third]),
        ("other_budget", [first, stranger]),
    ):
        with pytest.raises(Refused, match=code):
            declare_conflict(bob, budget=budget, projects=rows, reason="One ground.")
    with pytest.raises(Refused, match="reason_missing"):
        declare_conflict(bob, budget=budget, projects=[first, second], reason=" \n")
    made = declare_conflict(bob, budget=budget, projects=[first, second], reason="One ground.")
    remove_conflict(bob, conflict=made)
    assert not Conflict.objects.exists()


def test_an_incompatible_pair_is_frozen_into_the_ballot(bob, alice, costing):
    rows = [scenario.feasible(scenario.project(costing, alice, str(n))) for n in range(2)]
    declare_conflict(bob, budget=costing, projects=rows, reason="One ground.")
    voting = scenario.move_to(costing, "voting")
    assert voting.poll.questionnaire.allocation["incompatible"] == [["p1", "p2"]]


def test_assessors_are_people_and_groups_of_the_body(
    bob, alice, olga, charlie, organisation, other_organisation, draft
):
    person = name_assessor(bob, budget=draft, email=olga.email.upper())
    assert may_see_assessments(olga, draft)
    group = Group.objects.create(organisation=organisation, name="Engineers")
    group.people.add(charlie)
    name_group(bob, budget=draft, group=group)
    assert may_see_assessments(charlie, draft)
    with pytest.raises(Refused, match="group_missing"):
        theirs = Group.objects.create(organisation=other_organisation, name="Others")
        name_group(bob, budget=draft, group=theirs)
    with pytest.raises(Refused):
        name_assessor(olga, budget=draft, email=alice.email)
    remove_assessor(bob, assessor=person)
    assert not may_see_assessments(olga, draft)


def test_a_phase_of_a_budget_opens_what_budgets_have_and_voting_once(bob, draft):
    first, second, *rest = scenario.plan_in("informing")
    for code, activity in (("unknown_activity", Activity.AMEND), ("two_votes", Activity.VOTE)):
        odd = replace(first, activities=[activity])
        with pytest.raises(Refused, match=code):
            set_dates(bob, budget=draft, plan=[odd, second, *rest])


def _stored(budget: Budget, **changes) -> list[PhasePlan]:
    """Its phases as they are, the voting one changed."""
    return [
        PhasePlan(
            row.name,
            changes.get("opens_at", row.opens_at) if row.activities[0] == "vote" else row.opens_at,
            changes.get("closes_at", row.closes_at)
            if row.activities[0] == "vote"
            else row.closes_at,
            row.activities,
            id=row.pk,
        )
        for row in budget.process.phases.all()
    ]


def test_while_people_vote_the_end_of_voting_only_becomes_later(bob, voting):
    row = voting.process.phases.get(activities__contains=["vote"])
    hour = scenario.timedelta(hours=1)
    for code, changes in (
        ("has_opened", {"opens_at": row.opens_at + hour}),
        ("earlier_end", {"closes_at": row.closes_at - hour}),
    ):
        with pytest.raises(Refused, match=code):
            set_dates(bob, budget=voting, plan=_stored(voting, **changes), reason="Rain.")
    set_dates(bob, budget=voting, plan=_stored(voting, closes_at=row.closes_at + hour), reason="R.")
    row.refresh_from_db()
    over = scenario.move_to(voting, "results")
    later = _stored(over, closes_at=row.closes_at + 99 * hour)
    with pytest.raises(Refused, match="voting_over"):
        set_dates(bob, budget=over, plan=later, reason="Again.")


def test_a_budget_is_made_by_editors_alone_and_never_at_a_reserved_address(
    bob, otto, alice, organisation
):
    wanted = {"organisation": organisation, "summary": {}, "languages": ["en"]}
    for person in (otto, alice):
        with pytest.raises(Refused):
            create_budget(person, title={"en": "New"}, **wanted)
    budget = create_budget(bob, title={"en": "New"}, **wanted)
    assert budget.process.slug == f"new-{budget.process_id}"


def test_languages_stay_once_it_is_published(bob, draft):
    with pytest.raises(Refused, match="unknown_language"):
        set_languages(bob, budget=draft, languages=["xx"])
    set_languages(bob, budget=draft, languages=["fr", "en"])
    assert draft.process.languages == ["fr", "en"]
    publish_budget(bob, budget=draft)
    with pytest.raises(Refused, match="already_published"):
        set_languages(bob, budget=draft, languages=["en"])


def test_what_ends_before_its_time_ends_with_a_reason(bob, alice, otto, draft, voting):
    with pytest.raises(Refused):
        close_budget(otto, budget=voting, reason="x")
    with pytest.raises(Refused, match="not_published"):
        close_budget(bob, budget=draft, reason="x")
    with pytest.raises(Refused, match="reason_missing"):
        close_budget(bob, budget=voting, reason="")
    close_budget(bob, budget=voting, reason="The money is gone.")
    assert scenario.fresh(voting).process.closed_at is not None


def test_boundaries_are_drawn_by_editors_in_any_phase(bob, otto, voting):
    with pytest.raises(Refused):
        set_boundaries(otto, budget=voting, raw=POINT)
    with pytest.raises(Refused, match="geojson_not_json"):
        set_boundaries(bob, budget=voting, raw=b"<script>")
    set_boundaries(bob, budget=voting, raw=POINT)
    assert scenario.fresh(voting).map_box == [7.0, 43.0, 7.0, 43.0]
