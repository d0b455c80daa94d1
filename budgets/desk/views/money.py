"""How much money there is, in which envelopes, for which categories of projects."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from budgets.actions import envelopes as actions
from budgets.actions.declaring import bound_projects
from budgets.desk import reads
from budgets.desk.money_forms import BoundsForm, CategoryForm, EnvelopeForm
from budgets.desk.views.frame import Desk, desk_page
from budgets.models import Category, Envelope
from budgets.permissions import may_declare
from common.forms import LONGEST_ID, sent
from common.texts import localized
from common.verdicts import require
from processes.desk import POST, edits, kept, show
from processes.fields import spread

STEPS = {"up": -1, "down": 1}


@desk_page("money", edits)
def money(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Envelopes and categories in order, and what bounds a project. `moved` and `by` name the button
    that takes the focus."""
    budget = desk.budget
    names = ("currency", "smallest_cost", "largest_cost", "cosigners_needed")
    initial = kept(request, {name: getattr(budget, name) for name in names})
    form = BoundsForm(request.POST or None, initial=initial)
    if request.method == "POST":
        require(may_declare(request.user, budget))
    done = sent(
        request, form, lambda: bound_projects(request.user, budget=budget, **form.cleaned_data)
    )
    if done:
        messages.success(request, _("The limits are saved."))
        return redirect(f"{desk.href}money/")
    context = {
        "form": form,
        "envelopes": reads.envelope_lines(budget),
        "categories": reads.category_lines(budget),
        "moved": request.GET.get("moved", ""),
        "by": request.GET.get("by", ""),
    }
    return show(request, desk, "money", context, status=done.status)


@desk_page("money", edits)
def new_envelope(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One more envelope."""
    return _envelope(request, desk, None)


@desk_page("money", edits)
def envelope(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Change an envelope."""
    return _envelope(request, desk, _envelope_or_404(desk, pk))


def _envelope(request: HttpRequest, desk: Desk, row: Envelope | None) -> HttpResponse:
    require(may_declare(request.user, desk.budget))
    initial: dict[str, Any] = {"area": desk.process.area_id if row is None else row.area_id}
    if row is not None:
        initial |= {**spread(title=row.title), "amount": row.amount}
    form = EnvelopeForm(
        request.POST or None,
        languages=desk.process.languages,
        currency=desk.budget.currency,
        initial=kept(request, initial),
    )

    def save() -> Envelope:
        wanted = {
            "title": form.by_language("title"),
            "amount": form.cleaned_data["amount"],
            "area": form.picked_area(),
        }
        if row is None:
            return actions.add_envelope(request.user, budget=desk.budget, **wanted)
        return actions.edit_envelope(request.user, envelope=row, **wanted)

    done = sent(request, form, save)
    if done:
        messages.success(request, _("The envelope is saved."))
        return _back(desk, f"e{done.row.pk}")
    return show(request, desk, "envelope", {"form": form, "row": row}, status=done.status)


@desk_page("money", edits, POST)
def move_envelope(request: HttpRequest, desk: Desk, pk: int, where: str) -> HttpResponse:
    row = _envelope_or_404(desk, pk)
    if not actions.move_envelope(request.user, envelope=row, step=_step(where)):
        messages.info(request, _("It stands at the end already."))
    return _back(desk, f"e{row.pk}", where)


@desk_page("money", edits)
def remove_envelope(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Ask first; then it is gone."""
    row = _envelope_or_404(desk, pk)
    require(may_declare(request.user, desk.budget))
    if request.method == "POST":
        actions.remove_envelope(request.user, envelope=row)
        messages.success(request, _("The envelope is removed."))
        return redirect(f"{desk.href}money/#envelopes")
    context = {
        "title": localized(row.title),
        "amount": row.amount,
        "projects": row.projects.count(),
        "question": _("Remove this envelope?"),
        "blocked": _("There are projects for the money of this envelope. Move them first."),
    }
    return show(request, desk, "remove_money", context)


@desk_page("money", edits)
def new_category(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One more category."""
    return _category(request, desk, None)


@desk_page("money", edits)
def category(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Change a category."""
    return _category(request, desk, _category_or_404(desk, pk))


def _category(request: HttpRequest, desk: Desk, row: Category | None) -> HttpResponse:
    require(may_declare(request.user, desk.budget))
    initial = {} if row is None else {**spread(title=row.title), "minimum": row.minimum}
    form = CategoryForm(
        request.POST or None, languages=desk.process.languages, initial=kept(request, initial)
    )

    def save() -> Category:
        wanted = {"title": form.by_language("title"), "minimum": form.cleaned_data["minimum"]}
        if row is None:
            return actions.add_category(request.user, budget=desk.budget, **wanted)
        return actions.edit_category(request.user, category=row, **wanted)

    done = sent(request, form, save)
    if done:
        messages.success(request, _("The category is saved."))
        return _back(desk, f"c{done.row.pk}")
    return show(request, desk, "category", {"form": form, "row": row}, status=done.status)


@desk_page("money", edits, POST)
def move_category(request: HttpRequest, desk: Desk, pk: int, where: str) -> HttpResponse:
    row = _category_or_404(desk, pk)
    if not actions.move_category(request.user, category=row, step=_step(where)):
        messages.info(request, _("It stands at the end already."))
    return _back(desk, f"c{row.pk}", where)


@desk_page("money", edits)
def remove_category(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Ask first; then it is gone."""
    row = _category_or_404(desk, pk)
    require(may_declare(request.user, desk.budget))
    if request.method == "POST":
        actions.remove_category(request.user, category=row)
        messages.success(request, _("The category is removed."))
        return redirect(f"{desk.href}money/#categories")
    context = {
        "title": localized(row.title),
        "projects": row.projects.count(),
        "question": _("Remove this category?"),
        "blocked": _("There are projects in this category. Move them first."),
    }
    return show(request, desk, "remove_money", context)


def _step(where: str) -> int:
    if where not in STEPS:
        raise Http404
    return STEPS[where]


def _envelope_or_404(desk: Desk, pk: int) -> Envelope:
    """An envelope of this budget. One query."""
    row = desk.budget.envelopes.filter(pk=pk).first() if pk <= LONGEST_ID else None
    if row is None:
        raise Http404
    row.budget = desk.budget
    return row


def _category_or_404(desk: Desk, pk: int) -> Category:
    """A category of this budget. One query."""
    row = desk.budget.categories.filter(pk=pk).first() if pk <= LONGEST_ID else None
    if row is None:
        raise Http404
    row.budget = desk.budget
    return row


def _back(desk: Desk, anchor: str, where: str = "") -> HttpResponse:
    """Back to the lists, at what was changed; the button `where` has the focus again."""
    tail = f"?moved={anchor}&by={where}" if where else f"#{anchor}"
    return redirect(f"{desk.href}money/{tail}")
