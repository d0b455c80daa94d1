"""What was assessed is signed by a second person, published, and corrected with a public note."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from budgets.actions.assessing import STALE
from budgets.actions.holding import (
    hold_assessment,
    hold_ballot,
    known_language,
    plain,
    reason_of,
    trail,
)
from budgets.kinds import AssessmentStep
from budgets.models import Assessment, AssessmentEvent, Budget, Project
from budgets.permissions import IS_DECIDED, NOT_SUBMITTED, is_coordinator, may_sign
from common.html import render_markdown
from common.ui import moments
from common.verdicts import Refused, no, require
from processes import journal
from processes.kinds import EntryKind

NOTHING_SIGNED = no(
    "nothing_to_publish", gettext_lazy("Nothing is signed and unpublished here."), 409
)
NOT_PUBLISHED = no("not_published", gettext_lazy("This decision is not published."), 409)
_PUBLISH = """
UPDATE budgets_project p SET
    is_feasible = a.is_feasible, cost = a.cost, running_cost = a.running_cost,
    decision_html = shown.html, decision_language = a.language,
    decided_at = COALESCE(p.decided_at, %s)
FROM budgets_assessment a
JOIN unnest(%s::bigint[], %s::text[]) AS shown(id, html) ON shown.id = a.id
WHERE p.id = a.project_id
"""


@transaction.atomic
def sign_assessment(actor: Any, *, project: Project, seen: datetime) -> Assessment:
    """A coordinator signs what another person submitted. `seen` is `changed_at` of the text that was
    read. Raises Refused (STALE, 409) when it is another one now."""
    assessment = hold_assessment(project)
    require(may_sign(actor, assessment))
    _require_standing(assessment.project)
    if assessment.changed_at != seen:
        raise Refused(STALE)
    Assessment.objects.filter(pk=assessment.pk).update(signed_at=Now(), signed_by=actor)
    trail(assessment, AssessmentStep.SIGNED, actor)
    assessment.refresh_from_db(fields=["signed_at", "signed_by"])
    return assessment


@transaction.atomic
def send_back(actor: Any, *, project: Project, note: str) -> Assessment:
    """A coordinator sends back what was submitted, or signed and not published yet, with a note."""
    assessment = hold_assessment(project)
    require(is_coordinator(actor, assessment.project.budget))
    if assessment.published_at is not None:
        raise Refused(IS_DECIDED)
    if assessment.proposed_at is None:
        raise Refused(NOT_SUBMITTED)
    note = reason_of(note, missing=_("Say what is to be changed."))
    _unsign(assessment)
    trail(assessment, AssessmentStep.RETURNED, actor, note=note)
    return assessment


def _unsign(assessment: Assessment, **more: Any) -> None:
    nothing = dict.fromkeys(("proposed_at", "proposed_by", "signed_at", "signed_by"))
    Assessment.objects.filter(pk=assessment.pk).update(changed_at=Now(), **nothing, **more)
    for name, value in (nothing | more).items():
        setattr(assessment, name, value)
    assessment.refresh_from_db(fields=["changed_at"])


def _require_standing(project: Project) -> None:
    if not project.subject.is_standing or project.merged_into_id is not None:
        raise Refused(no("not_standing", _("This was withdrawn or hidden."), 409))


@transaction.atomic
def reopen_assessment(actor: Any, *, project: Project, note: str, language: str) -> Assessment:
    """A coordinator takes a published decision up again, until voting opens. `note` says why; it is
    public together with the corrected decision. What was published holds until then."""
    hold_ballot(actor, project.budget)
    assessment = hold_assessment(project)
    _require_standing(assessment.project)
    if assessment.published_at is None:
        raise Refused(NOT_PUBLISHED)
    note = reason_of(note, missing=_("Say why it is corrected. Everyone reads it."))
    correction = {"correction": note, "correction_language": known_language(language)}
    before = {
        name: plain(getattr(assessment, name))
        for name in ("proposed_by_id", "signed_by_id", "proposed_at", "signed_at", "published_at")
    }
    _unsign(assessment, published_at=None, **correction)
    trail(assessment, AssessmentStep.REOPENED, actor, note=note, before=before)
    return assessment


@transaction.atomic
def publish_assessment(actor: Any, *, project: Project) -> int:
    """Publish one signed assessment. Raises Refused (409) if it is not signed, or published already."""
    hold_ballot(actor, project.budget)
    assessment = hold_assessment(project)
    _require_standing(assessment.project)
    if not _publish(actor, project.budget, [assessment], _clock()):
        raise Refused(NOTHING_SIGNED)
    return 1


@transaction.atomic
def publish_assessments(actor: Any, *, budget: Budget) -> int:
    """Publish all signed assessments of a budget at one moment. How many; eight queries, whatever their
    number. Raises Refused (409) if there are none."""
    hold_ballot(actor, budget)
    waiting = to_publish(budget).values("pk")
    held = Project.objects.filter(assessment__in=waiting).order_by("pk")
    list(held.select_for_update(no_key=True).values_list("pk", flat=True))
    moment = _clock()
    number = _publish(actor, budget, list(to_publish(budget)), moment)
    if not number:
        raise Refused(NOTHING_SIGNED)
    Budget.objects.filter(pk=budget.pk).update(decisions_published_at=moment)
    return number


def _clock() -> datetime:
    """The database's clock: one moment for all that is published together. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        return cursor.fetchone()[0]


