"""Hiding and restoring: by moderators alone, once, with exact counts and a word to the author."""

import pytest
from django.db import IntegrityError, transaction

from common.verdicts import Refused
from consultations.actions import propose_amendment, propose_new_article
from deliberation.actions import add_source, post_comment, withdraw_comment
from deliberation.models import Comment
from moderation.actions import hide, restore
from moderation.models import Decision
from processes.models import Entry, Subject
from tests.counts import assert_counts_hold

pytestmark = pytest.mark.django_db


@pytest.fixture
def things(world, alice):
    """One of everything that can be hidden."""
    article = world.article.pk
    argument = post_comment(alice, subject_id=article, body="Fools.", stance="against")
    return {
        "argument": argument,
        "reply": post_comment(alice, subject_id=article, body="All.", parent_id=argument.pk),
        "source": add_source(
            alice, subject_id=article, title="A", url="https://example.org/", category="blog"
        ),
        "amendment": propose_amendment(
            alice, section_id=world.section().pk, body="None.", reason=""
        ).subject,
        "new_article": propose_new_article(
            alice,
            consultation=world.consultation,
            section_id=world.wording().parent_id,
            title="Fools",
            body="Out.",
            reason="",
        ).subject,
    }


NAMES = ["argument", "reply", "source", "amendment", "new_article"]


def refusal(action, *args, **fields) -> str:
    with pytest.raises(Refused) as refused:
        action(*args, **fields)
    return refused.value.verdict.code


@pytest.mark.parametrize("name", NAMES)
def test_hiding_and_restoring_move_every_counter_exactly(world, mona, things, name):
    before = Subject.objects.get(pk=world.article.pk).comment_count
    hide(mona, thing=things[name], rule="insult", reason="It calls names.")
    assert_counts_hold(world.process)
    restore(mona, thing=things[name], reason="It was irony.")
    assert_counts_hold(world.process)
    assert Subject.objects.get(pk=world.article.pk).comment_count == before
    assert [d.kind for d in Decision.objects.order_by("pk")] == ["hide", "restore"]


@pytest.mark.parametrize("name", NAMES)
def test_the_journal_says_what_was_hidden_by_which_rule(mona, things, name):
    thing = things[name]
    hide(mona, thing=thing, rule="hate", reason="It calls names.")
    entry = Entry.objects.get(kind="hidden")
    assert (entry.data["rule"], entry.data["reason"]) == ("hate", "It calls names.")
    assert entry.data.get(entry.data["thing"], thing.pk) == thing.pk


@pytest.mark.parametrize("who", ["nobody", "alice", "charlie", "bob", "otto", "olga"])
def test_only_moderators_hide_and_restore(request, mona, things, who):
    person = request.getfixturevalue(who)
    code = "sign_in_first" if who == "nobody" else "not_a_moderator"
    thing = things["argument"]
    assert refusal(hide, person, thing=thing, rule="insult", reason="No.") == code
    hide(mona, thing=thing, rule="insult", reason="It calls names.")
    assert refusal(restore, person, thing=thing, reason="Yes.") == code


def test_a_thing_is_hidden_once_even_by_two_who_saw_it_standing(mona, things):
    first, second = things["argument"], Comment.objects.get(pk=things["argument"].pk)
    hide(mona, thing=first, rule="insult", reason="It calls names.")
    assert refusal(hide, mona, thing=second, rule="insult", reason="It calls names.") == "hidden"
    assert Decision.objects.count() == 1


def test_what_is_withdrawn_is_not_hidden_and_what_stands_is_not_restored(
    world, alice, mona, things
):
    assert refusal(restore, mona, thing=things["argument"], reason="Why not.") == "not_hidden"
    stale = Comment.objects.get(pk=things["argument"].pk)
    withdraw_comment(alice, comment_id=stale.pk)
    assert refusal(hide, mona, thing=stale, rule="insult", reason="Names.") == "hidden"
    fresh = Comment.objects.get(pk=stale.pk)
    assert refusal(hide, mona, thing=fresh, rule="insult", reason="Names.") == "withdrawn"
    assert_counts_hold(world.process)


def test_official_text_is_not_moderated(world, mona):
    code = refusal(hide, mona, thing=world.article, rule="insult", reason="It is bad.")
    assert code == "official_text"


@pytest.mark.parametrize(
    ("rule", "reason", "code"),
    [
        ("taste", "Ugly.", "unknown_rule"),
        ("insult", " ", "reason_missing"),
        ("insult", "x" * 5001, "too_long"),
    ],
)
def test_a_decision_needs_a_rule_and_a_reason(mona, things, rule, reason, code):
    assert refusal(hide, mona, thing=things["argument"], rule=rule, reason=reason) == code
    assert not Decision.objects.exists()


@pytest.mark.parametrize("fields", [{"reason": ""}, {"comment": None}])
def test_the_database_alone_refuses_a_decision_about_nothing_or_without_reason(
    mona, things, fields
):
    decision = hide(mona, thing=things["argument"], rule="insult", reason="Names.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(**fields)


def test_a_tombstone_with_the_rule_stays_and_replies_stay(world, mona, things, client_of, nobody):
    hide(mona, thing=things["argument"], rule="insult", reason="It calls names.")
    page = (
        client_of(nobody)
        .get(f"/en/consultations/{world.process.slug}/articles/{world.article.pk}/")
        .content.decode()
    )
    assert "Fools." not in page
    assert "Hidden by a moderator: Insult or threat" in page
    assert "All." in page


def test_a_hidden_proposal_shows_the_rule_but_neither_text_nor_reason(
    world, alice, mona, things, client_of, nobody
):
    amendment = things["amendment"]
    hide(mona, thing=amendment, rule="privacy", reason="It names a neighbour.")
    address = f"/en/consultations/{world.process.slug}/proposals/{amendment.pk}/"
    page = client_of(nobody).get(address).content.decode()
    assert "Somebody’s private data" in page
    assert "None." not in page
    assert "neighbour" not in page
    assert "neighbour" in client_of(alice).get(address).content.decode()


def test_the_form_keeps_what_was_typed(mona, things, client_of):
    address = f"/en/moderation/hide/comment/{things['argument'].pk}/"
    answer = client_of(mona).post(address, {"reason": "A long explanation."})
    assert answer.status_code == 400
    assert "A long explanation." in answer.content.decode()


@pytest.mark.parametrize("number", [3, 30])
def test_the_list_of_decisions_makes_three_queries(
    world, alice, mona, client_of, django_assert_num_queries, number
):
    for _each in range(number):
        row = post_comment(alice, subject_id=world.article.pk, body="Fools.")
        hide(mona, thing=row, rule="insult", reason="Names.")
    client = client_of(mona)
    with django_assert_num_queries(3):
        page = client.get("/en/moderation/")
    assert page.content.decode().count('<article class="comment"') == number
