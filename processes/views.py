"""What is decided now, until when, and what became of it: pages of the whole site."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.pages import public_page
from common.pagination import page_of
from common.prepared import Prepared
from processes.calendar import Moment, Month, icalendar, moments
from processes.cards import card
from processes.feeds import NewsFeed
from processes.filters import ProcessFilter
from processes.kinds import Status
from processes.models import Process, ProcessQuerySet

PARAMETERS = ("kind", "status", "area", "organisation", "topic", "q", "cursor")
PAGE = 24
GROUP = 6  # cards of a status on the front page; the rest is behind a link

_ORDERINGS = {
    Status.OPEN: ("closes_at", "pk"),
    Status.UPCOMING: ("opens_at", "pk"),
    Status.CLOSED: ("-ended_at", "-pk"),
}


@require_safe
@public_page(seconds=15, parameters=PARAMETERS)
def front(request: HttpRequest) -> HttpResponse:
    """What is open, upcoming and closed; one list instead when a status or words are asked for."""
    filters = ProcessFilter(request.GET, queryset=Process.objects.published().for_list())
    rows: ProcessQuerySet = filters.qs
    asked = filters.form.cleaned_data
    context: dict[str, Any] = {"section": "front", "filters": filters, "asked": asked}
    context["is_filtered"] = any(asked.values())
    is_narrowed = any(asked.get(name) for name in ("area", "organisation", "kind", "topic"))
    context["is_narrowed"] = is_narrowed or bool(filters.form.errors)
    if asked.get("status") or asked.get("q"):
        context |= _one_list(request, rows.with_status(), asked)
    else:
        context["groups"] = [
            _group(request, rows, status, is_narrowed=is_narrowed) for status in Status
        ]
        context["is_empty"] = not any(group["cards"] for group in context["groups"])
    context["statuses"] = _statuses(request, asked.get("status", ""))
    return render(request, "processes/front.html", context)


def _address(request: HttpRequest, **changes: str) -> str:
    """The same page asked for otherwise; the cursor goes."""
    query = {name: request.GET[name] for name in PARAMETERS[:-1] if request.GET.get(name)}
    query |= changes
    kept = {name: value for name, value in query.items() if value}
    return f"?{urlencode(kept)}" if kept else request.path


def _statuses(request: HttpRequest, current: str) -> list[tuple[str, Any, None, bool]]:
    tabs = [(_address(request, status=""), _("All"), None, not current)]
    return tabs + [
        (_address(request, status=value), label, None, value == current)
        for value, label in Status.choices
    ]


def _one_list(request: HttpRequest, rows: ProcessQuerySet, asked: dict[str, Any]) -> dict[str, Any]:
    """A page of a flat list: by relevance where words are asked for, else by time. One query."""
    if asked.get("status") == Status.CLOSED:
        rows = rows.ended_last().with_outcome()
    ordering = ("-relevance", "-pk") if asked.get("q") else _ORDERINGS[asked["status"]]
    found, next_href = page_of(request, rows, ordering=ordering, size=PAGE)
    return {"cards": [card(row) for row in found], "next_href": next_href}


def _of_status(rows: ProcessQuerySet, status: Status) -> ProcessQuerySet:
    """The first cards of one status, and one row more."""
    rows = rows.with_status().filter(status=status)
    if status == Status.CLOSED:
        rows = rows.ended_last().with_outcome()
    return rows.order_by(*_ORDERINGS[status])[: GROUP + 1]


def _everything(status: Status) -> Prepared[Process]:
    return Prepared(lambda: _of_status(Process.objects.published().for_list(), status))


_EVERYTHING = {status: _everything(status) for status in Status}


def _group(
    request: HttpRequest, rows: ProcessQuerySet, status: Status, *, is_narrowed: bool
) -> dict[str, Any]:
    """The first cards of one status. One query."""
    found = list(_of_status(rows, status)) if is_narrowed else _EVERYTHING[status].all()
    more = _address(request, status=status.value) if len(found) > GROUP else ""
    return {"status": status, "cards": [card(row) for row in found[:GROUP]], "more": more}


@require_safe
@public_page(seconds=60, parameters=("month",))
def calendar(request: HttpRequest) -> HttpResponse:
    """A month: what opens, what closes, which answers are due."""
    today = timezone.localdate()
    month = Month.of(request.GET.get("month", ""), today)
    found = moments(*month.bounds())
    by_day: dict[Any, list[Moment]] = {}
    for moment in found:
        by_day.setdefault(timezone.localtime(moment.at).date(), []).append(moment)
    weeks = [
        [(day, day.month == month.number, day == today, by_day.get(day, [])) for day in week]
        for week in month.weeks()
    ]
    context = {
        "section": "calendar",
        "month": month,
        "weeks": weeks,
        "days": sorted(by_day.items()),
        "before": month.moved(-1),
        "after": month.moved(1),
        "prefix": f"/{get_language()}",
    }
    return render(request, "processes/calendar.html", context)


@require_safe
@public_page(seconds=300)
def calendar_file(request: HttpRequest) -> HttpResponse:
    """The calendar for programs: the last three months and what is to come."""
    now = timezone.now()
    found = moments(now - timedelta(days=92), now + timedelta(days=3 * 366))
    text = icalendar(found, site=settings.SITE_NAME, site_url=settings.SITE_URL, now=now)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    return response


_news = NewsFeed()


@require_safe
@public_page(seconds=60)
def feed(request: HttpRequest) -> HttpResponse:
    """News of the whole site as Atom."""
    return _news(request)
