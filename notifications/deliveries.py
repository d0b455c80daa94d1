"""The queue: deliveries that are due are claimed, then marked as sent, postponed or failed.

A claim belongs to a database session. It holds while that session lives, so a worker that is
killed frees what it held at once, and one that is slow is never overtaken.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection
from django.db.models import F
from django.db.models.functions import Now

from notifications.models import Delivery

_LOCK = 0x6B6E73  # the class of our advisory locks
ATTEMPTS = 8
# How long after the n-th refusal it is tried again.
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720)]

_FREE = """
sent_at IS NULL AND failed_at IS NULL AND due_at <= statement_timestamp() AND (
    claimed_by IS NULL OR claimed_by = pg_backend_pid() OR NOT EXISTS (
        SELECT 1 FROM session WHERE session.pid = claimed_by
        AND (session.backend_start IS NULL OR session.backend_start <= claimed_at)
    )
)
"""
_CLAIM = f"""
WITH session AS MATERIALIZED (SELECT pid, backend_start FROM pg_stat_activity),
chosen AS (
    SELECT id FROM notifications_delivery WHERE {_FREE}
    ORDER BY due_at, id LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE notifications_delivery AS d
SET claimed_at = statement_timestamp(), claimed_by = pg_backend_pid()
FROM chosen WHERE d.id = chosen.id RETURNING d.id
"""  # noqa: S608 - no value is in it
_COUNT = f"""
WITH session AS MATERIALIZED (SELECT pid, backend_start FROM pg_stat_activity)
SELECT count(*) FROM (SELECT 1 FROM notifications_delivery WHERE {_FREE} LIMIT %s) AS free
"""  # noqa: S608 - no value is in it
_SENT = """
UPDATE notifications_delivery
SET sent_at = statement_timestamp(), claimed_by = NULL, error = ''
WHERE id = %s AND sent_at IS NULL
"""


def claim(limit: int) -> list[int]:
    """Take up to `limit` due deliveries that nobody alive holds, oldest first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [limit])
        return sorted(row[0] for row in cursor.fetchall())


@contextmanager
def sender_slot(slots: int) -> Iterator[int | None]:
    """One of so many places for senders, or None if all are taken. Free again when the session ends."""
    with connection.cursor() as cursor:
        for slot in range(slots):
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, slot])
            if cursor.fetchone()[0]:
                break
        else:
            yield None
            return
    try:
        yield slot
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, slot])


def due_count(limit: int) -> int:
    """How many deliveries wait for a worker, counted up to `limit`."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [limit])
        return int(cursor.fetchone()[0])


def release(ids: list[int]) -> None:
    """Give back what was claimed and not sent."""
    Delivery.objects.filter(pk__in=ids, sent_at__isnull=True).update(
        claimed_at=None, claimed_by=None
    )


def put_back(delivery: Delivery) -> None:
    """The server went away over this one: let the others go first. No attempt is counted."""
    Delivery.objects.filter(pk=delivery.pk).update(due_at=Now() + PAUSES[0])


def mark_sent(pk: int) -> None:
    """The mail server took it. Committed at once: what follows a crash is never sent again."""
    with connection.cursor() as cursor:
        cursor.execute(_SENT, [pk])


def postpone(delivery: Delivery, error: str) -> None:
    """Try again later, ever more rarely; give up after ATTEMPTS."""
    attempts = delivery.attempts + 1
    if attempts >= ATTEMPTS:
        fail(delivery, error)
        return
    Delivery.objects.filter(pk=delivery.pk).update(
        attempts=attempts,
        error=error[:200],
        due_at=Now() + PAUSES[attempts - 1],
        claimed_at=None,
        claimed_by=None,
    )


def fail(delivery: Delivery, error: str) -> None:
    """It will never be sent; `error` says why."""
    Delivery.objects.filter(pk=delivery.pk).update(
        attempts=F("attempts") + 1, error=error[:200], failed_at=Now(), claimed_by=None
    )


def retry_failed() -> int:
    """Let everything that failed be tried again from the start: how many."""
    return Delivery.objects.filter(failed_at__isnull=False, sent_at__isnull=True).update(
        failed_at=None, attempts=0, error="", due_at=Now(), claimed_by=None, claimed_at=None
    )
