"""Amendments and new articles: by everyone, in the wrong phase, recounted."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from answers.actions import answer
from common.verdicts import Refused
from consultations.actions import (
    edit_proposal,
    propose_amendment,
    propose_new_article,
    withdraw_proposal,
)
from consultations.models import Proposal
from deliberation.actions import take_position
from moderation.actions import hide
from processes.actions import close
from processes.models import Entry, Subject
from tests.counts import assert_counts_hold
from tests.scenario import end_phases

pytestmark = pytest.mark.django_db


def amend(actor, world, body="A pavement is three metres wide.", **fields):
    given = {"section_id": world.section().pk, "reason": "Prams."}
    return propose_amendment(actor, body=body, **given | fields)


def add(actor, world, **fields):
    given = {"title": "Benches", "body": "There is a bench.", "reason": ""}
    return propose_new_article(actor, consultation=world.consultation, **given | fields)


def edit(actor, proposal, **fields):
    given = {"title": "Wider", "body": "Four metres.", "reason": "Prams."}
    return edit_proposal(actor, proposal_id=proposal.pk, **given | fields)


def refusal(action, *args, **fields) -> str:
    with pytest.raises(Refused) as refused:
        action(*args, **fields)
    assert str(refused.value.verdict.message)
    return refused.value.verdict.code


def test_an_amendment_is_written_on_the_current_words(world, alice):
    proposal = amend(alice, world)
    assert proposal.wording == world.wording()
    assert "<ins>" in proposal.diff_html
    assert proposal.subject.title == "Amendment to Article 1"
    assert Subject.objects.get(pk=world.article.pk).amendment_count == 1
    assert_counts_hold(world.process)


def test_an_article_is_named_by_its_subject_too(world, alice):
    proposal = propose_amendment(
        alice, subject_id=world.article.pk, body="Three metres.", reason=""
    )
    assert proposal.section == world.section()
    code = refusal(propose_amendment, alice, subject_id=0, body="Three metres.", reason="")
    assert code == "not_found"


def test_a_new_article_stands_in_a_part_or_anywhere(world, alice):
    part = world.wording().parent
    assert add(alice, world, section_id=part.pk).subject.parent == part.subject
    assert add(alice, world, section_id=None).subject.parent is None
    assert propose_new_article(
        alice, consultation=world.process.slug, title="Lamps", body="Light.", reason=""
    )
    assert refusal(add, alice, world, section_id=0) == "not_found"
    assert Subject.objects.get(pk=part.subject_id).new_article_count == 1
    assert_counts_hold(world.process)


@pytest.mark.parametrize(("body", "code"), [("", "empty"), ("x" * 50_001, "too_long")])
def test_nothing_and_too_much_are_refused(world, alice, body, code):
    assert refusal(amend, alice, world, body) == code
    assert refusal(add, alice, world, body=body) == code
    assert refusal(add, alice, world, title=body) == code
    assert not Proposal.objects.exists()


def test_an_amendment_must_change_something(world, alice):
    assert refusal(amend, alice, world, world.wording().body) == "no_change"


def test_nobody_proposes_without_a_name(world, nobody, alice):
    proposal = amend(alice, world)
    assert refusal(amend, nobody, world) == "sign_in_first"
    assert refusal(add, nobody, world) == "sign_in_first"
    assert refusal(edit, nobody, proposal) == "sign_in_first"
    assert refusal(withdraw_proposal, nobody, proposal_id=proposal.pk) == "sign_in_first"


def test_only_its_author_changes_a_proposal(world, alice, charlie, bob, mona):
    proposal = amend(alice, world)
    for other in (charlie, bob, mona):
        assert refusal(edit, other, proposal) == "not_yours"
        assert refusal(withdraw_proposal, other, proposal_id=proposal.pk) == "not_yours"


def test_after_the_phase_a_proposal_is_only_withdrawn(world, bob, alice):
    proposal, other = amend(alice, world), add(alice, world)
    end_phases(bob, world.process)
    assert refusal(amend, alice, world) == "not_open_any_more"
    assert refusal(add, alice, world) == "not_open_any_more"
    assert refusal(edit, alice, proposal) == "not_open_any_more"
    withdraw_proposal(alice, proposal_id=proposal.pk)
    close(bob, process=world.process)
    assert refusal(withdraw_proposal, alice, proposal_id=other.pk) == "closed"
    assert_counts_hold(world.process)


def test_what_is_answered_stays_as_it_was_answered(world, otto, alice):
    proposal = amend(alice, world)
    answer(otto, subject_id=proposal.subject_id, decision="refused", body="Too wide.")
    assert refusal(edit, alice, proposal) == "answered"


def test_an_edit_keeps_the_earlier_text_and_draws_the_difference_anew(world, alice):
    proposal = amend(alice, world)
    edit(alice, proposal)
    fresh = Proposal.objects.get(pk=proposal.pk)
    assert (fresh.body, fresh.subject.title) == ("Four metres.", "Wider")
    assert fresh.revisions.get().body == "A pavement is three metres wide."
    assert "Four" in fresh.diff_html
    edit(alice, fresh)
    assert fresh.revisions.count() == 1, "the same text again is no edit"


def test_an_edit_that_resets_more_than_was_confirmed_is_refused(world, alice, charlie, mona):
    proposal = amend(alice, world)
    take_position(charlie, subject_id=proposal.subject_id, value="agree")
    assert refusal(edit, alice, proposal) == "positions_would_reset"
    take_position(mona, subject_id=proposal.subject_id, value="disagree")
    assert refusal(edit, alice, proposal, confirmed_resets=1) == "positions_would_reset"
    edit(alice, proposal, confirmed_resets=2)
    assert Subject.objects.get(pk=proposal.subject_id).position_count == 0
    assert Entry.objects.get(kind="positions_reset").data == {"count": 2}
    assert_counts_hold(world.process)


def test_a_better_reason_resets_nothing(world, alice, charlie):
    proposal = amend(alice, world)
    take_position(charlie, subject_id=proposal.subject_id, value="agree")
    edit(alice, proposal, title=proposal.subject.title, body=proposal.body, reason="And bicycles.")
    assert Subject.objects.get(pk=proposal.subject_id).agree_count == 1


def test_what_is_withdrawn_or_hidden_is_not_argued_with(world, alice, charlie, mona):
    withdrawn, hidden = amend(alice, world), amend(alice, world, "Four metres.")
    withdraw_proposal(alice, proposal_id=withdrawn.pk)
    hide(mona, thing=hidden.subject, rule="insult", reason="Names.")
    for row, code in ((withdrawn, "withdrawn"), (hidden, "hidden")):
        assert refusal(take_position, charlie, subject_id=row.subject_id, value="agree") == code
        assert refusal(edit, alice, row) == code
        assert refusal(withdraw_proposal, alice, proposal_id=row.pk) == code
    assert Subject.objects.get(pk=world.article.pk).amendment_count == 0
    assert_counts_hold(world.process)


def test_the_same_form_posts_once(world, alice):
    once = uuid4()
    amend(alice, world, once=once)
    with pytest.raises(IntegrityError, match="proposal_sent_once"), transaction.atomic():
        amend(alice, world, once=once)
    assert Proposal.objects.count() == 1
    assert_counts_hold(world.process)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"kind": "poem"}, "proposal_kind"),
        ({"wording": None}, "amendment_has_a_wording"),
        ({"body": ""}, "proposal_says_something"),
    ],
)
def test_the_database_alone_refuses_a_proposal_that_cannot_be(world, alice, fields, constraint):
    row = amend(alice, world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=row.pk).update(**fields)
    assert constraint in {c.name for c in Proposal._meta.constraints}
