"""Answering in pages: consent, one page of questions at a time, next and back. Works without a script."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from common.html import trusted
from common.texts import localized
from common.verdicts import no
from voting.actions.drafts import save_draft
from voting.forms import PageForm
from voting.questionnaire.definition import Page, Text
from voting.questionnaire.paging import (
    first_page,
    next_page,
    page_of,
    previous_page,
    progress,
    shown,
)
from voting.views.areas import areas_again, choose, go_to, must_choose
from voting.views.check import answered_already, check_page
from voting.views.sitting import Sitting, has_consented, is_forged, not_now, sit
from voting.views.who import keep_consent

CHECK = "check"
ADD_UP = "add"
KEPT = "Kenes-Kept"  # a header: the script says that what was typed is kept


@sensitive_post_parameters()
@never_cache
@csrf_exempt  # asked in `post`, so that a page that was open for too long keeps what it holds
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """The page ?page=KEY. What was answered is kept as a draft; in a secret poll in the form alone."""
    sitting = sit(request, slug)
    if isinstance(sitting, HttpResponse):
        return sitting
    if is_final := answered_already(sitting):
        return is_final
    if request.method == "POST" and is_forged(request):
        sitting.message = sitting.message or _(
            "This page was open for a long time. Nothing was saved yet; please press the button again."
        )
    if not has_consented(sitting):
        return _consent(sitting)
    if must_choose(sitting):
        chosen = choose(sitting)
        if isinstance(chosen, HttpResponse):
            return chosen
        return _show(sitting, chosen) if sitting.poll.is_secret else go_to(sitting, chosen)
    page = _page(sitting)
    if page is None:
        verdict = no("nothing_asked", _("There is no question for you here."), 409)
        return not_now(request, sitting.frame, verdict)
    return _sent(sitting, page) if request.method == "POST" else _show(sitting, page)


def _page(sitting: Sitting) -> Page | None:
    """The page that was asked for, else the first that asks anything."""
    asked = page_of(sitting.questionnaire, sitting.request.GET.get("page", ""))
    if asked is not None and (shown(asked, sitting.answers) or sitting.request.method == "POST"):
        return asked
    return first_page(sitting.questionnaire, sitting.answers)


def _consent(sitting: Sitting) -> HttpResponse:
    """What one agrees to, before the first question."""
    request, frame = sitting.request, sitting.frame
    if request.method == "POST" and request.POST.get("go") == "consent" and not sitting.message:
        response = redirect(frame.answer_href)
        keep_consent(response, frame.poll)
        return response
    text = localized(frame.poll.consent_html)
    context = {
        "frame": frame,
        "consent_html": trusted(text.text),
        "consent_language": text.language,
        "message": sitting.message,
        "page_width": "narrow",
    }
    return render(request, "voting/consent.html", context)


def _sent(sitting: Sitting, page: Page) -> HttpResponse:
    """A page was sent: keep it, then the next one, the one before, or the same with what is wrong."""
    request, poll = sitting.request, sitting.poll
    wish = request.POST.get("go", "next")
    if wish == "show":
        return _show(sitting, page)
    if wish == "save" and sitting.message:
        return HttpResponse(status=204)  # said when a button is pressed; the page must stay
    form = _form(sitting, page, bound=True)
    if sitting.message:
        return _show(sitting, page, form)
    sitting.answers = form.kept
    if not poll.is_secret:
        save_draft(sitting.voter, poll=poll, answers=form.kept)
    if wish == "save":
        return _saved(sitting, page, form)
    if wish == ADD_UP:
        return _show(sitting, page, form.quiet())
    if wish == "back":
        return _back(sitting, page)
    if form.errors:
        return _show(sitting, page, form, status=400)
    if _asks_more(sitting, page):
        return _go(sitting, page, more=True)
    return _forward(sitting, page)


def _forward(sitting: Sitting, page: Page) -> HttpResponse:
    """The page after, or all answers to check."""
    following = next_page(sitting.questionnaire, sitting.answers, page.key)
    if following is not None and sitting.request.POST.get("go") != CHECK:
        return _go(sitting, following)
    is_secret = sitting.poll.is_secret
    return check_page(sitting) if is_secret else redirect(f"{sitting.frame.href}check/")


def _back(sitting: Sitting, page: Page) -> HttpResponse:
    """The page before; before the first one the poll's own page, or where an area is chosen."""
    before = previous_page(sitting.questionnaire, sitting.answers, page.key)
    if before is not None:
        return _go(sitting, before)
    if _has_areas(sitting):
        return (
            areas_again(sitting) if sitting.poll.is_secret else redirect(sitting.frame.answer_href)
        )
    return redirect(sitting.frame.home_href)


