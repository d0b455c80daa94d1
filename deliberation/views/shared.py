"""What the views of this app have in common."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.pending import take
from common.forms import LONGEST_ID
from common.html import shorten
from common.prepared import Prepared
from common.texts import Crumb, Localized, localized
from common.verdicts import Refused, Verdict
from deliberation.addresses import process_href, subject_href
from processes.models import Subject
from processes.permissions import may_read


def subject_or_404(user: Any, subject_id: int) -> Subject:
    """A subject that the person may read, with its frame. One query."""
    if subject_id > LONGEST_ID:
        raise Http404
    subject = _SUBJECT.first(subject_id=subject_id)
    if subject is None or not may_read(user, subject.process):
        raise Http404
    return subject


def _subject(subject_id: int) -> QuerySet[Subject]:
    return (
        Subject.objects.with_frame()
        .defer("search", "sample", "text", "process__search", "process__sample")
        .filter(pk=subject_id)
    )


_SUBJECT: Prepared[Subject] = Prepared(_subject)


def crumbs_of(subject: Subject) -> list[Crumb]:
    """The way back to the page that the subject is on."""
    name = subject.shown
    return [
        (f"/{get_language()}/", _("All processes")),
        (process_href(subject.process), localized(subject.process.title)),
        (subject_href(subject), Localized(shorten(name.text, 80), name.language)),
    ]


def kept_fields(request: HttpRequest) -> Any:
    """What was typed on this page before signing in, as a form takes it; None if there is nothing."""
    typed = take(request)
    return typed.fields if typed is not None else None


def answer_refusal(request: HttpRequest, refused: Refused, back: str) -> HttpResponse:
    """A button that was refused: to sign in, to nowhere, or back with the sentence."""
    verdict = refused.verdict
    if verdict.status == 404:
        raise Http404(str(verdict.message))
    if verdict.status == 401:
        return redirect(f"{reverse('account_login')}?{urlencode({'next': back})}")
    messages.error(request, str(verdict.message))
    return redirect(back)


def refused_page(request: HttpRequest, verdict: Verdict, crumbs: list[Crumb]) -> HttpResponse:
    """Why the form cannot be used now, with the way back."""
    context = {"message": verdict.message, "crumbs": crumbs, "page_width": "narrow"}
    return render(request, "deliberation/not_now.html", context, status=verdict.status)


def sent_twice(error: IntegrityError) -> bool:
    """Whether a form with this number was posted before; re-raises any other error."""
    if "_sent_once" not in str(error):
        raise error
    return True


def came_from(request: HttpRequest, otherwise: str) -> str:
    """The path of this site that the button stood on."""
    referer = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}):
        return otherwise
    parts = urlsplit(referer)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
