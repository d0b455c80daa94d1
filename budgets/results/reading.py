"""The stored results of a counted budget as its pages show them. Ballots are never read here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.models import Allocation, Budget, Project, Satisfaction
from budgets.reading import themes_of
from budgets.results.sentences import Names
from common.texts import Localized, localized
from common.ui.words import count
from processes.kinds import SUBJECT_TYPES, SubjectKind
from processes.models import Process
from voting.models import Outcome, Poll
from voting.questionnaire.definition import Question, QuestionKind, Questionnaire, from_json
from voting.results.compute import TURNOUT

Row = Mapping[str, Any]
IN_POINTS = frozenset({QuestionKind.SHARE, QuestionKind.RANKING})


@dataclass(frozen=True, slots=True)
class Compared:
    """What another rule chooses with one envelope."""

    envelope: str
    rule: str
    winners: tuple[str, ...]


@dataclass(slots=True)
class Results:
    """A counted budget: what was asked, what was chosen by every rule, how voters are served.

    `declared` is {envelope key: stored result}, `compared` the results of the other rules. `hidden` are
    keys of projects that a moderator hid: they are told by their key alone.
    """

    budget: Budget
    questionnaire: Questionnaire
    declared: dict[str, Row]
    compared: list[Compared]
    served: list[Satisfaction]
    turnout: dict[str, Any]
    titles: dict[str, Localized]
    subjects: dict[str, int]
    hidden: frozenset[str]
    names: Names = field(init=False)

    def __post_init__(self) -> None:
        categories = {theme.key: theme.title for theme in themes_of(self.budget)}
        self.names = Names(self.titles, categories, self.budget.currency, in_points=self.in_points)

    @property
    def questions(self) -> list[Question]:
        """The envelopes that were voted on, each as the question that was asked."""
        return list(self.questionnaire.questions())

    @property
    def in_points(self) -> bool:
        return any(question.kind in IN_POINTS for question in self.questionnaire.questions())

    @property
    def winners(self) -> list[str]:
        """All chosen projects in the order of their rank."""
        return [key for q in self.questions for key in self.declared[q.key]["winners"]]

    @property
    def cost(self) -> Decimal:
        return sum((Decimal(row["cost"]) for row in self.declared.values()), Decimal(0))

    @property
    def amount(self) -> Decimal:
        return sum((Decimal(question.budget) for question in self.questions), Decimal(0))

    @property
    def own(self) -> Satisfaction | None:
        """How the declared rule serves the voters."""
        return next((row for row in self.served if row.is_declared), None)

    def path(self, key: str) -> str:
        """The project's page without language prefix, "" if it is gone."""
        if key not in self.subjects:
            return ""
        path = SUBJECT_TYPES[SubjectKind.PROJECT].path
        return path(self.budget.process.slug, self.subjects[key])


def results_of(budget: Budget) -> Results:
    """The results of a budget whose poll was counted. Six queries, whatever its size."""
    definitions = Poll.objects.filter(pk=budget.poll_id, definition__isnull=False)
    questionnaire = from_json(definitions.values_list("definition", flat=True).get() or {})
    rows = Allocation.objects.filter(budget=budget)
    declared = rows.filter(is_declared=True).values_list("envelope__key", "result")
    compared = [
        Compared(key, rule, tuple(winners))
        for key, rule, winners in rows.filter(is_declared=False).values_list(
            "envelope__key", "rule", "result__winners"
        )
    ]
    turnout = Outcome.objects.filter(poll=budget.poll_id, question="", method=TURNOUT)
    titles, subjects, hidden = _projects(budget, questionnaire)
    return Results(
        budget=budget,
        questionnaire=questionnaire,
        declared=dict(declared),
        compared=compared,
        served=list(Satisfaction.objects.filter(budget=budget)),
        turnout=turnout.values_list("result", flat=True).get(),
        titles=titles,
        subjects=subjects,
        hidden=hidden,
    )


def results_for_letters(process: Process) -> Results | None:
    """What letters say of a budget, without comparison and turnout; None before the count. Five queries."""
    rows = Budget.objects.select_related("poll").defer("boundaries", "about", "about_html")
    budget = rows.filter(process=process, poll__counted_at__isnull=False).first()
    if budget is None:
        return None
    budget.process = budget.poll.process = process
    questionnaire = budget.poll.questionnaire
    declared = Allocation.objects.filter(budget=budget, is_declared=True)
    titles, subjects, hidden = _projects(budget, questionnaire)
    return Results(
        budget=budget,
        questionnaire=questionnaire,
        declared=dict(declared.values_list("envelope__key", "result")),
        compared=[],
        served=list(Satisfaction.objects.filter(budget=budget, is_declared=True)),
        turnout={},
        titles=titles,
        subjects=subjects,
        hidden=hidden,
    )


def headline(found: Results) -> str:
    """What became of it, in one or two sentences."""
    people = found.own.people if found.own else 0
    if not people:
        return _("Nobody voted, so nothing is chosen.")
    number = len(found.winners)
    voted = ngettext("%(count)s person voted.", "%(count)s people voted.", people)
    chosen = ngettext(
        "%(number)s project is chosen, for %(cost)s of %(amount)s.",
        "%(number)s projects are chosen, for %(cost)s of %(amount)s.",
        number,
    )
    return f"{voted} {chosen}" % {
        "count": count(people),
        "number": count(number),
        "cost": found.names.money(found.cost),
        "amount": found.names.money(found.amount),
    }


def _projects(
    budget: Budget, questionnaire: Questionnaire
) -> tuple[dict[str, Localized], dict[str, int], frozenset[str]]:
    """Titles for the reader as they were voted on, subjects' ids, and what is hidden. One query."""
    labels = {
        option.key: localized(option.label)
        for question in questionnaire.questions()
        for option in question.options
    }
    rows = Project.objects.filter(budget=budget, decided_at__isnull=False)
    subjects, hidden = {}, set()
    for number, subject_id, hidden_at in rows.values_list(
        "number", "subject_id", "subject__hidden_at"
    ):
        key = f"p{number}"
        subjects[key] = subject_id
        if hidden_at is not None:
            hidden.add(key)
            labels[key] = Localized(key, "")
    return labels, subjects, frozenset(hidden)
