"""One budget at a glance: what comes next, then numbers."""

from django.http import HttpRequest, HttpResponse

from budgets.desk.views.frame import Desk, desk_page
from processes.desk import READ, show


@desk_page("overview", methods=READ)
def overview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What comes next, then numbers."""
    return show(request, desk, "overview", {})
