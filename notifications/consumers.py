"""Reads each journal entry once and writes who is told. Whole audiences in SQL, never in a loop."""

from django.core.exceptions import EmptyResultSet
from django.db import connection

from common.nudge import nudge
from notifications.audiences import LETTERED, MAILED, NOTICED, People, mailable, told_of
from notifications.kinds import Channel
from processes.models import Entry

_NOTICES = """
INSERT INTO notifications_notice
    (user_id, process_id, subject_id, kind, entry_id, count, created_at, updated_at)
SELECT told.id, %s, %s, %s, %s, 1, statement_timestamp(), statement_timestamp()
FROM ({people}) AS told ORDER BY told.id
ON CONFLICT (user_id, kind, process_id, subject_id) WHERE read_at IS NULL
DO UPDATE SET count = notifications_notice.count + 1, updated_at = statement_timestamp(),
    entry_id = greatest(notifications_notice.entry_id, excluded.entry_id)
WHERE notifications_notice.entry_id <> excluded.entry_id
"""

_DELIVERIES = """
INSERT INTO notifications_delivery
    (entry_id, user_id, channel, message_id, due_at, attempts, error, sent_at)
SELECT %s, told.id, %s, gen_random_uuid(), statement_timestamp(), 0, '', {sent_at}
FROM ({people}) AS told ORDER BY told.id
ON CONFLICT (entry_id, user_id, channel) DO NOTHING
"""


def announce(entry: Entry) -> None:
    """Write notices and deliveries of one entry. Six queries at most, however many are told.

    Runs in the transaction that marks the entry as read; a repetition would change nothing.
    """
    noticed = told_of(NOTICED, entry)
    if noticed is not None:
        _insert(_NOTICES, noticed, [entry.process_id, entry.subject_id, entry.kind, entry.pk])
    lettered = told_of(LETTERED, entry)
    if lettered is not None:
        _insert(_DELIVERIES, lettered, [entry.pk, Channel.SITE], sent_at="statement_timestamp()")
    mailed = told_of(MAILED, entry)
    if mailed is not None:
        people = mailable(mailed, entry.process_id)
        if _insert(_DELIVERIES, people, [entry.pk, Channel.MAIL], sent_at="NULL"):
            nudge("notifications.tasks.sweep_deliveries")


def _insert(statement: str, people: People, values: list[object], **parts: str) -> int:
    """Run an INSERT ... SELECT over an audience: how many rows it wrote."""
    try:
        sql, parameters = people.order_by().values("id").distinct().query.sql_with_params()
    except EmptyResultSet:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(statement.format(people=sql, **parts), [*values, *parameters])
        return cursor.rowcount
