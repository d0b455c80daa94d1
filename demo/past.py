"""What happened in a second is told as if it had taken weeks.

Actions write by the database's clock. A `Past` notes, between steps, what that clock said and what
it should have said; at the end every moment of the process is moved onto the wished calendar,
which keeps the order of all that happened.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pgtrigger
from django.db import connection
from django.db.models import Model
from django.db.models.expressions import RawSQL

from answers.models import Answer, Obligation, Promise
from budgets.models import (
    Allocation,
    Assessment,
    AssessmentEvent,
    AssessmentNote,
    Budget,
    Cosignature,
    MergeRequest,
    Milestone,
    Project,
    Report,
)
from consultations.models import Proposal, Version
from deliberation.models import Comment, Position, Source, Support
from processes.models import Entry, Participation, Process, Subject
from voting.models import Booth, Correction, Outcome, Poll, Sheet, Turnout

# model, the way from it to its process, its moments
MOMENTS: list[tuple[type[Model], str, tuple[str, ...]]] = [
    (Process, "pk", ("created_at", "published_at", "closed_at", "results_published_at")),
    (Subject, "process", ("created_at", "locked_at", "withdrawn_at", "hidden_at")),
    (Participation, "process", ("since_at",)),
    (Entry, "process", ("created_at",)),
    (Version, "consultation__process", ("created_at", "published_at")),
    (Proposal, "consultation__process", ("created_at",)),
    (Comment, "subject__process", ("created_at", "withdrawn_at", "hidden_at")),
    (Support, "comment__subject__process", ("created_at",)),
    (Source, "subject__process", ("created_at",)),
    (Position, "subject__process", ("created_at", "changed_at")),
    (Promise, "process", ("applied_at",)),
    (Obligation, "process", ("owed_at", "answered_at", "late_at")),
    (Answer, "subject__process", ("answered_at",)),
]

# The same of a poll. What triggers keep from changing is moved here alone, before anybody has seen it.
POLL_MOMENTS: list[tuple[type[Model], str, tuple[str, ...]]] = [
    (Poll, "pk", ("created_at", "opened_at", "closed_at", "counted_at")),
    (Booth, "poll", ("created_at", "ended_at")),
    (Sheet, "booth__poll", ("accepted_at", "discarded_at")),
    (Correction, "sheet__booth__poll", ("created_at",)),
    (Outcome, "poll", ("counted_at",)),
]

# The same of a budget.
BUDGET_MOMENTS: list[tuple[type[Model], str, tuple[str, ...]]] = [
    (Budget, "process", ("created_at", "decisions_published_at")),
    (
        Project,
        "budget__process",
        ("created_at", "edited_at", "revision_asked_at", "revised_at", "merged_at", "decided_at",
         "chosen_at", "cancelled_at"),
    ),
    (Cosignature, "project__budget__process", ("signed_at",)),
    (
        Assessment,
        "project__budget__process",
        ("created_at", "changed_at", "proposed_at", "signed_at", "published_at"),
    ),
    (AssessmentNote, "assessment__project__budget__process", ("written_at",)),
    (AssessmentEvent, "assessment__project__budget__process", ("done_at",)),
    (
        MergeRequest,
        "project__budget__process",
        ("asked_at", "project_consented_at", "into_consented_at"),
    ),
    (Milestone, "project__budget__process", ("created_at",)),
    (Report, "project__budget__process", ("published_at",)),
    (Allocation, "budget__process", ("computed_at",)),
]  # fmt: skip
FIXED = (
    "budgets.AssessmentEvent:assessment_event_stays",
    "budgets.Report:report_stays",
    "processes.Entry:journal_entries_stay",
    "voting.Poll:poll_declarations_stay",
    "voting.Correction:corrections_stay",
    "voting.Outcome:outcomes_stay",
)


class Past:
    """A calendar that is `now` on arrival; days before it are given as timedeltas."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._marks: list[tuple[datetime, datetime]] = []

    def at(self, ago: timedelta) -> datetime:
        return self.now - ago

    def mark(self, ago: timedelta) -> None:
        """Whatever the clock says here was so long ago. From mark to mark, later is later."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            self._marks.append((cursor.fetchone()[0], self.at(ago)))

    def tell(self, process: Process) -> None:
        """Move every moment of the process that lies between two marks."""
        self._tell(MOMENTS, process.pk)

    def tell_budget(self, process: Process) -> None:
        """The same for what belongs to a budget alone."""
        self._tell(BUDGET_MOMENTS, process.pk)

    def tell_poll(self, poll: Poll) -> None:
        """The same for a poll; people voted on days between its opening and its end."""
        self._tell(POLL_MOMENTS, poll.pk)
        poll.refresh_from_db()
        until = poll.closed_at or self.now
        days = max((until - poll.opened_at).days, 1)  # type: ignore[operator]
        Turnout.objects.filter(poll=poll).update(
            voted_on=RawSQL("%s::date + floor(random() * %s)::int", [poll.opened_at, days])
        )

    def end_phases(self, process: Process, ago: timedelta) -> None:
        """The phases of a process whose last one ended earlier than its rows could be told."""
        process.phases.update(closes_at=self.at(ago))
        Process.objects.filter(pk=process.pk).update(closes_at=self.at(ago))

    def _tell(self, moments: list[tuple[type[Model], str, tuple[str, ...]]], pk: int) -> None:
        _analyze(model for model, _way, _fields in moments)
        with pgtrigger.ignore(*FIXED):
            for model, way, fields in moments:
                for field in fields:
                    _move(model, {way: pk}, field, self._marks)


def _analyze(models: Iterable[type[Model]]) -> None:
    """Everything was written in this transaction: without statistics each join would be a guess."""
    with connection.cursor() as cursor:
        for model in {*models, Subject, Process}:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def _move(
    model: type[Model], which: dict[str, Any], field: str, marks: list[tuple[datetime, datetime]]
) -> None:
    """Each moment lies between two marks, and there again afterwards. One query."""
    column = connection.ops.quote_name(field)
    cases, values = [], []
    for (was, wished), (until, wished_until) in pairwise(marks):
        scale = (wished_until - wished) / (until - was)
        cases.append(f"WHEN {column} < %s THEN %s + ({column} - %s) * %s")
        values += [until, wished, was, scale]
    moved = RawSQL(f"CASE {' '.join(cases)} END", values)  # noqa: S611 - fixed names
    first, last = marks[0][0], marks[-1][0]
    rows = model._default_manager.filter(**which, **{f"{field}__gte": first, f"{field}__lt": last})
    rows.update(**{field: moved})
