"""Work first, then numbers: the desk's first page, and that of one consultation."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import ANSWERING, EDITING, NOT_OF_THIS_BODY, OWNING
from answers.models import Obligation
from common.pagination import page_of
from common.texts import localized
from consultations.desk import reads
from consultations.desk.views.frame import Desk, desk_page
from consultations.models import Version
from consultations.views.frame import steps
from processes.desk import HOME, READ, bodies_of, login_page, show
from processes.kinds import SUBJECT_TYPES
from processes.models import Process
from voting.desk.reads import drafts_of, poll_lines

SIZE = 20
POLLS = 10  # the newest; all are one click away
_STAGES = {
    "": {},
    "draft": {"published_at__isnull": True},
    "running": {"published_at__isnull": False, "closed_at__isnull": True},
    "closed": {"closed_at__isnull": False},
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """All that waits in the public bodies that the person works for. Six queries of its own, and those of
    other kinds of process (see `processes.desk.HOME`)."""
    if not request.user.is_authenticated:
        return login_page(request)
    bodies = bodies_of(request.user)
    if not bodies:
        raise PermissionDenied(str(NOT_OF_THIS_BODY.message))
    stage = request.GET.get("stage", "")
    stage = stage if stage in _STAGES else ""
    rows = reads.consultations_of(bodies).filter(**_STAGES[stage]).order_by()
    found, next_href = page_of(request, rows, ordering=("-pk",), size=SIZE)
    parts = [part(bodies) for part in HOME]
    works = [*reads.work_of(bodies), *(work for part in parts for work in part.works)]
    context = {
        "section": "desk",
        "people": [
            (body.slug, localized(body.name).text, body.role in OWNING)  # type: ignore[attr-defined]
            for body in bodies
            if body.role in EDITING  # type: ignore[attr-defined]
        ],
        "may_create": any(body.role in EDITING for body in bodies),  # type: ignore[attr-defined]
        "works": reads.by_urgency(works),
        "parts": parts,
        "has_any": bool(found) or any(part.rows for part in parts),
        "urgent": [_work_item(row) for row in reads.most_urgent(bodies)],
        "figures": _figures(bodies),
        "rows": [_row(process) for process in found],
        "polls": poll_lines(drafts_of(bodies)[:POLLS]),
        "tabs": _tabs(stage),
        "stage": stage,
        "next_href": next_href,
        "has_many": len(bodies) > 1,
    }
    return render(request, "desk/home.html", context)


def _tabs(stage: str) -> list[tuple[str, str, None, bool]]:
    names = {
        "": _("All"), "draft": _("Drafts"), "running": _("Published"), "closed": _("Closed")
    }  # fmt: skip
    return [
        (f"?stage={value}#consultations", text, None, value == stage)
        for value, text in names.items()
    ]


def _work_item(row: Obligation) -> dict[str, Any]:
    """Context of components/work_item.html."""
    subject = row.subject
    return {
        "href": f"/{get_language()}/desk/consultations/{row.process.slug}/queue/{subject.pk}/",
        "title": subject.shown,
        "kind_word": SUBJECT_TYPES[subject.kind].label,
        "where": subject.parent.shown if subject.parent else localized(row.process.title),
        "support": subject.agree_count,
        "due_at": row.due_at,
        "state": "late" if row.due_at < row.clock else "owed",  # type: ignore[attr-defined]
    }


def _figures(bodies: Any) -> list[tuple[Any, ...]]:
    """Owed, answered and late in these bodies. One query."""
    answering = [body.pk for body in bodies if body.role in ANSWERING | EDITING]
    counts = Obligation.objects.filter(debtor__in=answering).counts()
    owed, given = counts.owed, counts.answered
    return [
        (owed, ngettext("answer is owed in all", "answers are owed in all", owed)),
        (given, ngettext("of them is given", "of them are given", given)),
        *_open(counts),
    ]


def _open(counts: Any) -> list[tuple[Any, ...]]:
    """What has not been answered, what of it is late."""
    waiting, late = counts.waiting, counts.late
    return [
        (waiting, ngettext("is waiting", "are waiting", waiting)),
        (late, ngettext("is late", "are late", late), "sun" if late else ""),
    ]


def _row(process: Any) -> dict[str, Any]:
    return {
        "href": f"/{get_language()}/desk/consultations/{process.slug}/",
        "title": localized(process.title),
        "body": localized(process.organisation.name),
        "stage": stage_word(process),
        "closes_at": process.closes_at if process.published_at and not process.closed_at else None,
        "participants": process.participant_count,
        "contributions": process.contribution_count,
        "waiting": process.owed_count or 0,
        "late": process.late_count or 0,
    }


def stage_word(process: Process) -> str:
    if process.published_at is None:
        return _("Draft")
    if process.closed_at is None:
        return _("Published")
    return _("Results published") if process.results_published_at else _("Closed")


def _taking_part(process: Process) -> list[tuple[int, str]]:
    people, said, stood = (
        process.participant_count,
        process.contribution_count,
        process.position_count,
    )
    return [
        (people, ngettext("person took part", "people took part", people)),
        (said, ngettext("contribution", "contributions", said)),
        (stood, ngettext("position", "positions", stood)),
    ]


@desk_page("overview", methods=READ)
def overview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One consultation in numbers, and what comes next."""
    process = desk.process
    counts = Obligation.objects.filter(process=process).counts()
    checks = reads.checklist(desk.consultation, desk.href) if desk.stage == "draft" else []
    context = {
        "checks": checks,
        "is_ready": not any(check.state == "missing" for check in checks),
        "steps": steps(process.timetable),
        "now": process.timetable.now,
        "has_ended": bool(process.closes_at and process.closes_at <= process.timetable.now),
        "counts": counts,
        "figures": _taking_part(process),
        "promise_figures": [
            (counts.owed, ngettext("answer is owed", "answers are owed", counts.owed)),
            (counts.answered, ngettext("is given", "are given", counts.answered)),
            *_open(counts),
        ],
        "promise": getattr(process, "promise", None),
        "stage_word": stage_word(process),
        "versions": list(Version.objects.filter(consultation=desk.consultation)),
    }
    return show(request, desk, "overview", context)
