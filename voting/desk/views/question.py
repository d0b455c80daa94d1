"""The editor of one question: its kind first, then only the fields of that kind, and how it looks."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.forms import add_refusal
from common.texts import localized
from common.verdicts import Refused, require
from processes.desk import edits, kept, show
from voting.actions.questions import (
    add_question,
    build_question,
    build_questionnaire,
    edit_question,
    place_question,
)
from voting.asking import asked
from voting.desk.question_form import KIND_HELP, KIND_NAMES, QuestionForm, initial_of
from voting.desk.views.frame import Desk, desk_page
from voting.desk.views.questions import question_or_404
from voting.models import QuestionPage
from voting.permissions import may_edit_poll
from voting.questionnaire.definition import Question, QuestionKind


@desk_page("questions", edits)
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Ask which kind of question; then for the question."""
    require(may_edit_poll(request.user, desk.poll))
    page = _page(request, desk)
    kind = _kind(request)
    if kind is None:
        return _kinds(request, desk, f"?page={page.key}&kind=")
    earlier = _earlier(desk, page, None)
    return _editor(request, desk, kind, earlier, page, None, None)


@desk_page("questions", edits)
def edit(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Change a question. Its kind can be changed too: what the new kind does not use is dropped."""
    row = question_or_404(desk, pk)
    require(may_edit_poll(request.user, desk.poll))
    if "kinds" in request.GET:
        return _kinds(request, desk, "?kind=")
    question = build_question(row)
    kind = _kind(request) or question.kind
    earlier = _earlier(desk, row.page, row.key)
    return _editor(request, desk, kind, earlier, row.page, row, question)


def _page(request: HttpRequest, desk: Desk) -> QuestionPage:
    """The page on which the question will stand: the one named, else the last."""
    pages = list(desk.poll.pages.order_by("order", "id"))
    if not pages:
        raise Http404
    asked_for = request.GET.get("page", "")
    return next((page for page in pages if page.key == asked_for), pages[-1])


def _kind(request: HttpRequest) -> QuestionKind | None:
    value = request.POST.get("kind") or request.GET.get("kind", "")
    return QuestionKind(value) if value in {kind.value for kind in KIND_NAMES} else None


def _kinds(request: HttpRequest, desk: Desk, href: str) -> HttpResponse:
    kinds = [(f"{href}{kind.value}", name, KIND_HELP[kind]) for kind, name in KIND_NAMES.items()]
    return show(request, desk, "kinds", {"kinds": kinds})


def _earlier(desk: Desk, page: QuestionPage, key: str | None) -> dict[str, Question]:
    """The questions that come before this one, by key. Three queries."""
    found: dict[str, Question] = {}
    for one in build_questionnaire(desk.poll).pages:
        for question in one.questions:
            if question.key == key:
                return found
            found[question.key] = question
        if one.key == page.key and key is None:
            return found
    return found


def _editor(
    request: HttpRequest,
    desk: Desk,
    kind: QuestionKind,
    earlier: dict[str, Question],
    page: QuestionPage,
    row: Any,
    former: Question | None,
) -> HttpResponse:
    languages = desk.process.languages
    initial = initial_of(former, languages) if former else {}
    if former is not None and kind is not former.kind:
        initial = {k: v for k, v in initial.items() if k not in ("least", "most", "method")}
    form = QuestionForm(
        request.POST or None,
        kind=kind,
        languages=languages,
        earlier=earlier,
        former=former,
        initial=kept(request, initial),
    )
    is_look, status = "look" in request.POST, 200
    if is_look and request.htmx:  # type: ignore[attr-defined]
        return render(request, "voting/desk/_look.html", {"look": _look(form, desk)})
    if request.method == "POST" and not is_look:
        status = 400
        if form.is_valid():
            try:
                return _saved(request, desk, form, page, row)
            except Refused as refused:
                status = add_refusal(form, refused.verdict)
    context = {
        "form": form,
        "kind": kind.value,
        "kind_name": KIND_NAMES[kind],
        "row": row,
        "page": page,
        "page_title": localized(page.title),
        "pages": _choices(desk, page) if row else [],
        "earlier": _words(earlier),
        "look": _look(form, desk, former),
    }
    if is_look:
        form.errors.clear()
    return show(request, desk, "question", context, status=status)


def _choices(desk: Desk, page: QuestionPage) -> list[tuple[int, int, str, bool]]:
    """(id, number, title, is its own) of the pages between which it can be moved."""
    rows = desk.poll.pages.order_by("order", "id")
    found = [(p.pk, n, localized(p.title).text, p.pk == page.pk) for n, p in enumerate(rows, 1)]
    return found if len(found) > 1 else []


def _saved(
    request: HttpRequest, desk: Desk, form: QuestionForm, page: QuestionPage, row: Any
) -> HttpResponse:
    question = form.question()
    if row is None:
        if not form.cleaned_data.get("key"):
            question = _nameless(question)
        row = add_question(request.user, page=page, question=question)
    else:
        edit_question(request.user, row=row, question=question)
        _put(request, desk, row)
    messages.success(request, _("The question is saved."))
    if "next" in request.POST:
        return redirect(f"{desk.href}questions/new/?page={row.page.key}")
    return redirect(f"{desk.href}questions/?moved=q{row.pk}&by=edit")


def _nameless(question: Question) -> Question:
    return Question(
        **{name: getattr(question, name) for name in Question.__slots__ if name != "key"}, key=""
    )


def _put(request: HttpRequest, desk: Desk, row: Any) -> None:
    """Move it to the page that was chosen, if it is another."""
    target = request.POST.get("on_page", "")
    found = {str(page.pk): page for page in desk.poll.pages.all()}.get(target)
    if found is not None and found.pk != row.page_id:
        found.poll = desk.poll
        place_question(request.user, row=row, page=found)


def _look(form: QuestionForm, desk: Desk, former: Question | None = None) -> Any:
    """The question as people will see it, as far as it is written; None for nothing yet."""
    if not form.is_bound:
        question = former
    else:
        form.is_valid()
        question = form.question()
    if question is None or not question.title:
        return None
    languages = desk.process.languages
    language = get_language() if get_language() in languages else languages[0]
    return [asked(question, None, language=language or "en", seed="")]


def _words(earlier: dict[str, Question]) -> list[tuple[str, str, str]]:
    """(short name, question, what a rule may compare it with) of the questions before."""
    return [
        (question.key, localized(question.title).text, _values(question))
        for question in earlier.values()
    ]


def _values(question: Question) -> str:
    if question.kind is QuestionKind.MATRIX:
        return ", ".join(f"{question.key}.{item.key}" for item in question.items)
    if question.kind is QuestionKind.GRADES:
        return ", ".join(question.point_keys())
    if question.kind is QuestionKind.SCALE:
        ends = f"{question.least} … {question.most}"
        return f"{ends}, na" if question.does_not_apply else ends
    return ", ".join(question.option_keys())
