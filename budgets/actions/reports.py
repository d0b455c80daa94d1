"""News of a chosen project. Public, and never changed: a correction is a new report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.actions.holding import known_language, reason_of
from budgets.actions.milestones import expect, hold, require_sensible
from budgets.actions.pictures import Drawing, attach_pictures
from budgets.kinds import ReportKind
from budgets.models import Milestone, Project, Report
from budgets.permissions import may_add_news, may_report
from common.html import html_to_text, render_markdown
from common.resources import NOT_FOUND
from common.verdicts import Refused, no, require
from processes import journal
from processes.kinds import EntryKind

IN_THE_JOURNAL = 400  # characters of a report that notices and mails show
MOST_MONEY = Decimal(10) ** 12
REACHED = no("reached_already", gettext_lazy("This step has been reached already."), 409)
_KINDS = {
    ReportKind.PROGRESS: EntryKind.PROJECT_PROGRESSED,
    ReportKind.DELAY: EntryKind.PROJECT_DELAYED,
    ReportKind.BUILT: EntryKind.PROJECT_BUILT,
    ReportKind.CANCELLED: EntryKind.PROJECT_CANCELLED,
}


@dataclass(frozen=True, slots=True)
class News:
    """What every report holds: a text in Markdown and its language, all the money spent until now
    (None: not said), pictures, and the number of the form it was sent by."""

    body: str
    language: str
    spent: Decimal | None = None
    pictures: Sequence[Drawing] = ()
    once: UUID | None = None


@transaction.atomic
def report_progress(
    actor: Any,
    *,
    project: Project,
    news: News,
    milestone: Milestone | None = None,
    reached_on: date | None = None,
) -> Report:
    """Tell how it goes. With a step: it was reached on that day. The first one says that work began."""
    held, sent = _held(actor, project, news)
    if sent is not None:
        return sent
    is_over = not may_report(actor, held)
    if milestone is not None:
        require(may_report(actor, held))
        _reach(held, milestone, reached_on or timezone.localdate())
    report = _post(actor, held, ReportKind.PROGRESS, news, milestone=milestone)
    if held.started_on is None and not is_over:
        Project.objects.filter(pk=held.pk).update(started_on=timezone.localdate())
    return report


def _reach(held: Project, milestone: Milestone, day: date) -> None:
    _require_past(day)
    rows = Milestone.objects.filter(pk=milestone.pk, project=held, reached_on__isnull=True)
    if not rows.update(reached_on=day):
        raise Refused(REACHED)


@transaction.atomic
def report_delay(
    actor: Any,
    *,
    project: Project,
    news: News,
    expected_on: date,
    milestone: Milestone | None = None,
) -> Report:
    """Put off one step, or the whole, to a later day; the text of the report is the reason."""
    held, sent = _held(actor, project, news)
    if sent is not None:
        return sent
    require(may_report(actor, held))
    require_sensible(expected_on)
    step = None
    if milestone is not None:
        step = held.milestones.filter(pk=milestone.pk).first()
        if step is None:
            raise Refused(NOT_FOUND)
        if step.reached_on is not None:
            raise Refused(REACHED)
    before = step.expected_on if step else held.expected_on
    if before is not None and expected_on <= before:
        raise Refused(no("not_later", _("Give a later day than the one expected until now."), 400))
    report = _post(actor, held, ReportKind.DELAY, news, milestone=step, expected_on=expected_on)
    if step is not None:
        Milestone.objects.filter(pk=step.pk).update(expected_on=expected_on)
    expect(held)
    return report


@transaction.atomic
def report_built(actor: Any, *, project: Project, news: News, built_on: date) -> Report:
    """It is complete since that day; every step that was open counts as reached then. Once."""
    held, sent = _held(actor, project, news)
    if sent is not None:
        return sent
    require(may_report(actor, held))
    _require_past(built_on)
    report = _post(actor, held, ReportKind.BUILT, news, built_on=built_on)
    held.milestones.filter(reached_on__isnull=True).update(reached_on=built_on)
    started = min(held.started_on or built_on, built_on)
    Project.objects.filter(pk=held.pk).update(built_on=built_on, started_on=started)
    return report


@transaction.atomic
def give_up(actor: Any, *, project: Project, news: News) -> Report:
    """It will not be carried out; the text of the report is the reason. Once, and for good."""
    held, sent = _held(actor, project, news)
    if sent is not None:
        return sent
    require(may_report(actor, held))
    report = _post(actor, held, ReportKind.CANCELLED, news)
    Project.objects.filter(pk=held.pk).update(cancelled_at=Now())
    return report


def _held(actor: Any, project: Project, news: News) -> tuple[Project, Report | None]:
    """The project, its row held, and the report that this form has made already, if it was sent
    twice. Two queries."""
    held = hold(project)
    require(may_add_news(actor, held))
    sent = Report.objects.filter(once=news.once).first() if news.once else None
    if sent is not None and sent.project_id != held.pk:
        raise Refused(NOT_FOUND)
    return held, sent


def _post(actor: Any, held: Project, kind: ReportKind, news: News, **facts: Any) -> Report:
    """Write the report and its pictures, what was spent, and the entry of the journal."""
    body = reason_of(news.body, missing=_missing(kind), limit=settings.BODY_LIMIT)
    html = render_markdown(body, top_heading=4)
    _require_money(news.spent)
    built_on = facts.pop("built_on", None)
    report = Report.objects.create(
        project=held,
        kind=kind,
        body=body,
        body_html=html,
        language=known_language(news.language),
        spent=news.spent,
        author=actor,
        once=news.once,
        **facts,
    )
    if news.pictures:
        attach_pictures(actor, project=held, report=report, pictures=news.pictures)
    if news.spent is not None:
        Project.objects.filter(pk=held.pk).update(spent=news.spent)
    data = {
        "report": report.pk,
        "reason": html_to_text(html, IN_THE_JOURNAL),
        "language": news.language,
    }
    for name, day in (("expected_on", report.expected_on), ("built_on", built_on)):
        if day is not None:
            data[name] = day.isoformat()
    journal.record(
        _KINDS[kind],
        actor=actor,
        process=held.subject.process_id,
        subject=held.subject_id,
        data=data,
    )
    return report


def _missing(kind: ReportKind) -> str:
    """What is said where there is no text."""
    sentences = {
        ReportKind.DELAY: _("Say why it takes longer. Everyone reads it."),
        ReportKind.CANCELLED: _("Say why it is given up. Everyone reads it."),
    }
    return sentences.get(kind) or _("Say what there is to tell.")


def _require_money(spent: Decimal | None) -> None:
    if spent is None:
        return
    if not spent.is_finite() or spent < 0 or spent >= MOST_MONEY:
        raise Refused(no("money_unlikely", _("Look at the amount again."), 400))
    if spent != spent.quantize(Decimal("0.01")):
        raise Refused(no("money_too_fine", _("Amounts have two decimals at most."), 400))


def _require_past(day: date) -> None:
    """Facts do not lie ahead."""
    require_sensible(day)
    if day > timezone.localdate():
        message = _("This day has not come yet. Report it when it is done.")
        raise Refused(no("not_yet", message, 400))
