"""How somebody without an account gets in: a pass that the browser works for, or an invitation code."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from common.verdicts import Refused, Verdict, no
from voting.kinds import Eligibility
from voting.limits import note_failure, take, wait_left
from voting.passes import challenge, redeem
from voting.permissions import is_voting_open
from voting.secrecy.receipts import normalise
from voting.views.frame import PollFrame, poll_frame
from voting.views.sitting import not_now
from voting.views.who import address_of, keep_code, keep_pass, voter_of
from voting.voters import holder_of_code

PASSES_AN_HOUR = 300  # from one address: a library, a household, a telephone company
CODES_AN_HOUR = 120
HOUR = 3600
SLOW_DOWN = no("too_many_tries", "", 429)


def _slow_down(sentence: str) -> Verdict:
    return no(SLOW_DOWN.code, sentence, 429)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def get_pass(request: HttpRequest, slug: str) -> HttpResponse:
    """For polls that anyone may answer: let the browser work, and give it a pass."""
    frame = poll_frame(request.user, slug)
    if stop := _stop(request, frame, Eligibility.ANYONE):
        return stop
    refusal: Verdict | None = None
    if request.method == "POST":
        try:
            return _pass(request, frame)
        except Refused as refused:
            refusal = refused.verdict
    context = {
        "frame": frame,
        "login_href": f"/{get_language()}/accounts/login/?{urlencode({'next': frame.answer_href})}",
        "challenge": json.dumps(challenge(frame.poll), separators=(",", ":")),
        "problem": "" if refusal is None else refusal.message,
        "page_width": "narrow",
    }
    status = 200 if refusal is None else refusal.status
    return render(request, "voting/pass.html", context, status=status)


def _pass(request: HttpRequest, frame: PollFrame) -> HttpResponse:
    if not take("pass", address_of(request), most=PASSES_AN_HOUR, seconds=HOUR):
        raise Refused(
            _slow_down(
                _(
                    "Very many people have begun to answer from where you are. Please try again in "
                    "an hour, or sign in."
                )
            )
        )
    token = redeem(frame.poll, request.POST.get("solution", ""))
    response = redirect(frame.answer_href)
    keep_pass(response, frame.poll, token)
    return response


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request: HttpRequest, slug: str) -> HttpResponse:
    """For polls by invitation: the code is checked and kept in this browser."""
    frame = poll_frame(request.user, slug)
    if stop := _stop(request, frame, Eligibility.INVITED):
        return stop
    code, refusal = request.POST.get("code", "").strip(), None
    if request.method == "POST":
        try:
            return _enter(request, frame, code)
        except Refused as refused:
            refusal = refused.verdict
    context = {
        "frame": frame,
        "code": code,
        "problem": "" if refusal is None else refusal.message,
        "page_width": "narrow",
    }
    status = 200 if refusal is None else refusal.status
    return render(request, "voting/code.html", context, status=status)


def _enter(request: HttpRequest, frame: PollFrame, code: str) -> HttpResponse:
    address = address_of(request)
    within = take("code", address, most=CODES_AN_HOUR, seconds=HOUR)
    if not within or wait_left("code", address):
        raise Refused(
            _slow_down(_("That was too many tries in a short time. Wait a little, then try again."))
        )
    try:
        holder_of_code(code, frame.poll)
    except Refused:
        note_failure("code", address)
        raise
    response = redirect(frame.answer_href)
    keep_code(response, frame.poll, normalise(code))
    return response


def _stop(request: HttpRequest, frame: PollFrame, eligibility: str) -> HttpResponse | None:
    """Who needs neither goes on; where voting is not open nobody can do anything."""
    if frame.poll.eligibility != eligibility:
        return redirect(frame.href)
    verdict = is_voting_open(frame.poll)
    if not verdict:
        return not_now(request, frame, verdict)
    if request.method != "POST" and voter_of(request, frame.poll).verdict:
        return redirect(frame.answer_href)
    return None
