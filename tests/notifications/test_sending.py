"""Letters go to a real mail server: once each, and whatever it says is heeded."""

import email
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage as Parsed
from io import StringIO
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from django.conf import settings as site
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.actions import close_account
from accounts.models import User
from deliberation.actions import post_comment, take_position
from notifications import deliveries, mails, tasks
from notifications.models import Delivery
from notifications.postbox import postbox
from processes.models import Process
from processes.tasks import deliver_entries
from tests import factories
from tests.scenario import World

Publish = Callable[[Process], None]
pytestmark = pytest.mark.django_db


@dataclass
class Postmaster:
    """Takes what it is sent, but for addresses that it refuses with a given answer."""

    taken: list[tuple[str, bytes]] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    sessions: int = 0

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        self.taken.append((envelope.rcpt_tos[0], envelope.content))
        return "250 taken"

    def letters(self) -> dict[str, Parsed]:
        """{address: letter}; fails if somebody has two."""
        assert len({address for address, _content in self.taken}) == len(self.taken)
        return {
            address: email.message_from_bytes(content, policy=policy.default)  # type: ignore[misc]
            for address, content in self.taken
        }


@pytest.fixture
def postmaster(settings: Any) -> Iterator[Postmaster]:
    """A mail server on this machine that the site sends to."""
    handler = Postmaster()
    controller = Controller(handler, hostname="127.0.0.1", port=0)
    controller.port = _free_port()
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield handler
    postbox.close()
    controller.stop()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def waiting(world: World, alice: User, charlie: User, publish: Publish) -> World:
    """Letters to Alice, who reads English, and Charlie, who reads French, wait."""
    charlie.language = "fr"
    charlie.save(update_fields=["language"])
    for person in (alice, charlie):
        take_position(person, subject_id=world.article.pk, value="agree")
    post_comment(alice, subject_id=world.article.pk, body="<b>Two</b> & two – «четыре»")
    publish(world.process)
    deliver_entries()
    return world


def mail_to(person: User) -> Delivery:
    return Delivery.objects.get(user=person, channel="mail")


def test_a_letter_is_a_mail_of_text_and_html_in_ones_language(
    waiting: World, postmaster: Postmaster, alice: User, charlie: User
) -> None:
    assert tasks.send_batch() == 2
    letters = postmaster.letters()
    english, french = letters[alice.email], letters[charlie.email]
    assert english["Subject"] == "What became of what you said: Streets and markets"
    assert "Streets and markets (fr)" in french["Subject"]
    assert [part.get_content_type() for part in english.walk()] == [
        "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip
    text = english.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    html = english.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "<b>Two</b> & two – «четыре»" in text
    assert "&lt;b&gt;Two&lt;/b&gt; &amp; two – «четыре»" in html
    assert "Wider pavements." in text
    assert "Des trottoirs plus larges." in french.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert '<html lang="fr">' in french.get_body(("html",)).get_content()  # type: ignore[union-attr]


def test_a_letter_carries_the_headers_that_mail_programs_ask_for(
    waiting: World, postmaster: Postmaster, alice: User
) -> None:
    tasks.send_batch()
    letter = postmaster.letters()[alice.email]
    assert letter["Message-ID"] == f"<{mail_to(alice).message_id}@localhost>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe"].strip().startswith(f"<{site.SITE_URL}/en/mail/")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Date"]
    assert letter["From"] == site.DEFAULT_FROM_EMAIL


def test_the_letter_leads_to_the_same_letter_on_the_site(
    waiting: World, postmaster: Postmaster, alice: User, client_of: Callable
) -> None:
    tasks.send_batch()
    text = postmaster.letters()[alice.email].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    letter = Delivery.objects.letters_of(alice).get()
    address = f"{site.SITE_URL}/en/inbox/letters/{letter.pk}/"
    assert address in text
    page = client_of(alice).get(address.removeprefix(site.SITE_URL)).content.decode()
    assert "Wider pavements." in page


def test_one_connection_serves_many_batches(
    waiting: World, postmaster: Postmaster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "BATCH", 1)
    assert [tasks.send_batch(), tasks.send_batch(), tasks.send_batch()] == [1, 1, 0]
    assert postmaster.sessions == 1


def test_a_final_refusal_ends_one_letter_and_holds_up_no_other(
    waiting: World, postmaster: Postmaster, alice: User, charlie: User
) -> None:
    postmaster.refuses[alice.email] = "550 no such person"
    assert tasks.send_batch() == 1
    assert list(postmaster.letters()) == [charlie.email]
    row = mail_to(alice)
    assert row.failed_at is not None
    assert row.error == "550 no such person"
    assert tasks.send_batch() == 0


