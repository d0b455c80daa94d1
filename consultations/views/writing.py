"""Writing a proposal: another wording of an article, or a new article."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.pending import signed_in_to_post
from common.forms import LONGEST_ID, add_refusal
from common.html import clean_text
from common.texts import Crumb, Localized
from common.verdicts import Refused
from consultations import actions, articles
from consultations.drafting.diff import diff_html, diff_side_by_side, word_diff
from consultations.drafting.model import LEAVES
from consultations.forms import AmendForm, NewArticleForm
from consultations.models import Proposal, Wording
from consultations.permissions import may_amend, may_propose
from consultations.views.article import crumbs_of, say
from consultations.views.frame import Frame, frame_of
from deliberation.views.shared import kept_fields, refused_page, sent_twice
from deliberation.views.similar import similar_subjects
from processes.kinds import PROPOSAL_KINDS, SubjectKind
from processes.models import Subject
from processes.permissions import may_read


def _login(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('account_login')}?next={quote(request.get_full_path())}")


def _posted(request: HttpRequest, proposal: Proposal, slug: str) -> HttpResponse:
    messages.success(request, _("Your proposal stands. Others can take a position on it now."))
    return redirect(f"/{get_language()}/consultations/{slug}/proposals/{proposal.subject_id}/")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
def amend(request: HttpRequest, slug: str, subject_id: int) -> HttpResponse:
    """The text itself becomes a field; the difference grows beside it."""
    if subject_id > LONGEST_ID:
        raise Http404
    if request.method == "POST" and "preview" not in request.GET:
        form = AmendForm(request.POST)
        status = 400
        if form.is_valid():
            try:
                return _posted(request, _post_amendment(request, subject_id, form), slug)
            except Refused as refused:
                status = add_refusal(form, refused.verdict)
        return _amend_page(request, _wording_or_404(request, slug, subject_id), form, status)
    wording = _wording_or_404(request, slug, subject_id)
    if request.method == "POST":
        return _amend_preview(request, wording)
    verdict = may_amend(request.user, wording.section.subject)
    if verdict.status == 401:
        return _login(request)
    if not verdict:
        return refused_page(request, verdict, _amend_crumbs(wording, slug))
    typed = kept_fields(request)
    initial = {"body": wording.body} | (typed.dict() if typed else {})
    return _amend_page(request, wording, AmendForm(initial=initial), 200)


def _post_amendment(request: HttpRequest, subject_id: int, form: Any) -> Proposal:
    language = request.GET.get("text", "")[:8] or get_language() or ""
    try:
        return actions.propose_amendment(
            request.user, subject_id=subject_id, language=language, **form.cleaned_data
        )
    except IntegrityError as error:
        sent_twice(error)
        return Proposal.objects.get(once=form.cleaned_data["once"])


def _wording_or_404(request: HttpRequest, slug: str, subject_id: int) -> Wording:
    language = request.GET.get("text", "")[:8] or get_language() or ""
    wording = articles.read_article(
        request.user, slug=slug, subject_id=subject_id, language=language
    )
    if wording is None or wording.section.subject.kind != SubjectKind.SECTION:
        raise Http404
    if not may_read(request.user, wording.section.subject.process):
        raise Http404
    return wording


def _amend_crumbs(wording: Wording, slug: str) -> list[Crumb]:
    base = f"/{get_language()}/consultations/{slug}/"
    subject = wording.section.subject
    here = f"{base}articles/{subject.pk}/"
    return [
        *crumbs_of(subject.process, base),
        (here, Localized(wording.label or wording.title, wording.language)),
    ]


def _amend_preview(request: HttpRequest, wording: Wording) -> HttpResponse:
    """The difference as a part of the page, or the whole page with it where there is no script."""
    if request.htmx:  # type: ignore[attr-defined]
        context = _difference(wording, request.POST.get("body", ""))
        return render(request, "consultations/_difference.html", context)
    form = AmendForm(initial=request.POST.dict())
    return _amend_page(request, wording, form, 200, is_preview=True)


def _difference(wording: Wording, body: str) -> dict[str, Any]:
    """What the typed text changes, and who proposed the same. One query."""
    if len(body) > settings.BODY_LIMIT:
        return {"is_too_long": True}
    body = clean_text(body).strip()
    before = wording.body.strip()
    added = " ".join(p.text for p in word_diff(before, body) if p.op == "insert")
    subject = wording.section.subject
    return {
        "diff": say(diff_html(before, body)) if body != before else "",
        "rows": [
            (say(left), say(right), changed)
            for left, right, changed in diff_side_by_side(before, body)
        ]
        if body != before
        else [],
        "similar": similar_subjects(subject, added, PROPOSAL_KINDS),
        "language": wording.language,
    }


def _amend_page(
    request: HttpRequest, wording: Wording, form: Any, status: int, *, is_preview: bool = False
) -> HttpResponse:
    slug = wording.section.subject.process.slug
    crumbs = _amend_crumbs(wording, slug)
    difference: dict[str, Any] = {}
    if is_preview or form.is_bound or form.initial.get("body") != wording.body:
        difference = _difference(wording, form["body"].value() or "")
    form.fields["body"].widget.attrs["lang"] = wording.language
    here = f"{crumbs[-1][0]}amend/"
    query = f"?text={wording.language}" if wording.language != get_language() else ""
    context = {
        **difference,
        "wording": wording,
        "form": form,
        "crumbs": crumbs,
        "back": crumbs[-1][0],
        "preview": f"{here}{query}{'&' if query else '?'}preview=1",
        # In full: the page of a preview has an address that would only preview again.
        "action": f"{here}{query}",
    }
    return render(request, "consultations/amend.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
def propose(request: HttpRequest, slug: str) -> HttpResponse:
    """A new article: where, its heading, its text, the reason."""
    if request.method != "POST":
        typed = kept_fields(request)
        initial = typed.dict() if typed else {"section": request.GET.get("section", "")}
        return _propose_page(request, slug, NewArticleForm(initial=initial), 200)
    if "look" in request.GET and request.htmx:  # type: ignore[attr-defined]
        return _similar_part(request, slug)
    if "look" in request.GET:
        form = NewArticleForm(initial=request.POST.dict())
        return _propose_page(request, slug, form, 200, is_looking=True)
    form = NewArticleForm(request.POST)
    status = 400
    if form.is_valid():
        try:
            return _posted(request, _post_article(request, slug, form), slug)
        except Refused as refused:
            if refused.verdict.status == 404:
                form.add_error("section", _("That part is no longer in the text. Choose another."))
            else:
                status = add_refusal(form, refused.verdict)
    return _propose_page(request, slug, form, status)


def _post_article(request: HttpRequest, slug: str, form: Any) -> Proposal:
    data = dict(form.cleaned_data)
    try:
        return actions.propose_new_article(
            request.user,
            consultation=slug,
            section_id=data.pop("section"),
            language=get_language() or "",
            **data,
        )
    except IntegrityError as error:
        sent_twice(error)
        return Proposal.objects.get(once=form.cleaned_data["once"])


def _similar_part(request: HttpRequest, slug: str) -> HttpResponse:
    frame = frame_of(request.user, slug, "proposals")
    text = (request.POST.get("body") or request.POST.get("title") or "")[:2000]
    context = {"similar": similar_subjects(Subject(process=frame.process), text)}
    return render(request, "deliberation/_similar.html", context)


def _propose_page(
    request: HttpRequest, slug: str, form: Any, status: int, *, is_looking: bool = False
) -> HttpResponse:
    frame = frame_of(request.user, slug, "proposals")
    crumbs = [*frame.crumbs, (f"{frame.href}proposals/", _("Proposals"))]
    verdict = may_propose(request.user, frame.process)
    if status == 200 and verdict.status == 401:
        return _login(request)
    if status == 200 and not verdict:
        return refused_page(request, verdict, crumbs)
    form.fields["section"].widget.choices = [("", _("Anywhere in the text")), *_parts(frame)]
    asked = form["body"].value() or form["title"].value() or ""
    whole = Subject(process=frame.process)
    context = {
        "frame": frame,
        "form": form,
        "crumbs": crumbs,
        "back": f"{frame.href}proposals/",
        "action": f"{frame.href}proposals/new/",
        "similar": similar_subjects(whole, asked) if is_looking else None,
        "page_width": "narrow",
    }
    return render(request, "consultations/propose.html", context, status=status)


def _parts(frame: Frame) -> list[tuple[int, Localized]]:
    """The parts of the current text under which an article may stand, indented. One query."""
    version_id = frame.consultation.current_id
    rows = Wording.objects.filter(version_id=version_id, section__subject__isnull=False).exclude(
        section__kind__in=LEAVES
    )
    values = list(
        rows.order_by("order").values_list("section_id", "level", "label", "heading", "language")
    )
    wanted = get_language() if any(row[4] == get_language() for row in values) else None
    language = wanted or (values[0][4] if values else "")
    return [
        (pk, Localized(f"{'– ' * level}{' '.join(filter(None, (label, heading)))}", code))
        for pk, level, label, heading, code in values
        if code == language
    ]
