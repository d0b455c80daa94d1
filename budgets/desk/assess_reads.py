"""What the desk reads about assessments: the queue, one project, who can have it, its trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Now

from accounts.models import Group, GroupMember, Membership, User
from accounts.permissions import ANSWERING, EDITING
from budgets import awaiting
from budgets.models import Assessment, AssessmentEvent, Assessor, Budget, MergeRequest, Project
from common.resources import NOT_FOUND
from common.texts import localized
from common.verdicts import Refused
from deliberation.models import Comment

FAR = datetime(9999, 1, 1, tzinfo=UTC)
ORDERING = ("due_sort", "number")
MOST_PEOPLE = 500


def mine(user: Any) -> Q:
    """What was handed to the person."""
    return Q(assessment__assessor=user)


def of_my_groups(user: Any) -> Q:
    """What was handed to a group that the person belongs to."""
    groups = GroupMember.objects.filter(user=user).values("group")
    return Q(assessment__group__in=groups)


UNASSIGNED = Q(assessment__assessor__isnull=True, assessment__group__isnull=True)


def queue_of(budget: Budget, user: Any, *, is_guest: bool) -> QuerySet[Project]:
    """The standing projects that the person may look into, in the queue's order: those that are due
    first, then by number. An assessor from elsewhere sees what was handed to them."""
    rows = Project.objects.standing().filter(budget=budget)
    if is_guest:
        rows = rows.filter(mine(user) | of_my_groups(user))
    rows = rows.annotate(due_sort=Coalesce("assessment__due_at", Value(FAR)))
    return rows.order_by(*ORDERING)


def whose(user: Any) -> dict[str, Q]:
    """Conditions by word: mine, my groups', nobody's."""
    return {"": Q(), "mine": mine(user), "group": of_my_groups(user), "nobody": UNASSIGNED}


def numbers_of(rows: QuerySet[Project]) -> dict[str, int]:
    """How many are in each state of `awaiting.STATES`. One query."""
    counts = {f"n_{name}": Count("pk", filter=state) for name, state in awaiting.STATES.items()}
    found = rows.order_by().aggregate(**counts)
    return {name: found[f"n_{name}"] for name in awaiting.STATES}


def for_queue(rows: QuerySet[Project]) -> QuerySet[Project]:
    """With what a line of the queue shows. One query."""
    asked = MergeRequest.objects.filter(
        project=OuterRef("pk"), merged_at=None, refused_at=None, expires_at__gt=Now()
    )
    return (
        rows.for_list()  # type: ignore[attr-defined]
        .select_related("assessment__assessor", "assessment__group", "budget")
        .defer("assessment__reason", "budget__boundaries", "budget__about", "budget__about_html")
        .annotate(clock=Now(), is_merging=Exists(asked))
    )


def beside(rows: QuerySet[Project], project: Any) -> tuple[int | None, int | None]:
    """The subjects of the projects before and after one in the queue. Two queries."""
    assessment = getattr(project, "assessment", None)
    due = (assessment.due_at if assessment is not None else None) or FAR
    before = Q(due_sort__lt=due) | Q(due_sort=due, number__lt=project.number)
    after = Q(due_sort__gt=due) | Q(due_sort=due, number__gt=project.number)
    names = rows.values_list("subject_id", flat=True)
    return (
        names.filter(before).order_by("-due_sort", "-number").first(),
        names.filter(after).order_by(*ORDERING).first(),
    )


def project_at_desk(budget: Budget, subject_id: int) -> Project:
    """A project of this budget with frame and assessment. One query. Raises Refused (404)."""
    if not 0 < subject_id < 2**63:
        raise Refused(NOT_FOUND)
    rows = Project.objects.with_frame().select_related(
        "assessment__assessor",
        "assessment__group",
        "assessment__proposed_by",
        "assessment__signed_by",
    )
    project = rows.filter(subject_id=subject_id, budget=budget).first()
    if project is None:
        raise Refused(NOT_FOUND)
    project.take_frame()
    return project


def assessment_of(project: Project) -> Assessment:
    """Its assessment, or one that nobody has begun yet (without an id). No query."""
    found = getattr(project, "assessment", None)
    if found is not None:
        found.project = project
        return found
    return Assessment(project=project, language=project.budget.process.languages[0])


def people_for(budget: Budget) -> list[tuple[str, str]]:
    """Who can have an assessment: ("u7" or "g3", name). Two queries."""
    working = Membership.objects.filter(
        user=OuterRef("pk"),
        organisation=budget.process.organisation_id,
        role__in=EDITING | ANSWERING,
    )
    named = Assessor.objects.filter(budget=budget, user=OuterRef("pk"))
    people = User.objects.filter(Exists(working) | Exists(named), is_active=True, closed_at=None)
    groups = Group.objects.filter(pk__in=Assessor.objects.filter(budget=budget).values("group"))
    found = [(f"u{row.pk}", str(row)) for row in people.order_by("name", "pk")[:MOST_PEOPLE]]
    return [*((f"g{row.pk}", row.name) for row in groups), *found]


def merger_of(project: Project) -> MergeRequest | None:
    """The request for a merger that waits for the authors. One query."""
    rows = MergeRequest.objects.filter(
        project=project, merged_at=None, refused_at=None, expires_at__gt=Now()
    )
    return rows.select_related("into__subject").first()


def others_in(budget: Budget, project: Project) -> list[tuple[int, Any]]:
    """The projects that it could be merged into: (id, number and title). One query."""
    rows = Project.objects.standing().filter(budget=budget, decided_at=None).exclude(pk=project.pk)
    rows = rows.select_related("subject").only(
        "number", "subject__title", "subject__titles", "subject__language"
    )
    return [(row.pk, _numbered(row)) for row in rows.order_by("number")[:2000]]


def _numbered(project: Project) -> Any:
    shown = project.subject.shown
    return type(shown)(f"{project.number} · {shown.text}"[:160], shown.language)


def envelopes_of(budget: Budget) -> list[tuple[int, Any]]:
    """(id, title) in order. One query, once."""
    return [(row.pk, localized(row.title)) for row in budget.envelope_list]


def categories_of(budget: Budget) -> list[tuple[int, Any]]:
    """(id, title) in order. One query."""
    return [(row.pk, localized(row.title)) for row in budget.categories.all()]


def best_comments(subject_id: int, limit: int = 4) -> list[Comment]:
    """The best supported comments. One query."""
    rows = Comment.objects.standing().filter(subject=subject_id, depth=0).select_related("author")
    return list(rows.order_by("-support_count", "-pk")[:limit])


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the audit trail. `changes` are (name of the field, before, after)."""

    event: AssessmentEvent
    changes: list[tuple[str, str, str]]
    note: str


