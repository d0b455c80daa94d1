"""The inbox: what is in it, in which order, at what cost, and whose it is."""

import re
from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from accounts.actions import export_person
from accounts.backends import EmailBackend
from accounts.models import User
from deliberation.actions import post_comment, take_position
from notifications.actions import mark_all_read, mark_read, mark_unread
from notifications.models import Delivery, Notice
from processes.actions import reschedule
from processes.models import Process
from processes.tasks import deliver_entries
from tests import factories
from tests.scenario import World, open_consultation, plan

Publish = Callable[[Process], None]
Deliver = Callable[[], list[EmailMessage]]
pytestmark = pytest.mark.django_db


@pytest.fixture
def remark(world: World, alice: User, charlie: User) -> Notice:
    """Charlie has replied to Alice."""
    first = post_comment(alice, subject_id=world.article.pk, body="Fine.")
    post_comment(charlie, subject_id=world.article.pk, parent_id=first.pk, body="Why?")
    deliver_entries()
    return Notice.objects.get(user=alice)


def test_an_empty_inbox_says_what_will_be_there(alice: User, client_of: Callable) -> None:
    page = client_of(alice).get("/en/inbox/").content.decode()
    assert "What concerns you will stand here" in page


def test_a_notice_says_who_did_what_and_leads_there(
    remark: Notice, alice: User, client_of: Callable
) -> None:
    client = client_of(alice)
    page = client.get("/en/inbox/").content.decode()
    assert "Charlie replied to you on “Article 1 – Width of pavements”" in page
    answer = client.get(f"/en/inbox/notices/{remark.pk}/")
    assert answer.status_code == 302
    assert answer.url == f"/en/subjects/comments/{remark.entry.data['comment']}/"
    remark.refresh_from_db()
    assert remark.read_at is not None


def test_the_header_counts_what_is_unread(
    remark: Notice, world: World, alice: User, publish: Publish
) -> None:
    def counted() -> int:
        person = EmailBackend().get_user(alice.pk)
        assert person is not None
        return person.unread_count

    assert counted() == 1
    publish(world.process)
    deliver_entries()
    assert counted() == 3  # the reply, the new dates, the letter
    mark_all_read(alice)
    assert counted() == 1


def test_collapsed_notices_are_counted_until_they_are_read(
    remark: Notice, world: World, alice: User, charlie: User
) -> None:
    parent = remark.entry.data["comment"]
    own = post_comment(alice, subject_id=world.article.pk, parent_id=parent, body="So.")
    for number in range(3):
        post_comment(
            charlie, subject_id=world.article.pk, parent_id=own.parent_id, body=f"More {number}"
        )
    deliver_entries()
    assert Notice.objects.get(user=alice).count == 1  # they answered Charlie's own comment
    mark_read(alice, notice_ids=[remark.pk])
    first = post_comment(alice, subject_id=world.article.pk, body="New.")
    for number in range(2):
        post_comment(
            charlie, subject_id=world.article.pk, parent_id=first.pk, body=f"Again {number}"
        )
    deliver_entries()
    rows = Notice.objects.filter(user=alice).order_by("pk")
    assert [(row.count, row.read_at is None) for row in rows] == [(1, False), (2, True)]


def test_marking_all_as_read_can_be_undone(
    remark: Notice, alice: User, client_of: Callable
) -> None:
    client = client_of(alice)
    answer = client.post("/en/inbox/read/", {"all": "1"}, follow=True)
    page = answer.content.decode()
    assert "Marked as read." in page
    moment = re.search(r'name="undo" value="([^"]+)"', page)
    assert moment is not None
    client.post("/en/inbox/unread/", {"undo": moment[1]})
    remark.refresh_from_db()
    assert remark.read_at is None


def test_undo_leaves_what_has_a_newer_unread_twin(
    remark: Notice, world: World, alice: User, charlie: User
) -> None:
    moment = mark_all_read(alice)
    first = post_comment(alice, subject_id=world.article.pk, body="New.")
    post_comment(charlie, subject_id=world.article.pk, parent_id=first.pk, body="Again")
    deliver_entries()
    assert mark_unread(alice, read_at=moment) == 0


@pytest.mark.parametrize(
    "undo", ["", "yesterday", "2026-01-01", "\x00", "9" * 4000, "2026-13-45T99:00:00Z"]
)
def test_an_undo_that_nobody_offered_changes_nothing(
    remark: Notice, alice: User, client_of: Callable, undo: str
) -> None:
    mark_all_read(alice)
    answer = client_of(alice).post("/en/inbox/unread/", {"undo": undo})
    assert answer.status_code == 302
    remark.refresh_from_db()
    assert remark.read_at is not None


@pytest.mark.parametrize("notice", ["", "x", "-1", "9" * 30, "٣"])
def test_a_notice_number_that_is_none_changes_nothing(
    remark: Notice, alice: User, client_of: Callable, notice: str
) -> None:
    answer = client_of(alice).post("/en/inbox/read/", {"notice": notice})
    assert answer.status_code == 302
    remark.refresh_from_db()
    assert remark.read_at is None


