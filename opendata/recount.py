"""Every counter against the rows that it counts, over all apps."""

from dataclasses import dataclass

from budgets import recount as projects
from deliberation import recount as counters
from processes.counters import Drift
from processes.kinds import SUBJECT_TYPES
from processes.models import Subject
from voting import recount as polls

ROUNDS = 3  # a repaired row may have been wrong in a second way that only a new count shows


@dataclass(frozen=True, slots=True)
class Finding:
    """What a recount found: counters that are wrong, people missing among the participants, and
    subjects that stand for nothing (their section or proposal is gone)."""

    drifts: tuple[Drift, ...]
    missing: tuple[tuple[int, int], ...]
    orphans: tuple[int, ...]

    @property
    def is_clean(self) -> bool:
        return not (self.drifts or self.missing or self.orphans)


def check(process_id: int | None = None) -> Finding:
    """Compare everything of one process, or of all of them. Changes nothing."""
    return Finding(
        drifts=(
            *counters.drift(process_id),
            *projects.drift(process_id),
            *polls.drift(process_id),
        ),
        missing=tuple(counters.missing_participations(process_id)),
        orphans=tuple(orphans(process_id)),
    )


def orphans(process_id: int | None = None) -> list[int]:
    """Ids of subjects without the row that they stand for. One query for each kind."""
    subjects = Subject.objects.all()
    if process_id is not None:
        subjects = subjects.filter(process_id=process_id)
    found: list[int] = []
    for kind, known in SUBJECT_TYPES.items():
        lost = subjects.filter(**{"kind": kind, f"{known.relation}__isnull": True})
        found += lost.order_by("pk").values_list("pk", flat=True)
    return found


def repair(process_id: int | None = None) -> None:
    """Make every counter right, row by row, while the site goes on. Orphans are left to a person, and
    so are ballots and results of polls: they are never repaired."""
    counters.add_participations(process_id)
    for row in polls.drift(process_id):
        if (row.table, row.counter) in polls.REPAIRABLE:
            polls.repair_row(row.table, row.row_id)
    for row in projects.drift(process_id):
        projects.repair_row(row.row_id)
    for _ in range(ROUNDS):
        rows = {(d.table, d.row_id): None for d in counters.drift(process_id)}
        if not rows:
            return
        for table, row_id in rows:
            counters.repair_row(table, row_id)
