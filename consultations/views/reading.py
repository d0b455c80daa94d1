"""A consultation's own page, and its news."""

from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from answers.kept import kept_in, promise_in
from common.html import trusted
from common.pages import public_page
from common.prepared import Prepared
from common.texts import localized
from consultations.models import Version
from consultations.views.frame import WITH_ABOUT, frame_of, steps
from processes.feeds import ProcessFeed, activity_of
from processes.kinds import PROPOSAL_KINDS, SubjectKind
from processes.models import Process, Subject

FEW = 5  # articles and proposals on the consultation's page
_LEAN = ("id", "title", "titles", "language", "kind", "process_id", "created_at", "agree_count",
         "mixed_count", "disagree_count", "comment_count", "amendment_count")  # fmt: skip


@require_safe
@public_page(seconds=15)
def consultation(request: HttpRequest, slug: str) -> HttpResponse:
    """What it is about, who asks, where it stands, and where to begin."""
    frame = frame_of(request.user, slug, "overview", reads=WITH_ABOUT)
    about = localized(frame.consultation.about_html)
    context = {
        "frame": frame,
        "about_html": trusted(about.text),
        "about_language": about.language,
        "steps": steps(frame.timetable),
        "now": frame.timetable.now,
        "figures": _figures(frame.process),
        "promise": promise_of(frame.process),
        "discussed": _DISCUSSED.all(process_id=frame.process.pk),
        "latest": _LATEST.all(process_id=frame.process.pk),
        "versions": _VERSIONS.all(consultation_id=frame.consultation.pk),
    }
    return render(request, "consultations/consultation.html", context)


def _figures(process: Process) -> list[tuple[int, str]]:
    people, said, stood = (
        process.participant_count,
        process.contribution_count,
        process.position_count,
    )
    return [
        (people, ngettext("person takes part", "people take part", people)),
        (said, ngettext("contribution", "contributions", said)),
        (stood, ngettext("position", "positions", stood)),
    ]


def promise_of(process: Process) -> dict[str, Any]:
    """The promise and how it is kept: `rule` (may be None) and `counts`. Two queries."""
    return {
        "rule": promise_in(process.pk),
        "counts": kept_in(process.pk),
    }


def _discussed(process_id: int) -> QuerySet[Subject]:
    """The articles that people talk about most."""
    rows = Subject.objects.standing().filter(
        process=process_id, kind=SubjectKind.SECTION, locked_at__isnull=True
    )
    talk = F("comment_count") + F("amendment_count")
    return rows.annotate(talk=talk).filter(talk__gt=0).order_by("-talk", "id").only(*_LEAN)[:FEW]


def _latest(process_id: int) -> QuerySet[Subject]:
    """The newest proposals."""
    rows = Subject.objects.standing().filter(process=process_id, kind__in=PROPOSAL_KINDS)
    return rows.order_by("-id").only(*_LEAN)[:FEW]


def _versions(consultation_id: int) -> QuerySet[Version]:
    rows = Version.objects.filter(consultation=consultation_id, published_at__isnull=False)
    return rows.order_by("-number")


_DISCUSSED: Prepared[Subject] = Prepared(_discussed)
_LATEST: Prepared[Subject] = Prepared(_latest)
_VERSIONS: Prepared[Version] = Prepared(_versions)


@require_safe
@public_page(seconds=30, parameters=("cursor",))
def activity(request: HttpRequest, slug: str) -> HttpResponse:
    """What happened here, newest first."""
    frame = frame_of(request.user, slug, "activity")
    return render(request, "consultations/activity.html", activity_of(request, frame))


_feed = ProcessFeed(lambda user, slug: frame_of(user, slug, "activity"))


@require_safe
@public_page(seconds=60)
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The consultation's news as Atom."""
    return _feed(request, slug=slug)