def to_publish(budget: Budget) -> Any:
    """The signed and unpublished assessments of standing projects, with the project."""
    standing = Project.objects.standing().filter(budget=budget)
    rows = Assessment.objects.filter(
        project__in=standing, signed_at__isnull=False, published_at__isnull=True
    )
    return rows.select_related("project").defer("project__body", "project__body_html")


def _publish(
    actor: Any, budget: Budget, assessments: Sequence[Assessment], moment: datetime
) -> int:
    """Write decisions on the projects whose assessment is signed. The rows are held. Five queries."""
    rows = [row for row in assessments if row.signed_at is not None and row.published_at is None]
    if not rows:
        return 0
    with connection.cursor() as cursor:
        htmls = [decision_html(row) for row in rows]
        cursor.execute(_PUBLISH, [moment, [row.pk for row in rows], htmls])
    Assessment.objects.filter(pk__in=[row.pk for row in rows]).update(published_at=moment)
    step = AssessmentStep.PUBLISHED
    AssessmentEvent.objects.bulk_create(
        AssessmentEvent(assessment=row, step=step, actor=actor) for row in rows
    )
    _tell(actor, budget, rows)
    return len(rows)


def _tell(actor: Any, budget: Budget, rows: Sequence[Assessment]) -> None:
    """One entry for each project, for its people; several are news together, in an entry of their own,
    but for corrections, which say why. Two queries at most."""
    new = [row for row in rows if not row.correction]
    number = len(new) if len(new) > 1 else 0
    about = [(row.project.subject_id, _told(row, number)) for row in rows]
    kind = EntryKind.PROJECT_ASSESSED
    journal.record_many(kind, actor=actor, process=budget.process, about=about)
    if number:
        data = {"count": number, "feasible": sum(bool(row.is_feasible) for row in new)}
        kind = EntryKind.DECISIONS_PUBLISHED
        journal.record(kind, actor=actor, process=budget.process, data=data)


def _told(assessment: Assessment, together: int) -> dict[str, Any]:
    """`together`: how many are news in one line with it, 0 if it is news of its own."""
    data: dict[str, Any] = {"feasible": assessment.is_feasible}
    if assessment.correction:
        note = {"reason": assessment.correction, "language": assessment.correction_language}
        data |= {"corrected": True, **note}
    elif together:
        data["together"] = together
    return data


def decision_html(assessment: Assessment) -> str:
    """What everyone reads: the reason, and before it why it was corrected. Safe HTML."""
    reason = render_markdown(assessment.reason)
    if not assessment.correction:
        return reason
    language = assessment.correction_language
    with override(language):
        heading = _("Corrected on %(day)s") % {"day": moments.day(assessment.changed_at)}
    note = render_markdown(assessment.correction)
    return format_html(
        '<div class="correction" lang="{}"><p><strong>{}</strong></p>{}</div>{}',
        language,
        heading,
        note,
        reason,
    )
