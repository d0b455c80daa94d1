"""A project moves to another category or envelope; everything that belongs to it goes along."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from budgets.actions.holding import (
    hold_assessment,
    hold_ballot,
    known_language,
    reason_of,
    trail,
)
from budgets.kinds import AssessmentStep
from budgets.models import Category, Envelope, Project
from common.resources import NOT_FOUND
from common.texts import localized
from common.verdicts import Refused, no
from processes import journal
from processes.kinds import EntryKind


@transaction.atomic
def move_project(
    actor: Any,
    *,
    project: Project,
    envelope: Envelope,
    category: Category | None,
    reason: str,
    language: str,
) -> Project:
    """Move a project within its budget, with a public reason, until voting opens. Its number, positions,
    comments and co-signatures stay as they are.

    The journal says from where to where by language, and by the ids of envelope and category.
    """
    hold_ballot(actor, project.budget)
    assessment = hold_assessment(project)
    held = assessment.project
    if not held.subject.is_standing or held.merged_into_id is not None:
        raise Refused(no("not_standing", _("This was withdrawn or hidden."), 409))
    if envelope.budget_id != held.budget_id:
        raise Refused(NOT_FOUND)
    if category is not None and category.budget_id != held.budget_id:
        raise Refused(NOT_FOUND)
    if held.envelope_id == envelope.pk and held.category_id == (category and category.pk):
        raise Refused(no("no_change", _("It is there already. Choose another place."), 400))
    if held.is_feasible and held.cost is not None and held.cost > envelope.amount:
        message = _("This costs more than that envelope holds, so it cannot be chosen there.")
        raise Refused(no("over_envelope", message, 409))
    reason = reason_of(reason, missing=_("Say why it moves. Everyone reads it."))
    languages = held.budget.process.languages
    data = {
        "from": _place(held.envelope, held.category, languages),
        "to": _place(envelope, category, languages),
        "envelopes": [held.envelope_id, envelope.pk],
        "categories": [held.category_id, category and category.pk],
        "reason": reason,
        "language": known_language(language),
    }
    Project.objects.filter(pk=held.pk).update(envelope=envelope, category=category)
    held.envelope, held.category = envelope, category
    trail(
        assessment,
        AssessmentStep.MOVED,
        actor,
        note=reason,
        **{"from": data["from"], "to": data["to"]},
    )
    journal.record(
        EntryKind.PROJECT_MOVED,
        actor=actor,
        process=held.subject.process_id,
        subject=held.subject_id,
        data=data,
    )
    return held


def _place(envelope: Envelope, category: Category | None, languages: list[str]) -> dict[str, str]:
    """Where a project is, by language: "Parks · The north"."""
    titles = [envelope.title] if category is None else [category.title, envelope.title]
    return {code: " · ".join(localized(title, code).text for title in titles) for code in languages}
