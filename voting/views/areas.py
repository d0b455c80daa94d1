"""Where one page only is answered: which one. Changing it asks before it throws anything away."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.texts import Localized, localized
from common.ui.money import money
from common.ui.words import count
from voting.actions.drafts import save_draft
from voting.questionnaire.amounts import amount_of
from voting.questionnaire.definition import Page
from voting.questionnaire.paging import page_of
from voting.spending import chosen_of
from voting.views.sitting import Sitting

CHOOSE, CHOSEN = "areas", "area"  # what a button wishes: to choose, and that it is chosen
SURE = "sure"


@dataclass(frozen=True, slots=True)
class Area:
    """One page to choose. `chosen` counts what is chosen on it."""

    key: str
    title: Localized
    about: str
    chosen: int
    is_picked: bool


def must_choose(sitting: Sitting) -> bool:
    """Whether the page to choose comes before the questions now."""
    request, questionnaire = sitting.request, sitting.questionnaire
    if not questionnaire.one_page or len(questionnaire.pages) < 2:
        return False
    if request.POST.get("go") in (CHOOSE, CHOSEN):
        return True
    wanted = page_of(questionnaire, request.GET.get("page", ""))
    if wanted is None:
        return True
    current = questionnaire.page_answered(sitting.answers)
    return request.method != "POST" and current not in (None, wanted)


def choose(sitting: Sitting) -> HttpResponse | Page:
    """The page to choose, what changing throws away, or the page that was chosen."""
    request, questionnaire = sitting.request, sitting.questionnaire
    is_sent = request.POST.get("go") == CHOSEN
    key = request.POST.get("area", "") if is_sent else request.GET.get("page", "")
    wanted = page_of(questionnaire, key)
    if is_sent and wanted is None:
        return _areas(sitting, None, error=_("Choose one of these."), status=400)
    current = questionnaire.page_answered(sitting.answers)
    if wanted is None or sitting.message:
        return _areas(sitting, current)
    if current in (None, wanted):
        return wanted if is_sent else _areas(sitting, wanted)
    if SURE not in request.POST:
        return _areas(sitting, current, instead=wanted)
    sitting.answers = {}
    if not sitting.poll.is_secret:
        save_draft(sitting.voter, poll=sitting.poll, answers={})
    return wanted


def areas_again(sitting: Sitting) -> HttpResponse:
    """Back from the questions, in the answer itself: for secret polls."""
    return _areas(sitting, sitting.questionnaire.page_answered(sitting.answers))


def go_to(sitting: Sitting, page: Page) -> HttpResponse:
    """To a page that was chosen, by its address: for polls that keep a draft."""
    return redirect(f"{sitting.frame.answer_href}?page={page.key}")


def _areas(
    sitting: Sitting,
    picked: Page | None,
    *,
    instead: Page | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    """`instead` is wished for while something is chosen on `picked`: that is asked about first."""
    context = {
        "frame": sitting.frame,
        "sitting": sitting,
        "areas": [_area(sitting, page, picked) for page in sitting.questionnaire.pages],
        "picked": _area(sitting, picked, picked) if picked else None,
        "instead": _area(sitting, instead, picked) if instead else None,
        "error": error,
        "page_width": "narrow",
    }
    return render(sitting.request, "voting/areas.html", context, status=status)


def _area(sitting: Sitting, page: Page, picked: Page | None) -> Area:
    offered = sum(len(question.options) for question in page.questions)
    about = [
        ngettext("%(count)s project", "%(count)s projects", offered) % {"count": count(offered)}
    ]
    budgets = [(amount_of(q.budget), q.currency) for q in page.questions if q.budget]
    if budgets:
        about.insert(0, money(sum(amount for amount, _currency in budgets), budgets[0][1]))
    chosen = sum(
        len(chosen_of(question, sitting.answers[question.key]))
        for question in page.questions
        if question.key in sitting.answers
    )
    return Area(page.key, localized(page.title), " · ".join(about), chosen, page is picked)
