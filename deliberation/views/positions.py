"""Taking a position: three buttons."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.pending import signed_in_to_post
from common.forms import LONGEST_ID
from common.verdicts import Refused
from deliberation.actions import Standing, take_position, withdraw_position
from deliberation.addresses import subject_href
from deliberation.standing import position_context
from deliberation.views.shared import answer_refusal, subject_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
def position(request: HttpRequest, subject_id: int) -> HttpResponse:
    """Agree, mixed, disagree or withdraw. Six queries, session and person included."""
    if subject_id > LONGEST_ID:
        raise Http404
    if request.method != "POST":
        subject = subject_or_404(request.user, subject_id)
        return redirect(f"{subject_href(subject)}#position")
    value = request.POST.get("value", "")
    try:
        if value == "withdraw":
            standing = withdraw_position(request.user, subject_id=subject_id)
        else:
            standing = take_position(request.user, subject_id=subject_id, value=value)
    except Refused as refused:
        return _refused(request, refused, subject_id)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "deliberation/_position.html", _context(request, standing))
    messages.success(
        request, _("Your position is counted.") if standing.value else _("Taken back.")
    )
    return redirect(f"{subject_href(standing.subject)}#position")


def _context(request: HttpRequest, standing: Standing) -> dict[str, object]:
    subject, counts = standing.subject, standing.counts
    subject.agree_count, subject.mixed_count = counts.agree, counts.mixed
    subject.disagree_count = counts.disagree
    return position_context(request.user, subject, standing.value)


def _refused(request: HttpRequest, refused: Refused, subject_id: int) -> HttpResponse:
    """The bar with the sentence in place of the buttons; without a script back to the page."""
    subject = subject_or_404(request.user, subject_id)
    if request.htmx and refused.verdict.status != 401:  # type: ignore[attr-defined]
        context = position_context(request.user, subject, None, verdict=refused.verdict)
        return render(request, "deliberation/_position.html", context, status=422)
    return answer_refusal(request, refused, subject_href(subject))
