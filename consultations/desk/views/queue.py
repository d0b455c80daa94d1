"""Contributions that wait for an answer, and answering them one by one or together."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Case, Count, Q, QuerySet, When
from django.db.models.functions import Least
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from answers.actions import answer as give_answer
from answers.actions import answer_many
from answers.models import Answer
from answers.permissions import may_answer
from common.forms import LONGEST_ID, add_refusal
from common.html import render_markdown, trusted
from common.pagination import page_of
from common.ui.words import count
from common.verdicts import Refused
from consultations.desk import reads
from consultations.desk.forms import AnswerForm
from consultations.desk.views.frame import Desk, desk_page
from consultations.filters import STATES, ProposalSearch, places_of
from consultations.models import Proposal, Wording
from consultations.rows import LATE, for_list, state
from consultations.text import language_for
from consultations.views.article import answer_card, law_changes, say
from processes.desk import POST, READ, answers, kept, refuse, show
from processes.kinds import PROPOSAL_KINDS, SUBJECT_TYPES, SubjectKind
from processes.models import Process, Subject

SIZE = 20
MOST_AT_ONCE = 200  # answers given together
_FILTERS = ("q", "kind", "section", "state", "ordering")


def _asked(fields: QueryDict) -> QueryDict:
    """What is looked for: contributions without an answer, unless something else is said."""
    found = QueryDict(mutable=True)
    for name in _FILTERS:
        if name in fields:
            found[name] = fields[name]
    found.setdefault("state", "unanswered")
    return found


def _search(desk: Desk, fields: QueryDict) -> ProposalSearch:
    language = language_for(desk.process.languages)
    return ProposalSearch(_asked(fields), places_of(desk.consultation.current, language))


@desk_page("queue", methods=READ)
def queue(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Contributions by support, with what is owed. Three queries of its own."""
    search = _search(desk, request.GET)
    rows, ordering = search.found(desk.process)
    found, next_href = page_of(request, for_list(rows), ordering=ordering, size=SIZE)
    asked = _asked(request.GET)
    query = asked.urlencode()
    context = {
        "search": search,
        "tabs": _tabs(desk.process, asked),
        "rows": [_row(row, desk, query) for row in found],
        "next_href": next_href,
        "query": query,
        "is_filtered": any(search.cleaned_data.get(n) for n in ("q", "kind", "section")),
        "state": asked["state"],
    }
    return show(request, desk, "queue", context)


def _tabs(process: Process, asked: QueryDict) -> list[tuple[str, str, int, bool]]:
    """The states with how many contributions are in each. One query."""
    names = {
        "unanswered": _("Without an answer"),
        "owed": _("Owed"),
        "late": _("Late"),
        "answered": _("Answered"),
        "": _("All"),
    }
    standing = Subject.objects.standing().filter(process=process, kind__in=PROPOSAL_KINDS)
    numbers = standing.aggregate(
        **{f"n_{value}": Count("pk", filter=STATES.get(value, Q())) for value in names}
    )
    rest = {name: asked[name] for name in ("q", "kind", "section", "ordering") if asked.get(name)}
    return [
        (
            f"?{urlencode(rest | {'state': value})}",
            text,
            numbers[f"n_{value}"],
            value == asked["state"],
        )
        for value, text in names.items()
    ]


def _row(subject: Any, desk: Desk, query: str) -> dict[str, Any]:
    obligation = getattr(subject, "obligation", None)
    given = getattr(subject, "answer", None)
    return {
        "pk": subject.pk,
        "href": f"{desk.href}queue/{subject.pk}/?{query}",
        "title": subject.shown,
        "kind_word": SUBJECT_TYPES[subject.kind].label,
        "where": subject.parent.shown if subject.parent else "",
        "author": str(subject.author or ""),
        "support": subject.agree_count,
        "against": subject.disagree_count,
        "comments": subject.comment_count,
        "state": state(subject) or "none",
        "due_at": obligation.due_at if obligation is not None and given is None else None,
        "decision": given.decision if given is not None else "",
    }


