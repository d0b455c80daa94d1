"""Who assesses projects, beside the people of the public body."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.models import Group
from budgets.actions.assessors import name_assessor, name_group, remove_assessor
from budgets.desk import reads
from budgets.desk.forms import AssessorForm, AssessorGroupForm
from budgets.desk.views.frame import Desk, desk_page
from common.forms import LONGEST_ID, add_refusal
from common.verdicts import Refused
from processes.desk import POST, edits, kept, show


@desk_page("assessors", edits)
def assessors(request: HttpRequest, desk: Desk) -> HttpResponse:
    """People and groups, and a form for one more person."""
    return _page(request, desk, is_group=False)


@desk_page("assessors", edits)
def add_group(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The same page, with what was wrong with a group."""
    if request.method != "POST":
        return redirect(f"{desk.href}assessors/")
    return _page(request, desk, is_group=True)


def _page(request: HttpRequest, desk: Desk, *, is_group: bool) -> HttpResponse:
    groups = list(Group.objects.filter(organisation=desk.process.organisation_id))
    sent = request.POST if request.method == "POST" else None
    person = AssessorForm(None if is_group else sent, initial=kept(request, {}))
    group = AssessorGroupForm(sent if is_group else None, groups=groups)
    form, status = group if is_group else person, 200
    if sent is not None:
        status = 400
        if form.is_valid():
            try:
                if is_group:
                    chosen = group.groups_by_id[group.cleaned_data["group"]]
                    name_group(request.user, budget=desk.budget, group=chosen)
                else:
                    email = person.cleaned_data["email"]
                    name_assessor(request.user, budget=desk.budget, email=email)
            except Refused as refused:
                status = add_refusal(form, refused.verdict)
            else:
                messages.success(request, _("They can assess projects now."))
                return redirect(f"{desk.href}assessors/")
    context = {
        "form": form,
        "person": person,
        "group": group if groups else None,
        "rows": reads.assessor_lines(desk.budget),
        "body_slug": desk.process.organisation.slug,
    }
    return show(request, desk, "assessors", context, status=status)


@desk_page("assessors", edits, POST)
def remove(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Take the right back. Naming them again gives it back."""
    row = desk.budget.assessors.filter(pk=pk).first() if pk <= LONGEST_ID else None
    if row is None:
        raise Http404
    row.budget = desk.budget
    remove_assessor(request.user, assessor=row)
    messages.success(
        request,
        _(
            "They cannot assess projects any more. What they wrote stays; name them again to undo this."
        ),
    )
    return redirect(f"{desk.href}assessors/")