def test_a_passing_refusal_is_tried_again_ever_later_and_given_up_at_last(
    waiting: World, postmaster: Postmaster, alice: User
) -> None:
    postmaster.refuses[alice.email] = "450 come again"
    pauses = []
    for _attempt in range(deliveries.ATTEMPTS):
        Delivery.objects.filter(user=alice, sent_at=None).update(due_at=timezone.now())
        tasks.send_batch()
        row = mail_to(alice)
        pauses.append(row.due_at - timezone.now())
    assert pauses[:-1] == sorted(pauses[:-1])
    assert (row.attempts, row.failed_at is not None) == (deliveries.ATTEMPTS, True)
    postmaster.refuses.clear()
    assert deliveries.retry_failed() == 1
    assert tasks.send_batch() == 1


def test_a_mail_server_that_is_away_costs_nobody_an_attempt(
    waiting: World, settings: Any, postmaster: Postmaster
) -> None:
    here = settings.EMAIL_PORT
    settings.EMAIL_PORT = _free_port()
    assert tasks.send_batch() == 0
    rows = Delivery.objects.filter(channel="mail")
    assert {(row.attempts, row.claimed_by, row.failed_at) for row in rows} == {(0, None, None)}
    settings.EMAIL_PORT = here
    Delivery.objects.filter(channel="mail").update(due_at=timezone.now())
    assert tasks.send_batch() == 2


def test_a_letter_that_cannot_be_written_holds_up_no_other(
    waiting: World, postmaster: Postmaster, alice: User, charlie: User, monkeypatch: Any
) -> None:
    write = mails.Batch.write

    def write_all_but_one(batch: mails.Batch, delivery: Delivery) -> EmailMessage:
        if delivery.user_id == alice.pk:
            raise ValueError("ink is out")
        return write(batch, delivery)

    monkeypatch.setattr(mails.Batch, "write", write_all_but_one)
    assert tasks.send_batch() == 1
    assert list(postmaster.letters()) == [charlie.email]
    assert mail_to(alice).attempts == 1


def test_who_closed_the_account_meanwhile_gets_no_letter(
    waiting: World, postmaster: Postmaster, alice: User, charlie: User
) -> None:
    close_account(alice)
    tasks.send_batch()
    assert list(postmaster.letters()) == [charlie.email]


def test_a_batch_makes_the_same_queries_for_any_number_of_letters(
    world: World, alice: User, publish: Publish, django_assert_num_queries: Callable
) -> None:
    people = [alice, *(factories.person() for _number in range(29))]
    for person in people:
        take_position(person, subject_id=world.article.pk, value="agree")
        post_comment(person, subject_id=world.articles[1].pk, body="Fine.")
    publish(world.process)
    deliver_entries()
    for number in (3, 27):
        # slot taken, claim; deliveries, entries; positions, proposals, comments, sources,
        # subjects, answers, their number; changes; slot given back; one mark a letter
        with django_assert_num_queries(13 + number):
            _send_exactly(number)
    assert not Delivery.objects.filter(sent_at__isnull=True).exists()


def _send_exactly(number: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tasks, "BATCH", number)
        patch.setattr(tasks, "nudge", lambda *_: None)
        assert tasks.send_batch() == number


@pytest.mark.django_db(transaction=True)
def test_two_senders_never_hold_the_same_letter(waiting: World) -> None:
    mine = deliveries.claim(1)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute(deliveries._CLAIM, [100])
            theirs = [row[0] for row in cursor.fetchall()]
            cursor.execute(deliveries._CLAIM, [100])
            again = [row[0] for row in cursor.fetchall()]
    finally:
        other.close()
    assert len(mine) == len(theirs) == 1
    assert mine != theirs
    assert again == theirs  # what a sender itself left is its own
    _wait_until_gone()
    assert sorted(deliveries.claim(100)) == sorted([*mine, *theirs])  # a session that ended frees


def _wait_until_gone() -> None:
    """Until the other session of this test has ended on the server."""
    for _attempt in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND backend_type = 'client backend'"
            )
            if cursor.fetchone()[0] == 1:
                return
            cursor.execute("SELECT pg_sleep(0.02)")


@pytest.mark.django_db(transaction=True)
def test_no_more_senders_work_than_there_are_places(waiting: World) -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            for slot in range(tasks.SENDERS):
                cursor.execute("SELECT pg_advisory_lock(%s, %s)", [deliveries._LOCK, slot])
        assert tasks.send_batch() == 0
    finally:
        other.close()
    _wait_until_gone()
    assert tasks.send_batch() == 2


def test_an_operator_can_have_failed_letters_tried_again(
    waiting: World, postmaster: Postmaster, alice: User
) -> None:
    postmaster.refuses[alice.email] = "554 not today"
    tasks.send_batch()
    postmaster.refuses.clear()
    said = StringIO()
    call_command("retry_letters", stdout=said)
    assert said.getvalue().strip() == "1"
    assert tasks.send_batch() == 1
    assert alice.email in postmaster.letters()
