"""Documents beside a subject."""

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.pending import signed_in_to_post
from common.forms import LONGEST_ID, add_refusal
from common.pages import public_page
from common.verdicts import Refused
from deliberation import actions
from deliberation.addresses import subject_href, talk_href
from deliberation.forms import SourceForm
from deliberation.models import Source
from deliberation.permissions import may_add_source, may_withdraw
from deliberation.source_list import sources_html
from deliberation.views.shared import (
    answer_refusal,
    crumbs_of,
    kept_fields,
    refused_page,
    sent_twice,
    subject_or_404,
)
from processes.permissions import may_read

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
@public_page(parameters=["before"])
def sources(request: HttpRequest, subject_id: int) -> HttpResponse:
    """All sources, newest first, and the form to attach another."""
    if request.method != "POST":
        typed = kept_fields(request)
        return _page(request, subject_id, SourceForm(initial=typed.dict() if typed else {}), 200)
    form = SourceForm(request.POST)
    if not form.is_valid():
        return _page(request, subject_id, form, 400)
    try:
        source = _add(request, subject_id, form)
    except Refused as refused:
        if refused.verdict.code == "not_an_address":
            form.add_error("url", str(refused.verdict.message))
            return _page(request, subject_id, form, 400)
        return _page(request, subject_id, form, add_refusal(form, refused.verdict))
    messages.success(request, _("Your source is attached."))
    return redirect(f"{subject_href(source.subject)}#s{source.pk}")


def _add(request: HttpRequest, subject_id: int, form: SourceForm) -> Source:
    if subject_id > LONGEST_ID:
        raise Http404
    try:
        return actions.add_source(
            request.user,
            subject_id=subject_id,
            language=get_language() or "en",
            **form.cleaned_data,
        )
    except IntegrityError as error:
        sent_twice(error)
        rows = Source.objects.select_related("subject__process")
        return rows.get(once=form.cleaned_data["once"])


def _page(request: HttpRequest, subject_id: int, form: SourceForm, status: int) -> HttpResponse:
    subject = subject_or_404(request.user, subject_id)
    rows = Source.objects.filter(
        subject=subject, hidden_at__isnull=True, withdrawn_at__isnull=True
    ).select_related("author")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    shown = found[:PAGE]
    talk = talk_href(subject.pk)
    context = {
        "subject": subject,
        "form": form,
        "is_open": form.is_bound or bool(form.initial.get("title")) or not found,
        "sources": shown,
        "source_list": sources_html(shown, request.user),
        "more": f"{talk}sources/?before={shown[-1].pk}" if len(found) > PAGE else "",
        "crumbs": crumbs_of(subject),
        "talk": talk,
        "may_add_source": may_add_source(request.user, subject),
    }
    return render(request, "deliberation/sources.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
def withdraw_source(request: HttpRequest, source_id: int) -> HttpResponse:
    """Ask first; then it is shown no longer."""
    if source_id > LONGEST_ID:
        raise Http404
    rows = Source.objects.select_related("subject__process__organisation")
    source = rows.filter(pk=source_id).first()
    if source is None or not may_read(request.user, source.subject.process):
        raise Http404
    back = f"{subject_href(source.subject)}#sources"
    if request.method == "POST":
        try:
            actions.withdraw_source(request.user, source_id=source.pk)
        except Refused as refused:
            return answer_refusal(request, refused, back)
        messages.success(request, _("Your source is withdrawn."))
        return redirect(back)
    crumbs, verdict = crumbs_of(source.subject), may_withdraw(request.user, source)
    if verdict.status == 401:
        return answer_refusal(request, Refused(verdict), request.path)
    if not verdict:
        return refused_page(request, verdict, crumbs)
    context = {"source": source, "crumbs": crumbs, "back": back, "page_width": "narrow"}
    return render(request, "deliberation/withdraw_source.html", context)
