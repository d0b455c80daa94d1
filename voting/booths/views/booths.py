"""Booths of a poll, those of an officer, and what happens at one: check-in and end."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.forms import add_refusal
from common.pagination import page_of
from common.texts import localized
from common.verdicts import Refused
from processes.desk import POST, READ, login_page
from voting.actions import booths as actions
from voting.actions.paper import may_enter
from voting.booths import reads
from voting.booths.forms import BoothForm, NumberForm, OfficerForm, ReasonForm, VoterForm
from voting.booths.views.frame import (
    Place,
    booth_page,
    in_charge,
    judge,
    known_here,
    of_the_body,
    officer,
    show,
)
from voting.kinds import Eligibility
from voting.models import Booth
from voting.permissions import NOT_AN_OFFICER, is_voting_open

SIZE = 50


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The booths where the person is an officer, those that go on first. One query."""
    if not request.user.is_authenticated:
        return login_page(request)
    rows = reads.with_counts(
        Booth.objects.filter(officers=request.user).select_related("poll__process")
    )
    found = [
        (
            f"/{get_language()}/desk/polls/{booth.poll.process.slug}/booths/{booth.pk}/",
            booth,
            localized(booth.poll.title) or localized(booth.poll.process.title),
        )
        for booth in rows.order_by("-created_at", "pk")[:200]
    ]
    found.sort(key=lambda row: row[1].ended_at is not None)
    return render(request, "booths/mine.html", {"rows": found, "section": "desk"})


@booth_page(of_the_body, READ)
def booths(request: HttpRequest, place: Place) -> HttpResponse:
    """All booths of a poll with their counts."""
    rows = reads.with_counts(Booth.objects.filter(poll=place.poll))
    found, next_href = page_of(request, rows.order_by(), ordering=("name", "pk"), size=SIZE)
    context = {
        "rows": [(f"{place.href}{booth.pk}/", booth) for booth in found],
        "next_href": next_href,
        "may_add": place.may_run and place.poll.closed_at is None,
    }
    return show(request, place, "list", context)


@booth_page(in_charge)
def new(request: HttpRequest, place: Place) -> HttpResponse:
    """A new booth."""
    form, status = BoothForm(request.POST or None, initial={"channel": "paper"}), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                booth = actions.make_booth(request.user, poll=place.poll, **form.cleaned_data)
            except Refused as refused:
                status = add_refusal(form, refused.verdict)
            else:
                messages.success(request, _("The booth is there. Name its officers now."))
                return redirect(f"{place.list_href}{booth.pk}/officers/")
    context = {"form": form, "page_width": "narrow"}
    return show(request, place, "new", context, status)


@booth_page(in_charge)
def officers(request: HttpRequest, place: Place) -> HttpResponse:
    """Who takes ballots here, and a form to name one more."""
    form, status = OfficerForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                person = actions.add_officer(request.user, booth=_booth(place), **form.cleaned_data)
            except Refused as refused:
                status = add_refusal(form, refused.verdict)
            else:
                messages.success(
                    request, _("%(person)s takes ballots here now.") % {"person": person}
                )
                return redirect(f"{place.href}officers/")
    people = _booth(place).officers.order_by("email")
    context = {"form": form, "people": people, "page_width": "narrow"}
    return show(request, place, "officers", context, status)


@booth_page(in_charge, POST)
def remove_officer(request: HttpRequest, place: Place, user_id: int) -> HttpResponse:
    """The officer can be named again."""
    if user_id >= 2**63:
        raise Http404
    actions.remove_officer(request.user, booth=_booth(place), user_id=user_id)
    messages.success(request, _("The person takes no ballots here any more."))
    return redirect(f"{place.href}officers/")


def _booth(place: Place) -> Booth:
    if place.booth is None:
        raise Http404
    return place.booth


@booth_page(known_here)
def booth(request: HttpRequest, place: Place) -> HttpResponse:
    """What happens at a booth; for its officers the forms to check in and to enter sheets."""
    if request.method == "POST" and not place.is_officer:
        raise PermissionDenied(str(NOT_AN_OFFICER.message))
    form, status = voter_form(request, place), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                found = _check_in(request, place, form)
            except Refused as refused:
                status = add_refusal(form, refused.verdict)
            else:
                messages.success(request, found)
                return redirect(place.href)
    return show(request, place, "booth", _shown(request, place, form), status)


