"""Counters beside the rows that they count. Each move is one statement in the caller's transaction.

Rows are taken in one order everywhere, first the subject and then its process, so that two
transactions never wait for each other in a circle.
"""

from dataclasses import dataclass

from django.db import connection
from django.db.models import F

from processes.models import Process, Subject

_TAKE_PART = """
WITH newcomer AS (
    INSERT INTO processes_participation (process_id, user_id) VALUES (%(process)s, %(user)s)
    ON CONFLICT (process_id, user_id) DO NOTHING RETURNING 1
)
UPDATE processes_process SET
    participant_count = participant_count + (SELECT count(*) FROM newcomer),
    position_count = position_count + %(positions)s,
    contribution_count = contribution_count + %(contributions)s
WHERE id = %(process)s
"""

_MOVE_POSITION = """
UPDATE processes_subject SET
    agree_count = agree_count + %s, mixed_count = mixed_count + %s,
    disagree_count = disagree_count + %s
WHERE id = %s RETURNING agree_count, mixed_count, disagree_count
"""


_COUNTERS = frozenset(
    field.name for field in Subject._meta.concrete_fields if field.name.endswith("_count")
)


@dataclass(frozen=True, slots=True)
class Drift:
    """A counter that does not say what the rows say."""

    table: str
    row_id: int
    process_id: int
    counter: str
    stored: int
    counted: int


@dataclass(frozen=True, slots=True)
class PositionCounts:
    """How many people stand where on one subject."""

    agree: int
    mixed: int
    disagree: int


def move_subject(subject_id: int, **deltas: int) -> None:
    """Add to counters of a subject: move_subject(7, comment_count=1, for_count=1). One query."""
    if not deltas:
        return
    names = sorted(deltas)
    if unknown := set(names) - _COUNTERS:
        raise ValueError(f"not counters of a subject: {', '.join(sorted(unknown))}")
    moves = ", ".join(f"{name} = {name} + %s" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE processes_subject SET {moves} WHERE id = %s",  # noqa: S608 - known names
            [*(deltas[name] for name in names), subject_id],
        )


def move_positions(subject_id: int, old: str | None, new: str | None) -> PositionCounts:
    """Take one person from `old` to `new` (None: no position). The new counts; one query."""
    deltas = [(new == value) - (old == value) for value in ("agree", "mixed", "disagree")]
    with connection.cursor() as cursor:
        cursor.execute(_MOVE_POSITION, [*deltas, subject_id])
        return PositionCounts(*cursor.fetchone())


def take_part(process_id: int, user_id: int, *, positions: int = 0, contributions: int = 0) -> None:
    """Move a process's counters and count the person as a participant, once. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE_PART,
            {
                "process": process_id,
                "user": user_id,
                "positions": positions,
                "contributions": contributions,
            },
        )


def move_process(process_id: int, *, positions: int = 0, contributions: int = 0) -> None:
    """Move a process's counters for something that is not anybody's taking part. One query."""
    Process.objects.filter(pk=process_id).update(
        position_count=F("position_count") + positions,
        contribution_count=F("contribution_count") + contributions,
    )
