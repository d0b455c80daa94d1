"""What others have proposed already and reads like what somebody is writing."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from deliberation.addresses import subject_href
from deliberation.views.shared import crumbs_of, subject_or_404
from processes.kinds import PROPOSAL_KINDS, SubjectKind
from processes.models import Subject

_KINDS = (*PROPOSAL_KINDS, SubjectKind.SECTION)
_LENGTH = 2000  # characters that are looked at


@require_http_methods(["GET", "HEAD", "POST"])
def similar(request: HttpRequest, subject_id: int) -> HttpResponse:
    """Similar contributions as a part of a page, or as a page of its own."""
    subject = subject_or_404(request.user, subject_id)
    fields = request.POST if request.method == "POST" else request.GET
    text = (fields.get("body", "") or fields.get("title", ""))[:_LENGTH]
    context = {"subject": subject, "similar": similar_subjects(subject, text)}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "deliberation/_similar.html", context)
    context |= {"crumbs": crumbs_of(subject), "text": text, "page_width": "narrow"}
    return render(request, "deliberation/similar.html", context)


def similar_subjects(subject: Subject, text: str, kinds: Sequence[str] = _KINDS) -> list[Subject]:
    """At most five, each with `href`. One query, none for a few letters."""
    process = subject.process
    found = Subject.objects.similar_to(
        text, process=process.pk, kinds=kinds, languages=process.languages, most=6
    )
    shown = [row for row in found if row.pk != subject.pk][:5]
    for row in shown:
        row.process = process
        row.href = subject_href(row)  # type: ignore[attr-defined]
    return shown
