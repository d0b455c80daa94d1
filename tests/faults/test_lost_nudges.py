"""The broker was never told, or forgot everything: what waits in rows is done by the clock alone."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings

from accounts.models import User
from config.embedded import ROOT
from config.site import Site
from deliberation.actions import post_comment
from notifications.models import Delivery, Notice
from processes.models import Entry
from tests.faults.driver import Browser
from tests.faults.people import session_of
from tests.scenario import World, end_phases
from tests.support import smtp

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

PATIENCE = 90.0  # seconds: several rounds of the sweep on a slow machine
NOBODY_LISTENS = "redis+socket:///nowhere/broker.sock"
READ_THE_JOURNAL = """
import django
django.setup()
from processes.tasks import deliver_entries
deliver_entries()
"""


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, what
        time.sleep(0.2)


def nothing_waits() -> bool:
    return not Entry.objects.filter(consumed_at=None).exists()


def all_mail_is_sent() -> bool:
    mail = Delivery.objects.filter(channel="mail")
    return mail.exists() and not mail.filter(sent_at=None).exists()


def test_what_no_worker_was_told_of_is_done_by_the_sweep(
    world: World,
    alice: User,
    charlie: User,
    bob: User,
    live_web: Callable[..., Site],
    tmp_path: Path,
) -> None:
    """People press a web server that never reaches the broker; the worker has long been awake."""
    with smtp.running(tmp_path / "letters") as sink:
        mail = {
            "KENES_EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "KENES_SMTP_HOST": "127.0.0.1",
            "KENES_SMTP_PORT": str(sink.port),
            "KENES_SECRET_KEY": settings.SECRET_KEY,
        }
        at_work = live_web(workers=1, threads=1, **mail)
        at_work.start_worker(concurrency=1)
        at_work.start_clock()
        said = post_comment(alice, subject_id=world.article.pk, body="Wider.", stance="for")
        wait_until(nothing_waits, "the worker is awake")

        # Entries of the journal: a reply is told to whom it answers.
        cut_off = live_web(workers=1, threads=2, CELERY_BROKER_URL=NOBODY_LISTENS, **mail)
        reply = {"body": "At schools too."}
        person = Browser(cut_off.url, session_of(charlie))
        assert person.post(f"/en/subjects/comments/{said.pk}/reply/", reply).status in (200, 302)
        assert not Notice.objects.filter(user=alice).exists()
        wait_until(nothing_waits, "the sweep finds the entry")
        assert Notice.objects.filter(user=alice).exists()

        # Letters: the entry is read, and then nobody is told that letters are due.
        end_phases(bob, world.process)
        desk = f"/en/desk/consultations/{world.process.slug}/"
        official = Browser(cut_off.url, session_of(bob))
        assert official.post(f"{desk}close/", {"reason": ""}).status == 302
        results = {"summary_en": "Wider.", "send": "1", "confirmed": "on"}
        assert official.post(f"{desk}results/", results).status == 302
        _read_the_journal(cut_off)
        wait_until(all_mail_is_sent, "the sweep finds the letters")
        letters = sink.letters()
    assert sorted(address for _id, address in letters) == sorted([alice.email, charlie.email])


def _read_the_journal(site: Site) -> None:
    """Do what the worker does with the journal, in a process that cannot tell of what is due."""
    command = [sys.executable, "-c", READ_THE_JOURNAL]
    subprocess.run(command, cwd=ROOT, env=site.variables, check=True, capture_output=True)


def test_every_task_of_the_schedule_exists() -> None:
    """A sweep that is spelt wrong would be sent for ever, and never run."""
    current_app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled <= set(current_app.tasks)
    assert {"processes.tasks.deliver_entries", "notifications.tasks.sweep_deliveries"} <= scheduled
