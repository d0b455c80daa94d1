"""Who has which project to assess, until when, and what is late."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Group, GroupMember, User
from budgets.actions.handing_out import hand_out, mark_late
from budgets.actions.revisions import ask_for_revision
from budgets.actions.signing import send_back
from budgets.models import Assessment, Assessor, Budget, Project
from common.verdicts import Refused
from processes.models import Entry
from tests.budgets import scenario
from tests.budgets.assessing.helpers import in_days, published, signed, submitted

pytestmark = pytest.mark.django_db


def refused_with(act: Any) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.verdict.code


@pytest.fixture
def engineers(costing: Budget, organisation: Any, ida: User) -> Group:
    """A group of assessors, Ida alone."""
    group = Group.objects.create(organisation=organisation, name="Engineers")
    GroupMember.objects.create(group=group, user=ida)
    Assessor.objects.filter(budget=costing, user=ida).delete()
    Assessor.objects.create(budget=costing, group=group)
    return group


def test_many_are_handed_out_at_once(
    park: Project, pool: Project, costing: Budget, bob: User, otto: User
) -> None:
    ids = [park.subject_id, pool.subject_id]
    due_at = in_days(5)
    assert hand_out(bob, budget=costing, subject_ids=ids, assessor=otto, due_at=due_at) == 2
    rows = Assessment.objects.filter(assessor=otto, due_at=due_at)
    assert {row.project for row in rows} == {park, pool}
    event = rows[0].events.get()
    changed = {"assessor": [None, otto.pk], "due_at": [None, due_at.isoformat()]}
    assert (event.step, event.actor, event.data) == ("assigned", bob, {"changed": changed})
    hand_out(bob, budget=costing, subject_ids=ids, assessor=otto, due_at=due_at)
    assert rows[0].events.count() == 1, "what stays as it is leaves no trail"


def test_handing_out_many_costs_as_many_queries_as_handing_out_two(
    park: Project, pool: Project, costing: Budget, alice: User, bob: User, otto: User
) -> None:
    more = [scenario.project(costing, alice, f"Bench {number}") for number in range(9)]
    costs = []
    for rows in ([park, pool], more):
        ids = [row.subject_id for row in rows]
        with CaptureQueriesContext(connection) as queries:
            hand_out(bob, budget=costing, subject_ids=ids, assessor=otto, due_at=in_days(5))
        costs.append(len([q for q in queries if "SAVEPOINT" not in q["sql"]]))
    assert costs[1] <= costs[0] <= 8


def test_they_go_to_a_group_or_back(
    park: Project, costing: Budget, bob: User, ida: User, otto: User, engineers: Group
) -> None:
    hand_out(bob, budget=costing, subject_ids=[park.subject_id], group=engineers)
    submitted(park, ida)
    hand_out(bob, budget=costing, subject_ids=[park.subject_id])
    row = Assessment.objects.get(project=park)
    assert (row.assessor, row.group) == (None, None)


def test_the_database_alone_refuses_a_person_and_a_group(
    park: Project, costing: Budget, bob: User, otto: User, engineers: Group
) -> None:
    hand_out(bob, budget=costing, subject_ids=[park.subject_id], group=engineers)
    with pytest.raises(IntegrityError, match="has_one_assessor"), transaction.atomic():
        Assessment.objects.filter(project=park).update(assessor=otto)


def test_only_assessors_of_this_budget_get_them(
    park: Project,
    costing: Budget,
    organisation: Any,
    bob: User,
    otto: User,
    charlie: User,
    engineers: Group,
) -> None:
    strangers = Group.objects.create(organisation=organisation, name="Strangers")
    give = lambda **to: lambda: hand_out(bob, budget=costing, subject_ids=[park.subject_id], **to)  # noqa: E731
    assert refused_with(give(assessor=charlie)) == "not_an_assessor_here"
    assert refused_with(give(group=strangers)) == "not_an_assessor_here"
    assert refused_with(give(assessor=otto, group=engineers)) == "one_assessor"
    assert refused_with(give(assessor=otto, due_at=in_days(-1))) == "due_past"


@pytest.mark.parametrize("who", ["nobody", "alice", "otto", "olga", "ida"])
def test_only_coordinators_hand_out(who: str, park: Project, costing: Budget, request: Any) -> None:
    person = request.getfixturevalue(who)
    code = refused_with(lambda: hand_out(person, budget=costing, subject_ids=[park.subject_id]))
    assert code in ("sign_in_first", "not_of_this_body", "role_too_small")


def test_all_of_them_or_none(
    park: Project, pool: Project, costing: Budget, otto: User, bob: User
) -> None:
    signed(pool, otto, bob)
    for ids, code in (
        ([park.subject_id, pool.subject_id], "assessed"),
        ([park.subject_id, 999_999_999], "not_found"),
        ([], "not_found"),
    ):
        give = lambda ids=ids: hand_out(bob, budget=costing, subject_ids=ids, assessor=otto)  # noqa: E731
        assert refused_with(give) == code
    assert not Assessment.objects.filter(assessor=otto).exists()
    bridge = published(scenario.project(costing, otto, "A bridge"), otto, bob)
    give = lambda: hand_out(bob, budget=costing, subject_ids=[bridge.subject_id])  # noqa: E731
    assert refused_with(give) == "assessed"


def late(project: Project) -> None:
    Assessment.objects.filter(project=project).update(due_at=timezone.now() - timedelta(hours=1))


def test_what_is_late_is_found_once(
    park: Project, pool: Project, costing: Budget, bob: User, otto: User
) -> None:
    ids = [park.subject_id, pool.subject_id]
    hand_out(bob, budget=costing, subject_ids=ids, assessor=otto, due_at=in_days(5))
    assert mark_late() == 0
    late(park)
    assert (mark_late(), mark_late()) == (1, 0)
    entry = Entry.objects.get(kind="assessment_late")
    assert entry.subject == park.subject
    assert entry.actor is None
    hand_out(bob, budget=costing, subject_ids=ids, assessor=otto, due_at=in_days(5))
    assert Assessment.objects.get(project=park).late_at is None, "it has a new day"
    late(park)
    assert mark_late() == 1


def test_what_is_submitted_revised_withdrawn_or_put_to_the_vote_is_not_late(
    park: Project, pool: Project, costing: Budget, alice: User, bob: User, otto: User
) -> None:
    bridge, tree = (scenario.project(costing, alice, name) for name in ("A bridge", "A tree"))
    rows = [park, pool, bridge, tree]
    ids = [row.subject_id for row in rows]
    hand_out(bob, budget=costing, subject_ids=ids, assessor=otto, due_at=in_days(5))
    submitted(park, otto)
    ask_for_revision(bob, project=pool, reason="Where?", due_at=in_days(3), language="en")
    bridge.subject.withdrawn_at = timezone.now()
    bridge.subject.save(update_fields=["withdrawn_at"])
    for row in rows:
        late(row)
    scenario.feasible(scenario.project(costing, alice, "A pond"))
    scenario.move_to(costing, "voting")
    assert mark_late() == 0


def test_what_was_sent_back_and_what_nobody_revised_is_late(
    park: Project, pool: Project, costing: Budget, bob: User, otto: User
) -> None:
    ids = [park.subject_id, pool.subject_id]
    hand_out(bob, budget=costing, subject_ids=ids, assessor=otto, due_at=in_days(5))
    submitted(park, otto)
    send_back(bob, project=park, note="Again")
    ask_for_revision(bob, project=pool, reason="Where?", due_at=in_days(3), language="en")
    Project.objects.filter(pk=pool.pk).update(revision_due_at=timezone.now())
    late(park)
    late(pool)
    assert mark_late() == 2
