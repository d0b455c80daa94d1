"""What others have proposed already and reads like what somebody is writing."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from common.html import plain_text
from common.texts import Localized
from deliberation.addresses import comment_href, subject_href
from deliberation.models import Comment
from deliberation.views.shared import crumbs_of, subject_or_404
from processes.kinds import PROPOSAL_KINDS, SubjectKind
from processes.models import Subject

_KINDS = (*PROPOSAL_KINDS, SubjectKind.SECTION)
EXCERPT = 160  # characters of an argument that is shown again
_LENGTH = 2000  # characters that are looked at


@require_http_methods(["GET", "HEAD", "POST"])
def similar(request: HttpRequest, subject_id: int) -> HttpResponse:
    """Similar contributions as a part of a page, or as a page of its own."""
    subject = subject_or_404(request.user, subject_id)
    fields = request.POST if request.method == "POST" else request.GET
    text = (fields.get("body", "") or fields.get("title", ""))[:_LENGTH]
    context = {
        "subject": subject,
        "similar": similar_subjects(subject, text),
        "said_already": similar_comments(subject, text),
    }
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "deliberation/_similar.html", context)
    context |= {"crumbs": crumbs_of(subject), "text": text, "page_width": "narrow"}
    return render(request, "deliberation/similar.html", context)


def similar_comments(subject: Subject, text: str) -> list[Comment]:
    """At most three arguments on the subject that say so already, each with `href` and `excerpt`.

    One query, none for a few letters.
    """
    found = Comment.objects.all().similar_to(text, subject=subject.pk)
    for row in found:
        row.href = comment_href(row.pk)  # type: ignore[attr-defined]
        excerpt = plain_text(row.body, EXCERPT)
        row.excerpt = Localized(excerpt, row.language)  # type: ignore[attr-defined]
    return found


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
