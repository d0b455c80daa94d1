"""Rows held while an assessment changes, and its audit trail. One order everywhere: poll,
request for a merger, project, assessment, so that two transactions never wait for each other in a
circle."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from budgets.kinds import AssessmentStep
from budgets.models import Assessment, AssessmentEvent, Budget, Project
from budgets.permissions import VOTING_OPEN, may_change_projects
from common.resources import NOT_FOUND
from common.verdicts import Refused, no, require
from common.written import text_within
from voting.models import Poll

LONGEST_REASON = 20_000  # characters, of every reason but that of the assessment itself


def hold_ballot(actor: Any, budget: Budget) -> None:
    """Keep voting from opening until the transaction ends. One query. Raises Refused where the person
    may not change projects, or voting has opened."""
    require(may_change_projects(actor, budget))
    rows = Poll.objects.select_for_update(no_key=True, of=("self",)).only("opened_at")
    if rows.get(pk=budget.poll_id).opened_at is not None:
        raise Refused(VOTING_OPEN)


def hold_assessment(project: Project) -> Assessment:
    """The assessment of a project, with its frame, as it is now; the project's row is held. It is made
    if there is none. Two queries, four for a new one."""
    rows = Project.objects.with_frame().select_for_update(no_key=True, of=("self",))
    found = rows.filter(pk=project.pk).first()
    if found is None:
        raise Refused(NOT_FOUND)
    found.take_frame()
    language = found.budget.process.languages[0]
    assessment, _new = Assessment.objects.get_or_create(
        project=found, defaults={"language": language}
    )
    assessment.project = found
    return assessment


def trail(assessment: Assessment, step: AssessmentStep, actor: Any, **data: Any) -> None:
    """One line of the audit trail. One query."""
    AssessmentEvent.objects.create(assessment=assessment, step=step, actor=actor, data=data)


def plain(value: Any) -> Any:
    """A value as the audit trail holds it."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if hasattr(value, "isoformat") else value


def reason_of(text: str, *, missing: str, limit: int = LONGEST_REASON) -> str:
    """Cleaned text. Raises Refused (400) when it is empty, `missing` says so, or too long."""
    return text_within(text, limit=limit, empty=missing, code="reason_missing")


def known_language(code: str) -> str:
    """The code of a language of this site. Raises Refused (400)."""
    if code not in dict(settings.LANGUAGES):
        raise Refused(no("unknown_language", _("Choose the language."), 400))
    return code
