"""What the desk reads about one budget: its money, what is on its ballot, what is missing."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q
from django.utils.translation import get_language

from budgets import awaiting
from budgets.models import Budget, Project
from common.texts import Localized, localized
from voting.actions.questions import build_questionnaire
from voting.questionnaire.definition import Questionnaire

STANDING = Q(
    subject__hidden_at__isnull=True,
    subject__withdrawn_at__isnull=True,
    merged_into__isnull=True,
)


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """An envelope or a category in a list. `projects` counts all that keep it from being removed."""

    pk: int
    key: str
    title: Localized
    amount: Decimal
    minimum: int
    area: Localized | None
    projects: int


def envelope_lines(budget: Budget) -> list[MoneyLine]:
    """Its envelopes in order. One query."""
    rows = budget.envelopes.select_related("area").annotate(number=Count("projects"))
    return [
        MoneyLine(
            row.pk, row.key, localized(row.title), row.amount, 0,
            localized(row.area.name) if row.area else None, row.number,  # type: ignore[attr-defined]
        )
        for row in rows.order_by("order", "id")
    ]  # fmt: skip


def category_lines(budget: Budget) -> list[MoneyLine]:
    """Its categories in order. One query."""
    rows = budget.categories.annotate(number=Count("projects")).order_by("order", "id")
    return [
        MoneyLine(
            row.pk, row.key, localized(row.title), Decimal(0), row.minimum, None, row.number  # type: ignore[attr-defined]
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counts:
    """How many projects of a budget stand where. All but `gone` are standing ones."""

    all: int
    cosigning: int
    waiting: int
    late: int
    submitted: int
    signed: int
    revising: int
    feasible: int
    refused: int
    chosen: int
    built: int
    gone: int


def counts_of(budget: Budget) -> Counts:
    """One query."""
    conditions = {
        "all": Q(),
        "cosigning": awaiting.COSIGNING,
        "waiting": awaiting.TO_ASSESS,
        "late": awaiting.LATE,
        "submitted": awaiting.SUBMITTED,
        "signed": awaiting.SIGNED,
        "revising": awaiting.UNDECIDED & awaiting.REVISING,
        "feasible": Q(decided_at__isnull=False, is_feasible=True),
        "refused": Q(decided_at__isnull=False, is_feasible=False),
        "chosen": Q(chosen_at__isnull=False),
        "built": Q(built_on__isnull=False),
    }
    found = Project.objects.filter(budget=budget).aggregate(
        gone=Count("pk", filter=~STANDING),
        **{name: Count("pk", filter=STANDING & where) for name, where in conditions.items()},
    )
    return Counts(**found)


@dataclass(frozen=True, slots=True)
class BallotLine:
    """A project on the ballot. `is_too_dear`: it costs more than its whole envelope."""

    key: str
    title: Localized
    href: str
    cost: Decimal
    is_too_dear: bool


@dataclass(frozen=True, slots=True)
class BallotPage:
    """An envelope on the ballot. `asked`: the sum of all its projects' costs."""

    title: Localized
    amount: Decimal
    asked: Decimal
    lines: list[BallotLine]


def asked_by(budget: Budget) -> Questionnaire:
    """What people vote on: frozen once voting has opened, from the projects before."""
    poll = budget.poll
    return poll.questionnaire if poll.opened_at is not None else build_questionnaire(poll)


def ballot_pages(asked: Questionnaire) -> list[BallotPage]:
    """The ballot by envelope. No query."""
    found = []
    for question in asked.questions():
        amount = Decimal(question.budget)
        lines = [
            BallotLine(
                option.key,
                localized(option.label),
                f"/{get_language()}{option.path}",
                Decimal(option.cost),
                Decimal(option.cost) > amount,
            )
            for option in question.options
        ]
        total = sum((line.cost for line in lines), Decimal(0))
        found.append(BallotPage(localized(question.title), amount, total, lines))
    return found


def conflict_lines(budget: Budget) -> list[dict[str, Any]]:
    """Its sets of incompatible projects. Two queries."""
    rows = budget.conflicts.order_by("pk").prefetch_related("projects__subject")
    return [
        {
            "pk": row.pk,
            "reason": row.reason,
            "language": row.language,
            "projects": [
                (project.number, project.subject.shown)
                for project in sorted(row.projects.all(), key=lambda p: p.number)
            ],
        }
        for row in rows
    ]


def choosable(budget: Budget) -> list[Project]:
    """Standing projects that can still come on the ballot, by envelope. One query."""
    rows = Project.objects.standing().filter(budget=budget).exclude(is_feasible=False)
    return list(rows.select_related("subject", "envelope").order_by("envelope__order", "number"))


def assessor_lines(budget: Budget) -> list[dict[str, Any]]:
    """People and groups who assess, with how many projects each has in hand. Three queries."""
    rows = budget.assessors.select_related("user", "group").annotate(
        size=Count("group__members", distinct=True)
    )
    open_ones = Project.objects.filter(
        STANDING, awaiting.TO_ASSESS, budget=budget, assessment__isnull=False
    ).order_by()
    by_person = dict(open_ones.values_list("assessment__assessor").annotate(number=Count("pk")))
    by_group = dict(open_ones.values_list("assessment__group").annotate(number=Count("pk")))
    return [
        {
            "pk": row.pk,
            "name": row.group.name if row.group else str(row.user),
            "email": "" if row.group else row.user.email,
            "is_group": row.group is not None,
            "size": row.size,
            "in_hand": by_group.get(row.group_id, 0)
            if row.group
            else by_person.get(row.user_id, 0),
        }
        for row in rows.order_by(F("group__name").asc(nulls_last=True), "user__name", "pk")
    ]