def _subject_or_404(desk: Desk, subject_id: int) -> Subject:
    """A subject of this consultation that can be answered. One query."""
    if subject_id > LONGEST_ID:
        raise Http404
    rows = (
        Subject.objects.with_frame()
        .select_related("author", "parent", "answer__author", "obligation")
        .exclude(kind=SubjectKind.PART)
        .defer(
            "search",
            "sample",
            "process__search",
            "process__sample",
            "parent__search",
            "parent__sample",
            "parent__text",
        )
        .annotate(is_late=LATE, contest=Least("agree_count", "disagree_count"))
    )
    subject = rows.filter(pk=subject_id, process=desk.process).first()
    if subject is None:
        raise Http404
    return subject


@desk_page("queue", answers)
def answer(request: HttpRequest, desk: Desk, subject_id: int) -> HttpResponse:
    """One contribution, what people say of it, and the answer; then on to the next."""
    subject = _subject_or_404(desk, subject_id)
    verdict = may_answer(request.user, subject)
    if not verdict:
        return refuse(request, desk, verdict)
    given = getattr(subject, "answer", None)
    initial = {"decision": given.decision, "body": given.body} if given is not None else {}
    form, status, preview = (
        AnswerForm(request.POST or None, initial=kept(request, initial)),
        200,
        "",
    )
    if given is not None:
        form.fields["body"].widget.attrs["lang"] = given.language
    neighbours = _neighbours(desk, request.GET, subject)
    if request.method == "POST" and "preview" in request.POST:
        preview = render_markdown(request.POST.get("body", "")[:50_000])
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, "desk/_preview.html", {"preview": preview})
        form = AnswerForm(initial=request.POST.dict())
    elif request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                give_answer(
                    request.user,
                    subject_id=subject.pk,
                    language=get_language() or "en",
                    **form.cleaned_data,
                )
            except Refused as refused:
                status = add_refusal(form, refused.verdict)
            else:
                return _answered(request, desk, subject, neighbours)
    context = {
        "subject": subject,
        "form": form,
        "preview": preview,
        "kind_word": SUBJECT_TYPES[subject.kind].label,
        "state": state(subject),
        "given": answer_card(subject, subject.process),
        "said": reads.arguments_on(subject.pk),
        "similar": _similar(desk, subject),
        "query": _asked(request.GET).urlencode(),
        "public": _public_href(desk, subject),
        **neighbours,
        **_words_of(desk, subject),
    }
    return show(request, desk, "answer", context, status=status)


def _public_href(desk: Desk, subject: Subject) -> str:
    place = "articles" if subject.kind == SubjectKind.SECTION else "proposals"
    return f"{desk.public_href}{place}/{subject.pk}/"


def _answered(
    request: HttpRequest, desk: Desk, subject: Subject, neighbours: dict[str, str]
) -> HttpResponse:
    messages.success(
        request,
        _("“%(title)s” is answered. Its author is told.") % {"title": subject.shown.text[:120]},
    )
    if "next" in request.POST and neighbours["next_href"]:
        return redirect(neighbours["next_href"])
    if "next" in request.POST:
        return redirect(f"{desk.href}queue/?{_asked(request.GET).urlencode()}")
    return redirect(request.get_full_path())


def _words_of(desk: Desk, subject: Subject) -> dict[str, Any]:
    """What is answered: a proposal with its difference, or the current words of an article."""
    if subject.kind == SubjectKind.SECTION:
        rows = Wording.objects.filter(section__subject=subject, version=desk.consultation.current)
        mine = Case(When(language=get_language() or "", then=0), default=1)
        row = rows.order_by(mine, "pk").first()
        return {
            "body": trusted(row.body_html) if row else "",
            "text_language": row.language if row else "",
        }
    proposal = Proposal.objects.filter(subject=subject).first()
    if proposal is None:
        return {}
    return {
        "body": trusted(proposal.body_html),
        "text_language": subject.language,
        "reason": trusted(proposal.reason_html),
        "diff": say(proposal.diff_html) if proposal.diff_html else "",
        "rows": [(say(left), say(right), changed) for left, right, changed in proposal.diff_rows],
        "law_changes": law_changes(proposal.law_changes, subject.language),
    }


