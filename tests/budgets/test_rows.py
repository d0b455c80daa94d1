"""What the database itself refuses, whoever asks: each rule holds without any action."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from accounts.models import Group, Organisation, User
from budgets.actions.conflicts import declare_conflict
from budgets.kinds import ReportKind, Rule
from budgets.models import (
    Allocation,
    Assessment,
    AssessmentEvent,
    Assessor,
    Budget,
    Category,
    Conflict,
    ConflictProject,
    Cosignature,
    Envelope,
    MergeRequest,
    Project,
    Report,
)
from tests.budgets.scenario import (
    category_of,
    draft_budget,
    envelope_of,
    feasible,
    move_to,
    project,
)

pytestmark = pytest.mark.django_db


def refuses(write: Callable[[], Any], error: type[DatabaseError] = IntegrityError) -> None:
    with pytest.raises(error), transaction.atomic():
        write()


def test_an_envelope_holds_money(draft: Budget) -> None:
    refuses(lambda: Envelope.objects.create(budget=draft, key="none", title={}, amount=0))


def test_a_feasible_project_has_a_cost(costing: Budget, alice: User) -> None:
    row = project(costing, alice)
    rows = Project.objects.filter(pk=row.pk)
    now = timezone.now()
    refuses(lambda: rows.update(decided_at=now, is_feasible=True, cost=None))
    refuses(lambda: rows.update(decided_at=now, is_feasible=True, cost=0))
    refuses(lambda: rows.update(decided_at=now, is_feasible=None))
    rows.update(decided_at=now, is_feasible=False)


def test_only_a_feasible_project_is_chosen(costing: Budget, alice: User) -> None:
    rows = Project.objects.filter(pk=project(costing, alice).pk)
    refuses(lambda: rows.update(chosen_at=timezone.now()))


def test_a_project_lies_on_earth_and_spends_no_less_than_nothing(
    proposing: Budget, alice: User
) -> None:
    rows = Project.objects.filter(pk=project(proposing, alice).pk)
    refuses(lambda: rows.update(latitude=Decimal(91), longitude=Decimal(0)))
    refuses(lambda: rows.update(latitude=Decimal(1), longitude=None))
    refuses(lambda: rows.update(spent=-1))
    refuses(lambda: rows.update(estimate=0))


def test_a_number_is_given_once_and_a_form_posts_once(proposing: Budget, alice: User) -> None:
    first, second = project(proposing, alice), project(proposing, alice, "A pool")
    refuses(lambda: Project.objects.filter(pk=second.pk).update(number=first.number))
    refuses(lambda: Project.objects.filter(pk=first.pk).update(merged_into=first))


def test_a_person_signs_a_project_once(proposing: Budget, alice: User, charlie: User) -> None:
    row = project(proposing, alice)
    Cosignature.objects.create(project=row, user=charlie)
    refuses(lambda: Cosignature.objects.create(project=row, user=charlie))


def test_an_assessment_says_what_and_why_before_it_is_submitted(
    costing: Budget, alice: User, bob: User, otto: User
) -> None:
    row = Assessment.objects.create(project=project(costing, alice))
    rows = Assessment.objects.filter(pk=row.pk)
    now = timezone.now()
    refuses(lambda: rows.update(proposed_at=now, proposed_by=otto))
    refuses(lambda: rows.update(proposed_at=now, proposed_by=otto, is_feasible=False, reason=""))
    refuses(lambda: rows.update(proposed_at=now, proposed_by=otto, is_feasible=True, reason="Yes."))
    refuses(lambda: rows.update(signed_at=now, signed_by=bob))
    rows.update(proposed_at=now, proposed_by=otto, is_feasible=False, reason="The ground is wet.")
    refuses(lambda: rows.update(signed_at=now, signed_by=otto))
    refuses(lambda: rows.update(published_at=now))
    rows.update(signed_at=now, signed_by=bob)
    rows.update(published_at=now)


def test_the_audit_trail_of_an_assessment_stays(costing: Budget, alice: User, otto: User) -> None:
    row = Assessment.objects.create(project=project(costing, alice))
    event = AssessmentEvent.objects.create(assessment=row, step="written", actor=otto)
    events = AssessmentEvent.objects.filter(pk=event.pk)
    refuses(lambda: events.update(actor=None), DatabaseError)
    refuses(events.delete, DatabaseError)


def test_an_assessor_is_a_person_or_a_group(
    draft: Budget, otto: User, organisation: Organisation
) -> None:
    group = Group.objects.create(organisation=organisation, name="Parks")
    refuses(lambda: Assessor.objects.create(budget=draft))
    refuses(lambda: Assessor.objects.create(budget=draft, user=otto, group=group))
    Assessor.objects.create(budget=draft, user=otto)
    refuses(lambda: Assessor.objects.create(budget=draft, user=otto))


def test_a_merger_needs_two_projects_and_both_authors(
    proposing: Budget, alice: User, charlie: User, bob: User
) -> None:
    one, two = project(proposing, alice), project(proposing, charlie, "A pool")
    until = timezone.now() + timedelta(days=3)
    fields = {"reason": "The same.", "asked_by": bob, "expires_at": until}
    refuses(lambda: MergeRequest.objects.create(project=one, into=one, **fields))
    asked = MergeRequest.objects.create(project=one, into=two, **fields)
    refuses(lambda: MergeRequest.objects.create(project=one, into=two, **fields))
    rows = MergeRequest.objects.filter(pk=asked.pk)
    refuses(lambda: rows.update(merged_at=timezone.now(), project_consented_at=timezone.now()))


def test_a_delay_says_until_when_and_a_report_says_something(
    costing: Budget, alice: User, bob: User
) -> None:
    row = project(costing, alice)
    fields = {"project": row, "author": bob, "body_html": ""}
    refuses(lambda: Report.objects.create(kind=ReportKind.DELAY, body="Late.", **fields))
    refuses(lambda: Report.objects.create(kind=ReportKind.PROGRESS, body="", **fields))


def test_one_declared_choice_for_each_envelope(voting: Budget) -> None:
    fields = {
        "budget": voting,
        "envelope": envelope_of(voting),
        "digest": "0" * 64,
        "result": {},
        "is_declared": True,
    }
    Allocation.objects.create(rule=Rule.MES_COST, **fields)
    refuses(lambda: Allocation.objects.create(rule=Rule.PHRAGMEN, **fields))


@pytest.mark.parametrize(
    "change",
    [
        {"rule": Rule.KNAPSACK},
        {"ballot": "knapsack"},
        {"ties": "lot"},
        {"seed": "mine"},
        {"support_needed": 9},
        {"completion": "greedy"},
        {"most": 1},
        {"scope": "one"},
    ],
    ids=str,
)
def test_what_was_declared_stays_once_voting_has_opened(
    voting: Budget, change: dict[str, Any]
) -> None:
    rows = Budget.objects.filter(pk=voting.pk)
    refuses(lambda: rows.update(**change), DatabaseError)
    rows.update(about={"en": "Words are no declaration."})


def test_money_categories_and_conflicts_stay_once_voting_has_opened(
    bob: User, alice: User, voting: Budget
) -> None:
    envelope = envelope_of(voting)
    refuses(lambda: Envelope.objects.filter(pk=envelope.pk).update(amount=1), DatabaseError)
    refuses(lambda: Envelope.objects.filter(pk=envelope.pk).delete(), DatabaseError)
    refuses(lambda: Category.objects.create(budget=voting, key="new", title={}), DatabaseError)
    refuses(
        lambda: Conflict.objects.create(budget=voting, reason="No room for both."), DatabaseError
    )


def test_which_projects_exclude_one_another_stays_once_voting_has_opened(
    bob: User, alice: User, costing: Budget
) -> None:
    park, pool, bridge = (
        feasible(project(costing, alice, n)) for n in ("A park", "A pool", "A bridge")
    )
    conflict = declare_conflict(bob, budget=costing, projects=[park, pool], reason="One ground.")
    rows = ConflictProject.objects.filter(conflict=conflict)
    conflict.projects.add(bridge)
    rows.filter(project=bridge).delete()
    move_to(costing, "voting")
    refuses(lambda: conflict.projects.add(bridge), DatabaseError)
    refuses(lambda: rows.filter(project=park).update(project=bridge), DatabaseError)
    refuses(rows.filter(project=park).delete, DatabaseError)
    assert {row.project for row in rows} == {park, pool}


def test_nothing_leaves_a_budget_whose_voting_has_opened(
    voting: Budget, bob: User, organisation: Organisation
) -> None:
    other = draft_budget(bob, organisation)
    envelopes = Envelope.objects.filter(pk=envelope_of(voting).pk)
    refuses(lambda: envelopes.update(budget=other, key="elsewhere"), DatabaseError)


def test_money_may_change_before(draft: Budget) -> None:
    Envelope.objects.filter(pk=envelope_of(draft).pk).update(amount=5)
    Category.objects.create(budget=draft, key="new", title={"en": "New"})
    assert category_of(draft).minimum == 0
