"""The boundaries that the map of a budget draws."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from budgets.actions.maps import remove_boundaries, set_boundaries
from budgets.desk.forms import BoundariesForm
from budgets.desk.views.frame import Desk, desk_page
from budgets.models import Budget
from common.forms import add_refusal
from common.verdicts import Refused
from processes.desk import edits, show

SHOWN = 100  # names


@desk_page("map", edits)
def boundaries(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What is drawn now, and a form for another file."""
    form, status = BoundariesForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        form = BoundariesForm(request.POST, request.FILES)
        status = 400
        if form.is_valid():
            try:
                raw = form.cleaned_data["file"]
                set_boundaries(request.user, budget=desk.budget, raw=raw)
            except Refused as refused:
                status = add_refusal(form, refused.verdict)
            else:
                messages.success(request, _("The map draws these boundaries now."))
                return redirect(f"{desk.href}map/")
    return show(request, desk, "map", {"form": form, **_drawn(desk.budget)}, status=status)


@desk_page("map", edits)
def remove(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Ask first: the file has to be chosen again to bring them back."""
    if request.method == "POST":
        remove_boundaries(request.user, budget=desk.budget)
        messages.success(request, _("The map draws no boundaries any more."))
        return redirect(f"{desk.href}map/")
    return show(request, desk, "remove_map", {})


def _drawn(budget: Budget) -> dict[str, Any]:
    """Box and names of what is drawn; the column with all coordinates is read here alone. One query."""
    box = budget.map_box
    if box is None:
        return {"box": None}
    row = Budget.objects.filter(pk=budget.pk).values_list("boundaries", flat=True).get()
    features = (row or {}).get("features", [])
    names = [feature["properties"].get("name", "") for feature in features]
    return {
        "box": [number_format(side, 4) for side in box],
        "size": len(features),
        "names": [name for name in names if name][:SHOWN],
    }
