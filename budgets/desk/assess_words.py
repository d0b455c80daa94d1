"""Assessments in words: where they stand, what somebody should know, fields and their values."""

from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from common.ui import moments
from common.ui.money import money


def state_of(project: Any, assessment: Any) -> tuple[str, str]:
    """Where its assessment stands: a word for programs, and one for people. Needs `clock`."""
    is_open = assessment is None or assessment.published_at is None
    if project.decided_at is not None and not (is_open and assessment and assessment.correction):
        word = _("Feasible") if project.is_feasible else _("Not feasible")
        return "published", word
    if assessment is not None and assessment.signed_at is not None:
        return "signed", _("Signed")
    if assessment is not None and assessment.proposed_at is not None:
        return "submitted", _("For signature")
    if _asked(project) and project.revision_due_at > project.clock:
        return "revising", _("Being revised")
    if project.cosignature_count < project.budget.cosigners_needed:
        return "cosigning", _("Looking for co-signers")
    if assessment is not None and assessment.due_at and assessment.due_at <= project.clock:
        return "late", _("Late")
    return "waiting", _("To assess")


def _asked(project: Any) -> bool:
    return project.revision_asked_at is not None and project.revised_at is None


def marks_of(project: Any, assessment: Any) -> list[str]:
    """What somebody should know before they open it."""
    marks = []
    if _asked(project) and project.revision_due_at <= project.clock:
        marks.append(_("No revision came"))
    if project.revised_at is not None and project.decided_at is None:
        marks.append(_("Revised"))
    if assessment is not None and assessment.correction and assessment.published_at is None:
        marks.append(_("To be corrected"))
    if project.is_merging:
        marks.append(_("Merger asked for"))
    return marks


def label_of(name: str) -> str:
    """A field of an assessment in words."""
    return {
        "is_feasible": _("Can it be done?"),
        "cost": _("Cost"),
        "running_cost": _("Running cost a year"),
        "reason": _("Public reason"),
        "language": _("Language of the text"),
        "assessor": _("Person"),
        "group": _("Group"),
        "due_at": _("Due by"),
    }.get(name, name)


def said(name: str, value: Any, currency: str) -> str:
    """A value of an assessment, as it stands or as the trail holds it, in words."""
    if value is None or value == "":
        return "–"
    if name == "is_feasible":
        return _("Feasible") if value else _("Not feasible")
    if name in ("cost", "running_cost"):
        return money(value, currency)
    if name == "language":
        return dict(settings.LANGUAGES).get(value, value)
    if name == "due_at":
        moment = parse_datetime(value) if isinstance(value, str) else value
        return moments.full(moment) if moment else str(value)
    return str(value)
