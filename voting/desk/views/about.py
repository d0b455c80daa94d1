"""A poll is created, described and copied."""

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
from common.forms import sent
from processes.desk import edits, kept, new_page, show
from processes.fields import spread
from voting.actions.editing import copy_poll, create_poll, describe_poll, set_languages
from voting.desk.forms import AboutForm, CopyForm, LanguagesForm, NewPollForm
from voting.desk.views.frame import Desk, desk_page


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_post
def new(request: HttpRequest) -> HttpResponse:
    """Title, summary, languages and place of a poll that then gets its questions."""
    return new_page(request, NewPollForm, _created, template="voting/desk/new.html")


def _created(request: HttpRequest, form: Any, body: Organisation) -> HttpResponse:
    poll = create_poll(
        request.user,
        organisation=body,
        kind=form.cleaned_data["kind"],
        title=form.by_language("title"),
        summary=form.by_language("summary"),
        about=form.by_language("about"),
        languages=form.cleaned_data["languages"],
        area=form.picked_area(),
        topics=form.picked_topics(),
    )
    messages.success(
        request, _("The poll is created. Only your public body sees it. Now write its questions.")
    )
    return redirect(f"/{get_language()}/desk/polls/{poll.process.slug}/questions/")


@desk_page("about", edits)
def about(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Change what describes the poll; until it is published its languages too."""
    form = _about_form(request, desk)
    done = sent(request, form, lambda: _save(request, desk, form))
    if done:
        messages.success(request, _("The description is saved."))
        return redirect(desk.href)
    return show(request, desk, "about", {"form": form}, status=done.status)


def _about_form(request: HttpRequest, desk: Desk) -> AboutForm:
    process, poll = desk.process, desk.poll
    initial = {
        **spread(title=process.title, summary=process.summary, about=poll.about),
        **spread(thanks=poll.thanks),
        "kind": poll.kind,
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
    names = ("title", "summary", "about", "thanks")
    if isinstance(form, LanguagesForm):
        set_languages(request.user, poll=desk.poll, languages=form.cleaned_data["languages"])
    describe_poll(
        request.user,
        poll=desk.poll,
        kind=form.cleaned_data["kind"],
        area=form.picked_area(),
        topics=form.picked_topics(),
        **{name: form.by_language(name) for name in names},
    )


@desk_page("copy", edits)
def copy(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The same questions and rules as a new draft."""
    form = CopyForm(
        request.POST or None,
        languages=desk.process.languages,
        initial=kept(request, spread(title=desk.process.title)),
    )
    done = sent(
        request,
        form,
        lambda: copy_poll(request.user, poll=desk.poll, title=form.by_language("title")),
    )
    if done:
        messages.success(request, _("This is the copy. It has no dates yet."))
        return redirect(f"/{get_language()}/desk/polls/{done.row.process.slug}/")
    return show(request, desk, "copy", {"form": form}, status=done.status)
