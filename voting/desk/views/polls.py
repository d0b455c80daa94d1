"""All polls of the public bodies that somebody works for."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from accounts.permissions import EDITING, NOT_OF_THIS_BODY
from common.pagination import page_of
from processes.desk import login_page
from voting.desk import reads

SIZE = 20


@require_safe
def polls(request: HttpRequest) -> HttpResponse:
    """Newest first. Two queries of its own."""
    if not request.user.is_authenticated:
        return login_page(request)
    user = request.user
    bodies = Organisation.objects.order_by("slug")
    if not user.is_superuser:
        bodies = bodies.filter(pk__in=list(user.roles))
    mine = list(bodies[:200])
    if not mine:
        raise PermissionDenied(str(NOT_OF_THIS_BODY.message))
    rows = reads.drafts_of(mine).order_by()
    found, next_href = page_of(request, rows, ordering=("-pk",), size=SIZE)
    context = {
        "section": "desk",
        "crumbs": [(f"/{get_language()}/desk/", _("Desk"))],
        "rows": reads.poll_lines(found),
        "next_href": next_href,
        "has_many": len(mine) > 1,
        "may_create": user.is_superuser or any(role in EDITING for role in user.roles.values()),
    }
    return render(request, "voting/desk/polls.html", context)
