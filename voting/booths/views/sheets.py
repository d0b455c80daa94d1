"""Entering sheets, comparing two entries, leaving a sheet out, and the log of all of it."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from common.forms import LONGEST_ID, add_refusal
from common.pagination import page_of
from common.verdicts import Refused, require
from processes.desk import READ
from voting.actions import paper
from voting.booths import reads
from voting.booths.forms import DecisionForm, ReasonForm, SheetForm
from voting.booths.views.frame import (
    Place,
    booth_page,
    judge,
    known_here,
    officer,
    show,
)
from voting.models import Sheet
from voting.results.files import csv_lines

SIZE = 50
CHUNK = 500


@sensitive_post_parameters()
@booth_page(officer)
def enter(request: HttpRequest, place: Place) -> HttpResponse:
    """The whole questionnaire on one page, for one sheet."""
    booth = _booth(place)
    number = " ".join((request.POST.get("number") or request.GET.get("number") or "").split())[:40]
    require(paper.may_enter(booth))
    if not number:
        messages.error(request, _("Give the number on the sheet."))
        return redirect(place.href)
    known = Sheet.objects.filter(booth=booth, number=number).first()
    if known is not None and (known.first_by_id or known.discarded_at):
        require(paper.may_enter_second(request.user, known))
    data = request.POST if request.method == "POST" else None
    form = SheetForm(place.poll.questionnaire, language=get_language() or "en", data=data)
    status = 200
    if data is not None:
        status = 400
        if form.is_valid():
            try:
                found = paper.enter_sheet(
                    request.user, booth=booth, number=number, answers=form.raw
                )
            except Refused as refused:
                status = add_refusal(form, refused.verdict)
            else:
                return _after(request, place, found)
    context = {"form": form, "booth": booth, "number": number, "is_second": bool(known)}
    return show(request, place, "enter", context, status)


def _booth(place: Place) -> Any:
    if place.booth is None:
        raise Http404
    return place.booth


def _after(request: HttpRequest, place: Place, found: paper.Entered) -> HttpResponse:
    """Where an officer goes on: at the booth, or where two entries are compared."""
    number = {"number": found.sheet.number}
    if found.state == paper.DIFFERS:
        messages.warning(request, _("The two entries of sheet %(number)s differ.") % number)
        return redirect(f"{place.href}sheets/{found.sheet.pk}/")
    if found.state == paper.ACCEPTED:
        sentence = _("Both entries of sheet %(number)s are the same. It is in the ballot box.")
    else:
        sentence = _("Sheet %(number)s is entered once. Another officer enters it again.")
    messages.success(request, sentence % number)
    return redirect(place.href)


def _sheet(place: Place, sheet_id: int) -> Sheet:
    """Raises Http404."""
    rows = Sheet.objects.filter(booth=_booth(place)).select_related("first_by", "second_by")
    found = rows.filter(pk=sheet_id).first() if sheet_id <= LONGEST_ID else None
    if found is None:
        raise Http404
    found.booth = _booth(place)
    return found


@sensitive_post_parameters()
@booth_page(known_here)
def sheet(request: HttpRequest, place: Place, sheet_id: int) -> HttpResponse:
    """Two entries that differ, side by side, and which of them is right."""
    found = _sheet(place, sheet_id)
    verdict = paper.may_decide(request.user, found.booth, found)
    if not verdict:
        raise PermissionDenied(str(verdict.message))
    if found.second_by_id is None or found.accepted_at or found.discarded_at:
        messages.info(request, _("Nothing is to be decided about this sheet."))
        return redirect(place.href)
    form, status = DecisionForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                done = paper.decide_sheet(request.user, sheet=found, **form.cleaned_data)
            except Refused as refused:
                status = add_refusal(form, refused.verdict)
            else:
                return _decided(request, place, done)
    rows = list(reads.compared(found, place.poll))
    context = {"form": form, "booth": found.booth, "sheet": found, "rows": rows}
    return show(request, place, "sheet", context, status)


def _decided(request: HttpRequest, place: Place, found: paper.Entered) -> HttpResponse:
    if found.state == paper.ACCEPTED:
        sentence = _("Sheet %(number)s is in the ballot box.")
    else:
        sentence = _("Sheet %(number)s is to be entered twice again.")
    messages.success(request, sentence % {"number": found.sheet.number})
    return redirect(place.href)


@booth_page(judge)
def discard(request: HttpRequest, place: Place, sheet_id: int) -> HttpResponse:
    """Leave a sheet out, with a reason."""
    found = _sheet(place, sheet_id)
    form, status = ReasonForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                paper.discard_sheet(request.user, sheet=found, reason=form.cleaned_data["reason"])
            except Refused as refused:
                status = add_refusal(form, refused.verdict)
            else:
                sentence = _("Sheet %(number)s was discarded.")
                messages.success(request, sentence % {"number": found.number})
                return redirect(place.href)
    context = {"form": form, "booth": found.booth, "sheet": found, "page_width": "narrow"}
    return show(request, place, "discard", context, status)


@booth_page(known_here, READ)
def log(request: HttpRequest, place: Place) -> HttpResponse:
    """Who entered, corrected and discarded what, the newest first."""
    rows = reads.corrections_of(_booth(place)).order_by()
    found, next_href = page_of(request, rows, ordering=("-pk",), size=SIZE)
    context = {
        "rows": [reads.log_row(row, place.poll) for row in found],
        "next_href": next_href,
        "booth": place.booth,
        "shows_answers": reads.shows_answers(place.poll),
    }
    return show(request, place, "log", context)


@booth_page(known_here, READ)
def log_file(request: HttpRequest, place: Place) -> HttpResponse:
    """The log as CSV, streamed, the oldest first."""
    name = f"{place.poll.process.slug}-booth-{_booth(place).pk}-log.csv"
    answer = StreamingHttpResponse(_lines(place), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer  # type: ignore[return-value]


def _lines(place: Place) -> Iterator[str]:
    head = ["at", "sheet", "what", "who", "questions", "before", "after", "reason"]
    rows = reads.corrections_of(_booth(place)).order_by("pk").iterator(chunk_size=CHUNK)
    found = (reads.log_row(row, place.poll) for row in rows)
    return csv_lines(
        head,
        (
            [r.at.isoformat(), r.sheet, r.what, r.who, r.questions, r.before, r.after, r.reason]
            for r in found
        ),
    )
