"""What people do to a process as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Area, Organisation
from accounts.permissions import may_edit_for
from common.verdicts import Refused, no, require
from processes import journal
from processes.kinds import Audience, EntryKind
from processes.models import Phase, Process, Topic
from processes.permissions import (
    may_change_dates,
    may_close,
    may_edit,
    may_publish,
    may_publish_results,
)


@dataclass(frozen=True, slots=True)
class PhasePlan:
    """A phase as it is wished. `id` names an existing phase to change; None makes a new one."""

    name: dict[str, str]
    opens_at: datetime
    closes_at: datetime
    activities: Sequence[str]
    audience: str = Audience.SIGNED_IN
    area: Area | None = None
    id: int | None = None


def _free_slug(title: str) -> str:
    base = slugify(title, allow_unicode=False)[:100] or "process"
    taken = set(Process.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken:
        return base
    return next(s for n in range(2, len(taken) + 3) if (s := f"{base}-{n}") not in taken)


@transaction.atomic
def create_process(
    actor: Any,
    *,
    kind: str,
    organisation: Organisation,
    title: dict[str, str],
    summary: dict[str, str],
    languages: Sequence[str],
    area: Area | None = None,
    topics: Sequence[Topic] = (),
    slug: str = "",
) -> Process:
    """An unpublished process of a public body. `title` and `summary` are texts by language."""
    require(may_edit_for(actor, organisation.pk))
    if not any(text.strip() for text in title.values()):
        raise Refused(no("title_missing", _("Give it a title."), 400))
    first = next(text for text in title.values() if text.strip())
    process = Process.objects.create(
        kind=kind,
        organisation=organisation,
        title=title,
        summary=summary,
        languages=list(languages),
        area=area,
        slug=slug or _free_slug(first),
        created_by=actor,
    )
    process.topics.set(topics)
    return process


@transaction.atomic
def edit_process(
    actor: Any,
    *,
    process: Process,
    title: dict[str, str],
    summary: dict[str, str],
    area: Area | None,
    topics: Sequence[Topic],
) -> Process:
    """Change what describes the process. Its address stays."""
    require(may_edit(actor, process))
    if not any(text.strip() for text in title.values()):
        raise Refused(no("title_missing", _("Give it a title."), 400))
    process.title, process.summary, process.area = title, summary, area
    process.save(update_fields=["title", "summary", "area"])
    process.topics.set(topics)
    return process


def _check_plan(plan: Sequence[PhasePlan]) -> None:
    if not plan:
        raise Refused(no("no_phase", _("Set at least one phase."), 400))
    for phase in plan:
        if phase.closes_at <= phase.opens_at:
            raise Refused(no("phase_order", _("A phase must close after it opens."), 400))
        if phase.audience == Audience.RESIDENTS and phase.area is None:
            message = _("Say of which area the people must be residents.")
            raise Refused(no("area_missing", message, 400))


def _write_phases(process: Process, plan: Sequence[PhasePlan]) -> None:
    kept = [phase.id for phase in plan if phase.id is not None]
    process.phases.exclude(pk__in=kept).delete()
    for phase in plan:
        fields = {
            "name": phase.name,
            "opens_at": phase.opens_at,
            "closes_at": phase.closes_at,
            "activities": list(phase.activities),
            "audience": phase.audience,
            "area": phase.area,
        }
        if phase.id is None:
            Phase.objects.create(process=process, **fields)
        elif not process.phases.filter(pk=phase.id).update(**fields):
            raise Refused(no("unknown_phase", _("That phase is not part of this."), 400))
    process.opens_at = min(phase.opens_at for phase in plan)
    process.closes_at = max(phase.closes_at for phase in plan)
    process.save(update_fields=["opens_at", "closes_at"])
    process.__dict__.pop("timetable", None)
    process.__dict__.pop("phases_json", None)


@transaction.atomic
def set_phases(actor: Any, *, process: Process, plan: Sequence[PhasePlan]) -> Process:
    """Replace the phases of a process that is not published yet."""
    require(may_publish(actor, process))
    _check_plan(plan)
    _write_phases(process, plan)
    return process


@transaction.atomic
def reschedule(actor: Any, *, process: Process, plan: Sequence[PhasePlan], reason: str) -> Process:
    """Change the phases of a published process, with a reason that the public reads."""
    require(may_change_dates(actor, process))
    if process.published_at is None:
        return set_phases(actor, process=process, plan=plan)
    if not reason.strip():
        message = _("Say why the dates change. Everyone will read it.")
        raise Refused(no("reason_missing", message, 400))
    _check_plan(plan)
    before = [process.opens_at, process.closes_at]
    _write_phases(process, plan)
    journal.record(
        EntryKind.PROCESS_RESCHEDULED,
        actor=actor,
        process=process,
        data={
            "reason": reason.strip(),
            "language": get_language() or "",
            "before": [moment.isoformat() if moment else None for moment in before],
            "after": [process.opens_at.isoformat(), process.closes_at.isoformat()],  # type: ignore[union-attr]
        },
    )
    return process


@transaction.atomic
def publish(actor: Any, *, process: Process) -> Process:
    """Make the process public. It needs phases. Kinds of process add their own conditions first."""
    require(may_publish(actor, process))
    if not process.phases.exists():
        raise Refused(no("no_phase", _("Set at least one phase."), 409))
    claimed = Process.objects.filter(pk=process.pk, published_at__isnull=True).update(
        published_at=Now()
    )
    if not claimed:
        raise Refused(no("already_published", _("This is published already."), 409))
    process.refresh_from_db(fields=["published_at"])
    journal.record(EntryKind.PROCESS_PUBLISHED, actor=actor, process=process)
    return process


@transaction.atomic
def close(actor: Any, *, process: Process, reason: str = "") -> Process:
    """End the process now: nothing can be added any more. Answers may still be given."""
    require(may_close(actor, process))
    claimed = Process.objects.filter(pk=process.pk, closed_at__isnull=True).update(closed_at=Now())
    if not claimed:
        raise Refused(no("closed", _("This is closed already."), 409))
    process.refresh_from_db(fields=["closed_at"])
    journal.record(
        EntryKind.PROCESS_CLOSED,
        actor=actor,
        process=process,
        data={"reason": reason.strip(), "language": get_language() or ""},
    )
    return process


@transaction.atomic
def publish_results(actor: Any, *, process: Process, summary: dict[str, str]) -> Process:
    """Publish what became of it; everyone who took part gets a letter. Once."""
    require(may_publish_results(actor, process))
    claimed = Process.objects.filter(
        pk=process.pk, closed_at__isnull=False, results_published_at__isnull=True
    ).update(results_published_at=Now(), results_summary=summary)
    if not claimed:
        raise Refused(no("already_published", _("The results are published already."), 409))
    process.refresh_from_db(fields=["results_published_at", "results_summary"])
    journal.record(EntryKind.RESULTS_PUBLISHED, actor=actor, process=process)
    return process


@transaction.atomic
def close_by_clock(process: Process) -> bool:
    """End a process whose time is over, on nobody's order. Whether it was still open."""
    claimed = Process.objects.filter(
        pk=process.pk, published_at__isnull=False, closed_at__isnull=True
    ).update(closed_at=Now())
    if claimed:
        process.refresh_from_db(fields=["closed_at"])
        journal.record(EntryKind.PROCESS_CLOSED, actor=None, process=process, data={"reason": ""})
    return bool(claimed)


@transaction.atomic
def publish_results_by_clock(process: Process, *, summary: dict[str, str]) -> bool:
    """Publish results that nobody words, once; everyone who took part gets a letter. Whether it
    was this call that did."""
    claimed = Process.objects.filter(
        pk=process.pk, closed_at__isnull=False, results_published_at__isnull=True
    ).update(results_published_at=Now(), results_summary=summary)
    if claimed:
        process.refresh_from_db(fields=["results_published_at", "results_summary"])
        journal.record(EntryKind.RESULTS_PUBLISHED, actor=None, process=process)
    return bool(claimed)
