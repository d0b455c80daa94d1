"""Projects that are being assessed: what most of these tests begin with."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from budgets.actions.assessing import Finding, submit_assessment
from budgets.actions.signing import publish_assessment, sign_assessment
from budgets.models import Assessment, Project

GOOD = Finding(True, Decimal("28000.50"), Decimal(400), "The ground is **ours**.", "en")
BAD = Finding(False, None, None, "The ground is not ours.", "en")


def again(project: Project) -> Project:
    """The project as the database has it now."""
    found = Project.objects.with_frame().get(pk=project.pk)
    found.take_frame()
    return found


def seen_of(project: Project) -> Any:
    """What a person has before them who opens the page now."""
    return Assessment.objects.filter(project=project).values_list("changed_at", flat=True).first()


def submitted(project: Project, by: Any, finding: Finding = GOOD) -> Assessment:
    return submit_assessment(by, project=project, finding=finding, seen=seen_of(project))


def signed(project: Project, by: Any, signer: Any, finding: Finding = GOOD) -> Assessment:
    submitted(project, by, finding)
    return sign_assessment(signer, project=project, seen=seen_of(project))


def published(project: Project, by: Any, signer: Any, finding: Finding = GOOD) -> Project:
    signed(project, by, signer, finding)
    publish_assessment(signer, project=project)
    return again(project)


def in_days(days: float) -> Any:
    return timezone.now() + timedelta(days=days)
