"""The rows of positions. One person, one subject, one row, however many requests come at once."""

from django.db import connection

_CHANGE = """
UPDATE deliberation_position AS p
SET value = %(value)s, changed_at = now(), reset_at = NULL
FROM (
    SELECT id, value FROM deliberation_position
    WHERE subject_id = %(subject)s AND user_id = %(user)s FOR UPDATE
) AS old
WHERE p.id = old.id AND old.value IS DISTINCT FROM %(value)s
RETURNING old.value
"""

_INSERT = """
INSERT INTO deliberation_position (subject_id, user_id, value, created_at, changed_at)
VALUES (%(subject)s, %(user)s, %(value)s, now(), now())
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


def write(*, subject_id: int, user_id: int, value: str | None, known: bool) -> object:
    """Set the person's position (None empties it). The old value, or UNCHANGED if it was the same.

    `known` says whether the row was seen before, which decides what is tried first: one query, or
    two when a parallel request of the same person came in between. Must run in a transaction; the
    row stays locked until it ends, so the old value is exact. `changed_at` is the moment at which
    the transaction began, so that it never lies behind a closing that the verdict preceded.
    """
    parameters = {"subject": subject_id, "user": user_id, "value": value}
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
