"""An assessment is written, submitted, and never written over."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from budgets.actions.assessing import (
    Finding,
    add_note,
    submit_assessment,
    take_back,
    write_assessment,
)
from budgets.actions.handing_out import hand_out
from budgets.actions.revisions import ask_for_revision
from budgets.models import Assessment, Budget, Project
from common.verdicts import Refused
from tests.budgets import scenario
from tests.budgets.assessing.helpers import (
    BAD,
    GOOD,
    in_days,
    published,
    seen_of,
    signed,
    submitted,
)

pytestmark = pytest.mark.django_db


def test_a_draft_may_lack_anything(park: Project, otto: User) -> None:
    write_assessment(otto, project=park, finding=Finding(reason="Look at the soil"), seen=None)
    kept = Assessment.objects.get(project=park)
    assert (kept.reason, kept.is_feasible, kept.proposed_at) == ("Look at the soil", None, None)


@pytest.mark.parametrize(
    ("finding", "code"),
    [
        (replace(GOOD, is_feasible=None), "feasible_missing"),
        (replace(GOOD, cost=None), "cost_missing"),
        (replace(GOOD, reason="  \n"), "reason_missing"),
        (replace(BAD, reason=""), "reason_missing"),
        (replace(GOOD, cost=Decimal(0)), "amount"),
        (replace(GOOD, cost=Decimal("10.001")), "amount"),
        (replace(GOOD, cost=Decimal("Infinity")), "amount"),
        (replace(GOOD, running_cost=Decimal(-1)), "amount"),
        (replace(GOOD, cost=Decimal(100_001)), "over_envelope"),
        (replace(GOOD, language="tlh"), "unknown_language"),
        (replace(GOOD, reason="x" * 500_001), "too_long"),
    ],
)
def test_what_lacks_something_is_not_submitted(
    park: Project, otto: User, finding: Finding, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        submit_assessment(otto, project=park, finding=finding, seen=None)
    assert refused.value.verdict.code == code
    assert not Assessment.objects.filter(project=park).exists()


def test_whoever_is_not_feasible_needs_no_cost(park: Project, otto: User) -> None:
    row = submitted(park, otto, BAD)
    assert row.proposed_by == otto
    assert [event.step for event in row.events.all()] == ["written", "proposed"]


def test_the_trail_says_what_changed_from_what_to_what(park: Project, otto: User) -> None:
    write_assessment(otto, project=park, finding=replace(GOOD, cost=Decimal(10)), seen=None)
    row = write_assessment(otto, project=park, finding=GOOD, seen=seen_of(park))
    assert row.events.last().data == {"changed": {"cost": ["10.00", "28000.50"]}}


def test_what_somebody_else_wrote_is_not_written_over(
    park: Project, otto: User, edith: User
) -> None:
    before = seen_of(park)
    write_assessment(otto, project=park, finding=GOOD, seen=before)
    with pytest.raises(Refused) as refused:
        write_assessment(edith, project=park, finding=BAD, seen=before)
    assert refused.value.verdict.code == "changed_meanwhile"
    assert Assessment.objects.get(project=park).reason == GOOD.reason
    write_assessment(edith, project=park, finding=BAD, seen=seen_of(park))
    assert Assessment.objects.get(project=park).reason == BAD.reason


def test_handing_out_while_somebody_writes_loses_nothing(
    park: Project, costing: Budget, bob: User, otto: User
) -> None:
    hand_out(bob, budget=costing, subject_ids=[park.subject_id], assessor=otto)
    write_assessment(otto, project=park, finding=GOOD, seen=None)
    assert Assessment.objects.get(project=park).reason == GOOD.reason


def test_what_is_submitted_is_changed_after_it_was_taken_back(
    park: Project, otto: User, bob: User
) -> None:
    submitted(park, otto)
    with pytest.raises(Refused) as refused:
        write_assessment(otto, project=park, finding=BAD, seen=seen_of(park))
    assert refused.value.verdict.code == "submitted"
    with pytest.raises(Refused) as refused:
        take_back(bob, project=park)
    assert refused.value.verdict.code == "not_yours"
    take_back(otto, project=park)
    write_assessment(otto, project=park, finding=BAD, seen=seen_of(park))
    assert Assessment.objects.get(project=park).is_feasible is False


@pytest.mark.parametrize("who", ["nobody", "alice", "charlie", "olga", "ida"])
def test_others_write_no_assessment(who: str, park: Project, request: Any) -> None:
    person = request.getfixturevalue(who)
    for act in (
        lambda: write_assessment(person, project=park, finding=GOOD, seen=None),
        lambda: submit_assessment(person, project=park, finding=GOOD, seen=None),
        lambda: add_note(person, project=park, body="Hello"),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.verdict.status in (401, 403)
    assert not Assessment.objects.filter(project=park).exists()


def test_an_assessor_from_elsewhere_writes_what_was_handed_to_them(
    park: Project, pool: Project, costing: Budget, bob: User, ida: User
) -> None:
    hand_out(bob, budget=costing, subject_ids=[park.subject_id], assessor=ida, due_at=in_days(3))
    submitted(park, ida)
    with pytest.raises(Refused) as refused:
        submitted(pool, ida)
    assert refused.value.verdict.code == "not_handed_out"


def test_notes_are_kept_after_publication_too(park: Project, otto: User, bob: User) -> None:
    published(park, otto, bob)
    note = add_note(otto, project=park, body="Ask the gardeners next time")
    assert note.author == otto


@pytest.mark.parametrize("phase", ["proposing", "voting"])
def test_nothing_is_written_in_another_phase(
    phase: str, park: Project, costing: Budget, otto: User, charlie: User
) -> None:
    scenario.feasible(scenario.project(costing, charlie, "A pool"))
    scenario.move_to(costing, phase)
    with pytest.raises(Refused) as refused:
        submitted(park, otto)
    assert refused.value.verdict.status == 409


def test_what_is_signed_or_withdrawn_is_not_written(
    park: Project, pool: Project, otto: User, bob: User
) -> None:
    signed(park, otto, bob)
    pool.subject.withdrawn_at = in_days(0)
    pool.subject.save(update_fields=["withdrawn_at"])
    for project, code in ((park, "decided"), (pool, "not_standing")):
        with pytest.raises(Refused) as refused:
            submitted(project, otto, BAD)
        assert refused.value.verdict.code == code


def test_what_is_being_revised_is_written_but_not_submitted(
    park: Project, otto: User, bob: User
) -> None:
    ask_for_revision(bob, project=park, reason="Where?", due_at=in_days(3), language="en")
    write_assessment(otto, project=park, finding=GOOD, seen=seen_of(park))
    with pytest.raises(Refused) as refused:
        submitted(park, otto)
    assert refused.value.verdict.code == "being_revised"
