"""Everyone who took part gets one letter, and it says what became of what they said."""

from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage

from accounts.models import User
from notifications.letters import compose
from notifications.models import Delivery
from processes.models import Process
from tests.scenario import World

Deliver = Callable[[], list[EmailMessage]]
Publish = Callable[[Process], None]
pytestmark = pytest.mark.django_db


def letters(mails: list[EmailMessage]) -> dict[str, EmailMessage]:
    """{address: mail}, of the result letters among some mails; one per person or it fails."""
    chosen = [m for m in mails if "What became" in m.subject or "devenu" in m.subject]
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
