"""A consultation with results, and the tasks run in this process."""

from collections.abc import Callable, Iterator

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from accounts.models import Organisation, User
from answers.actions import answer
from consultations.actions import propose_amendment
from deliberation.actions import post_comment, take_position
from notifications import tasks
from notifications.postbox import postbox
from processes.actions import close, publish_results
from processes.models import Process
from processes.tasks import deliver_entries
from tests.scenario import World, end_phases, open_consultation


@pytest.fixture(autouse=True)
def fresh_postbox() -> Iterator[None]:
    """No test uses the connection of another."""
    postbox.close()
    yield
    postbox.close()


@pytest.fixture
def world(bob: User, organisation: Organisation) -> World:
    return open_consultation(bob, organisation)


@pytest.fixture
def deliver() -> Callable[[], list[EmailMessage]]:
    """Consume the journal and send what is due: the mails that went out."""

    def run() -> list[EmailMessage]:
        before = len(mail.outbox)
        deliver_entries()
        while tasks.send_batch():
            pass
        return mail.outbox[before:]

    return run


@pytest.fixture
def publish(bob: User) -> Callable[[Process], None]:
    """Let it end, close it and publish its results."""

    def run(process: Process) -> None:
        end_phases(bob, process)
        process.refresh_from_db()
        close(bob, process=process)
        publish_results(
            bob,
            process=process,
            summary={"en": "Wider pavements.", "fr": "Des trottoirs plus larges."},
        )

    return run


@pytest.fixture
def taken_part(world: World, alice: User, charlie: User, otto: User) -> World:
    """Alice agrees, argues and amends; Charlie disagrees; Otto answers the amendment."""
    take_position(alice, subject_id=world.article.pk, value="agree")
    take_position(charlie, subject_id=world.article.pk, value="disagree")
    post_comment(alice, subject_id=world.article.pk, body="Two chairs *must* pass.", stance="for")
    amendment = propose_amendment(
        alice,
        section_id=world.section().pk,
        body="A pavement is three metres wide.",
        reason="Room.",
    )
    take_position(charlie, subject_id=amendment.subject_id, value="agree")
    answer(
        otto, subject_id=amendment.subject_id, decision="adopted", body="Three metres **it is**."
    )
    return world
