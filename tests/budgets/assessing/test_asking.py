"""The public body asks for revisions and mergers, and moves projects, always with a reason."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from budgets.actions.mergers import consent
from budgets.actions.moving import move_project
from budgets.actions.revisions import (
    ask_for_merger,
    ask_for_revision,
    withdraw_merger,
    withdraw_revision,
)
from budgets.models import Assessment, Budget, Category, Envelope, MergeRequest, Project
from common.verdicts import Refused
from deliberation.actions import post_comment, take_position
from processes.models import Entry
from tests.budgets import scenario
from tests.budgets.assessing.helpers import again, in_days, published, signed, submitted

pytestmark = pytest.mark.django_db


def refused_with(act: Any) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.verdict.code


def revision(by: Any, project: Project, days: float = 3, reason: str = "Where is it?") -> Project:
    return ask_for_revision(by, project=project, reason=reason, due_at=in_days(days), language="en")


def merger(
    by: Any, project: Project, into: Project, days: float = 3, reason: str = "They are alike."
) -> MergeRequest:
    return ask_for_merger(
        by, project=project, into=into, reason=reason, expires_at=in_days(days), language="en"
    )


def move(by: Any, project: Project, envelope: Envelope, **more: Any) -> Project:
    fields = {"category": None, "reason": "It lies there.", "language": "en"} | more
    return move_project(by, project=project, envelope=envelope, **fields)


@pytest.fixture
def north(costing: Budget) -> Envelope:
    return Envelope.objects.create(
        budget=costing, key="north", title={"en": "North", "fr": "Nord"}, amount=50_000, order=9
    )


@pytest.fixture
def parks(costing: Budget) -> Category:
    return Category.objects.create(budget=costing, key="parks", title={"en": "Parks"})


def test_a_revision_is_asked_for_with_reason_and_date(park: Project, otto: User, bob: User) -> None:
    submitted(park, otto)
    row = revision(bob, park)
    assert row.revision_reason == "Where is it?"
    assert Assessment.objects.get(project=park).proposed_at is None, "another text is assessed"
    entry = Entry.objects.get(kind="revision_asked")
    assert entry.subject == park.subject
    assert entry.data == {
        "reason": "Where is it?",
        "due_at": row.revision_due_at.isoformat(),
        "language": "en",
    }
    assert refused_with(lambda: revision(bob, park)) == "asked_already"


def test_a_request_is_withdrawn_and_made_anew(park: Project, bob: User) -> None:
    revision(bob, park)
    withdraw_revision(bob, project=park)
    assert again(park).revision_asked_at is None
    assert refused_with(lambda: withdraw_revision(bob, project=park)) == "over"
    revision(bob, park)
    Project.objects.filter(pk=park.pk).update(revised_at=in_days(0))
    assert refused_with(lambda: withdraw_revision(bob, project=park)) == "over"
    assert revision(bob, park).revised_at is None


def test_requests_need_a_reason_and_a_day_ahead(park: Project, pool: Project, bob: User) -> None:
    assert refused_with(lambda: revision(bob, park, reason="")) == "reason_missing"
    assert refused_with(lambda: revision(bob, park, days=-1)) == "due_past"
    assert refused_with(lambda: merger(bob, park, pool, reason="")) == "reason_missing"
    assert refused_with(lambda: merger(bob, park, pool, days=-1)) == "due_past"
    assert not MergeRequest.objects.exists()


@pytest.mark.parametrize("who", ["nobody", "alice", "otto", "olga", "ida"])
def test_only_coordinators_ask_and_move(
    who: str, park: Project, pool: Project, north: Envelope, bob: User, request: Any
) -> None:
    asked = merger(bob, park, pool)
    person = request.getfixturevalue(who)
    for act in (
        lambda: revision(person, park),
        lambda: withdraw_revision(person, project=park),
        lambda: merger(person, pool, park),
        lambda: withdraw_merger(person, request=asked),
        lambda: move(person, park, north),
    ):
        assert refused_with(act) in ("sign_in_first", "not_of_this_body", "role_too_small")


def test_nothing_is_asked_of_what_is_signed_decided_or_gone(
    park: Project, pool: Project, costing: Budget, alice: User, otto: User, bob: User
) -> None:
    signed(park, otto, bob)
    assert refused_with(lambda: revision(bob, park)) == "signed"
    assert refused_with(lambda: merger(bob, park, pool)) == "signed"
    bridge = published(scenario.project(costing, alice, "A bridge"), otto, bob)
    assert refused_with(lambda: revision(bob, bridge)) == "decided"
    assert refused_with(lambda: merger(bob, pool, bridge)) == "decided"
    pool.subject.withdrawn_at = in_days(0)
    pool.subject.save(update_fields=["withdrawn_at"])
    assert refused_with(lambda: revision(bob, pool)) == "not_standing"


def test_a_merger_is_asked_for_once_and_can_be_withdrawn(
    park: Project, pool: Project, bob: User
) -> None:
    asked = merger(bob, park, pool)
    entry = Entry.objects.get(kind="merge_asked")
    assert entry.subject == park.subject
    wanted = {"into": pool.subject_id, "request": asked.pk, "reason": "They are alike."}
    assert wanted.items() <= entry.data.items()
    assert refused_with(lambda: merger(bob, park, pool)) == "asked_already"
    assert refused_with(lambda: merger(bob, pool, park)) == "other_asked_already"
    withdraw_merger(bob, request=asked)
    assert refused_with(lambda: withdraw_merger(bob, request=asked)) == "over"
    assert refused_with(lambda: consent_of(park, asked)) == "over"
    merger(bob, pool, park)


def consent_of(project: Project, request: MergeRequest) -> MergeRequest:
    return consent(project.subject.author, request_id=request.pk)


def test_both_authors_make_the_merger(park: Project, pool: Project, bob: User) -> None:
    asked = merger(bob, park, pool)
    consent_of(park, asked)
    consent_of(pool, asked)
    assert again(park).merged_into_id == pool.pk
    assert refused_with(lambda: revision(bob, park)) == "merged"
    assert refused_with(lambda: withdraw_merger(bob, request=asked)) == "over"


def test_one_that_ran_out_gives_way_to_another(park: Project, pool: Project, bob: User) -> None:
    first = merger(bob, park, pool)
    MergeRequest.objects.filter(pk=first.pk).update(expires_at=in_days(-1))
    second = merger(bob, park, pool)
    assert second.pk != first.pk


def test_the_database_alone_refuses_two_open_mergers(
    park: Project, pool: Project, bob: User
) -> None:
    row = merger(bob, park, pool)
    row.pk = None
    with pytest.raises(IntegrityError, match="one_open_merge_request"), transaction.atomic():
        row.save()


def test_a_project_merges_with_another_of_its_budget(
    park: Project, organisation: Any, alice: User, bob: User
) -> None:
    elsewhere = scenario.budget_in("costing", bob, organisation, slug="elsewhere")
    other = scenario.project(elsewhere, alice, "A pool")
    assert refused_with(lambda: merger(bob, park, other)) == "not_found"
    assert refused_with(lambda: merger(bob, park, park)) == "same_project"
    assert refused_with(lambda: move(bob, park, scenario.envelope_of(elsewhere))) == "not_found"


def test_all_that_belongs_to_a_project_moves_along(
    park: Project, north: Envelope, parks: Category, charlie: User, bob: User
) -> None:
    take_position(charlie, subject_id=park.subject_id, value="agree")
    post_comment(charlie, subject_id=park.subject_id, body="Good", stance="for")
    move(bob, park, north, category=parks)
    row = again(park)
    assert (row.envelope, row.category, row.number) == (north, parks, park.number)
    assert (row.subject.agree_count, row.subject.comment_count) == (1, 1)
    entry = Entry.objects.get(kind="project_moved")
    assert entry.data["from"] == {"en": "The whole town", "fr": "The whole town"}
    assert entry.data["to"] == {"en": "Parks · North", "fr": "Parks · Nord"}
    assert (entry.data["reason"], entry.data["language"]) == ("It lies there.", "en")
    assert refused_with(lambda: move(bob, park, north, category=parks)) == "no_change"
    assert refused_with(lambda: move(bob, park, scenario.envelope_of(row.budget), reason="")) == (
        "reason_missing"
    )


def test_what_costs_more_than_an_envelope_does_not_move_there(
    park: Project, north: Envelope, otto: User, bob: User
) -> None:
    published(park, otto, bob)
    Envelope.objects.filter(pk=north.pk).update(amount=100)
    north.refresh_from_db()
    assert refused_with(lambda: move(bob, park, north)) == "over_envelope"


def test_nothing_is_asked_or_moved_once_voting_has_opened(
    park: Project, pool: Project, north: Envelope, costing: Budget, bob: User
) -> None:
    scenario.feasible(park)
    asked = merger(bob, pool, scenario.project(costing, bob, "A pond"))
    scenario.move_to(costing, "voting")
    for act in (
        lambda: revision(bob, again(pool)),
        lambda: merger(bob, again(pool), park),
        lambda: withdraw_merger(bob, request=MergeRequest.objects.get(pk=asked.pk)),
        lambda: move(bob, again(park), north),
        lambda: move(bob, park, north),
    ):
        assert refused_with(act) == "voting_open"