def test_nobody_reads_or_marks_what_is_anothers(
    remark: Notice, world: World, alice: User, charlie: User, publish: Publish, client_of: Callable
) -> None:
    publish(world.process)
    deliver_entries()
    letter = Delivery.objects.letters_of(alice).get()
    client: Client = client_of(charlie)
    assert client.get(f"/en/inbox/letters/{letter.pk}/").status_code == 404
    assert client.get(f"/en/inbox/notices/{remark.pk}/").status_code == 404
    client.post("/en/inbox/read/", {"notice": str(remark.pk)})
    remark.refresh_from_db()
    letter.refresh_from_db()
    assert (remark.read_at, letter.read_at) == (None, None)
    nobody = client_of(None)
    for path in ("", f"letters/{letter.pk}/", f"notices/{remark.pk}/", "mail/"):
        assert "/accounts/login/" in nobody.get(f"/en/inbox/{path}").url


def test_a_mails_own_number_is_not_a_letter_on_the_site(
    world: World, alice: User, publish: Publish, client_of: Callable
) -> None:
    take_position(alice, subject_id=world.article.pk, value="agree")
    publish(world.process)
    deliver_entries()
    mail = Delivery.objects.get(user=alice, channel="mail")
    assert client_of(alice).get(f"/en/inbox/letters/{mail.pk}/").status_code == 404


def test_the_letter_page_is_the_letter_and_is_read_then(
    world: World, alice: User, publish: Publish, client_of: Callable
) -> None:
    take_position(alice, subject_id=world.article.pk, value="agree")
    publish(world.process)
    deliver_entries()
    letter = Delivery.objects.letters_of(alice).get()
    page = client_of(alice).get(f"/fr/inbox/letters/{letter.pk}/").content.decode()
    assert "Streets and markets (fr)" in page
    assert "Des trottoirs plus larges." in page
    assert "Conseil de" in page
    letter.refresh_from_db()
    assert letter.read_at is not None


@pytest.mark.parametrize("number", [3, 30])
def test_the_inbox_makes_the_same_queries_however_full_it_is(
    number: int,
    bob: User,
    organisation: object,
    alice: User,
    publish: Publish,
    client_of: Callable,
    django_assert_num_queries: Callable,
) -> None:
    for _round in range(number):
        world = open_consultation(bob, organisation)  # type: ignore[arg-type]
        take_position(alice, subject_id=world.article.pk, value="agree")
        reschedule(bob, process=world.process, plan=plan(), reason="More time.")
    publish(world.process)
    deliver_entries()
    client = client_of(alice)
    with django_assert_num_queries(4):  # session, person, notices, letters
        answer = client.get("/en/inbox/")
    assert answer.content.decode().count("The dates of") == min(number, 30)


@pytest.mark.parametrize("number", [3, 30])
def test_a_letter_makes_the_same_queries_however_much_was_said(
    number: int,
    world: World,
    alice: User,
    publish: Publish,
    client_of: Callable,
    django_assert_num_queries: Callable,
) -> None:
    for place in range(number):
        article = world.articles[place % 4]
        post_comment(alice, subject_id=article.pk, body=f"Remark {place}")
        take_position(alice, subject_id=article.pk, value="agree")
    publish(world.process)
    deliver_entries()
    letter = Delivery.objects.letters_of(alice).get()
    client = client_of(alice)
    client.get(f"/en/inbox/letters/{letter.pk}/")
    # session, person, letter; positions, proposals, comments, sources, subjects, answers, their
    # number; titles, changes (none, so no links and no second titles)
    with django_assert_num_queries(11):
        answer = client.get(f"/en/inbox/letters/{letter.pk}/")
    assert answer.content.decode().count("Remark ") == number


def test_a_long_inbox_has_pages(
    world: World, bob: User, alice: User, client_of: Callable, organisation: object
) -> None:
    people = [factories.person() for _number in range(3)]
    for number in range(32):
        first = post_comment(alice, subject_id=world.article.pk, body=f"Remark {number}")
        post_comment(
            people[number % 3], subject_id=world.article.pk, parent_id=first.pk, body="Why?"
        )
        deliver_entries()
        mark_all_read(alice)
    client = client_of(alice)
    first_page = client.get("/en/inbox/").content.decode()
    assert first_page.count('<span class="inbox__at">') == 30
    assert "?page=2" in first_page
    second = client.get("/en/inbox/?page=2").content.decode()
    assert second.count('<span class="inbox__at">') == 2
    for nonsense in ("x", "-1", "0", "99999999999", "٣"):
        assert client.get(f"/en/inbox/?page={nonsense}").status_code == 200


def test_an_export_holds_letters_and_notices(
    remark: Notice, world: World, alice: User, publish: Publish
) -> None:
    publish(world.process)
    deliver_entries()
    data = export_person(alice)
    assert {row["kind"] for row in data["notices"]} == {"comment_posted", "process_rescheduled"}
    assert {row["channel"] for row in data["letters"]} == {"site", "mail"}
