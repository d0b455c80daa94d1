"""A budget is created and described."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Organisation
from accounts.pending import signed_in_to_post
from budgets.actions.setup import create_budget, describe_budget, set_languages
from budgets.desk.forms import AboutForm, LanguagesForm, NewBudgetForm
from budgets.desk.views.frame import Desk, desk_page
from common.forms import sent
from processes.desk import edits, kept, new_page, show
from processes.fields import spread


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
def new(request: HttpRequest) -> HttpResponse:
    """Title, summary, description and place of a budget that then gets its money."""
    return new_page(request, NewBudgetForm, _created, template="budgets/desk/new.html")


def _created(request: HttpRequest, form: Any, body: Organisation) -> HttpResponse:
    budget = create_budget(
        request.user,
        organisation=body,
        title=form.by_language("title"),
        summary=form.by_language("summary"),
        about=form.by_language("about"),
        languages=form.cleaned_data["languages"],
        area=form.picked_area(),
        topics=form.picked_topics(),
    )
    messages.success(
        request,
        _("The budget is created. Only your public body sees it. Now say how much money there is."),
    )
    return redirect(f"/{get_language()}/desk/budgets/{budget.process.slug}/money/")


@desk_page("about", edits)
def about(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Change what describes the budget; until it is published its languages too."""
    form = _about_form(request, desk)
    done = sent(request, form, lambda: _save(request, desk, form))
    if done:
        messages.success(request, _("The description is saved."))
        return redirect(desk.href)
    return show(request, desk, "about", {"form": form}, status=done.status)


def _about_form(request: HttpRequest, desk: Desk) -> AboutForm:
    process, budget = desk.process, desk.budget
    initial = {
        **spread(title=process.title, summary=process.summary, about=budget.about),
        "area": process.area_id,
        "topics": list(process.topics.values_list("pk", flat=True)),
        "languages": process.languages,
    }
    initial = kept(request, initial)
    if process.published_at is None:
        return LanguagesForm(request.POST or None, initial=initial)
    return AboutForm(request.POST or None, languages=process.languages, initial=initial)


@transaction.atomic
def _save(request: HttpRequest, desk: Desk, form: AboutForm) -> None:
    if isinstance(form, LanguagesForm):
        set_languages(request.user, budget=desk.budget, languages=form.cleaned_data["languages"])
    describe_budget(
        request.user,
        budget=desk.budget,
        area=form.picked_area(),
        topics=form.picked_topics(),
        **{name: form.by_language(name) for name in ("title", "summary", "about")},
    )