def _similar(desk: Desk, subject: Subject) -> list[dict[str, Any]]:
    """Contributions that read alike, with the decision where there is one. Two queries."""
    text = f"{subject.title} {subject.text[:1000]}"
    found = Subject.objects.similar_to(text, process=desk.process.pk, kinds=PROPOSAL_KINDS, most=6)
    shown = [row for row in found if row.pk != subject.pk][:5]
    given = dict(
        Answer.objects.filter(subject__in=[row.pk for row in shown]).values_list(
            "subject_id", "decision"
        )
    )
    return [
        {
            "href": f"{desk.href}queue/{row.pk}/",
            "title": row.shown,
            "support": row.agree_count,
            "decision": given.get(row.pk, ""),
        }
        for row in shown
    ]


def _neighbours(desk: Desk, fields: QueryDict, subject: Any) -> dict[str, str]:
    """The contributions before and after this one, in the list that was asked for. Two queries."""
    search = ProposalSearch(_asked(fields), [])
    if fields.get("section"):
        search = _search(desk, fields)
    rows, ordering = search.found(desk.process)
    if "-relevance" in ordering:
        ordering = ("-agree_count", "-pk")
    query = _asked(fields).urlencode()
    found = {}
    for name, is_after in (("next_href", True), ("previous_href", False)):
        pk = _beside(rows, ordering, subject, is_after=is_after)
        found[name] = f"{desk.href}queue/{pk}/?{query}" if pk else ""
    return found


def _beside(
    rows: QuerySet[Subject], ordering: Sequence[str], subject: Any, *, is_after: bool
) -> int | None:
    """The id of the row after (or before) one, in an ordering of descending columns."""
    beyond = "lt" if is_after else "gt"
    places, level = Q(pk__in=[]), Q()
    for term in ordering:
        name = term.removeprefix("-")
        value = subject.pk if name == "pk" else getattr(subject, name)
        places |= level & Q(**{f"{name}__{beyond}": value})
        level &= Q(**{name: value})
    order = ordering if is_after else [term.removeprefix("-") for term in ordering]
    return rows.filter(places).order_by(*order).values_list("pk", flat=True).first()


def _chosen(request: HttpRequest) -> list[int]:
    """The ids that were ticked, or all on the page."""
    names = "page" if "all" in request.POST else "subject"
    texts = dict.fromkeys(request.POST.getlist(names))
    return [int(t) for t in texts if t.isascii() and t.isdigit() and len(t) < 19][:MOST_AT_ONCE]


@desk_page("queue", answers, methods=POST)
def bulk(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One answer for several: first whom it reaches, then it is sent to all of them or to none."""
    ids = _chosen(request)
    rows = reads.subjects_in_order(ids)
    rows = [row for row in rows if row.process_id == desk.process.pk]
    if not rows:
        messages.warning(request, _("Tick the contributions that you want to answer together."))
        return redirect(f"{desk.href}queue/")
    is_first = "decision" not in request.POST and "body" not in request.POST
    form, status, is_look = AnswerForm(None if is_first else request.POST), 200, False
    if not is_first:
        status = 400
        if form.is_valid():
            status, is_look = 200, True
            if "send" in request.POST:
                try:
                    return _sent(request, desk, rows, form)
                except Refused as refused:
                    status, is_look = add_refusal(form, refused.verdict), False
    ids = [row.pk for row in rows]
    context = {
        "rows": rows,
        "reach": reads.reach_of(ids),
        "form": form,
        "is_look": is_look,
        "preview": render_markdown(form.cleaned_data["body"]) if is_look else "",
        "decision": form.cleaned_data["decision"] if is_look else "",
        "changed": Answer.objects.filter(subject__in=ids).count(),
    }
    return show(request, desk, "bulk", context, status=status)


def _sent(request: HttpRequest, desk: Desk, rows: list[Subject], form: Any) -> HttpResponse:
    given = answer_many(
        request.user,
        subject_ids=[row.pk for row in rows],
        language=get_language() or "en",
        **form.cleaned_data,
    )
    sentence = ngettext(
        "%(count)s contribution is answered. Its author is told.",
        "%(count)s contributions are answered. Their authors are told.",
        len(given),
    )
    messages.success(request, sentence % {"count": count(len(given))})
    return redirect(f"{desk.href}queue/")
