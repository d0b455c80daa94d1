"""The public body asks authors for something before it assesses: a revision, or a merger."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from budgets.actions.holding import (
    hold_assessment,
    hold_ballot,
    known_language,
    plain,
    reason_of,
    trail,
)
from budgets.kinds import AssessmentStep
from budgets.models import Assessment, MergeRequest, Project
from budgets.permissions import (
    ASKED_ALREADY,
    IS_DECIDED,
    IS_MERGED,
    OVER,
    is_revision_open,
)
from common.resources import NOT_FOUND
from common.verdicts import Refused, no
from processes import journal
from processes.kinds import EntryKind


def _held_undecided(actor: Any, project: Project) -> Assessment:
    """The assessment of a standing project that nobody signed yet; voting cannot open meanwhile."""
    hold_ballot(actor, project.budget)
    assessment = hold_assessment(project)
    _require_undecided(assessment.project)
    if assessment.signed_at is not None:
        raise Refused(
            no("signed", _("This is signed. Send it back first, if something is to change."), 409)
        )
    return assessment


def _require_undecided(project: Project) -> None:
    if project.merged_into_id is not None:
        raise Refused(IS_MERGED)
    if not project.subject.is_standing:
        raise Refused(no("not_standing", _("This was withdrawn or hidden."), 409))
    if project.decided_at is not None:
        raise Refused(IS_DECIDED)


def _require_ahead(project: Project, moment: datetime) -> None:
    if moment <= project.subject.timetable.now:
        raise Refused(no("due_past", _("The day by which it is due must lie ahead."), 400))


@transaction.atomic
def ask_for_revision(
    actor: Any, *, project: Project, reason: str, due_at: datetime, language: str
) -> Project:
    """Ask the authors to revise their project until a moment. What was submitted for signature is
    taken back: another text would be assessed."""
    assessment = _held_undecided(actor, project)
    held = assessment.project
    if is_revision_open(held):
        raise Refused(ASKED_ALREADY)
    _require_ahead(held, due_at)
    reason = reason_of(reason, missing=_("Say what is to be revised, and why."))
    data = {"reason": reason, "due_at": plain(due_at), "language": known_language(language)}
    Project.objects.filter(pk=held.pk).update(
        revision_asked_at=Now(), revision_due_at=due_at, revision_reason=reason, revised_at=None
    )
    if assessment.proposed_at is not None:
        Assessment.objects.filter(pk=assessment.pk).update(
            proposed_at=None, proposed_by=None, changed_at=Now()
        )
    trail(assessment, AssessmentStep.REVISION_ASKED, actor, note=reason, due_at=data["due_at"])
    journal.record(
        EntryKind.REVISION_ASKED,
        actor=actor,
        process=held.subject.process_id,
        subject=held.subject_id,
        data=data,
    )
    held.refresh_from_db(
        fields=["revision_asked_at", "revision_due_at", "revision_reason", "revised_at"]
    )
    return held


@transaction.atomic
def withdraw_revision(actor: Any, *, project: Project) -> Project:
    """Take back the request for a revision, as long as none came."""
    hold_ballot(actor, project.budget)
    assessment = hold_assessment(project)
    held = assessment.project
    if held.revision_asked_at is None or held.revised_at is not None:
        raise Refused(OVER)
    nothing = {"revision_asked_at": None, "revision_due_at": None, "revision_reason": ""}
    Project.objects.filter(pk=held.pk).update(**nothing)
    for name, value in nothing.items():
        setattr(held, name, value)
    trail(assessment, AssessmentStep.REVISION_ENDED, actor)
    return held


@transaction.atomic
def ask_for_merger(
    actor: Any, *, project: Project, into: Project, reason: str, expires_at: datetime, language: str
) -> MergeRequest:
    """Ask the authors of two projects of one budget to make one of them: `project` would go into
    `into`. Their consent is theirs to give."""
    hold_ballot(actor, project.budget)
    unanswered = MergeRequest.objects.filter(merged_at=None, refused_at=None)
    unanswered.filter(project=project, expires_at__lte=Now()).update(refused_at=Now())
    assessment = _held_undecided(actor, project)
    held = assessment.project
    other = Project.objects.select_related("subject").filter(pk=into.pk, budget=held.budget).first()
    if other is None:
        raise Refused(NOT_FOUND)
    if other.pk == held.pk:
        raise Refused(no("same_project", _("Choose another project."), 400))
    _require_undecided(other)
    _require_ahead(held, expires_at)
    reason = reason_of(reason, missing=_("Say why they should become one."))
    known_language(language)
    if unanswered.filter(project=other, expires_at__gt=Now()).exists():
        message = _("That project may itself be merged into another one. Wait for its authors.")
        raise Refused(no("other_asked_already", message, 409))
    request = _made(
        project=held,
        into=other,
        reason=reason,
        language=language,
        asked_by=actor,
        expires_at=expires_at,
    )
    data = {"into": other.subject_id, "request": request.pk, "reason": reason}
    trail(assessment, AssessmentStep.MERGE_ASKED, actor, note=reason, into=other.subject_id)
    journal.record(
        EntryKind.MERGE_ASKED,
        actor=actor,
        process=held.subject.process_id,
        subject=held.subject_id,
        data=data | {"language": language, "due_at": plain(expires_at)},
    )
    return request


def _made(**fields: Any) -> MergeRequest:
    try:
        with transaction.atomic():
            return MergeRequest.objects.create(**fields)
    except IntegrityError as error:
        raise Refused(ASKED_ALREADY) from error


@transaction.atomic
def withdraw_merger(actor: Any, *, request: MergeRequest) -> MergeRequest:
    """Take back the request for a merger, as long as it is neither made nor refused."""
    hold_ballot(actor, request.project.budget)
    mine = MergeRequest.objects.filter(pk=request.pk, merged_at=None, refused_at=None)
    if not mine.update(refused_at=Now(), refused_by=actor):
        raise Refused(OVER)
    assessment = hold_assessment(request.project)
    trail(assessment, AssessmentStep.MERGE_ENDED, actor)
    request.refresh_from_db(fields=["refused_at", "refused_by"])
    return request
