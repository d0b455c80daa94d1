"""A consultation is created and described."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Organisation
from accounts.pending import signed_in_to_post
from common.forms import sent
from common.ui.words import count
from consultations import actions
from consultations.desk.forms import DraftAboutForm, NewConsultationForm
from consultations.desk.views.frame import Desk, desk_page
from consultations.models import Wording
from processes.actions import edit_process
from processes.desk import edits, kept, new_page, show
from processes.fields import spread
from processes.forms import DescribeForm


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
def new(request: HttpRequest) -> HttpResponse:
    """Title, summary, description and place of a consultation that then gets its text."""
    return new_page(request, NewConsultationForm, _created, template="desk/new.html")


def _created(request: HttpRequest, form: Any, body: Organisation) -> HttpResponse:
    consultation = actions.create_consultation(
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
        request, _("The consultation is created. Only your public body sees it. Now add the text.")
    )
    return redirect(f"/{get_language()}/desk/consultations/{consultation.process.slug}/text/write/")


@desk_page("about", edits)
def about(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Change what describes the consultation."""
    process, consultation = desk.process, desk.consultation
    initial = {
        **spread(title=process.title, summary=process.summary, about=consultation.about),
        "area": process.area_id,
        "topics": list(process.topics.values_list("pk", flat=True)),
    }
    form = _about_form(request, desk, initial)
    done = sent(request, form, lambda: _save(request, desk, form))
    if done:
        messages.success(request, _("The description is saved."))
        return redirect(desk.href)
    return show(request, desk, "about", {"form": form}, status=done.status)


def _about_form(request: HttpRequest, desk: Desk, initial: dict[str, Any]) -> DescribeForm:
    """The description; with its languages while it is not published."""
    process = desk.process
    if process.published_at is not None:
        return DescribeForm(
            request.POST or None, languages=process.languages, initial=kept(request, initial)
        )
    rows = Wording.objects.filter(version__consultation=desk.consultation).order_by()
    parts = dict(rows.values_list("language").annotate(number=Count("pk")))
    losing = {code: _lost(code, parts.get(code, 0)) for code in process.languages}
    initial = initial | {"languages": process.languages}
    return DraftAboutForm(request.POST or None, losing=losing, initial=kept(request, initial))


def _lost(code: str, parts: int) -> str:
    """What goes with a language."""
    sentence = ngettext(
        "Without %(language)s, its title and description and %(count)s part of the text are lost.",
        "Without %(language)s, its title and description and %(count)s parts of the text are lost.",
        parts,
    )
    return sentence % {"language": dict(settings.LANGUAGES)[code], "count": count(parts)}


@transaction.atomic
def _save(request: HttpRequest, desk: Desk, form: Any) -> None:
    if "languages" in form.cleaned_data:
        actions.set_languages(
            request.user,
            consultation=desk.consultation,
            languages=form.cleaned_data["languages"],
        )
    edit_process(
        request.user,
        process=desk.process,
        title=form.by_language("title"),
        summary=form.by_language("summary"),
        area=form.picked_area(),
        topics=form.picked_topics(),
    )
    actions.edit_about(
        request.user, consultation=desk.consultation, about=form.by_language("about")
    )
