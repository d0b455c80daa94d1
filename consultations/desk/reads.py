"""What the desk reads: the work that waits, the queue of contributions, who gets what."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.permissions import ANSWERING, EDITING
from answers.deadlines import Candidate, Threshold, TopN, owed
from answers.kinds import RuleKind
from answers.models import Answer, Obligation
from answers.outcomes import ADOPTED
from common.texts import Localized, localized
from common.ui.words import count
from consultations.models import Consultation, Proposal, Version, Wording
from deliberation.models import Comment, Position
from processes.desk import Work
from processes.kinds import PROPOSAL_KINDS, ProcessKind
from processes.models import Participation, Process, Subject

_NAMES = dict(settings.LANGUAGES)
SOON = timedelta(days=7)
MOST_WORK = 60  # consultations that the work list looks at


def _open_obligations() -> QuerySet[Obligation]:
    return Obligation.objects.filter(
        process=OuterRef("pk"),
        answered_at__isnull=True,
        subject__withdrawn_at__isnull=True,
        subject__hidden_at__isnull=True,
    ).order_by()


def _number(rows: QuerySet[Any]) -> Subquery:
    return Subquery(rows.annotate(number=Func(F("pk"), function="COUNT")).values("number"))


def consultations_of(bodies: Sequence[Organisation]) -> QuerySet[Process]:
    """The consultations of these bodies with what their work list needs, newest first."""
    waiting = _open_obligations()
    text = Version.objects.filter(
        consultation__process=OuterRef("pk"), published_at__isnull=True
    ).order_by()
    return (
        Process.objects.filter(kind=ProcessKind.CONSULTATION, organisation__in=bodies)
        .select_related("organisation")
        .defer("search", "sample")
        .annotate(
            clock=Now(),
            owed_count=_number(waiting.filter(due_at__gte=Now())),
            late_count=_number(waiting.filter(due_at__lt=Now())),
            due_first=Subquery(
                waiting.annotate(first=Func(F("due_at"), function="MIN")).values("first")
            ),
            has_draft=Exists(text),
        )
        .order_by("-pk")
    )


def work_of(bodies: Sequence[Organisation]) -> list[Work]:
    """What waits for somebody in consultations. One query."""
    roles = {body.pk: body.role for body in bodies}  # type: ignore[attr-defined]
    rows = consultations_of(bodies).filter(
        Q(results_published_at__isnull=True) | Q(owed_count__gt=0) | Q(late_count__gt=0)
    )
    return [line for row in rows[:MOST_WORK] for line in _work_on(row, roles[row.organisation_id])]


def by_urgency(works: Iterable[Work]) -> list[Work]:
    """The most urgent first."""
    rank = {"late": 0, "owed": 1}
    far = datetime.max.replace(tzinfo=UTC)
    return sorted(works, key=lambda work: (rank.get(work.state, 2), work.at or far))


def _work_on(process: Any, role: str) -> Iterator[Work]:
    href = f"/{get_language()}/desk/consultations/{process.slug}/"
    title = localized(process.title)
    if role in ANSWERING and process.late_count:
        what = ngettext(
            "%(count)s answer is late", "%(count)s answers are late", process.late_count
        )
        yield Work(f"{href}queue/?state=late", title, what % {"count": count(process.late_count)},
                   "late", process.due_first)  # fmt: skip
    if role in ANSWERING and process.owed_count:
        what = ngettext(
            "%(count)s answer is owed", "%(count)s answers are owed", process.owed_count
        )
        due = process.due_first if not process.late_count else None
        yield Work(f"{href}queue/?state=owed", title, what % {"count": count(process.owed_count)},
                   "owed", due)  # fmt: skip
    if role in EDITING and process.results_published_at is None:
        yield from _editing_work(process, href, title)


def _editing_work(process: Any, href: str, title: Localized) -> Iterator[Work]:
    now = process.clock
    if process.published_at is None:
        what = _("Not published yet") if process.has_draft else _("The text is missing")
        yield Work(href, title, what, at=process.opens_at, verb="opens")
    elif process.closed_at is not None:
        yield Work(f"{href}results/", title, _("Its results are not published yet"))
    elif process.closes_at and process.closes_at <= now:
        what = _("Its phases have ended; close it when all is answered")
        yield Work(href, title, what, at=process.closes_at, verb="closes")
    elif process.closes_at and process.closes_at - now < SOON:
        yield Work(href, title, _("It ends soon"), at=process.closes_at, verb="closes")
    if process.published_at is not None and process.has_draft:
        yield Work(f"{href}text/", title, _("The next version of the text is being written"))


def most_urgent(bodies: Sequence[Organisation], limit: int = 8) -> list[Obligation]:
    """The contributions whose answers are due first, most supported first on one day. One query."""
    answering = [body.pk for body in bodies if body.role in ANSWERING]  # type: ignore[attr-defined]
    return list(
        Obligation.objects.filter(
            debtor__in=answering,
            answered_at__isnull=True,
            subject__withdrawn_at__isnull=True,
            subject__hidden_at__isnull=True,
        )
        .select_related("subject__parent", "process")
        .annotate(clock=Now())
        .order_by("due_at", "-subject__agree_count", "pk")[:limit]
    )


def called_for(process: Process, rule: str, number: int) -> list[int]:
    """The ids of the contributions that a promise would call for now, best supported first."""
    standing = Subject.objects.standing().filter(process=process, kind__in=PROPOSAL_KINDS)
    candidates = [Candidate(pk, n) for pk, n in standing.values_list("pk", "agree_count")]
    return list(owed(candidates, TopN(number) if rule == RuleKind.TOP else Threshold(number)))


def subjects_in_order(ids: Sequence[int]) -> list[Subject]:
    """These subjects as they are listed. One query."""
    rows = Subject.objects.filter(pk__in=ids).select_related("author", "parent")
    rows = rows.defer(
        "search", "sample", "text", "parent__search", "parent__sample", "parent__text"
    )
    by_id = {row.pk: row for row in rows}
    return [by_id[pk] for pk in ids if pk in by_id]


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list before publishing. `state` is ok, missing (stops it) or advice."""

    state: str
    text: str
    href: str


