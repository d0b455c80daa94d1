"""Result letters to everyone who took part, through Celery into a mail server of this machine."""

import os
import time
from pathlib import Path

from allauth.account.models import EmailAddress
from django.db import connection

from accounts.actions import grant_role
from accounts.kinds import Role
from accounts.models import User
from benchmarks.accounting import Watched
from benchmarks.report import say
from config.embedded import Servers
from config.site import live
from notifications.kinds import Channel
from notifications.models import Delivery
from processes import actions
from processes.models import Participation, Process
from tests.support import smtp

GOAL = 200.0  # letters per second
PATIENCE = 900.0  # seconds for all of them


def measure(servers: Servers, state: Path, process: Process, number: int) -> None:
    """Close the consultation, publish its results, and count what the mail server gets."""
    told = _make_reachable(process, number)
    owner, _ = User.objects.get_or_create(email="owner@kenes.invalid", defaults={"name": "Owner"})
    grant_role(None, person=owner, organisation=process.organisation, role=Role.OWNER)
    process.refresh_from_db()
    actions.close(owner, process=process)
    with smtp.running(state / "letters.txt") as sink:
        settings = {
            "KENES_SMTP_HOST": "127.0.0.1",
            "KENES_SMTP_PORT": str(sink.port),
            "KENES_EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        }
        with live(servers.addresses, state / "post", workers=1, threads=1, **settings) as site:
            worker = site.start_worker(concurrency=2)
            site.start_clock()
            time.sleep(8)  # until the worker listens
            watched = Watched(worker.pid, servers.pid("postgresql"), servers.pid("valkey"))
            before = watched.spent()
            started = time.perf_counter()
            actions.publish_results(
                owner, process=process, summary={"fr": "C’est fait.", "en": "It is done."}
            )
            _wait(sink, told, started)
            seconds = time.perf_counter() - started
            _report(sink, told, seconds, (watched.spent() - before).all)


def _make_reachable(process: Process, number: int) -> int:
    """Let so many of the generated participants be people with an address. How many are told."""
    took_part = Participation.objects.filter(process=process).order_by("pk").values("user")
    chosen = list(took_part.values_list("user", flat=True)[:number])
    User.objects.filter(pk__in=chosen).update(generated_at=None)
    missing = User.objects.filter(pk__in=chosen, emailaddress__isnull=True)
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=u, email=u.email, verified=True, primary=True) for u in missing],
        batch_size=2000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    others = User.objects.filter(pk__in=took_part, emailaddress__verified=True)
    return others.filter(generated_at__isnull=True).distinct().count()


def _wait(sink: smtp.Sink, number: int, started: float) -> None:
    """Until all have come, or nothing has come for a minute."""
    last, moved = 0, time.perf_counter()
    while (now := time.perf_counter()) < started + PATIENCE:
        found = sum(1 for _ in sink.letters())
        if found >= number or now > moved + 60:
            return
        if found > last:
            last, moved = found, now
        time.sleep(0.5)


def _report(sink: smtp.Sink, told: int, seconds: float, spent: float) -> None:
    time.sleep(1)
    letters = sink.letters()
    people = {recipient for _id, recipient in letters}
    sent = Delivery.objects.filter(channel=Channel.MAIL, sent_at__isnull=False).count()
    rate = len(letters) / seconds
    say("\n## Result letters\n")
    say(f"- people to tell: {told:,}; letters taken by the mail server: {len(letters):,}")
    say(
        f"- {rate:.0f} letters/s over {seconds:.0f} s (≥ {GOAL:g}{' MISSED' if rate < GOAL else ''})"
    )
    say(
        f"- {1000 * spent / max(1, len(letters)):.1f} ms of processor time a letter "
        f"(worker, database, broker); the machine's load now: {os.getloadavg()[0]:.0f}"
    )
    say(
        f"- people without one: {told - len(people):,}; repeated: {len(sink.repeated()):,}; "
        f"noted as sent: {sent:,}"
    )
