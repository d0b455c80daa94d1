"""One person answering one poll, as a request finds it: who, what was answered so far, what is in the way."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.verdicts import Refused, Verdict
from voting.actions.drafts import answered, drafted
from voting.actions.profiles import told_before
from voting.actions.stages import open_poll_if_due
from voting.models import Poll, Turnout
from voting.permissions import is_voting_open
from voting.questionnaire.answers import Answers, check
from voting.questionnaire.definition import Questionnaire
from voting.sayings import said
from voting.views.frame import PollFrame, frame_of, poll_frame
from voting.views.who import CONSENTED, consent_cookie, voter_of
from voting.voters import Voter

LONGEST_CARRIED = 400_000  # characters of answers that travel in a form


@dataclass
class Sitting:
    """`answers` are normalised (also those that are beyond a limit alone), `raw` is what a form carried;
    `message` says what is in the way, and keeps the page where it is.

    `has_begun`: there is a draft, so that consent was given. `has_voted`: there is a ballot of this
    voter that counts. `asks_former`: the receipt code of an earlier ballot is needed.
    `is_prefilled`: answers about the person came from an earlier questionnaire.
    """

    request: HttpRequest
    frame: PollFrame
    voter: Voter
    questionnaire: Questionnaire
    answers: Answers = field(default_factory=dict)
    raw: object = None
    has_begun: bool = False
    has_voted: bool = False
    asks_former: bool = False
    is_prefilled: bool = False
    message: str = ""

    @property
    def poll(self) -> Poll:
        return self.frame.poll

    @cached_property
    def turnout(self) -> Turnout | None:
        """That this voter has voted, or None. One query, once."""
        return Turnout.objects.filter(poll=self.poll.pk, voter=self.voter.key).first()

    @property
    def seed(self) -> str:
        """The order of options of this voter in this poll: the same each time, kept nowhere."""
        if not self.voter.key:
            return ""
        return salted_hmac("voting.order", f"{self.poll.pk}:{self.voter.key}").hexdigest()[:16]

    @property
    def carried(self) -> str:
        """The answers so far as a form carries them."""
        return json.dumps(self.answers, ensure_ascii=False, separators=(",", ":"))

    @property
    def login_href(self) -> str:
        return f"/{get_language()}/accounts/login/?next={quote(self.frame.answer_href)}"

    @property
    def is_named(self) -> bool:
        """Whether the voter has an account."""
        return self.voter.user is not None


def sit(request: HttpRequest, slug: str) -> Sitting | HttpResponse:
    """Begin or go on answering, or the page that says why not. At most six queries of its own."""
    frame = poll_frame(request.user, slug)
    verdict = is_voting_open(frame.poll)
    if not verdict:
        return not_now(request, frame, verdict)
    try:
        opened = open_poll_if_due(frame.poll)
    except Refused as refused:
        return not_now(request, frame, refused.verdict)
    if opened is not frame.poll:
        frame = frame_of(opened)
    sitting = Sitting(request, frame, voter_of(request, opened), opened.questionnaire)
    if not sitting.voter.key or not sitting.voter.verdict:
        return _not_you(sitting)
    _take_in(sitting)
    return sitting


def _take_in(sitting: Sitting) -> None:
    """What this person has answered so far. In a secret poll the form alone knows it."""
    request = sitting.request
    if sitting.poll.is_secret or "carried" in request.POST:
        sitting.raw = carried(request)
        sitting.answers = check(sitting.questionnaire, sitting.raw).kept
        return
    found = drafted(sitting.voter, sitting.poll)
    sitting.has_begun = found is not None
    if found is None and sitting.turnout is not None:
        found = answered(sitting.turnout)
    if found is None:
        found = told_before(sitting.voter, sitting.questionnaire)
        sitting.is_prefilled = bool(found)
    sitting.answers = check(sitting.questionnaire, found).kept


def carried(request: HttpRequest) -> Any:
    """The answers that travelled in the form, as they came: under "carried" what is to be sent, under
    "fallback" a copy for the case that nobody knows any more whose draft it was."""
    text = request.POST.get("carried") or request.POST.get("fallback") or ""
    if not text or len(text) > LONGEST_CARRIED:
        return {}
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return {}


def has_consented(sitting: Sitting) -> bool:
    is_asked = any(text.strip() for text in sitting.poll.consent.values())
    if not is_asked or sitting.has_begun or sitting.has_voted:
        return True
    name = consent_cookie(sitting.poll)
    return sitting.request.get_signed_cookie(name, default="", salt=CONSENTED) == "yes"


def _not_you(sitting: Sitting) -> HttpResponse | Sitting:
    """Nobody whom we know yet, or somebody who may not answer."""
    request, frame, verdict = sitting.request, sitting.frame, sitting.voter.verdict
    if request.method == "POST" and (verdict.status == 401 or not sitting.voter.key):
        # The session ended, or the cookie is gone: the page stays as it was sent.
        sitting.answers = check(sitting.questionnaire, carried(request)).kept
        sitting.message = _(
            "We do not know any more who you are, so nothing was saved. Sign in again in another "
            "tab; what you answered is still on this page. Then go on here."
        )
        return sitting
    ways: dict[str, Callable[[], HttpResponse]] = {
        "pass_needed": lambda: redirect(f"{frame.href}pass/"),
        "code_needed": lambda: redirect(f"{frame.href}code/"),
        "code_unknown": lambda: redirect(f"{frame.href}code/"),
        "sign_in_first": lambda: redirect(sitting.login_href),
    }
    if verdict.code in ways:
        return ways[verdict.code]()
    return not_now(request, frame, verdict)


def not_now(
    request: HttpRequest, frame: PollFrame, verdict: Verdict, *, title: str = ""
) -> HttpResponse:
    """Why nothing can be answered now; what was sent is shown, so that it is not lost."""
    lines = []
    if request.method == "POST" and frame.poll.definition is not None:
        questionnaire = frame.poll.questionnaire
        answers = check(questionnaire, carried(request)).answers
        lines = [
            (question.title, said(question, answers[question.key]))
            for question in questionnaire.questions()
            if question.key in answers
        ]
    context = {
        "frame": frame,
        "verdict": verdict,
        "title": title or _("You cannot answer this now"),
        "lines": lines,
        "page_width": "narrow",
    }
    return render(request, "voting/not_now.html", context, status=verdict.status)


class _Check(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def is_forged(request: HttpRequest) -> bool:
    """Whether a form did not come from a page of this session.

    The views of answering ask themselves (they are exempt from the middleware), so that a page that
    was open for too long is shown again with all that was answered.
    """
    reason: Any = _Check(lambda _request: HttpResponse()).process_view(request, None, (), {})  # type: ignore[arg-type]
    return reason is not None