def checklist(consultation: Consultation, href: str) -> list[Check]:
    """What publishing needs, and what it would be better with. Three queries."""
    process = consultation.process
    parts = dict(
        Wording.objects.filter(
            version__consultation=consultation, version__published_at__isnull=True
        )
        .order_by()
        .values_list("language")
        .annotate(number=Count("pk"))
    )
    return [
        _check_text(parts, href),
        *_check_languages(parts, process, href),
        _check_phases(process, href),
        _check_promise(process, href),
        _check_description(consultation, href),
    ]


def _check_text(parts: dict[str, int], href: str) -> Check:
    if not parts:
        return Check("missing", _("The text is missing."), f"{href}text/write/")
    number = max(parts.values())
    text = ngettext("The text has %(count)s part.", "The text has %(count)s parts.", number)
    return Check("ok", text % {"count": count(number)}, f"{href}text/")


def _check_languages(parts: dict[str, int], process: Process, href: str) -> list[Check]:
    lacking = [code for code in process.languages if code not in parts]
    if not parts or not lacking:
        return []
    text = _("The text is not there in every language that the consultation speaks: %(codes)s.")
    names = ", ".join(_NAMES.get(code, code) for code in lacking)
    return [Check("advice", text % {"codes": names}, f"{href}text/")]


def _check_phases(process: Process, href: str) -> Check:
    spans = process.timetable.spans
    if not spans:
        return Check("missing", _("No phase is set."), f"{href}phases/")
    if all(span.closes_at <= process.timetable.now for span in spans):
        return Check("advice", _("All its phases lie in the past."), f"{href}phases/")
    if not any(span.activities for span in spans):
        return Check("advice", _("No phase opens anything."), f"{href}phases/")
    text = ngettext("%(count)s phase is set.", "%(count)s phases are set.", len(spans))
    return Check("ok", text % {"count": len(spans)}, f"{href}phases/")


def _check_promise(process: Process, href: str) -> Check:
    promise = getattr(process, "promise", None)
    if promise is None:
        text = _("Nothing is promised: nobody knows whether and when answers come.")
        return Check("advice", text, f"{href}promise/")
    if process.closes_at and promise.due_at < process.closes_at:
        text = _("Answers are due before the last phase ends.")
        return Check("advice", text, f"{href}promise/")
    return Check("ok", _("The promise is made."), f"{href}promise/")


def _check_description(consultation: Consultation, href: str) -> Check:
    about = {code for code, text in consultation.about.items() if text.strip()}
    if set(consultation.process.languages) - about:
        return Check(
            "advice", _("The description is not there in every language."), f"{href}about/"
        )
    return Check("ok", _("It is described."), f"{href}about/")


def letters_to(process: Process) -> int:
    """How many people get a result letter: those who took part and can be written to. One query."""
    took_part = Participation.objects.filter(process=process, user=OuterRef("pk"))
    people = User.objects.filter(
        Exists(took_part), is_active=True, closed_at__isnull=True, generated_at__isnull=True
    )
    return people.count()


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom an answer reaches: authors (by mail), and people who said something on it."""

    contributions: int
    authors: int
    others: int


def reach_of(subject_ids: Sequence[int]) -> Reach:
    """Whom answers to these subjects reach. Two queries."""
    rows = Subject.objects.filter(pk__in=subject_ids)
    authors = set(rows.exclude(author=None).values_list("author_id", flat=True))
    said = (
        Position.objects.filter(subject__in=subject_ids, value__isnull=False)
        .values("user")
        .union(Comment.objects.standing().filter(subject__in=subject_ids).values("author"))
    )
    return Reach(len(set(subject_ids)), len(authors), max(0, said.count()))


def arguments_on(subject_id: int, limit: int = 3) -> dict[str, list[Comment]]:
    """The best supported arguments for and against. Two queries."""
    rows = (
        Comment.objects.standing()
        .filter(subject=subject_id, depth=0)
        .select_related("author")
        .order_by("-support_count", "-pk")
    )
    return {stance: list(rows.filter(stance=stance)[:limit]) for stance in ("for", "against")}


def adopted_in(consultation: Consultation) -> list[Proposal]:
    """Proposals that were adopted, in whole or in part, best supported first. One query."""
    answers = Answer.objects.filter(
        decision__in=ADOPTED, subject__process_id=consultation.process_id
    )
    return list(
        Proposal.objects.standing()
        .filter(consultation=consultation, subject__in=answers.values("subject"))
        .select_related("subject__author", "subject__answer", "wording")
        .defer("subject__text", "subject__search", "subject__sample", "wording__body_html")
        .order_by("-subject__agree_count", "-pk")
    )
