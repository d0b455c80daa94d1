"""Budgets on the desk's first page, and in the list of all that somebody works on."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import GroupMember, Organisation
from accounts.permissions import EDITING
from budgets import awaiting
from budgets.desk.reads import STANDING
from budgets.models import Assessor, Budget, Project
from common.texts import localized
from common.ui.words import count
from processes.desk import HOME, HomePart, Work
from processes.kinds import Activity

MOST_WORK = 60  # budgets that the work list looks at, the newest
LISTED = 10  # on the desk's first page; all are one click away
SOON = timedelta(days=14)


def budgets_of(bodies: Sequence[Organisation]) -> QuerySet[Budget]:
    """Budgets of these public bodies, newest first, with process, poll and timetable."""
    rows = Budget.objects.with_timetable().defer("about", "about_html")
    return rows.filter(process__organisation__in=[body.pk for body in bodies]).order_by("-pk")


def assessed_by(user: Any) -> QuerySet[Budget]:
    """Budgets whose projects the person assesses, alone or in a group, newest first."""
    groups = GroupMember.objects.filter(user=user).values("group")
    named = Assessor.objects.filter(Q(user=user) | Q(group__in=groups))
    rows = Budget.objects.with_timetable().defer("about", "about_html")
    return rows.filter(pk__in=named.values("budget")).order_by("-pk")


def numbers_of(budgets: Iterable[Budget]) -> dict[int, dict[str, Any]]:
    """{budget id: how many of its standing projects stand where}. One query."""
    conditions = {
        "all": Q(),
        "late": awaiting.LATE,
        "waiting": awaiting.TO_ASSESS,
        "submitted": awaiting.SUBMITTED,
        "signed": awaiting.SIGNED,
        "feasible": Q(decided_at__isnull=False, is_feasible=True),
    }
    rows = (
        Project.objects.filter(STANDING, budget__in=[budget.pk for budget in budgets])
        .order_by()
        .values("budget")
        .annotate(
            due_first=Min("assessment__due_at", filter=awaiting.TO_ASSESS),
            **{f"{name}_count": Count("pk", filter=where) for name, where in conditions.items()},
        )
    )
    return {row["budget"]: row for row in rows}


def part_of(bodies: Sequence[Organisation]) -> HomePart:
    """What waits in budgets, and the newest of them. Two queries."""
    roles = {body.pk: body.role for body in bodies}  # type: ignore[attr-defined]
    rows = list(budgets_of(bodies)[:MOST_WORK])
    numbers = numbers_of(rows)
    works = [
        work
        for budget in rows
        if budget.process.closed_at is None
        for work in _work_on(
            budget, numbers.get(budget.pk, {}), roles[budget.process.organisation_id]
        )
    ]
    return HomePart("budgets/desk/_home.html", budget_lines(rows[:LISTED], numbers), works)


def budget_lines(
    budgets: Iterable[Budget], numbers: dict[int, dict[str, Any]]
) -> list[dict[str, Any]]:
    """What a list of budgets shows of each. No query. Nothing here says how anybody voted."""
    return [
        {
            "href": _href(budget),
            "title": localized(budget.process.title),
            "body": localized(budget.process.organisation.name),
            "stage": stage_word(budget),
            "phase": _phase(budget),
            "projects": numbers.get(budget.pk, {}).get("all_count", 0),
            "waiting": numbers.get(budget.pk, {}).get("waiting_count", 0),
            "late": numbers.get(budget.pk, {}).get("late_count", 0),
        }
        for budget in budgets
    ]


def stage_of(budget: Budget) -> str:
    """draft, published (before voting), open, closed (being counted), counted, or over."""
    process, poll = budget.process, budget.poll
    if process.published_at is None:
        return "draft"
    if process.closed_at is not None:
        return "over"
    if poll.counted_at is not None:
        return "counted"
    if poll.closed_at is not None:
        return "closed"
    return "open" if poll.opened_at is not None else "published"


def stage_word(budget: Budget) -> str:
    return {
        "draft": _("Draft"),
        "published": _("Published"),
        "open": _("People vote"),
        "closed": _("Votes are being counted"),
        "counted": _("Projects are chosen"),
        "over": _("Closed"),
    }[stage_of(budget)]


def _href(budget: Budget) -> str:
    return f"/{get_language()}/desk/budgets/{budget.process.slug}/"


def _is_assessed(budget: Budget) -> bool:
    """Whether projects are assessed now: before that, nothing waits for anybody."""
    budget.take_frame()
    return bool(budget.process.timetable.open_for(Activity.ASSESS))


def _phase(budget: Budget) -> dict[str, Any] | None:
    """The name and the end of the phase that is on."""
    budget.take_frame()
    span = budget.process.timetable.current
    if span is None or stage_of(budget) in ("draft", "over"):
        return None
    return {"name": localized(span.name), "closes_at": span.closes_at}  # type: ignore[arg-type]


def _work_on(budget: Budget, numbers: dict[str, Any], role: str) -> Iterator[Work]:
    href, title = _href(budget), localized(budget.process.title)
    late, waiting = numbers.get("late_count", 0), numbers.get("waiting_count", 0)
    if late:
        what = ngettext("%(count)s assessment is late", "%(count)s assessments are late", late)
        yield Work(
            f"{href}assessments/?state=late", title, what % {"count": count(late)}, "late",
            numbers["due_first"],
        )  # fmt: skip
    if waiting > late and _is_assessed(budget):
        what = ngettext(
            "%(count)s project waits for its assessment",
            "%(count)s projects wait for their assessment",
            waiting,
        )
        due = None if late else numbers["due_first"]
        yield Work(
            f"{href}assessments/?state=waiting",
            title,
            what % {"count": count(waiting)},
            "owed",
            due,
        )
    if role in EDITING:
        yield from _signing(href, title, numbers)
        yield from _running(budget, href, title, numbers.get("feasible_count", 0))


def _signing(href: str, title: Any, numbers: dict[str, Any]) -> Iterator[Work]:
    submitted, signed = numbers.get("submitted_count", 0), numbers.get("signed_count", 0)
    if submitted:
        what = ngettext(
            "%(count)s assessment waits for a signature",
            "%(count)s assessments wait for a signature",
            submitted,
        )
        there = f"{href}assessments/?state=submitted"
        yield Work(there, title, what % {"count": count(submitted)}, "owed")
    if signed:
        what = ngettext(
            "%(count)s signed assessment is to be published",
            "%(count)s signed assessments are to be published",
            signed,
        )
        there = f"{href}assessments/?state=signed"
        yield Work(there, title, what % {"count": count(signed)}, "owed")


def _running(budget: Budget, href: str, title: Any, feasible: int) -> Iterator[Work]:
    """What its editors do: publish it, see that voting can open, close it."""
    budget.take_frame()
    table, process = budget.process.timetable, budget.process
    if process.published_at is None:
        yield Work(href, title, _("Not published yet"), at=process.opens_at, verb="opens")
        return
    opening = [s.opens_at for s in table.spans if Activity.VOTE in s.activities]
    opens_at = min(opening, default=None)
    if budget.poll.opened_at is None and not feasible and opens_at is not None:
        if opens_at <= table.now:
            what = _("Voting could not open: no project is on the ballot")
            yield Work(f"{href}ballot/", title, what, "late", opens_at, "opens")
        elif opens_at - table.now < SOON:
            what = _("Voting opens soon, and no project is on the ballot")
            yield Work(f"{href}ballot/", title, what, "owed", opens_at, "opens")
    if process.closes_at and process.closes_at <= table.now:
        what = _("Its phases have ended; close it when all is told")
        yield Work(f"{href}close/", title, what, at=process.closes_at, verb="closes")


def register() -> None:
    """Tell the desk's first page about budgets."""
    HOME.append(part_of)
