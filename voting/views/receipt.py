"""After a secret vote: finding one's ballot, all ballots, and the file to count again."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from common.pages import public_page
from common.pagination import page_of
from common.texts import Localized, localized
from common.verdicts import Refused, no
from voting.box import bundle
from voting.limits import take
from voting.models import Ballot, Poll
from voting.questionnaire.definition import Questionnaire
from voting.receipts import find_ballot
from voting.sayings import said
from voting.secrecy.receipts import grouped, normalise
from voting.views.frame import PollFrame, State, poll_frame
from voting.views.sitting import not_now
from voting.views.who import address_of

TRIES = 1200  # receipts from one address in an hour
PAGE = 50


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter a code; it is sent in the form and never in an address."""
    frame = _secret(request, slug, "receipt")
    context: dict[str, Any] = {"frame": frame, "code": "", "page_width": "narrow"}
    status = 200
    if request.method == "POST":
        context["code"] = request.POST.get("code", "").strip()
        status = _look(request, frame, context)
    return render(request, "voting/receipt.html", context, status=status)


def _look(request: HttpRequest, frame: PollFrame, context: dict[str, Any]) -> int:
    """Fill `found` or `problem`; the status of the page. Before the end nothing is told of what the
    ballot holds."""
    if not take("receipt", address_of(request), most=TRIES, seconds=3600):
        context["problem"] = _("That was too many tries in a short time. Please try again later.")
        return 429
    try:
        found = find_ballot(frame.poll, context["code"])
    except Refused as refused:
        context["problem"] = str(refused.verdict.message)
        return refused.verdict.status
    context["code"] = grouped(normalise(context["code"]))
    context["found"] = found
    if found.ballot is not None:
        context["lines"] = _lines(frame.poll.questionnaire, found.ballot["answers"])
    return 200


def _lines(
    questionnaire: Questionnaire, answers: dict[str, Any] | None
) -> list[tuple[Localized, list[str]]]:
    return [
        (localized(question.title), said(question, answers[question.key]))
        for question in questionnaire.questions()
        if answers and question.key in answers
    ]


@require_safe
@public_page(seconds=300, parameters=("cursor",))
def ballots(request: HttpRequest, slug: str) -> HttpResponse:
    """All ballots of a counted secret poll, as they were published. Three queries a page."""
    frame = _secret(request, slug, "ballots")
    if frame.state != State.COUNTED:
        return _not_yet(request, frame)
    rows = (
        Ballot.objects.filter(poll=frame.poll.pk)
        .annotate(replaces_mark=F("replaces__mark"), void_by=F("replaced_by__mark"))
        .values("pk", "mark", "answers", "channel", "replaces_mark", "void_by")
    )
    found, next_href = page_of(request, rows, ordering=("mark", "pk"), size=PAGE)
    questionnaire = frame.poll.questionnaire
    context = {
        "frame": frame,
        "rows": [row | {"lines": _lines(questionnaire, row["answers"])} for row in found],
        "next_href": next_href,
    }
    return render(request, "voting/ballots.html", context)


@require_safe
def bundle_file(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The recount bundle, line by line: memory does not grow with the number of ballots."""
    frame = _secret(request, slug, "ballots")
    if frame.state != State.COUNTED:
        return _not_yet(request, frame)
    response = StreamingHttpResponse(_encoded(frame.poll), content_type="application/jsonl")
    response.headers["Content-Disposition"] = f'attachment; filename="{frame.process.slug}.jsonl"'
    return response


def _encoded(poll: Poll) -> Iterator[bytes]:
    """In pieces of many lines: a piece costs as much as a line."""
    piece: list[str] = []
    for line in bundle(poll):
        piece.append(line)
        if len(piece) == 500:
            yield "".join(piece).encode()
            piece = []
    yield "".join(piece).encode()


def _secret(request: HttpRequest, slug: str, tab: str) -> PollFrame:
    """A secret poll that has opened, or Http404: only they publish ballots."""
    frame = poll_frame(request.user, slug, tab)
    if not frame.poll.is_secret or frame.poll.opened_at is None:
        raise Http404
    return frame


def _not_yet(request: HttpRequest, frame: PollFrame) -> HttpResponse:
    message = _("The ballots are published when voting has ended and they were counted.")
    return not_now(request, frame, no("sealed", message, 409), title=_("Not yet"))