def voter_form(request: HttpRequest, place: Place, *, taking_back: bool = False) -> VoterForm:
    """The ways in which a voter can be named in this poll."""
    eligibility = place.poll.eligibility
    if eligibility == Eligibility.INVITED:
        fields = ["code"]
    elif eligibility == Eligibility.GROUP:
        fields = ["email"]
    else:
        fields = ["email", "number"]
    if not place.poll.is_secret and not taking_back:
        fields.append("sheet")
    return VoterForm(request.POST or None, fields=fields)


def identity(form: Any) -> actions.Identity:
    data = form.cleaned_data
    return actions.Identity(
        email=data.get("email", ""), code=data.get("code", ""), number=data.get("number", "")
    )


def _check_in(request: HttpRequest, place: Place, form: Any) -> str:
    found = actions.check_in(
        request.user,
        booth=_booth(place),
        who=identity(form),
        sheet_number=form.cleaned_data.get("sheet", ""),
    )
    if found.sheet is None:
        return _("The person may vote: give out one sheet.")
    return _("The person may vote with sheet %(number)s.") % {"number": found.sheet.number}


def _shown(request: HttpRequest, place: Place, form: Any) -> dict[str, Any]:
    found = _booth(place)
    counted = reads.counts_of(found)
    rows, next_href = page_of(
        request, reads.sheets_of(found).order_by(), ordering=("number", "pk"), size=SIZE
    )
    is_open = found.ended_at is None
    entering = may_enter(found)
    return {
        "booth": found,
        "figures": _figures(counted),
        "form": form if place.is_officer and is_open and is_voting_open(found.poll) else None,
        "enter_form": NumberForm() if place.is_officer and entering else None,
        "not_yet": "" if entering or not is_open else entering.message,
        "voting": is_voting_open(found.poll),
        "sheets": [reads.sheet_row(sheet, request.user.pk or 0) for sheet in rows],
        "next_href": next_href,
        "may_judge": place.may_judge and is_open,
    }


def _figures(counted: Any) -> list[tuple[Any, ...]]:
    people, accepted = counted.people, counted.accepted
    unfinished, discarded = counted.unfinished, counted.discarded
    return [
        (people, ngettext("person voted here", "people voted here", people)),
        (
            accepted,
            ngettext("sheet is in the ballot box", "sheets are in the ballot box", accepted),
        ),
        (
            unfinished,
            ngettext("sheet is unfinished", "sheets are unfinished", unfinished),
            "sun" if unfinished else "",
        ),
        (discarded, ngettext("sheet was discarded", "sheets were discarded", discarded)),
    ]


@booth_page(officer)
def take_back(request: HttpRequest, place: Place) -> HttpResponse:
    """Undo a check-in that was a mistake."""
    form, status = voter_form(request, place, taking_back=True), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                actions.take_back(request.user, booth=_booth(place), who=identity(form))
            except Refused as refused:
                status = add_refusal(form, refused.verdict)
            else:
                messages.success(request, _("The check-in is taken back. The person can vote."))
                return redirect(place.href)
    context = {"form": form, "booth": place.booth, "page_width": "narrow"}
    return show(request, place, "take_back", context, status)


@booth_page(judge)
def end(request: HttpRequest, place: Place) -> HttpResponse:
    """Ask first; then nothing can be entered any more and the votes can be counted."""
    found = _booth(place)
    counted = reads.counts_of(found)
    missing = actions.missing_sheets(found)
    form, status = ReasonForm(request.POST or None), 200
    needs_reason = bool(counted.unfinished or missing)
    if request.method == "POST":
        status = 400
        if form.is_valid() or not needs_reason:
            reason = form.cleaned_data.get("reason", "") if needs_reason else ""
            try:
                actions.end_booth(request.user, booth=found, reason=reason)
            except Refused as refused:
                form.is_valid()
                status = add_refusal(form, refused.verdict)
            else:
                messages.success(request, _("The booth has been ended."))
                return redirect(place.href)
    context = {
        "form": form,
        "booth": found,
        "unfinished": counted.unfinished,
        "missing": missing,
        "needs_reason": needs_reason,
        "page_width": "narrow",
    }
    return show(request, place, "end", context, status)
