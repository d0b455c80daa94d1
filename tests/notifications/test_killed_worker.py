"""A real worker is killed in the middle of a few hundred letters; nobody is without one."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress

from accounts.models import User
from notifications.models import Delivery
from processes.models import Participation, Process
from processes.tasks import deliver_entries
from tests.scenario import World
from tests.support import smtp

NUMBER = 300
CONCURRENCY = 2


@pytest.fixture
def crowd(world: World) -> list[User]:
    """People with confirmed addresses who took part."""
    people = User.objects.bulk_create(
        User(email=f"p{number}@example.org", name=f"Person {number}") for number in range(NUMBER)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in people
    )
    Participation.objects.bulk_create(
        Participation(user=user, process=world.process) for user in people
    )
    return people


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_letters_in_flight_at_a_kill_are_all_that_is_repeated(
    world: World,
    crowd: list[User],
    publish: Callable[[Process], None],
    live_web: Callable[..., Any],
    tmp_path: Path,
) -> None:
    with smtp.running(tmp_path / "letters", delay=0.004) as sink:
        site = live_web(
            KENES_EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            KENES_SMTP_HOST="127.0.0.1",
            KENES_SMTP_PORT=str(sink.port),
        )
        publish(world.process)
        deliver_entries()
        kills = 0
        for wanted in (40, 120, 200):
            worker = site.start_worker(concurrency=CONCURRENCY)
            assert sink.wait_for(wanted), site.log
            worker.kill()
            kills += 1
        site.start_worker(concurrency=CONCURRENCY)
        assert sink.wait_for(NUMBER)
        _wait_until_nothing_waits()
        letters = sink.letters()
    assert {address for _id, address in letters} == {user.email for user in crowd}
    assert len(letters) - NUMBER <= kills * CONCURRENCY
    ids = {f"<{row.message_id}@localhost>" for row in Delivery.objects.filter(channel="mail")}
    assert {message_id for message_id, _address in letters} == ids


def _wait_until_nothing_waits() -> None:
    waiting = Delivery.objects.filter(channel="mail", sent_at__isnull=True)
    for _attempt in range(200):
        if not waiting.exists():
            return
        time.sleep(0.05)
    raise AssertionError(f"{waiting.count()} letters wait")
