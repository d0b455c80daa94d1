"""Authors make one project of two, or do not."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from budgets.actions.cosigning import cosign
from budgets.actions.mergers import consent, refuse
from budgets.actions.projects import withdraw_project
from budgets.kinds import Stage
from budgets.models import Cosignature, MergeRequest, Project
from common.verdicts import Refused
from deliberation.actions import post_comment, take_position
from processes.models import Entry, Subject
from tests import factories
from tests.budgets import scenario
from tests.budgets.projects.ideas import proposed


@pytest.fixture
def asked(proposing, alice, charlie, bob) -> MergeRequest:
    """Bob asks Alice and Charlie to make one fountain of two, within a week."""
    mine, other = proposed(proposing, alice), proposed(proposing, charlie, title="Water")
    return MergeRequest.objects.create(
        project=mine,
        into=other,
        reason="Both are about the same square.",
        asked_by=bob,
        expires_at=Now() + timedelta(days=7),
    )


def _fresh(project):
    return Project.objects.select_related("subject", "budget__poll").get(pk=project.pk)


def test_one_consent_is_not_enough(asked, alice):
    consent(alice, request_id=asked.pk)
    assert _fresh(asked.project).merged_into_id is None
    asked.refresh_from_db()
    assert asked.project_consented_at is not None
    assert asked.into_consented_at is None


def test_with_both_consents_one_leads_to_the_other(asked, alice, charlie):
    consent(charlie, request_id=asked.pk)
    consent(alice, request_id=asked.pk)
    merged, into = _fresh(asked.project), _fresh(asked.into)
    assert merged.stage == Stage.MERGED
    assert merged.merged_into == into
    assert into.stage == Stage.PROPOSED
    assert merged.subject.locked_at is not None
    assert merged.subject.is_standing
    entry = Entry.objects.get(kind="projects_merged")
    assert entry.subject == merged.subject
    assert entry.data == {"into": into.subject_id}


def test_who_signed_either_counts_once(asked, alice, charlie, bob):
    dora, emil = factories.person("Dora"), factories.person("Emil")
    for person in (charlie, dora, bob):
        cosign(person, project_id=asked.project_id)
    for person in (alice, dora, emil):
        cosign(person, project_id=asked.into_id)
    consent(charlie, request_id=asked.pk)
    consent(alice, request_id=asked.pk)
    into = _fresh(asked.into)
    signed = set(Cosignature.objects.filter(project=into).values_list("user_id", flat=True))
    # Charlie proposed it: his signature of the other project is none of his own.
    assert signed == {alice.pk, dora.pk, emil.pk, bob.pk}
    assert into.cosignature_count == 4


def test_nobody_signs_or_argues_on_what_was_merged(asked, alice, charlie, bob):
    take_position(bob, subject_id=asked.project.subject_id, value="agree")
    consent(charlie, request_id=asked.pk)
    consent(alice, request_id=asked.pk)
    with pytest.raises(Refused) as refused:
        cosign(bob, project_id=asked.project_id)
    assert refused.value.verdict.code == "merged"
    with pytest.raises(Refused) as refused:
        post_comment(bob, subject_id=asked.project.subject_id, body="Wait!")
    assert refused.value.verdict.code == "locked"
    assert Subject.objects.get(pk=asked.project.subject_id).agree_count == 1


@pytest.mark.parametrize("name", ["alice", "charlie"])
def test_either_author_can_say_no(name, asked, request):
    author = request.getfixturevalue(name)
    refuse(author, request_id=asked.pk)
    asked.refresh_from_db()
    assert asked.refused_by == author
    assert _fresh(asked.project).merged_into_id is None
    entry = Entry.objects.get(kind="merge_refused")
    assert entry.data == {"into": asked.into.subject_id, "request": asked.pk}
    for act in (consent, refuse):
        with pytest.raises(Refused) as refused:
            act(author, request_id=asked.pk)
        assert refused.value.verdict.code == "over"


def test_only_the_authors_answer(asked, bob, otto, mona, nobody):
    for person, status in ((bob, 403), (otto, 403), (mona, 403), (nobody, 401)):
        for act in (consent, refuse):
            with pytest.raises(Refused) as refused:
                act(person, request_id=asked.pk)
            assert refused.value.verdict.status == status


def test_an_answer_that_comes_late_is_none(asked, alice):
    MergeRequest.objects.filter(pk=asked.pk).update(expires_at=Now())
    with pytest.raises(Refused) as refused:
        consent(alice, request_id=asked.pk)
    assert refused.value.verdict.code == "over"


def test_a_project_that_was_withdrawn_meanwhile_is_merged_no_more(asked, alice, charlie):
    consent(alice, request_id=asked.pk)
    withdraw_project(alice, project_id=asked.project_id)
    with pytest.raises(Refused) as refused:
        consent(charlie, request_id=asked.pk)
    assert refused.value.verdict.code == "over"


def test_nothing_is_merged_once_voting_is_open(asked, alice, charlie):
    scenario.feasible(asked.project)
    scenario.feasible(asked.into)
    scenario.move_to(asked.project.budget, "voting")
    with pytest.raises(Refused) as refused:
        consent(alice, request_id=asked.pk)
    assert refused.value.verdict.code == "voting_open"


def test_who_wrote_both_agrees_once(proposing, alice, bob):
    first, second = proposed(proposing, alice), proposed(proposing, alice, title="Water")
    request = MergeRequest.objects.create(
        project=first,
        into=second,
        reason="The same.",
        asked_by=bob,
        expires_at=Now() + timedelta(days=7),
    )
    consent(alice, request_id=request.pk)
    assert _fresh(first).stage == Stage.MERGED
