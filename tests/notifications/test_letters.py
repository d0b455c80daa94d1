"""Everyone who took part gets one letter, and it says what became of what they said."""

from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from accounts.models import User
from answers.actions import answer
from consultations.actions import publish_version, write_draft
from consultations.drafting.parse import parse_draft
from deliberation.actions import (
    add_source,
    post_comment,
    take_position,
    withdraw_comment,
    withdraw_position,
)
from deliberation.models import Comment
from notifications.letters import compose
from notifications.models import Delivery
from processes.models import Process, Subject
from tests import factories
from tests.scenario import TEXT, World

Deliver = Callable[[], list[EmailMessage]]
Publish = Callable[[Process], None]
pytestmark = pytest.mark.django_db


def letters(mails: list[EmailMessage]) -> dict[str, EmailMessage]:
    """{address: mail}, of the result letters among some mails; one per person or it fails."""
    beginnings = ("What became of what you said", "Les suites données")
    chosen = [m for m in mails if m.subject.startswith(beginnings)]
    found = {m.to[0]: m for m in chosen}
    assert len(found) == len(chosen)
    return found


def test_everyone_who_took_part_gets_one_letter(
    taken_part: World, alice: User, charlie: User, deliver: Deliver, publish: Publish
) -> None:
    publish(taken_part.process)
    assert set(letters(deliver())) == {alice.email, charlie.email}
    assert letters(deliver()) == {}
    for person in (alice, charlie):
        assert Delivery.objects.letters_of(person).count() == 1


def test_the_letter_says_what_was_said_answered_and_changed(
    taken_part: World, alice: User, deliver: Deliver, publish: Publish
) -> None:
    publish(taken_part.process)
    mail = letters(deliver())[alice.email]
    letter = compose(Delivery.objects.letters_of(alice).get())
    assert [item.kind_word for item in letter.said] == [
        "Your amendment", "Your argument for", "Your position",
    ]  # fmt: skip
    assert letter.said[1].text == "Two chairs must pass."
    assert [item.decision for item in letter.answers] == ["adopted"]
    assert "Three metres" in mail.body


@pytest.fixture
def second_version(taken_part: World, bob: User) -> World:
    """Version 2 makes pavements wider, as Alice proposed, and fells no tree any more."""
    text = TEXT.replace("two metres", "three metres")
    text = text.replace("A tree that is felled is replaced within a year.", "No tree is felled.")
    write_draft(bob, consultation=taken_part.consultation, draft=parse_draft(text), language="en")
    amendment = Subject.objects.get(kind="amendment")
    first = taken_part.section().pk
    publish_version(
        bob,
        consultation=taken_part.consultation,
        moved_by={first: [amendment.pk]},
        notes={first: "Wider, as proposed."},
    )
    return taken_part


def test_the_letter_says_what_changed_because_of_it_and_says_it_once(
    second_version: World, alice: User, charlie: User, deliver: Deliver, publish: Publish
) -> None:
    publish(second_version.process)
    mail = letters(deliver())[alice.email]
    letter = compose(Delivery.objects.letters_of(alice).get())
    assert [item.text for item in letter.changed] == ["It changed the text"]
    assert [str(text) for text, _href in letter.changed[0].lines] == [
        "Article 1 – Width of pavements was reworded in version 2.",
        "Wider, as proposed.",
    ]
    assert "three" in letter.changed[0].diff_html
    assert "Wider, as proposed." in mail.body
    # Charlie supported the amendment: it moved the text for him, too.
    other = compose(Delivery.objects.letters_of(charlie).get())
    assert [item.where for item in other.changed] == [letter.changed[0].where]


def test_an_article_that_one_took_part_in_and_others_moved_is_told_as_such(
    second_version: World, mona: User, deliver: Deliver, publish: Publish
) -> None:
    take_position(mona, subject_id=second_version.articles[1].pk, value="mixed")
    publish(second_version.process)
    letter = compose(Delivery.objects.letters_of(mona).get() if deliver() else pytest.fail("none"))
    assert [(str(item.where), item.text) for item in letter.changed] == [
        ("Article 2 – Trees", "The text changed")
    ]


