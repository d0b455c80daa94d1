"""The list of what is asked: pages and questions in order, moved, copied, removed and brought back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from common.forms import LONGEST_ID
from common.texts import localized
from common.verdicts import require
from processes.desk import POST, READ, edits, kept, show
from processes.fields import spread
from voting.actions import questions as actions
from voting.desk import reads
from voting.desk.forms import PageTextsForm
from voting.desk.views.frame import Desk, desk_page
from voting.models import Question, QuestionPage
from voting.permissions import may_edit_poll

STEPS = {"up": -1, "down": 1}
_REMOVED = "polldesk.removed"


def question_or_404(desk: Desk, pk: int) -> Question:
    """A question of this poll. One query."""
    if pk > LONGEST_ID:
        raise Http404
    row = Question.objects.select_related("page").filter(pk=pk, poll=desk.poll).first()
    if row is None:
        raise Http404
    row.poll = row.page.poll = desk.poll
    return row


def page_or_404(desk: Desk, pk: int) -> QuestionPage:
    """A page of this poll's questionnaire. One query."""
    row = desk.poll.pages.filter(pk=pk).first() if pk <= LONGEST_ID else None
    if row is None:
        raise Http404
    row.poll = desk.poll
    return row


@desk_page("questions", methods=READ)
def questions(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All pages and questions. `moved` and `by` name the button that takes the focus."""
    context = {
        "pages": reads.lines_of(desk.poll),
        "may_change": desk.may_edit and not desk.is_fixed,
        "moved": request.GET.get("moved", ""),
        "by": request.GET.get("by", ""),
        "can_undo": _removed(request, desk) is not None,
    }
    return show(request, desk, "questions", context)


def _list(desk: Desk, anchor: str, where: str = "") -> HttpResponse:
    """Back to the list, at what was changed; the button `where` has the focus again.

    An address with a fragment would keep the browser from giving a button the focus.
    """
    return redirect(
        f"{desk.href}questions/{f'?moved={anchor}&by={where}' if where else f'#{anchor}'}"
    )


@desk_page("questions", edits, POST)
def move(request: HttpRequest, desk: Desk, pk: int, where: str) -> HttpResponse:
    row = question_or_404(desk, pk)
    if where not in STEPS:
        raise Http404
    if not actions.move_question(request.user, row=row, step=STEPS[where]):
        messages.info(request, _("It stands at the end already."))
    return _list(desk, f"q{row.pk}", where)


@desk_page("questions", edits, POST)
def copy(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    made = actions.copy_question(request.user, row=question_or_404(desk, pk))
    messages.success(request, _("This is the copy. Change what differs."))
    return redirect(f"{desk.href}questions/{made.pk}/")


@desk_page("questions", edits)
def remove(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Ask first; then it is gone from the list, and can be brought back."""
    row = question_or_404(desk, pk)
    require(may_edit_poll(request.user, desk.poll))
    if request.method != "POST":
        return show(request, desk, "remove", {"title": localized(row.title), "row": row})
    request.session[_REMOVED] = actions.remove_question(request.user, row=row)
    messages.success(request, _("The question is removed. You can bring it back below."))
    return redirect(f"{desk.href}questions/#undo")


@desk_page("questions", edits, POST)
def restore(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Bring back the question that was removed last."""
    removed = _removed(request, desk)
    row = actions.restore_question(request.user, poll=desk.poll, removed=removed or {})
    del request.session[_REMOVED]
    messages.success(request, _("The question is back."))
    return _list(desk, f"q{row.pk}", "edit")


def _removed(request: HttpRequest, desk: Desk) -> dict[str, Any] | None:
    """What was removed last in this session, if it was of this poll."""
    removed = request.session.get(_REMOVED)
    return removed if removed and removed.get("poll") == desk.poll.pk else None


@desk_page("questions", edits)
def new_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One more page at the end."""
    require(may_edit_poll(request.user, desk.poll))
    return _page_form(request, desk, None)


@desk_page("questions", edits)
def page(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Title and introduction of a page."""
    require(may_edit_poll(request.user, desk.poll))
    return _page_form(request, desk, page_or_404(desk, pk))


def _page_form(request: HttpRequest, desk: Desk, row: QuestionPage | None) -> HttpResponse:
    initial = spread(title=row.title, intro=row.intro) if row else {}
    sent = request.POST if request.method == "POST" else None
    form = PageTextsForm(sent, languages=desk.process.languages, initial=kept(request, initial))
    if request.method == "POST" and form.is_valid():
        texts = {name: form.by_language(name) for name in ("title", "intro")}
        if row is None:
            row = actions.add_page(request.user, poll=desk.poll, **texts)
        else:
            actions.edit_page(request.user, page=row, **texts)
        messages.success(request, _("The page is saved."))
        return _list(desk, f"p{row.pk}")
    status = 400 if request.method == "POST" else 200
    return show(request, desk, "page", {"form": form, "row": row}, status=status)


@desk_page("questions", edits, POST)
def move_page(request: HttpRequest, desk: Desk, pk: int, where: str) -> HttpResponse:
    row = page_or_404(desk, pk)
    if where not in STEPS:
        raise Http404
    if not actions.move_page(request.user, page=row, step=STEPS[where]):
        messages.info(request, _("It stands at the end already."))
    return _list(desk, f"p{row.pk}", where)


@desk_page("questions", edits, POST)
def remove_page(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Remove a page without questions: nothing is lost but a heading."""
    actions.remove_page(request.user, page=page_or_404(desk, pk))
    messages.success(request, _("The page is removed."))
    return redirect(f"{desk.href}questions/")
