"""Who is told of what, one row for each kind of entry."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from answers.actions import answer, escalate_late, owe_answers, promise
from consultations.actions import edit_proposal, propose_amendment, publish_version, write_draft
from consultations.drafting.parse import parse_draft
from consultations.models import Proposal
from deliberation.actions import edit_comment, post_comment, support_comment, take_position
from moderation.actions import hide, restore
from notifications.actions import announce_closing_soon
from notifications.consumers import announce
from notifications.models import Delivery, Notice
from processes.actions import reschedule
from processes.kinds import EntryKind
from processes.models import Entry
from processes.tasks import deliver_entries
from tests import factories
from tests.scenario import TEXT, World, plan

pytestmark = pytest.mark.django_db


def told(kind: str) -> dict[str, int]:
    """{name: count} of the unread notices of a kind, after the journal was read."""
    deliver_entries()
    rows = Notice.objects.filter(kind=kind, read_at__isnull=True)
    return dict(rows.values_list("user__name", "count"))


def mailed() -> list[tuple[str, str]]:
    """(entry kind, name) of the mails that wait."""
    rows = Delivery.objects.filter(channel="mail", sent_at__isnull=True).order_by("pk")
    return list(rows.values_list("entry__kind", "user__name"))


@pytest.fixture
def amendment(world: World, alice: User) -> int:
    """The subject of Alice's amendment to the first article."""
    return propose_amendment(
        alice, section_id=world.section().pk, body="Three metres.", reason="Room."
    ).subject_id


def test_a_comment_tells_the_author_of_the_subject(
    amendment: int, charlie: User, mona: User
) -> None:
    post_comment(charlie, subject_id=amendment, body="Why?")
    assert told(EntryKind.COMMENT_POSTED) == {"Alice": 1}
    post_comment(mona, subject_id=amendment, body="Indeed.")
    assert told(EntryKind.COMMENT_POSTED) == {"Alice": 2}
    assert mailed() == []


def test_a_reply_tells_both_authors_and_not_oneself(
    amendment: int, alice: User, charlie: User, mona: User
) -> None:
    first = post_comment(charlie, subject_id=amendment, body="Why?")
    Notice.objects.all().delete()
    post_comment(mona, subject_id=amendment, parent_id=first.pk, body="Room.")
    post_comment(alice, subject_id=amendment, parent_id=first.pk, body="So it is.")
    assert told(EntryKind.COMMENT_POSTED) == {"Alice": 2, "Charlie": 2}


def test_one_person_who_is_both_authors_is_told_once(
    amendment: int, alice: User, charlie: User
) -> None:
    own = post_comment(alice, subject_id=amendment, body="I add this.")
    post_comment(charlie, subject_id=amendment, parent_id=own.pk, body="Good.")
    assert told(EntryKind.COMMENT_POSTED) == {"Alice": 1}


def test_a_comment_on_an_article_tells_nobody(world: World, alice: User) -> None:
    post_comment(alice, subject_id=world.article.pk, body="Fine.")
    assert told(EntryKind.COMMENT_POSTED) == {}


def test_an_edit_tells_those_whose_position_it_emptied(
    amendment: int, alice: User, charlie: User, mona: User, otto: User
) -> None:
    take_position(charlie, subject_id=amendment, value="agree")
    edit = {"title": "Width", "reason": "", "confirmed_resets": 9}
    proposal = Proposal.objects.get(subject_id=amendment)
    edit_proposal(alice, proposal_id=proposal.pk, body="Four metres.", **edit)
    take_position(mona, subject_id=amendment, value="disagree")
    assert told(EntryKind.POSITIONS_RESET) == {"Charlie": 1}
    edit_proposal(alice, proposal_id=proposal.pk, body="Five metres.", **edit)
    assert told(EntryKind.POSITIONS_RESET) == {"Charlie": 1, "Mona": 1}


def test_new_words_tell_those_whose_support_they_ended(
    world: World, alice: User, charlie: User, mona: User
) -> None:
    comment = post_comment(alice, subject_id=world.article.pk, body="Fine.", stance="for")
    support_comment(charlie, comment_id=comment.pk)
    edit_comment(alice, comment_id=comment.pk, body="Not fine.")
    support_comment(mona, comment_id=comment.pk)
    assert told(EntryKind.COMMENT_EDITED) == {"Charlie": 1}
    edit_comment(alice, comment_id=comment.pk, body="Fine after all.")
    assert told(EntryKind.COMMENT_EDITED) == {"Charlie": 1, "Mona": 1}


def test_an_answer_tells_author_and_all_who_spoke_and_mails_the_author(
    amendment: int, charlie: User, mona: User, otto: User, edith: User
) -> None:
    take_position(charlie, subject_id=amendment, value="disagree")
    post_comment(mona, subject_id=amendment, body="Why?")
    answer(otto, subject_id=amendment, decision="refused", body="Too wide.")
    assert told(EntryKind.ANSWERED) == {"Alice": 1, "Charlie": 1, "Mona": 1}
    assert mailed() == [(EntryKind.ANSWERED, "Alice")]
    answer(otto, subject_id=amendment, decision="adopted", body="Wide after all.")
    assert told(EntryKind.ANSWER_CHANGED) == {"Alice": 1, "Charlie": 1, "Mona": 1}
    assert mailed()[1:] == [(EntryKind.ANSWER_CHANGED, "Alice")]


