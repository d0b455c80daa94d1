"""The questionnaire as people will see it. Nothing is stored: what was answered travels with the page."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from common.html import trusted
from common.texts import localized
from processes.desk import show
from voting.actions.questions import build_questionnaire
from voting.desk.views.frame import Desk, desk_page
from voting.forms import PageForm
from voting.models import Poll
from voting.questionnaire.answers import check
from voting.questionnaire.definition import Page, Questionnaire
from voting.questionnaire.paging import (
    first_page,
    next_page,
    page_of,
    previous_page,
    progress,
)

LARGEST = 400_000  # characters of what was answered so far


@desk_page("preview")
def preview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Page after page, with consent before and thanks at the end."""
    questionnaire = asked_by(desk.poll)
    answers = _so_far(request, questionnaire)
    page = page_of(questionnaire, request.POST.get("page") or request.GET.get("page", ""))
    if page is None:
        page = first_page(questionnaire, {})
    if page is None:
        return show(request, desk, "preview", {"is_empty": True})
    if request.method != "POST":
        return _draw(request, desk, questionnaire, page, PageForm(
            questionnaire, page, answers, language=_language(desk), seed="preview"
        ))  # fmt: skip
    form = PageForm(
        questionnaire, page, answers, language=_language(desk), data=request.POST, seed="preview"
    )
    if "back" in request.POST:
        page = previous_page(questionnaire, form.answers, page.key) or page
    elif not form.is_valid() or form.reveals:
        return _draw(request, desk, questionnaire, page, form)
    else:
        found = next_page(questionnaire, form.answers, page.key)
        if found is None:
            return _end(request, desk, questionnaire, form.answers)
        page = found
    there = PageForm(questionnaire, page, form.answers, language=_language(desk), seed="preview")
    return _draw(request, desk, questionnaire, page, there)


def asked_by(poll: Poll) -> Questionnaire:
    """What the poll asks: frozen once it has opened, from its rows before."""
    return poll.questionnaire if poll.opened_at is not None else build_questionnaire(poll)


def _language(desk: Desk) -> str:
    languages = desk.process.languages
    active = get_language() or languages[0]
    return active if active in languages else str(languages[0])


def _so_far(request: HttpRequest, questionnaire: Questionnaire) -> dict[str, Any]:
    text = request.POST.get("so_far", "")
    if not text or len(text) > LARGEST:
        return {}
    try:
        return dict(check(questionnaire, json.loads(text)).answers)
    except (ValueError, RecursionError):
        return {}


def _draw(
    request: HttpRequest, desk: Desk, questionnaire: Questionnaire, page: Page, form: PageForm
) -> HttpResponse:
    answers = form.answers
    consent = localized(desk.poll.consent_html)
    context = {
        "form": form,
        "page": page,
        "page_heading": localized(page.title),
        "page_intro": localized(page.intro),
        "progress": progress(questionnaire, answers, page.key),
        "consent": trusted(consent.text),
        "consent_language": consent.language,
        "is_first": previous_page(questionnaire, answers, page.key) is None,
        "so_far": json.dumps(answers, ensure_ascii=False),
        "pages": [(one.key, n) for n, one in enumerate(questionnaire.pages, 1)],
    }
    return show(request, desk, "preview", context, status=200 if not form.errors else 400)


def _end(
    request: HttpRequest, desk: Desk, questionnaire: Questionnaire, answers: Any
) -> HttpResponse:
    asked_count = sum(1 for _question in questionnaire.questions())
    context = {
        "is_end": True,
        "answered": len(answers),
        "asked": asked_count,
        "thanks": localized(desk.poll.thanks),
        "raw": json.dumps(answers, ensure_ascii=False, indent=1),
    }
    return show(request, desk, "preview", context)
