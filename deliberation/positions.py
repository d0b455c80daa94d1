"""The rows of positions. One person, one subject, one row, however many requests come at once."""

from datetime import datetime

from django.db import connection

_CHANGE = """
UPDATE deliberation_position AS p
SET value = %(value)s, changed_at = %(at)s, reset_at = NULL
FROM (
    SELECT id, value FROM deliberation_position
    WHERE subject_id = %(subject)s AND user_id = %(user)s FOR UPDATE
) AS old
WHERE p.id = old.id AND old.value IS DISTINCT FROM %(value)s
RETURNING old.value
"""

_INSERT = """
INSERT INTO deliberation_position (subject_id, user_id, value, created_at, changed_at)
VALUES (%(subject)s, %(user)s, %(value)s, %(at)s, %(at)s)
ON CONFLICT (subject_id, user_id) DO NOTHING RETURNING id
"""

_RESET = """
WITH old AS (
    SELECT id, value FROM deliberation_position
    WHERE subject_id = %s AND value IS NOT NULL ORDER BY id FOR UPDATE
), emptied AS (
    UPDATE deliberation_position AS p
    SET value = NULL, reset_at = statement_timestamp(), changed_at = statement_timestamp()
    FROM old WHERE p.id = old.id RETURNING old.value
)
SELECT value, count(*) FROM emptied GROUP BY value
"""

UNCHANGED = object()


def write(*, subject_id: int, user_id: int, value: str | None, known: bool, at: datetime) -> object:
    """Set the person's position (None empties it). The old value, or UNCHANGED if it was the same.

    `known` says whether the row was seen before, which decides what is tried first: one query, or
    two when a parallel request of the same person came in between. Must run in a transaction; the
    row stays locked until it ends, so the old value is exact. `at` is what the database's clock said
    when it was found to be allowed: no position bears a moment after the closing it preceded.
    """
    parameters = {"subject": subject_id, "user": user_id, "value": value, "at": at}
    with connection.cursor() as cursor:
        if not known and value is not None:
            cursor.execute(_INSERT, parameters)
            if cursor.fetchone():
                return None
        cursor.execute(_CHANGE, parameters)
        changed = cursor.fetchone()
        return changed[0] if changed else UNCHANGED


def reset(subject_id: int) -> dict[str, int]:
    """Empty every position on a subject: how many of each value there were. One query.

    Locks the positions before anyone locks the subject, as `write` does, so the two never wait
    for each other in a circle.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RESET, [subject_id])
        return dict(cursor.fetchall())