def test_what_is_owed_tells_its_author_and_what_is_late_the_body(
    amendment: int, world: World, bob: User, otto: User, edith: User, olga: User, charlie: User
) -> None:
    take_position(charlie, subject_id=amendment, value="agree")
    past = timezone.now() - timedelta(hours=1)
    promise(bob, process=world.process, rule="threshold", number=1, due_at=past)
    owe_answers(process=world.process)
    assert told(EntryKind.ANSWER_OWED) == {"Alice": 1}
    escalate_late()
    assert told(EntryKind.ANSWER_LATE) == {"Bob": 1, "Otto": 1}


def test_new_dates_tell_everyone_who_took_part(
    world: World, bob: User, alice: User, charlie: User, mona: User
) -> None:
    take_position(alice, subject_id=world.article.pk, value="agree")
    post_comment(charlie, subject_id=world.article.pk, body="Fine.")
    reschedule(bob, process=world.process, plan=plan(), reason="More time.")
    assert told(EntryKind.PROCESS_RESCHEDULED) == {"Alice": 1, "Charlie": 1}
    assert mailed() == []


def test_a_new_version_tells_everyone_who_took_part(
    world: World, bob: User, alice: User, mona: User
) -> None:
    take_position(alice, subject_id=world.article.pk, value="agree")
    draft = parse_draft(TEXT.replace("two metres", "three metres"))
    write_draft(bob, consultation=world.consultation, draft=draft, language="en")
    publish_version(bob, consultation=world.consultation, moved_by={})
    assert told(EntryKind.VERSION_PUBLISHED) == {"Alice": 1}


def test_closing_soon_is_announced_once_and_again_for_a_later_end(
    world: World, bob: User, alice: User
) -> None:
    take_position(alice, subject_id=world.article.pk, value="agree")
    assert announce_closing_soon() == 0
    soon = plan(closes_in=timedelta(hours=40))
    reschedule(bob, process=world.process, plan=soon, reason="Sooner.")
    assert [announce_closing_soon(), announce_closing_soon()] == [1, 0]
    assert told(EntryKind.CLOSING_SOON) == {"Alice": 1}
    later = plan(closes_in=timedelta(hours=47))
    reschedule(bob, process=world.process, plan=later, reason="Later.")
    assert [announce_closing_soon(), announce_closing_soon()] == [1, 0]
    assert Entry.objects.filter(kind=EntryKind.CLOSING_SOON).count() == 2


def test_the_time_for_answers_is_not_the_end_for_people(world: World, bob: User) -> None:
    only_answers = plan(closes_in=timedelta(hours=40), activities=["answer"])
    reschedule(bob, process=world.process, plan=only_answers, reason="Answers only.")
    assert announce_closing_soon() == 0


@pytest.mark.parametrize("state", ["closed_at", "generated_at"])
def test_closed_and_generated_people_are_never_told(
    world: World, bob: User, alice: User, state: str, publish: Callable
) -> None:
    take_position(alice, subject_id=world.article.pk, value="agree")
    setattr(alice, state, timezone.now())
    alice.save(update_fields=[state])
    reschedule(bob, process=world.process, plan=plan(), reason="More time.")
    publish(world.process)
    deliver_entries()
    assert not Notice.objects.exists()
    assert not Delivery.objects.exists()


def test_an_unconfirmed_address_gets_no_mail_but_a_letter_on_the_site(
    world: World, alice: User, publish: Callable
) -> None:
    take_position(alice, subject_id=world.article.pk, value="agree")
    alice.emailaddress_set.update(verified=False)
    publish(world.process)
    deliver_entries()
    assert mailed() == []
    assert Delivery.objects.letters_of(alice).count() == 1


def test_an_audience_of_any_size_costs_the_same_queries(
    world: World, bob: User, alice: User, publish: Callable, django_assert_num_queries: Callable
) -> None:
    people = [alice, *(factories.person() for _number in range(20))]
    for person in people:
        take_position(person, subject_id=world.article.pk, value="agree")
    publish(world.process)
    entry = Entry.objects.select_related("process", "subject", "actor").get(
        kind=EntryKind.RESULTS_PUBLISHED
    )
    with django_assert_num_queries(2):  # letters on the site, mails
        announce(entry)
    assert Delivery.objects.count() == 2 * len(people)
    announce(entry)
    assert Delivery.objects.count() == 2 * len(people)


def test_reading_an_entry_twice_counts_once(world: World, bob: User, alice: User) -> None:
    take_position(alice, subject_id=world.article.pk, value="agree")
    reschedule(bob, process=world.process, plan=plan(), reason="More time.")
    entry = Entry.objects.get(kind=EntryKind.PROCESS_RESCHEDULED)
    announce(entry)
    announce(entry)
    assert told(EntryKind.PROCESS_RESCHEDULED) == {"Alice": 1}


def test_the_author_of_what_a_moderator_hid_is_told_why_and_by_mail(
    world: World, alice: User, mona: User, deliver: Callable
) -> None:
    comment = post_comment(alice, subject_id=world.article.pk, body="Buy my chairs.")
    hide(mona, thing=comment, rule="advertising", reason="You sell chairs.")
    [mail] = deliver()
    assert told(EntryKind.HIDDEN) == {"Alice": 1}
    assert mail.to == [alice.email]
    assert "You sell chairs." in mail.body
    assert f"/en/subjects/comments/{comment.pk}/" in mail.body
    comment.refresh_from_db()
    restore(mona, thing=comment, reason="They were free.")
    [mail] = deliver()
    assert told(EntryKind.RESTORED) == {"Alice": 1}
    assert "They were free." in mail.body
