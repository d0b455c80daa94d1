"""Who has which project to assess, and until when; whoever gets one is told, and of what is late."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Q, When
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Group, User
from budgets import awaiting
from budgets.actions.holding import plain
from budgets.kinds import AssessmentStep
from budgets.models import Assessment, AssessmentEvent, Assessor, Budget, Project
from budgets.permissions import is_coordinator, may_see_assessments
from common.resources import NOT_FOUND
from common.verdicts import Refused, no, require
from processes import journal
from processes.kinds import EntryKind

NOT_AN_ASSESSOR_HERE = no(
    "not_an_assessor_here", gettext_lazy("Name them an assessor of this budget first."), 400
)


@transaction.atomic
def hand_out(
    actor: Any,
    *,
    budget: Budget,
    subject_ids: Sequence[int],
    assessor: User | None = None,
    group: Group | None = None,
    due_at: datetime | None = None,
) -> int:
    """Hand projects to a person or a group, until a moment; to nobody: take them back. All of them or
    none. Whoever did not have them before is told. How many. Eight queries, whatever their number."""
    require(is_coordinator(actor, budget))
    _require_assessor(budget, assessor, group)
    if due_at is not None and due_at <= budget.process.timetable.now:
        raise Refused(no("due_past", _("The day by which it is due must lie ahead."), 400))
    projects = _held_to_hand_out(budget, subject_ids)
    new = [Assessment(project=row, language=budget.process.languages[0]) for row in projects]
    Assessment.objects.bulk_create(new, ignore_conflicts=True)
    after = {
        "assessor_id": assessor and assessor.pk,
        "group_id": group and group.pk,
        "due_at": due_at,
    }
    events = _events(actor, Assessment.objects.filter(project__in=projects), after)
    same = When(due_at=due_at, then=F("late_at"))
    Assessment.objects.filter(project__in=projects).update(
        late_at=Case(same, default=None), **after
    )
    AssessmentEvent.objects.bulk_create(events)
    if assessor is not None or group is not None:
        to = {name.removesuffix("_id"): plain(value) for name, value in after.items()}
        _tell(actor, budget, projects, events, to)
    return len(projects)


def _events(actor: Any, rows: Iterable[Assessment], after: dict[str, Any]) -> list[AssessmentEvent]:
    """What the trail will say of those that change."""
    events = []
    for row in rows:
        changed = {
            name.removesuffix("_id"): [plain(getattr(row, name)), plain(value)]
            for name, value in after.items()
            if getattr(row, name) != value
        }
        if changed:
            data = {"changed": changed}
            step = AssessmentStep.ASSIGNED
            events.append(AssessmentEvent(assessment=row, step=step, actor=actor, data=data))
    return events


def _tell(
    actor: Any,
    budget: Budget,
    projects: Sequence[Project],
    events: Sequence[AssessmentEvent],
    to: dict[str, Any],
) -> None:
    """Tell whoever has these now and had them not, once for all of them; nobody where only the day
    changed. `to`: assessor, group and due_at. One query."""
    subject_ids = {project.pk: project.subject_id for project in projects}
    new = [
        subject_ids[event.assessment.project_id]
        for event in events
        if not {"assessor", "group"}.isdisjoint(event.data["changed"])
    ]
    if new:
        journal.record(
            EntryKind.ASSESSMENT_HANDED_OUT,
            actor=actor,
            process=budget.process,
            subject=new[0] if len(new) == 1 else None,
            data={"count": len(new), **to},
        )


def _held_to_hand_out(budget: Budget, subject_ids: Sequence[int]) -> list[Project]:
    rows = Project.objects.filter(budget=budget, subject__in=subject_ids).standing()
    rows = rows.select_for_update(no_key=True, of=("self",)).order_by("pk")
    projects = list(rows.select_related("subject", "assessment").defer("body", "body_html"))
    if not projects or len(projects) != len(set(subject_ids)):
        raise Refused(NOT_FOUND)
    for project in projects:
        assessment = getattr(project, "assessment", None)
        is_signed = assessment is not None and assessment.signed_at is not None
        is_corrected = assessment is not None and assessment.correction
        if is_signed or (project.decided_at is not None and not is_corrected):
            message = _("“%(title)s” is assessed already.") % {"title": project.subject.title[:80]}
            raise Refused(no("assessed", message, 409))
    return projects


def _require_assessor(budget: Budget, assessor: User | None, group: Group | None) -> None:
    if assessor is not None and group is not None:
        raise Refused(no("one_assessor", _("Choose a person or a group."), 400))
    if assessor is not None and not may_see_assessments(assessor, budget):
        raise Refused(NOT_AN_ASSESSOR_HERE)
    if group is not None and not Assessor.objects.filter(budget=budget, group=group).exists():
        raise Refused(NOT_AN_ASSESSOR_HERE)


@transaction.atomic
def mark_late(*, limit: int = 500) -> int:
    """Mark assessments whose moment has passed before they were submitted, once each. How many were
    found. What is being revised is not late, nor is what was withdrawn or hidden."""
    waiting = Project.objects.standing().filter(awaiting.LATE, budget__poll__opened_at__isnull=True)
    late = list(
        Assessment.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(Q(late_at__isnull=True), due_at__lt=Now(), project__in=waiting)
        .select_related("project__subject__process")
        .order_by("due_at", "pk")[:limit]
    )
    Assessment.objects.filter(pk__in=[row.pk for row in late]).update(late_at=Now())
    for row in late:
        subject = row.project.subject
        journal.record(
            EntryKind.ASSESSMENT_LATE,
            actor=None,
            process=subject.process_id,
            subject=subject.pk,
            data={"assessment": row.pk, "due_at": plain(row.due_at)},
        )
    return len(late)
