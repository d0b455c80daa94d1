"""A budget as a ballot: what people vote on, and under which rule. `voting` freezes it at opening.

One page and one question for each envelope; a project is an option under its key. The definition
holds everything that the choice of projects depends on, so that anyone can recompute it from the
published bundle: costs, envelopes, categories, conflicts, the rule.
"""

from decimal import Decimal
from typing import Any

from budgets.kinds import BallotKind, Scope
from budgets.models import Budget, Conflict, Envelope, Project
from processes.kinds import SUBJECT_TYPES, ProcessKind, SubjectKind
from voting.kinds import QUESTIONNAIRES
from voting.models import Poll
from voting.questionnaire.definition import Option, Page, Question, QuestionKind, Questionnaire

KINDS = {
    BallotKind.KNAPSACK: QuestionKind.KNAPSACK,
    BallotKind.APPROVAL: QuestionKind.MULTIPLE,
    BallotKind.SHARE: QuestionKind.SHARE,
    BallotKind.RANKING: QuestionKind.RANKING,
}
VERSION = 1


def build(poll: Poll) -> Questionnaire:
    """What the poll of a budget asks now. Five queries, whatever the number of projects."""
    budget = Budget.objects.select_related("process").get(poll=poll)
    projects: dict[int, list[Project]] = {}
    rows = Project.objects.for_ballot().filter(budget=budget).select_related("subject", "category")
    for project in rows:
        projects.setdefault(project.envelope_id, []).append(project)
    asked = [envelope for envelope in budget.envelope_list if projects.get(envelope.pk)]
    pages = tuple(_page(budget, envelope, projects[envelope.pk]) for envelope in asked)
    return Questionnaire(
        pages,
        one_page=budget.scope == Scope.ONE and len(pages) > 1,
        allocation=_allocation(budget, asked, projects),
    )


def text_of(amount: Decimal) -> str:
    """Money as the shortest exact decimal text: "1200", "0.5"."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _page(budget: Budget, envelope: Envelope, projects: list[Project]) -> Page:
    languages = budget.process.languages
    title = {code: envelope.title[code] for code in languages if envelope.title.get(code)}
    kind = KINDS[BallotKind(budget.ballot)]
    question = Question(
        key=envelope.key,
        kind=kind,
        title=title,
        options=tuple(_option(budget, project) for project in projects),
        least=_least(budget, kind, len(projects)),
        most=_most(budget, kind, len(projects)),
        is_shuffled=True,
        budget=text_of(envelope.amount),
        currency=budget.currency,
        each=budget.points_each if kind is QuestionKind.SHARE else None,
    )
    return Page(envelope.key, title, {}, (question,))


def _least(budget: Budget, kind: QuestionKind, offered: int) -> int:
    bounded = kind in (QuestionKind.MULTIPLE, QuestionKind.RANKING)
    return min(budget.least, offered) if bounded else 0


def _most(budget: Budget, kind: QuestionKind, offered: int) -> int | None:
    if kind is QuestionKind.SHARE:
        return budget.points
    if kind is QuestionKind.KNAPSACK or budget.most is None:
        return None
    return min(budget.most, offered)


def _option(budget: Budget, project: Project) -> Option:
    subject = project.subject
    names = subject.titles or {subject.language: subject.title}
    path = SUBJECT_TYPES[SubjectKind.PROJECT].path(budget.process.slug, subject.pk)
    return Option(project.key, names, cost=text_of(project.cost or Decimal(0)), path=path)


def _allocation(
    budget: Budget, asked: list[Envelope], projects: dict[int, list[Project]]
) -> dict[str, Any]:
    """The declared rule, with what it looks at beside ballots, costs and envelopes."""
    keys = {project.pk: project.key for rows in projects.values() for project in rows}
    categories = {
        project.key: project.category.key
        for rows in projects.values()
        for project in rows
        if project.category is not None
    }
    conflicts = Conflict.objects.filter(budget=budget).prefetch_related("projects").order_by("pk")
    rival = [sorted(keys[p.pk] for p in c.projects.all() if p.pk in keys) for c in conflicts]
    return {
        "version": VERSION,
        "rule": budget.rule,
        "completion": budget.completion,
        "ties": budget.ties.split(","),
        "seed": budget.seed,
        "threshold": budget.support_needed,
        "categories": categories,
        "minimums": {c.key: c.minimum for c in budget.categories.all() if c.minimum},
        "incompatible": [row for row in rival if len(row) > 1],
        "envelopes": [envelope.key for envelope in asked],
    }


def register() -> None:
    """Tell the ballot box below what a budget asks."""
    QUESTIONNAIRES[ProcessKind.BUDGET] = build