def _has_areas(sitting: Sitting) -> bool:
    return sitting.questionnaire.one_page and len(sitting.questionnaire.pages) > 1


def _asks_more(sitting: Sitting, page: Page) -> bool:
    """Whether the answers ask for questions on the same page that it did not show."""
    had = sitting.request.POST.getlist("shown")
    return any(question.key not in had for question in shown(page, sitting.answers))


def _saved(sitting: Sitting, page: Page, form: PageForm) -> HttpResponse:
    """The answer to a script: nothing, or the questions where others are to be shown now."""
    had = sitting.request.POST.getlist("shown")
    if had == [question.key for question in shown(page, sitting.answers)]:
        return HttpResponse(status=204, headers={KEPT: "yes"})
    form.quiet()  # nobody has pressed a button yet
    response = render(sitting.request, "voting/_fields.html", _context(sitting, page, form))
    response.headers[KEPT] = "yes"
    return response


def _go(sitting: Sitting, page: Page, *, more: bool = False) -> HttpResponse:
    """To another page: by its address, or in a secret poll in the answer itself."""
    if sitting.poll.is_secret:
        return _show(sitting, page, more=more)
    address = f"{sitting.frame.answer_href}?page={page.key}"
    if _is_from_check(sitting):
        address += "&to=check"
    return redirect(f"{address}&more=yes#more" if more else address)


def _is_from_check(sitting: Sitting) -> bool:
    request = sitting.request
    return CHECK in (request.GET.get("to"), request.POST.get("to"))


def _form(sitting: Sitting, page: Page, *, bound: bool) -> PageForm:
    return PageForm(
        sitting.questionnaire,
        page,
        sitting.answers,
        language=get_language() or "",
        data=sitting.request.POST if bound else None,
        seed=sitting.seed,
    )


def _show(
    sitting: Sitting,
    page: Page,
    form: PageForm | None = None,
    *,
    status: int = 200,
    more: bool = False,
) -> HttpResponse:
    context = _context(sitting, page, form or _form(sitting, page, bound=False)) | {
        "more": more or "more" in sitting.request.GET
    }
    return render(sitting.request, "voting/answer.html", context, status=status)


def _heading(sitting: Sitting, page: Page) -> Text:
    """The page's title; {} where it is the only page and its one question says the same: the poll's
    own title stands there then."""
    alone = len(sitting.questionnaire.pages) == 1 and len(page.questions) == 1
    return {} if alone and page.title == page.questions[0].title else page.title


def _context(sitting: Sitting, page: Page, form: PageForm) -> dict[str, Any]:
    where = progress(sitting.questionnaire, form.answers, page.key)
    return {
        "frame": sitting.frame,
        "sitting": sitting,
        "page": page,
        "title": localized(_heading(sitting, page)),
        "intro": localized(page.intro),
        "form": form,
        "progress": where,
        "progress_sentence": _("Page %(number)s of %(count)s")
        % {"number": where.number, "count": where.count},
        "shown": [question.key for question in shown(page, form.answers)],
        "reacts": not sitting.poll.is_secret or any(q.show_if for q in page.questions),
        "has_previous": _has_areas(sitting)
        or previous_page(sitting.questionnaire, form.answers, page.key) is not None,
        "adds_up": any(question.is_priced for question in page.questions),
        "reminds": sitting.is_named and not sitting.poll.is_secret,
        "to_check": _is_from_check(sitting),
        "page_width": "narrow",
    }
