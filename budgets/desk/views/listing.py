"""All budgets of the public bodies that somebody works for, or whose projects somebody assesses."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import EDITING, NOT_OF_THIS_BODY
from budgets.desk import home
from common.pagination import page_of
from processes.desk import bodies_of, login_page

SIZE = 20


@require_safe
def budgets(request: HttpRequest) -> HttpResponse:
    """Newest first. Three queries of its own. An assessor from elsewhere is led to the assessments."""
    if not request.user.is_authenticated:
        return login_page(request)
    bodies = bodies_of(request.user)
    rows = home.budgets_of(bodies) | home.assessed_by(request.user)
    found, next_href = page_of(request, rows.order_by(), ordering=("-pk",), size=SIZE)
    if not bodies and not found:
        raise PermissionDenied(str(NOT_OF_THIS_BODY.message))
    lines = home.budget_lines(found, home.numbers_of(found))
    mine = {body.pk for body in bodies}
    for line, budget in zip(lines, found, strict=True):
        if budget.process.organisation_id not in mine:
            line["href"] = f"{line['href']}assessments/"
    context = {
        "section": "desk",
        "crumbs": [(f"/{get_language()}/desk/", _("Desk"))] if bodies else [],
        "rows": lines,
        "next_href": next_href,
        "is_guest": not bodies,
        "has_many": len({budget.process.organisation_id for budget in found}) > 1,
        "may_create": any(body.role in EDITING for body in bodies),  # type: ignore[attr-defined]
    }
    return render(request, "budgets/desk/list.html", context)
