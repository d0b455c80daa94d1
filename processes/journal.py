"""The journal: one INSERT in the caller's transaction; consumers read it after commit."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from common.nudge import nudge
from processes.kinds import EntryKind
from processes.models import Entry, Process, Subject


def record(
    kind: EntryKind,
    *,
    actor: Any,
    process: Process | int,
    subject: Subject | int | None = None,
    data: dict[str, Any] | None = None,
) -> Entry:
    """Write one entry in the current transaction (which must exist) and wake the consumers.

    `data` holds ids and words that a notice needs; nothing that reveals a ballot. One query.
    """
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("journal.record needs a transaction")
    entry = Entry.objects.create(
        kind=kind,
        actor=actor if actor is not None and actor.is_authenticated else None,
        process_id=process if isinstance(process, int) else process.pk,
        subject_id=subject if isinstance(subject, int) or subject is None else subject.pk,
        data=data or {},
    )
    nudge("processes.tasks.deliver_entry", entry.pk)
    return entry


def record_many(
    kind: EntryKind,
    *,
    actor: Any,
    process: Process,
    about: Sequence[tuple[int, dict[str, Any]]],
) -> None:
    """Write one entry for each of many (subject id, data), as `record` does. One query for all."""
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("journal.record_many needs a transaction")
    who = actor if actor is not None and actor.is_authenticated else None
    Entry.objects.bulk_create(
        Entry(kind=kind, actor=who, process=process, subject_id=subject_id, data=data)
        for subject_id, data in about
    )
    nudge("processes.tasks.deliver_entries")
