"""The worker is killed five times in the middle of ten thousand letters; nobody is without one."""

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress

from accounts.models import User
from config.site import Site
from notifications.models import Delivery
from processes.actions import close, publish_results
from processes.models import Participation, Process
from processes.tasks import deliver_entries
from tests.scenario import World, end_phases
from tests.support import smtp

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

NUMBER = 10_000
CONCURRENCY = 2
KILLS = (1_000, 2_700, 4_400, 6_100, 7_800)  # so many letters are out when the worker is killed
PATIENCE = 120.0  # seconds for any one stretch, on a busy machine


@pytest.fixture
def crowd(world: World) -> set[str]:
    """Ten thousand people with confirmed addresses who took part: their addresses."""
    people = User.objects.bulk_create(
        User(email=f"p{number}@example.org", name=f"Person {number}") for number in range(NUMBER)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in people
    )
    Participation.objects.bulk_create(
        Participation(user=user, process=world.process) for user in people
    )
    return {user.email for user in people}


def test_five_kills_lose_no_letter_and_repeat_only_what_was_in_flight(
    world: World, bob: User, crowd: set[str], live_web: Callable[..., Site], tmp_path: Path
) -> None:
    with smtp.running(tmp_path / "letters") as sink:
        site = live_web(
            workers=1,
            threads=1,
            KENES_EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            KENES_SMTP_HOST="127.0.0.1",
            KENES_SMTP_PORT=str(sink.port),
        )
        _publish_results(bob, world.process)
        deliver_entries()
        for wanted in KILLS:
            worker = site.start_worker(concurrency=CONCURRENCY)
            assert sink.wait_for(wanted, PATIENCE), site.log
            worker.kill()
            assert len(sink.letters()) < NUMBER, "the kill came in the middle"
        site.start_worker(concurrency=CONCURRENCY)
        assert sink.wait_for(NUMBER, PATIENCE), site.log
        _wait_until_nothing_waits()
        letters = sink.letters()
    assert {address for _id, address in letters} == crowd
    assert len(letters) - NUMBER <= len(KILLS) * CONCURRENCY, "only what was in flight is repeated"
    of_each = Counter(address for _id, address in set(letters))
    assert set(of_each.values()) == {1}, "a repeated letter has the Message-ID of the first"
    noted = Delivery.objects.filter(channel="mail").values_list("message_id", "user__email")
    assert set(letters) == {(f"<{message_id}@localhost>", email) for message_id, email in noted}


def _publish_results(owner: User, process: Process) -> None:
    end_phases(owner, process)
    process.refresh_from_db()
    close(owner, process=process)
    publish_results(owner, process=process, summary={"en": "Wider.", "fr": "Plus larges."})


def _wait_until_nothing_waits() -> None:
    waiting = Delivery.objects.filter(channel="mail", sent_at__isnull=True)
    end = time.monotonic() + PATIENCE
    while waiting.exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert waiting.count() == 0
