"""How chosen projects get on: what pages of building read, and in which words they say it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from budgets import drawings
from budgets.kinds import ReportKind
from budgets.models import Budget, Milestone, Picture, Project, Report
from budgets.standing import State, Step, state_of, state_words
from common.html import SafeHTML, trusted
from common.texts import Localized, localized
from common.ui.money import money
from voting.kinds import Secrecy

PHOTOGRAPHS = 6  # of one report


@dataclass(frozen=True, slots=True)
class Photograph:
    pk: int
    alt: str
    width: int
    height: int
    href: str


@dataclass(frozen=True, slots=True)
class Told:
    """One report, as everybody reads it. `spent` is in words, "" where it was not said."""

    pk: int
    kind: str
    word: str
    html: SafeHTML
    language: str
    at: datetime
    spent: str
    step: Localized | None
    expected_on: date | None
    photographs: list[Photograph]

    @property
    def is_delay(self) -> bool:
        return self.kind == ReportKind.DELAY


@dataclass(frozen=True, slots=True)
class Building:
    """What the page of a chosen project says of its building."""

    project: Project
    state: State
    word: str
    planned_on: date | None
    steps: list[Step]
    reports: list[Told]
    currency: str
    is_secret: bool
    drawing: SafeHTML | str
    bar: SafeHTML

    @property
    def plan(self) -> Decimal:
        return self.project.cost or Decimal(0)

    @property
    def spent(self) -> Decimal:
        return self.project.spent

    @property
    def money(self) -> str:
        return money_sentence(self.spent, self.plan, self.currency)

    @property
    def difference(self) -> str:
        """What is left of the plan, or how much more was spent; "" where it is even."""
        left = self.plan - self.spent
        amount = money(abs(left), self.currency)
        if left > 0:
            return _("%(amount)s are left") % {"amount": amount}
        return _("%(amount)s more than planned") % {"amount": amount} if left < 0 else ""

    @property
    def is_finished(self) -> bool:
        return self.state in (State.BUILT, State.GIVEN_UP)


def money_sentence(spent: Decimal, plan: Decimal, currency: str) -> str:
    words = _("%(spent)s spent of %(plan)s planned")
    return words % {"spent": money(spent, currency), "plan": money(plan, currency)}


def building_of(project: Project) -> Building | None:
    """How a project gets on; None (and no query) for one that was not chosen. Else two queries,
    whatever the number of steps and reports. The project comes with its budget, poll and process."""
    if project.chosen_at is None:
        return None
    steps = steps_of(project)
    planned = max((step.planned_on for step in steps), default=None)
    coming = min((s.expected_on for s in steps if s.reached_on is None), default=None)
    state = state_of(project, planned, coming)
    return Building(
        project=project,
        state=state,
        word=state_words()[state],
        planned_on=planned,
        steps=steps,
        reports=_reports(project, {step.pk: step.title for step in steps}),
        currency=project.budget.currency,
        is_secret=project.budget.poll.secrecy == Secrecy.SECRET,
        drawing=drawings.plan(steps, timezone.localdate()),
        bar=drawings.spending(project.spent, project.cost or Decimal(0)),
    )


def steps_of(project: Project) -> list[Step]:
    """The steps of a project by the day they are expected. One query."""
    return [_step(row) for row in Milestone.objects.filter(project=project)]


def _step(row: Milestone) -> Step:
    is_overdue = row.reached_on is None and row.expected_on < timezone.localdate()
    return Step(
        row.pk, localized(row.title), row.planned_on, row.expected_on, row.reached_on, is_overdue
    )


def _reports(project: Project, titles: dict[int, Localized]) -> list[Told]:
    """All reports with their photographs, the newest first. One query."""
    shown = Picture.objects.filter(report=OuterRef("pk"), removed_at__isnull=True).order_by("pk")
    picture = JSONObject(pk="pk", alt="alt", width="width", height="height")
    rows = Report.objects.filter(project=project).annotate(
        photographs=ArraySubquery(shown.values(row=picture)[:PHOTOGRAPHS])
    )
    slug, currency = project.budget.process.slug, project.budget.currency
    prefix = f"/{get_language()}/budgets/{slug}/pictures/"
    words = {kind.value: str(kind.label) for kind in ReportKind}
    return [
        Told(
            pk=row.pk,
            kind=row.kind,
            word=words[row.kind],
            html=trusted(row.body_html),
            language=row.language,
            at=row.published_at,
            spent=money(row.spent, currency),
            step=titles.get(row.milestone_id or 0),
            expected_on=row.expected_on,
            photographs=[Photograph(**p, href=f"{prefix}{p['pk']}/") for p in row.photographs],  # type: ignore[attr-defined]
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """A chosen project in a list. `title` is None where a moderator hid it."""

    subject_id: int
    number: int
    rank: int
    title: Localized | None
    state: State
    word: str
    plan: Decimal
    spent: Decimal
    envelope_id: int
    category_id: int | None
    next_step: Localized | None
    next_on: date | None
    planned_on: date | None
    ends_on: date | None

    @property
    def is_late(self) -> bool:
        return self.state == State.LATE


def chosen_rows(budget: Budget) -> list[Row]:
    """The chosen projects in the order they were chosen in. One query, whatever their number."""
    return [_row(project) for project in _chosen().filter(budget=budget).order_by("rank", "number")]


def _chosen() -> QuerySet[Project]:
    """Chosen projects, with `planned_on` (the last step as first planned) and `coming` (the next)."""
    steps = Milestone.objects.filter(project=OuterRef("pk")).order_by()
    open_steps = steps.filter(reached_on__isnull=True).order_by("expected_on", "pk")
    coming = open_steps.values(row=JSONObject(title="title", expected_on="expected_on"))
    last = steps.values("project").annotate(last=Max("planned_on")).values("last")
    return (
        Project.objects.filter(chosen_at__isnull=False)
        .select_related("subject")
        .only(
            *("budget_id", "number", "rank", "cost", "spent", "envelope_id", "category_id"),
            *("started_on", "expected_on", "built_on", "cancelled_at", "chosen_at", "subject_id"),
            *("subject__title", "subject__titles", "subject__language", "subject__hidden_at"),
        )
        .annotate(planned_on=Subquery(last), coming=Subquery(coming[:1]))
    )


def _row(project: Any) -> Row:
    coming: dict[str, Any] = project.coming or {}
    next_on = date.fromisoformat(coming["expected_on"]) if coming else None
    state = state_of(project, project.planned_on, next_on)
    subject = project.subject
    is_done = state in (State.BUILT, State.GIVEN_UP)
    return Row(
        subject_id=subject.pk,
        number=project.number,
        rank=project.rank or 0,
        title=None if subject.hidden_at else subject.shown,
        state=state,
        word=state_words()[state],
        plan=project.cost or Decimal(0),
        spent=project.spent,
        envelope_id=project.envelope_id,
        category_id=project.category_id,
        next_step=localized(coming["title"]) if coming and not is_done else None,
        next_on=None if is_done else next_on,
        planned_on=project.planned_on,
        ends_on=project.built_on or (None if is_done else project.expected_on),
    )


def late_first(rows: list[Row]) -> list[Row]:
    """The late ones, by the day of what comes next; then the others, finished ones last."""
    place = {State.LATE: 0, State.UNDER_WAY: 1, State.WAITING: 1, State.BUILT: 2, State.GIVEN_UP: 3}
    return sorted(rows, key=lambda row: (place[row.state], row.next_on or date.max, row.rank))


@dataclass(slots=True)
class Totals:
    """Chosen projects in numbers. Money of those that were given up is counted as it was spent."""

    counts: dict[str, int] = field(default_factory=lambda: {state.value: 0 for state in State})
    plan: Decimal = Decimal(0)
    spent: Decimal = Decimal(0)

    @property
    def number(self) -> int:
        return sum(self.counts.values())

    @property
    def sentence(self) -> str:
        """One sentence that says it."""
        facts = {"number": self.number, "built": self.counts[State.BUILT]}
        return (
            ngettext(
                "Completed so far: %(built)s of %(number)s chosen project.",
                "Completed so far: %(built)s of %(number)s chosen projects.",
                self.number,
            )
            % facts
        )


def totals_of(rows: list[Row]) -> Totals:
    found = Totals()
    for row in rows:
        found.counts[row.state] += 1
        found.plan += row.plan
        found.spent += row.spent
    return found


def everywhere() -> dict[int, Totals]:
    """{budget id: totals} of all published budgets that chose something. One query."""
    steps = Milestone.objects.filter(project=OuterRef("pk")).order_by().values("project")
    last = steps.annotate(last=Max("planned_on")).values("last")
    coming = steps.filter(reached_on__isnull=True).annotate(first=Min("expected_on"))
    today = timezone.localdate()
    late = Q(coming__lt=today) | Q(expected_on__lt=today) | Q(expected_on__gt=F("planned_on"))
    late |= Q(planned_on__isnull=True, expected_on__isnull=False)
    state = Case(
        When(cancelled_at__isnull=False, then=Value(State.GIVEN_UP.value)),
        When(built_on__isnull=False, then=Value(State.BUILT.value)),
        When(late, then=Value(State.LATE.value)),
        When(started_on__isnull=True, then=Value(State.WAITING.value)),
        default=Value(State.UNDER_WAY.value),
    )
    rows = (
        Project.objects.filter(chosen_at__isnull=False, budget__process__published_at__isnull=False)
        .annotate(planned_on=Subquery(last), coming=Subquery(coming.values("first")))
        .annotate(state=state)
        .order_by()
        .values("budget", "state")
        .annotate(number=Count("pk"), plan=Sum("cost"), total=Sum("spent"))
    )
    found: dict[int, Totals] = {}
    for row in rows:
        totals = found.setdefault(row["budget"], Totals())
        totals.counts[row["state"]] += row["number"]
        totals.plan += row["plan"]
        totals.spent += row["total"]
    return found
