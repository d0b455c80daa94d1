"""Small budgets for tests, made by the same actions as everything else.

`budget_in("voting", bob, organisation)` is what most tests start from: a published budget with one
envelope of 100,000 EUR, in the phase of that name since yesterday and for ten days. Before voting
there are no projects in it; put some in with `project` and `feasible` first, then let the clock run
by `move_to`:

    budget = budget_in("costing", bob, organisation)
    park = feasible(project(budget, alice, "A park"), cost=30_000)
    budget = move_to(budget, "voting")
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import Organisation
from budgets.actions.declaring import Declared, declare_ballot
from budgets.actions.envelopes import add_category, add_envelope
from budgets.actions.phases import USUAL, set_dates, usual_phases
from budgets.actions.setup import create_budget, publish_budget
from budgets.models import Budget, Category, Envelope, Project
from processes.actions import PhasePlan
from processes.kinds import SubjectKind
from processes.models import Phase, Subject
from voting.actions.editing import Rules, declare_rules
from voting.actions.stages import close_poll_if_due, count, open_poll_if_due
from voting.kinds import Secrecy

PHASES = ("informing", "proposing", "reviewing", "costing", "voting", "results", "execution")
LENGTH = timedelta(days=11)  # of each phase; the one asked for began a day ago


def draft_budget(
    owner: Any,
    organisation: Organisation,
    *,
    phase: str = "informing",
    envelopes: Sequence[tuple[str, int]] = (("The whole town", 100_000),),
    categories: Mapping[str, int] | None = None,
    ballot: Mapping[str, Any] | None = None,
    rules: Mapping[str, Any] | None = None,
    languages: Sequence[str] = ("en", "fr"),
    slug: str = "",
) -> Budget:
    """An unpublished budget. `envelopes` are (title, amount), `categories` {title: minimum};
    `ballot` is what differs in `declaring.Declared`, `rules` in `voting.actions.editing.Rules`."""
    budget = create_budget(
        owner,
        organisation=organisation,
        title={"en": "Our money", "fr": "Notre argent"},
        summary={"en": "The town decides.", "fr": "La ville décide."},
        about={"en": "What shall it be spent on?"},
        languages=list(languages),
        area=organisation.area,
        slug=slug,
    )
    for title, amount in envelopes:
        texts = dict.fromkeys(languages, title)
        add_envelope(owner, budget=budget, title=texts, amount=Decimal(amount))
    for title, minimum in (categories or {}).items():
        add_category(owner, budget=budget, title=dict.fromkeys(languages, title), minimum=minimum)
    if ballot:
        declare_ballot(owner, budget=budget, declared=Declared(**ballot))
    declare_rules(
        owner, poll=budget.poll, rules=Rules(**{"secrecy": Secrecy.SECRET, **(rules or {})})
    )
    set_dates(owner, budget=budget, plan=plan_in(phase, languages))
    return fresh(budget)


def budget_in(phase: str, owner: Any, organisation: Organisation, **more: Any) -> Budget:
    """A published budget in the phase of that name; see `draft_budget` for the rest. Voting opens only
    where a project is on the ballot: see `move_to`."""
    first = min(phase, "costing", key=PHASES.index)
    budget = draft_budget(owner, organisation, phase=first, **more)
    publish_budget(owner, budget=budget)
    _shift(budget, phase)
    return fresh(budget)


def plan_in(phase: str, languages: Sequence[str] = ("en",)) -> list[PhasePlan]:
    """The seven usual phases, of which `phase` is on."""
    start = timezone.now() - timedelta(days=1) - PHASES.index(phase) * LENGTH
    names = [plan.name for plan in usual_phases(start, languages)]
    return [
        PhasePlan(names[n], start + n * LENGTH, start + (n + 1) * LENGTH, activities)
        for n, (_name, _days, activities) in enumerate(USUAL)
    ]


def fresh(budget: Budget) -> Budget:
    """The budget as the database has it now, with its timetable."""
    found = Budget.objects.with_timetable().get(pk=budget.pk)
    found.take_frame()
    return found


def move_to(budget: Budget, phase: str) -> Budget:
    """Let time pass until `phase`: voting opens, closes and is counted by the clock on the way."""
    there = PHASES.index(phase)
    for name in ("voting", "results"):
        if PHASES.index(name) <= there:
            _shift(budget, name)
            _run_clock(budget)
    _shift(budget, phase)
    return fresh(budget)


def _shift(budget: Budget, phase: str) -> None:
    """Move its phases so that the seven stand as in `plan_in(phase)`."""
    rows = list(Phase.objects.filter(process=budget.process_id).order_by("opens_at"))
    for row, planned in zip(rows, plan_in(phase), strict=True):
        row.opens_at, row.closes_at = planned.opens_at, planned.closes_at
        row.save(update_fields=["opens_at", "closes_at"])


def _run_clock(budget: Budget) -> None:
    """What the clock's task does with one poll."""
    poll = fresh(budget).poll
    if poll.opened_at is None:
        open_poll_if_due(poll)
    elif close_poll_if_due(poll):
        count(poll.pk)


def envelope_of(budget: Budget, number: int = 1) -> Envelope:
    """The n-th envelope."""
    return budget.envelopes.all()[number - 1]


def category_of(budget: Budget, number: int = 1) -> Category:
    """The n-th category."""
    return budget.categories.all()[number - 1]


def project(
    budget: Budget,
    author: Any,
    title: str = "A park",
    *,
    envelope: Envelope | None = None,
    category: Category | None = None,
    estimate: int | None = None,
    **fields: Any,
) -> Project:
    """A standing project, whatever the phase."""
    subject = Subject.objects.create(
        process=budget.process,
        kind=SubjectKind.PROJECT,
        author=author,
        title=title,
        text=f"{title}, with benches.",
        language="en",
    )
    return Project.objects.create(
        budget=budget,
        subject=subject,
        number=budget.projects.count() + 1,
        envelope=envelope or envelope_of(budget),
        category=category,
        body=f"{title}, with benches.",
        body_html=f"<p>{title}, with benches.</p>",
        estimate=None if estimate is None else Decimal(estimate),
        **fields,
    )


def feasible(row: Project, *, cost: int | str = 30_000) -> Project:
    """The project, published as feasible for this cost."""
    row.is_feasible, row.cost, row.decided_at = True, Decimal(cost), timezone.now()
    row.decision_html = "<p>It can be done.</p>"
    row.save(update_fields=["is_feasible", "cost", "decided_at", "decision_html"])
    return row


def refused(row: Project, reason: str = "The ground is not ours.") -> Project:
    """The project, published as not feasible."""
    row.is_feasible, row.decided_at = False, timezone.now()
    row.decision_html = f"<p>{reason}</p>"
    row.save(update_fields=["is_feasible", "decided_at", "decision_html"])
    return row