def test_what_was_supported_or_argued_is_answered_in_the_letter_and_nothing_else(
    world: World, alice: User, otto: User, deliver: Deliver, publish: Publish
) -> None:
    first, second, third, fourth = world.articles
    take_position(alice, subject_id=first.pk, value="agree")
    take_position(alice, subject_id=second.pk, value="disagree")
    post_comment(alice, subject_id=third.pk, body="Sundays, too.")
    for article in (first, second, third, fourth):
        answer(otto, subject_id=article.pk, decision="refused", body=f"No: {article.title}.")
    publish(world.process)
    deliver()
    letter = compose(Delivery.objects.letters_of(alice).get())
    assert [str(item.where) for item in letter.answers] == [third.title, first.title]


def test_what_was_withdrawn_is_not_in_the_letter_and_what_was_hidden_is_without_words(
    world: World, alice: User, deliver: Deliver, publish: Publish
) -> None:
    gone = post_comment(alice, subject_id=world.article.pk, body="Withdrawn words.")
    withdraw_comment(alice, comment_id=gone.pk)
    take_position(alice, subject_id=world.article.pk, value="agree")
    withdraw_position(alice, subject_id=world.article.pk)
    hidden = post_comment(alice, subject_id=world.article.pk, body="Hidden words.")
    Comment.objects.filter(pk=hidden.pk).update(hidden_at=timezone.now())
    add_source(
        alice,
        subject_id=world.article.pk,
        title="A study",
        url="https://example.org/",
        category="study",
    )
    publish(world.process)
    mail = letters(deliver())[alice.email]
    letter = compose(Delivery.objects.letters_of(alice).get())
    assert [(item.text, item.is_hidden) for item in letter.said] == [("", True), ("A study", False)]
    assert "words." not in mail.body


def test_who_withdrew_everything_still_gets_a_letter(
    world: World, alice: User, deliver: Deliver, publish: Publish
) -> None:
    take_position(alice, subject_id=world.article.pk, value="agree")
    withdraw_position(alice, subject_id=world.article.pk)
    publish(world.process)
    assert set(letters(deliver())) == {alice.email}


def test_the_totals_are_those_of_the_process(
    taken_part: World, alice: User, deliver: Deliver, publish: Publish
) -> None:
    publish(taken_part.process)
    deliver()
    taken_part.process.refresh_from_db()
    process = taken_part.process
    letter = compose(Delivery.objects.letters_of(alice).get())
    assert [number for number, _name in letter.totals] == [
        process.participant_count, process.contribution_count, process.position_count, 1,
    ]  # fmt: skip


def test_a_mail_holds_the_beginning_and_the_page_everything(
    world: World, alice: User, deliver: Deliver, publish: Publish
) -> None:
    for number in range(40):
        post_comment(alice, subject_id=world.article.pk, body=f"Remark {number}.")
    publish(world.process)
    mail = letters(deliver())[alice.email]
    assert mail.body.count("Remark ") == 25
    assert "the whole letter is on the site" in mail.body
    assert len(compose(Delivery.objects.letters_of(alice).get()).said) == 40


def test_an_article_is_named_in_the_readers_language_where_the_text_has_it(
    world: World, bob: User, deliver: Deliver, publish: Publish
) -> None:
    reader = factories.person("Rita", language="fr")
    take_position(reader, subject_id=world.article.pk, value="agree")
    french = TEXT.replace("Article 1: Width of pavements", "Article 1: Largeur des trottoirs")
    for language, text in (("en", TEXT.replace("two metres", "six metres")), ("fr", french)):
        write_draft(
            bob, consultation=world.consultation, draft=parse_draft(text), language=language
        )
    publish_version(bob, consultation=world.consultation, moved_by={})
    publish(world.process)
    assert "Largeur des trottoirs" in letters(deliver())[reader.email].body
