"""People of the public body at once, on connections of their own."""

from typing import Any

import pytest

from accounts.models import User
from budgets.actions.assessing import write_assessment
from budgets.actions.handing_out import hand_out, mark_late
from budgets.actions.revisions import ask_for_merger
from budgets.actions.signing import publish_assessments, sign_assessment
from budgets.models import Assessment, AssessmentEvent, Budget, MergeRequest, Project
from processes.models import Entry
from tests.budgets import scenario
from tests.budgets.assessing.helpers import BAD, GOOD, again, in_days, seen_of, signed, submitted
from tests.voting.paper.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def steps(step: str) -> int:
    return AssessmentEvent.objects.filter(step=step).count()


def test_two_sign_at_once_and_one_has_signed(
    park: Project, otto: User, bob: User, edith: User
) -> None:
    submitted(park, otto)
    seen = seen_of(park)
    acts = [lambda who=who: sign_assessment(who, project=park, seen=seen) for who in (bob, edith)]
    assert sorted(at_once(*acts)) == ["decided", "ok"]
    assert steps("signed") == 1


def test_two_write_at_once_and_nothing_is_lost(park: Project, otto: User, edith: User) -> None:
    texts = ((otto, GOOD), (edith, BAD))
    acts = [
        lambda who=who, text=text: write_assessment(who, project=park, finding=text, seen=None)
        for who, text in texts
    ]
    assert sorted(at_once(*acts)) == ["changed_meanwhile", "ok"]
    assert steps("written") == 1


def test_two_publish_at_once_and_each_decision_is_told_once(
    park: Project, pool: Project, costing: Budget, otto: User, bob: User, edith: User
) -> None:
    signed(park, otto, bob)
    signed(pool, otto, bob, BAD)
    acts = [lambda who=who: publish_assessments(who, budget=costing) for who in (bob, edith)]
    assert sorted(at_once(*acts)) == ["nothing_to_publish", "ok"]
    assert Entry.objects.filter(kind="project_assessed").count() == 2
    assert steps("published") == 2


def test_publishing_and_the_opening_of_voting_are_one_after_the_other(
    park: Project, pool: Project, costing: Budget, otto: User, bob: User
) -> None:
    scenario.feasible(pool)
    signed(park, otto, bob)

    def opens() -> Any:
        return scenario.move_to(costing, "voting")

    published, _opened = at_once(lambda: publish_assessments(bob, budget=costing), opens)
    offered = scenario.fresh(costing).poll.definition["pages"][0]["questions"][0]["options"]
    assert (len(offered) == 2) == (published == "ok")
    assert (again(park).decided_at is not None) == (published == "ok")


def test_two_ask_for_a_merger_at_once_and_one_is_asked_for(
    park: Project, pool: Project, bob: User, edith: User
) -> None:
    acts = [
        lambda who=who: ask_for_merger(
            who, project=park, into=pool, reason="Alike", expires_at=in_days(3), language="en"
        )
        for who in (bob, edith)
    ]
    assert sorted(at_once(*acts)) == ["asked_already", "ok"]
    assert MergeRequest.objects.count() == 1


def test_two_clocks_find_what_is_late_once(
    park: Project, pool: Project, costing: Budget, otto: User, bob: User
) -> None:
    ids = [park.subject_id, pool.subject_id]
    hand_out(bob, budget=costing, subject_ids=ids, assessor=otto, due_at=in_days(1))
    Assessment.objects.update(due_at=in_days(-1))
    assert at_once(mark_late, mark_late, mark_late) == ["ok"] * 3
    mark_late()
    assert Entry.objects.filter(kind="assessment_late").count() == 2
