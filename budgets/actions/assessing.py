"""Projects are looked into and written about, until somebody else signs."""

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.actions.holding import (
    hold_assessment,
    known_language,
    plain,
    reason_of,
    trail,
)
from budgets.kinds import AssessmentStep
from budgets.models import (
    Assessment,
    AssessmentNote,
    Project,
)
from budgets.permissions import (
    IS_DECIDED,
    has_assessment,
    is_revision_open,
    may_assess,
)
from common.html import clean_text
from common.verdicts import Refused, no, require

LARGEST = Decimal("999999999999.99")
STALE = no(
    "changed_meanwhile",
    gettext_lazy(
        "Somebody else changed this while you had it before you. Nothing was lost: look at both."
    ),
    409,
)
IS_SUBMITTED = no(
    "submitted", gettext_lazy("This is submitted for signature. Take it back to change it."), 409
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What an assessment says. Money in the budget's currency; `running_cost` a year's; `reason` is
    Markdown in `language`. None and "" where it is not known yet."""

    is_feasible: bool | None = None
    cost: Decimal | None = None
    running_cost: Decimal | None = None
    reason: str = ""
    language: str = "en"


def _checked(finding: Finding) -> Finding:
    """Cleaned. Raises Refused (400)."""
    for amount, least, message in (
        (finding.cost, Decimal("0.01"), _("The cost must be more than nothing.")),
        (finding.running_cost, Decimal(0), _("The running cost cannot be less than nothing.")),
    ):
        if amount is None:
            continue
        if not amount.is_finite() or amount < least:
            raise Refused(no("amount", message, 400))
        if amount > LARGEST or amount != round(amount, 2):
            message = _("Write an amount with two decimals at most, like 12500.00.")
            raise Refused(no("amount", message, 400))
    reason = clean_text(finding.reason).strip()
    if len(reason) > settings.BODY_LIMIT:
        raise Refused(no("too_long", _("The reason is too long."), 400))
    return Finding(
        finding.is_feasible,
        finding.cost,
        finding.running_cost,
        reason,
        known_language(finding.language),
    )


def _held_to_write(actor: Any, project: Project, seen: datetime | None) -> Assessment:
    """Held, if it can be written on and is still what the person had before them (see
    `write_assessment`)."""
    assessment = hold_assessment(project)
    require(may_assess(actor, assessment))
    if assessment.proposed_at is not None:
        raise Refused(IS_SUBMITTED)
    if seen is None and not assessment.events.filter(step=AssessmentStep.WRITTEN).exists():
        return assessment
    if seen != assessment.changed_at:
        raise Refused(STALE)
    return assessment


def _write(actor: Any, assessment: Assessment, finding: Finding) -> Assessment:
    new = asdict(_checked(finding))
    changed = {
        name: [plain(getattr(assessment, name)), plain(value)]
        for name, value in new.items()
        if getattr(assessment, name) != value
    }
    if changed:
        Assessment.objects.filter(pk=assessment.pk).update(changed_at=Now(), **new)
        trail(assessment, AssessmentStep.WRITTEN, actor, changed=changed)
    for name, value in new.items():
        setattr(assessment, name, value)
    assessment.refresh_from_db(fields=["changed_at"])
    return assessment


@transaction.atomic
def write_assessment(
    actor: Any, *, project: Project, finding: Finding, seen: datetime | None
) -> Assessment:
    """Keep what was written so far; it may lack anything. `seen` is `changed_at` of the text that the
    person had before them (None: nobody had written yet). Raises Refused (STALE, 409) when somebody
    wrote since."""
    return _write(actor, _held_to_write(actor, project, seen), finding)


@transaction.atomic
def submit_assessment(
    actor: Any, *, project: Project, finding: Finding, seen: datetime | None
) -> Assessment:
    """Keep it and submit it for signature. Whether it is feasible, and why, is compulsory, and what it
    costs if it is. `seen` as for `write_assessment`."""
    assessment = _held_to_write(actor, project, seen)
    held = assessment.project
    if is_revision_open(held):
        message = _(
            "Its authors have been asked for a revision. Wait for it, or withdraw the request."
        )
        raise Refused(no("being_revised", message, 409))
    finding = _checked(finding)
    _require_complete(held, finding)
    _write(actor, assessment, finding)
    Assessment.objects.filter(pk=assessment.pk).update(
        proposed_at=Now(), proposed_by=actor, changed_at=Now()
    )
    trail(assessment, AssessmentStep.PROPOSED, actor)
    assessment.refresh_from_db(fields=["proposed_at", "proposed_by", "changed_at"])
    return assessment


def _require_complete(project: Project, finding: Finding) -> None:
    if finding.is_feasible is None:
        raise Refused(no("feasible_missing", _("Say whether it is feasible."), 400))
    if finding.is_feasible and finding.cost is None:
        raise Refused(no("cost_missing", _("Say what it costs."), 400))
    reason_of(
        finding.reason,
        missing=_("Give a reason. Everyone reads it."),
        limit=settings.BODY_LIMIT,
    )
    if finding.is_feasible and finding.cost and finding.cost > project.envelope.amount:
        message = _("This costs more than its envelope holds, so it cannot be chosen.")
        raise Refused(no("over_envelope", message, 400))


@transaction.atomic
def take_back(actor: Any, *, project: Project) -> Assessment:
    """Whoever submitted it takes it back, to change it, until it is signed."""
    assessment = hold_assessment(project)
    require(has_assessment(actor, assessment))
    if assessment.signed_at is not None:
        raise Refused(IS_DECIDED)
    if assessment.proposed_by_id != actor.pk:
        message = _("Only the person who submitted it can take it back.")
        raise Refused(no("not_yours", message))
    Assessment.objects.filter(pk=assessment.pk).update(
        proposed_at=None, proposed_by=None, changed_at=Now()
    )
    trail(assessment, AssessmentStep.RETURNED, actor)
    assessment.proposed_at = assessment.proposed_by = None
    return assessment


@transaction.atomic
def add_note(actor: Any, *, project: Project, body: str) -> AssessmentNote:
    """Say something to those who assess. Never public."""
    assessment = hold_assessment(project)
    require(has_assessment(actor, assessment))
    body = reason_of(body, missing=_("Write something first."))
    return AssessmentNote.objects.create(assessment=assessment, author=actor, body=body)
