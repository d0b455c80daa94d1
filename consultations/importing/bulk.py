"""Many rows at once by COPY, leaving those that are there already as they are."""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from consultations.importing.progress import Advance

CHUNK = 1000  # rows between two signs of progress

_POSITIONS = """
INSERT INTO deliberation_position (subject_id, user_id, value, created_at, changed_at)
SELECT subject_id, user_id, value, at, at FROM loaded ORDER BY at
ON CONFLICT (subject_id, user_id) DO NOTHING
"""

_SUPPORTS = """
INSERT INTO deliberation_support (comment_id, user_id, created_at)
SELECT comment_id, user_id, at FROM loaded ORDER BY at
ON CONFLICT (comment_id, user_id) DO NOTHING
"""


def positions(rows: Iterable[tuple[Any, ...]], advance: Advance) -> int:
    """(subject id, user id, value, moment). How many were new. Joins the caller's transaction."""
    return _load(
        "subject_id bigint, user_id bigint, value text, at timestamptz", _POSITIONS, rows, advance
    )


def supports(rows: Iterable[tuple[Any, ...]], advance: Advance) -> int:
    """(comment id, user id, moment). How many were new. Joins the caller's transaction."""
    return _load("comment_id bigint, user_id bigint, at timestamptz", _SUPPORTS, rows, advance)


def analyse() -> None:
    """Have the database count what it holds now: after a bulk load it plans by what was before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE accounts_user, processes_subject, deliberation_position, "
            "deliberation_comment, deliberation_support, deliberation_source"
        )


def _load(columns: str, insert: str, rows: Iterable[tuple[Any, ...]], advance: Advance) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE loaded ({columns}) ON COMMIT DROP")
        with cursor.copy("COPY loaded FROM STDIN") as copy:
            for number, row in enumerate(rows, 1):
                copy.write_row(row)
                if number % CHUNK == 0:
                    advance(CHUNK)
        cursor.execute(insert)
        new = int(cursor.rowcount)
        cursor.execute("DROP TABLE loaded")
        return new