def trail_of(assessment: Assessment, show: Any) -> list[Line]:
    """The audit trail, the newest first. `show(name, value)` says a value in words, with ids of people and
    groups put into names here. Three queries at most."""
    if assessment.pk is None:
        return []
    events = list(assessment.events.select_related("actor").order_by("-pk"))
    names = _names_in(events)
    return [
        Line(
            event,
            [
                (
                    name,
                    names.get((name, before)) or show(name, before),
                    names.get((name, after)) or show(name, after),
                )
                for name, (before, after) in event.data.get("changed", {}).items()
            ],
            event.data.get("note", ""),
        )
        for event in events
    ]


def _names_in(events: Sequence[AssessmentEvent]) -> dict[tuple[str, Any], str]:
    found: dict[tuple[str, Any], str] = {}
    for name, model in (("assessor", User), ("group", Group)):
        ids = {pk for e in events for pk in e.data.get("changed", {}).get(name, ()) if pk}
        if ids:
            rows = model.objects.filter(pk__in=ids)  # type: ignore[attr-defined]
            found |= {(name, row.pk): str(row) for row in rows}
    return found


@dataclass(frozen=True, slots=True)
class Publishing:
    """What would be published now, and what is missing."""

    feasible: int
    not_feasible: int
    cost: Decimal
    unsigned: int
    unassessed: int
    revising: int

    @property
    def total(self) -> int:
        return self.feasible + self.not_feasible


def publishing_of(budget: Budget) -> Publishing:
    """Two queries."""
    rows = Project.objects.standing().filter(budget=budget)
    signed = awaiting.SIGNED
    numbers = rows.order_by().aggregate(
        feasible=Count("pk", filter=signed & Q(assessment__is_feasible=True)),
        not_feasible=Count("pk", filter=signed & Q(assessment__is_feasible=False)),
        unsigned=Count("pk", filter=awaiting.SUBMITTED),
        unassessed=Count("pk", filter=awaiting.TO_ASSESS),
        revising=Count("pk", filter=awaiting.UNDECIDED & awaiting.REVISING),
    )
    costs = rows.filter(signed, assessment__is_feasible=True)
    amounts = costs.values_list(F("assessment__cost"), flat=True)
    return Publishing(cost=sum(amounts, Decimal(0)), **numbers)
