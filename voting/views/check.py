"""Check your answers, send them, and what follows: thanks, the receipt, withdrawing."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from common.texts import Localized, localized
from common.verdicts import Refused, no
from voting.actions.box import (
    RECEIPT_NEEDED,
    VOTED_ALREADY,
    WrongAnswers,
    cast_ballot,
    new_code,
    withdraw_ballot,
)
from voting.actions.profiles import asks_about_the_person, keep_told
from voting.models import Turnout
from voting.questionnaire.answers import check as check_answers
from voting.questionnaire.definition import Page
from voting.questionnaire.paging import shown
from voting.sayings import said
from voting.secrecy.receipts import grouped, normalise
from voting.sentences import sentence
from voting.views.frame import poll_frame
from voting.views.sitting import Sitting, is_forged, not_now, sit
from voting.views.who import voter_of

RECEIPT_CODES = frozenset({RECEIPT_NEEDED, "receipt_unknown", "receipt_wrong"})


@dataclass(frozen=True, slots=True)
class Line:
    """One question on the page to check: what was said, and where to change it."""

    key: str
    title: Localized
    said: list[str]
    page: str
    error: str = ""


@sensitive_post_parameters()
@never_cache
@csrf_exempt  # asked in `send`, so that a page that was open for too long keeps what it holds
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """All answers on one page, each with a way to change it; then send."""
    if request.method == "POST" and request.POST.get("go") == "send" and not is_forged(request):
        return _send(request, slug)
    sitting = sit(request, slug)
    if isinstance(sitting, HttpResponse):
        return sitting
    if request.method == "POST":
        sitting.message = sitting.message or _(
            "This page was open for a long time. Nothing was sent yet; please press the button again."
        )
    elif sitting.poll.is_secret:
        return redirect(sitting.frame.answer_href)
    elif is_final := answered_already(sitting):
        return is_final
    return check_page(sitting)


def answered_already(sitting: Sitting) -> HttpResponse | None:
    """The kind page for somebody whose answer was taken and is final; None for everybody else.

    Notes on the sitting whether the voter has a ballot that counts. One query.
    """
    if not sitting.voter.key:
        return None
    turnout = sitting.turnout
    if turnout is None:
        return None
    sitting.has_voted = turnout.withdrawn_at is None
    sitting.asks_former = sitting.poll.is_secret
    if turnout.booth_id is not None:
        message = _("You have voted on paper or by telephone already. That vote is final.")
        verdict = no(VOTED_ALREADY, message, 409)
        return not_now(sitting.request, sitting.frame, verdict, title=_("You have voted"))
    if sitting.poll.is_final:
        return _done(sitting, turnout)
    return None


def _done(sitting: Sitting, turnout: Turnout) -> HttpResponse:
    context = {
        "frame": sitting.frame,
        "is_withdrawn": turnout.withdrawn_at is not None,
        "page_width": "narrow",
    }
    return render(sitting.request, "voting/answered.html", context)


def check_page(
    sitting: Sitting,
    *,
    errors: dict[str, str] | None = None,
    former_error: str = "",
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page to check. The receipt code is drawn here, and sent with the answers: sending the same
    page twice finds the same ballot."""
    request = sitting.request
    errors = errors if errors is not None else _errors(sitting)
    code = _code(request) or new_code()
    context = {
        "frame": sitting.frame,
        "sitting": sitting,
        "sections": _sections(sitting, errors),
        "errors": errors,
        "code": code,
        "grouped": grouped(code),
        "asks_former": sitting.poll.is_secret
        and bool(sitting.asks_former or former_error or request.POST.get("former")),
        "former": request.POST.get("former", ""),
        "former_error": former_error,
        "refusal": refusal,
        "has_areas": sitting.questionnaire.one_page and len(sitting.questionnaire.pages) > 1,
        "offers_to_keep": sitting.is_named
        and not sitting.poll.is_secret
        and asks_about_the_person(sitting.questionnaire),
        "page_width": "narrow",
    }
    return render(request, "voting/check.html", context, status=status)


def _errors(sitting: Sitting) -> dict[str, str]:
    """What would be refused: a draft keeps what is beyond a limit."""
    problems = check_answers(sitting.questionnaire, sitting.answers).errors
    return {key: sentence(problem) for key, problem in problems.items()}


