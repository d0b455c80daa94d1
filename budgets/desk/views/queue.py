"""The queue of projects to assess: handing them out, publishing what is signed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Group, User
from budgets.actions.handing_out import hand_out as give_out
from budgets.actions.signing import publish_assessments
from budgets.desk import assess_reads as reads
from budgets.desk.assess_forms import HandOutForm
from budgets.desk.assess_search import QueueSearch
from budgets.desk.assess_words import marks_of, state_of
from budgets.desk.views.frame import Desk, assesses, desk_page
from budgets.models import Project
from common.forms import add_refusal
from common.pagination import page_of
from common.texts import localized
from common.ui.money import money
from common.ui.words import count
from common.verdicts import Refused
from processes.desk import POST, READ, edits, show

SIZE = 20
MOST_AT_ONCE = 500  # handed out together


def search_of(desk: Desk, fields: QueryDict) -> QueueSearch:
    """What is looked for. Two queries."""
    return QueueSearch(
        fields,
        envelopes=reads.envelopes_of(desk.budget),
        categories=reads.categories_of(desk.budget),
    )


@desk_page("queue", assesses, methods=READ)
def queue(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Projects by what awaits, those due first; at first what there is. Four queries of its own."""
    search = search_of(desk, request.GET)
    rows = reads.queue_of(desk.budget, request.user, is_guest=desk.is_guest)
    numbers = reads.numbers_of(search.narrowed(rows, request.user))
    search.open_on(numbers)
    found = reads.for_queue(search.found(rows, request.user))
    page = page_of(request, found, ordering=reads.ORDERING, size=SIZE)
    context = {
        "search": search,
        "tabs": search.tabs(numbers),
        "rows": [_row(row, desk, search.query) for row in page.rows],
        "next_href": search.onward(page.next_href),
        "is_filtered": bool(search.asked),
        "to_publish": numbers["signed"] if desk.may_edit and not desk.is_fixed else 0,
        "may_hand_out": desk.may_edit and search.state not in ("signed", "published"),
    }
    return show(request, desk, "queue", context)


def _row(project: Any, desk: Desk, query: str) -> dict[str, Any]:
    assessment = getattr(project, "assessment", None)
    subject = project.subject
    state, word = state_of(project, assessment)
    has_due = assessment is not None and state in ("waiting", "late")
    return {
        "pk": subject.pk,
        "href": f"{desk.href}assessments/{subject.pk}/?{query}",
        "number": project.number,
        "title": subject.shown,
        "where": " · ".join(filter(None, _places(project))),
        "support": subject.agree_count,
        "amount": money(_amount(project, assessment), desk.budget.currency),
        "holder": _holder(assessment),
        "state": state,
        "word": word,
        "marks": marks_of(project, assessment),
        "due_at": assessment.due_at if has_due else None,
    }


def _places(project: Any) -> tuple[str, str]:
    category = localized(project.category.title).text if project.category else ""
    return localized(project.envelope.title).text, category


def _amount(project: Any, assessment: Any) -> Any:
    if assessment is not None and assessment.cost is not None:
        return assessment.cost
    return project.cost if project.cost is not None else project.estimate


def _holder(assessment: Any) -> str:
    if assessment is None:
        return ""
    return str(assessment.assessor or assessment.group or "")


def _chosen(request: HttpRequest) -> list[int]:
    """The subjects that were ticked, or all on the page."""
    names = "page" if "all" in request.POST else "subject"
    texts = dict.fromkeys(request.POST.getlist(names))
    return [int(t) for t in texts if t.isascii() and t.isdigit() and len(t) < 19][:MOST_AT_ONCE]


@desk_page("queue", edits, methods=POST)
def hand_out(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Several projects go to one person or group, until one day: first to whom, then they have them."""
    ids = _chosen(request)
    rows = list(
        Project.objects.standing()
        .for_list()  # type: ignore[attr-defined]
        .filter(budget=desk.budget, subject__in=ids)
        .order_by("number")
    )
    if not rows:
        messages.warning(request, _("Tick the projects that you want to hand out."))
        return redirect(f"{desk.href}assessments/")
    people = reads.people_for(desk.budget)
    is_first = "to" not in request.POST
    form, status = HandOutForm(None if is_first else request.POST, people=people), 200
    if not is_first:
        status = 400
        if form.is_valid():
            try:
                return _handed_out(request, desk, [row.subject_id for row in rows], form)
            except Refused as refused:
                status = add_refusal(form, refused.verdict)
    context = {"rows": rows, "form": form, "back": f"{desk.href}assessments/"}
    return show(request, desk, "hand_out", context, status=status)


def _handed_out(request: HttpRequest, desk: Desk, ids: list[int], form: Any) -> HttpResponse:
    to = form.cleaned_data["to"]
    number = give_out(
        request.user,
        budget=desk.budget,
        subject_ids=ids,
        assessor=User.objects.get(pk=to[1:]) if to.startswith("u") else None,
        group=Group.objects.get(pk=to[1:]) if to.startswith("g") else None,
        due_at=form.cleaned_data["due_at"],
    )
    name = dict(form.fields["to"].choices)[to] if to else ""
    if name:
        sentence = ngettext(
            "%(count)s project is handed to %(name)s.",
            "%(count)s projects are handed to %(name)s.",
            number,
        )
    else:
        sentence = ngettext(
            "%(count)s project is nobody’s now.", "%(count)s projects are nobody’s now.", number
        )
    messages.success(request, sentence % {"count": count(number), "name": name})
    return redirect(f"{desk.href}assessments/")


@desk_page("queue", edits)
def publish_all(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All that is signed becomes public at one moment; first what that would be."""
    if request.method == "POST":
        number = publish_assessments(request.user, budget=desk.budget)
        sentence = ngettext(
            "%(count)s decision is published. Its author is told.",
            "%(count)s decisions are published. Their authors are told.",
            number,
        )
        messages.success(request, sentence % {"count": count(number)})
        return redirect(f"{desk.href}assessments/?state=published")
    context = {"numbers": reads.publishing_of(desk.budget)}
    return show(request, desk, "publish_decisions", context)
