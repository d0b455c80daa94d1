"""Mail stops by one click, without signing in; and only for whom, and about what, it was asked."""

from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from accounts.models import User
from deliberation.actions import take_position
from notifications import tokens
from notifications.models import Delivery, Subscription
from processes.models import Process
from processes.tasks import deliver_entries
from tests.scenario import World

Deliver = Callable[[], list[EmailMessage]]
Publish = Callable[[Process], None]
pytestmark = pytest.mark.django_db


@pytest.fixture
def program() -> Client:
    """A mail program: no cookie, no CSRF token, and the checks of a real site."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def letter(
    world: World, alice: User, charlie: User, deliver: Deliver, publish: Publish
) -> EmailMessage:
    """Alice's letter."""
    for person in (alice, charlie):
        take_position(person, subject_id=world.article.pk, value="agree")
    publish(world.process)
    return next(mail for mail in deliver() if mail.to == [alice.email])


def path_of(mail: EmailMessage) -> str:
    address = str(mail.extra_headers["List-Unsubscribe"]).strip("<>")
    return address[address.index("/en/") :]


def ended() -> list[tuple[str, int | None]]:
    rows = Subscription.objects.filter(ended_at__isnull=False).order_by("pk")
    return list(rows.values_list("user__name", "process_id"))


def test_one_click_of_a_mail_program_stops_mail_about_this(
    letter: EmailMessage, world: World, program: Client
) -> None:
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    body = "List-Unsubscribe=One-Click"
    form = "application/x-www-form-urlencoded"
    for _twice in range(2):
        assert program.post(path_of(letter), body, content_type=form).status_code == 200
    assert ended() == [("Alice", world.process.pk)]


def test_opening_the_link_changes_nothing(letter: EmailMessage, program: Client) -> None:
    answer = program.get(path_of(letter))
    assert answer.status_code == 200
    assert "Streets and markets" in answer.content.decode()
    assert ended() == []


@pytest.mark.parametrize(("choice", "is_all"), [("process", False), ("all", True)])
def test_a_choice_on_the_page_is_done_and_undone(
    letter: EmailMessage, world: World, program: Client, choice: str, is_all: bool
) -> None:
    program.post(path_of(letter), {"choice": choice})
    assert ended() == [("Alice", None if is_all else world.process.pk)]
    program.post(path_of(letter), {"choice": "resume"})
    assert ended() == []


def test_a_choice_that_is_none_is_told_and_changes_nothing(
    letter: EmailMessage, program: Client
) -> None:
    assert program.post(path_of(letter), {"choice": "everything"}).status_code == 400
    assert ended() == []


@pytest.mark.parametrize(
    "change",
    [lambda t: t[:-1] + "x", lambda t: "1" + t, lambda t: "~", lambda t: t.partition("~")[0]],
)
def test_a_link_that_was_not_made_here_leads_nowhere(
    letter: EmailMessage, alice: User, world: World, program: Client, change: Callable
) -> None:
    token = change(tokens.make(alice.pk, world.process.pk))
    for answer in (program.get(f"/en/mail/{token}/"), program.post(f"/en/mail/{token}/")):
        assert answer.status_code == 404
    assert ended() == []


@pytest.mark.parametrize("process_id", [None, "this"])
def test_who_asked_for_no_mail_gets_a_letter_on_the_site_only(
    world: World,
    alice: User,
    deliver: Deliver,
    publish: Publish,
    process_id: str | None,
    client_of: Callable,
) -> None:
    take_position(alice, subject_id=world.article.pk, value="agree")
    token = tokens.make(alice.pk, world.process.pk)
    Client().post(f"/en/mail/{token}/", {"choice": "process" if process_id else "all"})
    publish(world.process)
    assert deliver() == []
    assert Delivery.objects.letters_of(alice).count() == 1


def test_a_wish_that_comes_while_the_letter_waits_is_heeded(
    world: World, alice: User, deliver: Deliver, publish: Publish
) -> None:
    take_position(alice, subject_id=world.article.pk, value="agree")
    publish(world.process)
    deliver_entries()
    Client().post(f"/en/mail/{tokens.make(alice.pk, world.process.pk)}/")
    assert deliver() == []
    mail = Delivery.objects.get(channel="mail", user=alice)
    assert (mail.sent_at, mail.error) == (None, "unsubscribed")
    assert mail.failed_at is not None


def test_the_preferences_page_shows_and_changes_wishes(
    letter: EmailMessage, world: World, alice: User, client_of: Callable
) -> None:
    client = client_of(alice)
    page = client.get("/en/inbox/mail/").content.decode()
    assert page.count("checked") == 2
    client.post("/en/inbox/mail/", {"wants_mail": "on"})
    assert ended() == [("Alice", world.process.pk)]
    client.post("/en/inbox/mail/", {"processes": [str(world.process.pk)]})
    assert ended() == [("Alice", None)]
    client.post("/en/inbox/mail/", {"wants_mail": "on", "processes": [str(world.process.pk)]})
    assert ended() == []
    answer = client.post("/en/inbox/mail/", {"wants_mail": "on", "processes": ["999999"]})
    assert answer.status_code == 400