def _sections(sitting: Sitting, errors: dict[str, str]) -> list[tuple[Localized, list[Line]]]:
    """The questions that were asked of this person, by page; of one page, where only one counts."""
    answers, questionnaire = sitting.answers, sitting.questionnaire
    only = questionnaire.page_answered(answers) if questionnaire.one_page else None

    def belongs(page: Page) -> bool:
        return only in (None, page) or any(one.key in errors for one in page.questions)

    return [
        (
            localized(page.title),
            [
                Line(
                    question.key,
                    localized(question.title),
                    said(question, answers.get(question.key)),
                    page.key,
                    errors.get(question.key, ""),
                )
                for question in questions
            ],
        )
        for page in questionnaire.pages
        if belongs(page) and (questions := shown(page, answers))
    ]


def _code(request: HttpRequest) -> str:
    """The receipt code that this page was shown with, or ""."""
    try:
        return normalise(request.POST.get("code", ""))
    except ValueError:
        return ""


def _send(request: HttpRequest, slug: str) -> HttpResponse:
    """Cast what the page held. Every refusal shows the page again with all that was answered."""
    sitting = sit(request, slug)
    if isinstance(sitting, HttpResponse):
        return sitting
    if sitting.message:
        return check_page(sitting, status=401)
    try:
        receipt = cast_ballot(
            sitting.voter,
            poll=sitting.poll,
            answers=sitting.raw,  # type: ignore[arg-type]
            code=_code(request),
            former=request.POST.get("former", "").strip(),
        )
    except WrongAnswers as wrong:
        errors = {key: sentence(problem) for key, problem in wrong.problems.items()}
        return check_page(sitting, errors=errors, status=400)
    except Refused as refused:
        return _refused(sitting, refused)
    if request.POST.get("keep") == "yes" and not sitting.poll.is_secret:
        keep_told(sitting.voter, sitting.questionnaire, sitting.answers)
    if not sitting.poll.is_secret:
        return redirect(f"{sitting.frame.href}thanks/")
    return _thank(request, sitting.frame, code=grouped(receipt.code), is_named=sitting.is_named)


def _refused(sitting: Sitting, refused: Refused) -> HttpResponse:
    verdict = refused.verdict
    if verdict.code in RECEIPT_CODES:
        return check_page(sitting, former_error=str(verdict.message), status=verdict.status)
    if verdict.code == VOTED_ALREADY:
        return answered_already(sitting) or not_now(sitting.request, sitting.frame, verdict)
    if verdict.code == "quota_full":
        title = _("Thank you, we have heard enough people like you")
        return not_now(sitting.request, sitting.frame, verdict, title=title)
    return not_now(sitting.request, sitting.frame, verdict, title=_("Your answers were not sent"))


@never_cache
@require_safe
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """After an answer that is not secret was taken."""
    frame = poll_frame(request.user, slug)
    voter = voter_of(request, frame.poll)
    has_voted = voter.key and Turnout.objects.filter(
        poll=frame.poll.pk, voter=voter.key, withdrawn_at__isnull=True
    ).exists()  # fmt: skip
    if not has_voted:
        return redirect(frame.home_href)
    return _thank(request, frame, code="", is_named=voter.user is not None)


def _thank(request: HttpRequest, frame: Any, *, code: str, is_named: bool) -> HttpResponse:
    context = {
        "frame": frame,
        "thanks": localized(frame.poll.thanks),
        "code": code,
        "is_named": is_named,
        "closes_at": frame.poll.timetable.closes_at,
        "page_width": "narrow",
    }
    return render(request, "voting/thanks.html", context)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, and take the answer back."""
    sitting = sit(request, slug)
    if isinstance(sitting, HttpResponse):
        return sitting
    former = request.POST.get("former", "").strip()
    context = {"frame": sitting.frame, "former": former, "page_width": "narrow"}
    if sitting.message:
        context["refusal"] = sitting.message
        return render(request, "voting/withdraw.html", context, status=401)
    if request.method == "POST":
        try:
            receipt = withdraw_ballot(sitting.voter, poll=sitting.poll, former=former)
        except Refused as refused:
            context["refusal"] = str(refused.verdict.message)
            return render(request, "voting/withdraw.html", context, status=refused.verdict.status)
        if sitting.poll.is_secret:
            # Whoever wants to vote again needs this code, as after any secret ballot.
            code = {"code": grouped(receipt.code), "page_width": "narrow"}
            return render(request, "voting/withdrawn.html", {"frame": sitting.frame, **code})
        messages.success(request, _("Your answer was withdrawn. It counts as never given."))
        return redirect(sitting.frame.home_href)
    turnout = sitting.turnout
    if turnout is None or turnout.withdrawn_at is not None:
        verdict = no("not_voted", _("There is no answer of yours that counts."), 409)
        return not_now(request, sitting.frame, verdict, title=_("Nothing to withdraw"))
    return render(request, "voting/withdraw.html", context)
