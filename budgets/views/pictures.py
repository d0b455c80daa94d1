"""Pictures of projects: their files, and taking them away."""

from urllib.parse import quote

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.pending import signed_in_to_post
from budgets.actions.pictures import remove_picture
from budgets.models import Picture
from budgets.permissions import may_remove_picture
from common.forms import LONGEST_ID
from common.texts import Crumb, localized
from deliberation.views.shared import refused_page
from processes.permissions import may_read

_TYPES = {"jpg": "image/jpeg", "webp": "image/webp"}


def _picture_or_404(request: HttpRequest, slug: str, pk: int) -> Picture:
    """A picture that the person may see: not removed, its project not hidden. One query."""
    if pk > LONGEST_ID:
        raise Http404
    picture = (
        Picture.objects.filter(pk=pk, project__budget__process__slug=slug, removed_at__isnull=True)
        .filter(project__subject__hidden_at__isnull=True)
        .select_related("project__subject__process")
        .defer("project__body", "project__body_html", "project__subject__text",
               "project__subject__search", "project__subject__sample",
               "project__subject__process__search", "project__subject__process__sample")
        .first()
    )  # fmt: skip
    if picture is None or not may_read(request.user, picture.project.subject.process):
        raise Http404
    return picture


@require_safe
def picture(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """The file of a picture. It never changes, so it may be kept for a day."""
    row = _picture_or_404(request, slug, pk)
    try:
        file = row.file.open()
    except OSError as error:
        raise Http404 from error
    kind = _TYPES.get(str(row.file.name).rpartition(".")[2], "application/octet-stream")
    response = FileResponse(file, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = "inline"
    is_public = row.project.subject.process.published_at is not None
    response["Cache-Control"] = (
        "public, max-age=86400, immutable" if is_public else "private, no-store"
    )
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask first; then the picture is gone for good."""
    row = _picture_or_404(request, slug, pk)
    subject = row.project.subject
    back = f"/{get_language()}/budgets/{slug}/projects/{subject.pk}/"
    crumbs: list[Crumb] = [
        (f"/{get_language()}/budgets/{slug}/", localized(subject.process.title)),
        (back, subject.shown),
    ]
    verdict = may_remove_picture(request.user, row)
    if verdict.status == 401:
        return redirect(f"{reverse('account_login')}?next={quote(request.path)}")
    if not verdict:
        return refused_page(request, verdict, crumbs)
    if request.method == "POST":
        remove_picture(request.user, picture_id=row.pk)
        messages.success(request, _("The picture is gone."))
        return redirect(back)
    context = {"picture": row, "crumbs": crumbs, "back": back, "page_width": "narrow"}
    context["src"] = f"/{get_language()}/budgets/{slug}/pictures/{row.pk}/"
    return render(request, "budgets/remove_picture.html", context)
