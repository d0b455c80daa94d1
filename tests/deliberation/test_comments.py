"""Arguments, replies, support and sources: by everyone, in the wrong phase, recounted."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from common.verdicts import Refused
from deliberation.actions import (
    add_source,
    edit_comment,
    end_support,
    post_comment,
    support_comment,
    withdraw_comment,
    withdraw_source,
)
from deliberation.models import Comment, Source, Support
from moderation.actions import hide
from processes.actions import close
from processes.models import Entry, Subject
from tests.counts import assert_counts_hold
from tests.scenario import end_phases

pytestmark = pytest.mark.django_db


def argue(actor, world, body="Room for two wheelchairs.", **fields):
    return post_comment(actor, subject_id=world.article.pk, body=body, **fields)


def attach(actor, world, **fields):
    given = {"title": "A study", "url": "https://example.org/study", "category": "study"}
    return add_source(actor, subject_id=world.article.pk, **given | fields)


def refusal(action, *args, **fields) -> str:
    with pytest.raises(Refused) as refused:
        action(*args, **fields)
    assert str(refused.value.verdict.message)
    return refused.value.verdict.code


def test_arguments_and_replies_are_counted_where_they_stand(world, alice, charlie):
    argument = argue(alice, world, stance="for")
    reply = argue(charlie, world, "Which two?", parent_id=argument.pk)
    last = argue(alice, world, "Any two.", parent_id=reply.pk)
    assert (last.depth, last.root_id, last.parent_id) == (2, argument.pk, reply.pk)
    article = Subject.objects.get(pk=world.article.pk)
    assert (article.comment_count, article.for_count, article.against_count) == (3, 1, 0)
    assert_counts_hold(world.process)


def test_a_reply_to_the_last_level_is_refused(world, alice):
    row = argue(alice, world)
    for _level in range(2):
        row = argue(alice, world, "And more.", parent_id=row.pk)
    assert refusal(argue, alice, world, "Still more.", parent_id=row.pk) == "too_deep"


def test_a_reply_belongs_to_the_subject_of_what_it_answers(world, alice):
    row = argue(alice, world)
    other = world.articles[1].pk
    code = refusal(post_comment, alice, subject_id=other, body="Elsewhere.", parent_id=row.pk)
    assert code == "other_subject"


@pytest.mark.parametrize(
    ("body", "code"), [("", "empty"), (" \n\x00 ", "empty"), ("x" * 50_001, "too_long")]
)
def test_nothing_and_too_much_are_refused(world, alice, body, code):
    assert refusal(argue, alice, world, body) == code
    assert not Comment.objects.exists()


def test_an_unknown_stance_and_an_unknown_subject_are_refused(world, alice):
    assert refusal(argue, alice, world, stance="maybe") == "unknown_stance"
    assert refusal(post_comment, alice, subject_id=0, body="Hello?") == "not_found"
    assert (
        refusal(post_comment, alice, subject_id=world.article.pk, body="H", parent_id=0)
        == "not_found"
    )


def test_nobody_speaks_without_a_name(world, nobody, alice):
    row = argue(alice, world)
    assert refusal(argue, nobody, world) == "sign_in_first"
    assert refusal(attach, nobody, world) == "sign_in_first"
    assert refusal(support_comment, nobody, comment_id=row.pk) == "sign_in_first"
    assert refusal(edit_comment, nobody, comment_id=row.pk, body="Mine now.") == "sign_in_first"
    assert refusal(withdraw_comment, nobody, comment_id=row.pk) == "sign_in_first"


def test_only_its_author_edits_and_withdraws(world, alice, charlie, bob, mona):
    row, source = argue(alice, world), attach(alice, world)
    for other in (charlie, bob, mona):
        assert refusal(edit_comment, other, comment_id=row.pk, body="Mine now.") == "not_yours"
        assert refusal(withdraw_comment, other, comment_id=row.pk) == "not_yours"
        assert refusal(withdraw_source, other, source_id=source.pk) == "not_yours"


def test_after_the_phase_nothing_is_said_but_everything_can_be_withdrawn(
    world, bob, alice, charlie
):
    row, source = argue(alice, world), attach(alice, world)
    end_phases(bob, world.process)
    assert refusal(argue, alice, world) == "not_open_any_more"
    assert refusal(attach, alice, world) == "not_open_any_more"
    assert refusal(support_comment, charlie, comment_id=row.pk) == "not_open_any_more"
    assert refusal(edit_comment, alice, comment_id=row.pk, body="Later.") == "not_open_any_more"
    withdraw_comment(alice, comment_id=row.pk)
    withdraw_source(alice, source_id=source.pk)
    assert_counts_hold(world.process)


def test_after_closing_nothing_moves(world, bob, alice):
    row, source = argue(alice, world), attach(alice, world)
    close(bob, process=world.process)
    assert refusal(withdraw_comment, alice, comment_id=row.pk) == "closed"
    assert refusal(withdraw_source, alice, source_id=source.pk) == "closed"
    assert refusal(argue, alice, world) == "closed"


def test_withdrawing_leaves_replies_and_happens_once(world, alice, charlie):
    row = argue(alice, world, stance="against")
    reply = argue(charlie, world, "Why?", parent_id=row.pk)
    withdraw_comment(alice, comment_id=row.pk)
    assert refusal(withdraw_comment, alice, comment_id=row.pk) == "withdrawn"
    assert Comment.objects.get(pk=reply.pk).is_standing
    assert refusal(argue, charlie, world, "Hello?", parent_id=row.pk) == "not_standing"
    article = Subject.objects.get(pk=world.article.pk)
    assert (article.comment_count, article.against_count) == (1, 0)
    assert_counts_hold(world.process)


def test_support_is_one_a_person_and_never_for_oneself(world, alice, charlie, mona):
    row = argue(alice, world)
    for _again in range(2):
        support_comment(charlie, comment_id=row.pk)
        support_comment(mona, comment_id=row.pk)
    assert refusal(support_comment, alice, comment_id=row.pk) == "own_comment"
    assert Comment.objects.get(pk=row.pk).support_count == 2
    end_support(charlie, comment_id=row.pk)
    end_support(charlie, comment_id=row.pk)
    support_comment(charlie, comment_id=row.pk)
    assert Comment.objects.get(pk=row.pk).support_count == 2
    assert Support.objects.count() == 2
    assert_counts_hold(world.process)


def test_an_edit_takes_the_support_of_other_words_away(world, alice, charlie):
    row = argue(alice, world)
    support_comment(charlie, comment_id=row.pk)
    edit_comment(alice, comment_id=row.pk, body=row.body)
    assert Comment.objects.get(pk=row.pk).support_count == 1
    edited = edit_comment(alice, comment_id=row.pk, body="Room for **three**.")
    assert (edited.support_count, edited.edited_at is not None) == (0, True)
    assert "<strong>three</strong>" in edited.body_html
    assert Entry.objects.get(kind="comment_edited").data["supports_reset"] == 1
    assert_counts_hold(world.process)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"url": "javascript:alert(1)"}, "not_an_address"),
        ({"url": "ftp://example.org/"}, "not_an_address"),
        ({"url": "example.org"}, "not_an_address"),
        ({"title": ""}, "empty"),
        ({"title": "x" * 301}, "too_long"),
        ({"category": "gossip"}, "unknown_category"),
        ({"url": "https://example.org/" + "a" * 3000}, "not_an_address"),
    ],
)
def test_a_source_needs_a_title_a_web_address_and_a_category(world, alice, fields, code):
    assert refusal(attach, alice, world, **fields) == code
    assert not Source.objects.exists()


def test_sources_are_counted_and_withdrawn(world, alice):
    source = attach(alice, world)
    assert Subject.objects.get(pk=world.article.pk).source_count == 1
    withdraw_source(alice, source_id=source.pk)
    assert Subject.objects.get(pk=world.article.pk).source_count == 0
    assert_counts_hold(world.process)


def test_what_is_hidden_is_neither_edited_nor_supported(world, alice, charlie, mona):
    row = argue(alice, world)
    hide(mona, thing=row, rule="insult", reason="Names.")
    assert refusal(edit_comment, alice, comment_id=row.pk, body="Sorry.") == "not_standing"
    assert refusal(withdraw_comment, alice, comment_id=row.pk) == "hidden"
    assert refusal(support_comment, charlie, comment_id=row.pk) == "not_standing"


def test_the_same_form_posts_once(world, alice):
    once = uuid4()
    argue(alice, world, once=once)
    with pytest.raises(IntegrityError, match="comment_sent_once"), transaction.atomic():
        argue(alice, world, once=once)
    attach(alice, world, once=once)
    with pytest.raises(IntegrityError, match="source_sent_once"), transaction.atomic():
        attach(alice, world, once=once)
    assert_counts_hold(world.process)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"depth": 3}, "comment_depth"),
        ({"depth": 1}, "comment_reply_has_parent"),
        ({"stance": "maybe"}, "comment_stance"),
        ({"body": ""}, "comment_says_something"),
    ],
)
def test_the_database_alone_refuses_a_comment_that_cannot_be(world, alice, fields, constraint):
    row = argue(alice, world)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Comment.objects.filter(pk=row.pk).update(**fields)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [({"category": "x"}, "source_category"), ({"url": "javascript:1"}, "source_is_a_web_address")],
)
def test_the_database_alone_refuses_a_source_that_cannot_be(world, alice, fields, constraint):
    row = attach(alice, world)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Source.objects.filter(pk=row.pk).update(**fields)


def test_the_database_alone_refuses_a_second_support(world, alice, charlie):
    row = argue(alice, world)
    support_comment(charlie, comment_id=row.pk)
    with pytest.raises(IntegrityError, match="one_support"), transaction.atomic():
        Support.objects.create(comment=row, user=charlie)
