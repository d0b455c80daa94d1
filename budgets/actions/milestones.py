"""The steps of a chosen project: promised once, put off only with a reason (see `reports`)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from budgets.kinds import ReportKind
from budgets.models import Milestone, Project, Report
from budgets.permissions import may_report
from common.html import clean_text
from common.resources import NOT_FOUND
from common.verdicts import YES, Refused, Verdict, no, require

MOST = 40  # steps of one project
MENDED_WITHIN = timedelta(days=1)  # in which a step that was a mistake can be taken away
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


@transaction.atomic
def add_milestone(
    actor: Any, *, project: Project, title: Mapping[str, str], planned_on: date
) -> Milestone:
    """Promise a step for a day. The promise stays; what is expected may move."""
    held = hold(project)
    require(may_report(actor, held))
    texts = _titles(held, title)
    require_sensible(planned_on)
    if held.milestones.count() >= MOST:
        message = _("A project has %(number)s steps at most.") % {"number": MOST}
        raise Refused(no("too_many_steps", message, 400))
    row = Milestone.objects.create(
        project=held, title=texts, planned_on=planned_on, expected_on=planned_on
    )
    expect(held)
    return row


@transaction.atomic
def rename_milestone(actor: Any, *, milestone: Milestone, title: Mapping[str, str]) -> Milestone:
    """Change what a step is called. Its days stay."""
    held = hold(milestone.project)
    require(may_report(actor, held))
    milestone.title = _titles(held, title)
    milestone.save(update_fields=["title"])
    return milestone


def may_remove_milestone(actor: Any, milestone: Milestone) -> Verdict:
    """Within a day, before a report names it: it was a mistake, not a broken promise. Two queries."""
    verdict = may_report(actor, milestone.project)
    if not verdict:
        return verdict
    young = Milestone.objects.filter(
        pk=milestone.pk, created_at__gt=Now() - MENDED_WITHIN, reached_on__isnull=True
    )
    if young.exists() and not milestone.reports.exists():
        return YES
    message = _("This step was promised and stays. If it takes longer, report a delay.")
    return no("step_stays", message, 409)


@transaction.atomic
def remove_milestone(actor: Any, *, milestone: Milestone) -> None:
    """Take away a step that was a mistake (see `may_remove_milestone`)."""
    held = hold(milestone.project)
    milestone.project = held
    require(may_remove_milestone(actor, milestone))
    milestone.delete()
    expect(held)


def hold(project: Project) -> Project:
    """The project with its frame, its row held until the transaction ends. One query."""
    rows = Project.objects.with_frame().select_for_update(no_key=True, of=("self",))
    held = rows.filter(pk=project.pk).first()
    if held is None:
        raise Refused(NOT_FOUND)
    held.take_frame()
    return held


def expect(project: Project) -> None:
    """Write when the project is expected to be complete: the day of its last step, or the later one
    that a delay of the whole project named. Three queries."""
    last = project.milestones.aggregate(last=Max("expected_on"))["last"]
    whole = (
        Report.objects.filter(project=project, kind=ReportKind.DELAY, milestone__isnull=True)
        .order_by("-pk")
        .values_list("expected_on", flat=True)
        .first()
    )
    days = [day for day in (last, whole) if day is not None]
    project.expected_on = max(days, default=None)
    Project.objects.filter(pk=project.pk).update(expected_on=project.expected_on)


def require_sensible(day: date) -> None:
    """Raises Refused (400) for a day that nobody meant."""
    if not EARLIEST <= day <= LATEST:
        raise Refused(no("day_unlikely", _("Look at the year of this day again."), 400))


def _titles(project: Project, title: Mapping[str, str]) -> dict[str, str]:
    """What the step is called, by language; at least in one. Raises Refused (400)."""
    languages = project.budget.process.languages
    texts = {code: " ".join(clean_text(title.get(code, "")).split()) for code in languages}
    texts = {code: text for code, text in texts.items() if text}
    if not texts:
        raise Refused(no("title_missing", _("Say what the step is."), 400))
    if any(len(text) > settings.TITLE_LIMIT for text in texts.values()):
        raise Refused(no("too_long", _("Name the step in fewer words."), 400))
    return texts
