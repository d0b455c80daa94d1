"""What people propose, what is owed and answered, and the results."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from answers.models import Answer, Obligation
from common.pages import public_page
from common.pagination import first_page, page_of
from common.prepared import Prepared
from common.texts import localized
from consultations.filters import CONTEST, ORDERINGS, STATES, ProposalSearch, places_of
from consultations.permissions import may_propose
from consultations.results import changes_of, decisions_of, drawing, sentence, totals_of
from consultations.rows import for_list, line
from consultations.text import language_for
from consultations.views.frame import frame_of
from consultations.views.reading import promise_of
from processes.kinds import PROPOSAL_KINDS
from processes.models import Subject

SIZE = 20
_ANY = Subject.objects.all()
_TABS = ("", "late", "owed", "answered")


def _first(ordering: tuple[str, ...]) -> Prepared[Subject]:
    """The read of the first page of all proposals in one order."""

    def build(process_id: int) -> QuerySet[Subject]:
        rows = Subject.objects.standing().filter(process=process_id, kind__in=PROPOSAL_KINDS)
        rows = rows.annotate(contest=CONTEST) if "-contest" in ordering else rows
        return for_list(rows).order_by(*ordering)[: SIZE + 1]

    return Prepared(build)


_FIRST = {ordering: _first(ordering) for ordering in ORDERINGS.values()}


@require_safe
@public_page(seconds=15, parameters=("kind", "section", "state", "ordering", "q", "cursor"))
def proposals(request: HttpRequest, slug: str) -> HttpResponse:
    """Amendments and new articles. Three queries of its own, whatever their number."""
    frame = frame_of(request.user, slug, "proposals")
    language = language_for(frame.process.languages)
    search = ProposalSearch(request.GET, places_of(frame.consultation.current, language))
    if search.is_plain and not request.GET.get("cursor"):
        ordering = search.order
        first = _FIRST[ordering].all(process_id=frame.process.pk)
        rows = Subject.objects.annotate(contest=CONTEST) if "-contest" in ordering else _ANY
        found, next_href = first_page(request, rows, first, ordering=ordering, size=SIZE)
    else:
        rows, ordering = search.found(frame.process)
        found, next_href = page_of(request, for_list(rows), ordering=ordering, size=SIZE)
    context = {
        "frame": frame,
        "search": search,
        "may_propose": may_propose(request.user, frame.process),
        "is_filtered": not search.is_plain,
        "lines": [line(row, frame.href) for row in found],
        "next_href": next_href,
    }
    return render(request, "consultations/proposals.html", context)


def _awaited(process_id: int, state: str) -> QuerySet[Subject]:
    """What is owed an answer, or has one, in one state ("": all).

    Begins with the few rows that are owed and answered, not with all that was proposed.
    """
    owed = Obligation.objects.filter(process=process_id).values("subject")
    answered = Answer.objects.filter(subject__process=process_id).values("subject")
    wanted = {"": owed.union(answered), "answered": answered}.get(state, owed)
    rows = Subject.objects.filter(hidden_at__isnull=True, pk__in=wanted)
    rows = rows.filter(STATES[state]) if state else rows
    if state != "answered":
        rows = rows.filter(Q(withdrawn_at__isnull=True) | STATES["answered"])
    return rows


def _first_awaited(state: str) -> Prepared[Subject]:
    """The read of the first page of one state."""
    return Prepared(
        lambda process_id: for_list(_awaited(process_id, state)).order_by(*ORDERINGS["support"])[
            : SIZE + 1
        ]
    )


_AWAITED = {state: _first_awaited(state) for state in _TABS}


@require_safe
@public_page(seconds=15, parameters=("state", "cursor"))
def answers(request: HttpRequest, slug: str) -> HttpResponse:
    """What is owed, answered and late. Four queries of its own."""
    frame = frame_of(request.user, slug, "answers")
    state = request.GET.get("state", "")
    state = state if state in _TABS else ""
    if request.GET.get("cursor"):
        rows = for_list(_awaited(frame.process.pk, state))
        found, next_href = page_of(request, rows, ordering=ORDERINGS["support"], size=SIZE)
    else:
        first = _AWAITED[state].all(process_id=frame.process.pk)
        found, next_href = first_page(
            request, _ANY, first, ordering=ORDERINGS["support"], size=SIZE
        )
    names = {
        "": _("All"), "late": _("Late"), "owed": _("Waiting"), "answered": _("Answered")
    }  # fmt: skip
    context = {
        "frame": frame,
        "promise": promise_of(frame.process),
        "tabs": [
            (
                f"?{urlencode({'state': tab})}" if tab else request.path,
                names[tab],
                None,
                tab == state,
            )
            for tab in _TABS
        ],
        "state": state,
        "lines": [line(row, frame.href) for row in found],
        "next_href": next_href,
    }
    return render(request, "consultations/answers.html", context)


@require_safe
@public_page(seconds=60)
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """One sentence, one table, one drawing; then what changed and who moved it. Five queries."""
    frame = frame_of(request.user, slug, "results")
    context: dict[str, Any] = {"frame": frame}
    if frame.process.results_published_at is not None:
        decisions = decisions_of(frame.process)
        changes = changes_of(frame.consultation, language_for(frame.process.languages))
        promise = promise_of(frame.process)
        context |= {
            "decisions": decisions,
            "drawing": drawing(decisions),
            "changes": changes,
            "summary": localized(frame.process.results_summary),
            "sentence": sentence(frame.process, decisions, changes),
            "totals": totals_of(frame.process),
            "promise": promise,
            "api_href": f"/api/v1/consultations/{frame.process.slug}/",
            "language": get_language(),
        }
    return render(request, "consultations/results.html", context)
