"""Small budgets for tests of ballots about money: a process of kind "budget", its poll, its projects.

What is asked comes from a builder that a test puts into the registry: here voting is tested, not the
app that fills the registry in earnest.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from processes.actions import PhasePlan, create_process, publish, set_phases
from processes.kinds import PROCESS_TYPES, Activity, ProcessKind, ProcessType
from tests.voting.polls import fresh
from voting import kinds
from voting.actions.stages import open_poll_if_due
from voting.models import Poll
from voting.questionnaire.definition import Option, Page, Question, QuestionKind, Questionnaire

K = QuestionKind


def projects(number: int, *, first: int = 1) -> tuple[Option, ...]:
    """Projects p1, p2 … that cost 10 000, 20 000 … and have a page each."""
    return tuple(
        Option(
            f"p{n}",
            {"en": f"Project {n}", "fr": f"Projet {n}"},
            cost=str(n * 10_000),
            path=f"/budgets/money/projects/{n}/",
        )
        for n in range(first, first + number)
    )


def knapsack(key: str = "city", number: int = 5, budget: str = "60000", **fields: Any) -> Question:
    return Question(
        key,
        K.KNAPSACK,
        {"en": "What shall the city build?", "fr": "Que doit construire la ville ?"},
        options=projects(number),
        budget=budget,
        currency="EUR",
        **fields,
    )


def share(key: str = "points", number: int = 5, most: int = 10, each: int = 6) -> Question:
    return Question(
        key,
        K.SHARE,
        {"en": "Share your points", "fr": "Partagez vos points"},
        options=projects(number),
        most=most,
        each=each,
        budget="60000",
        currency="EUR",
    )


def asking(*questions: Question, **fields: Any) -> Questionnaire:
    """One page for each question."""
    pages = tuple(
        Page(f"page-{q.key}", {"en": f"Area {q.key}", "fr": f"Quartier {q.key}"}, {}, (q,))
        for q in questions
    )
    return Questionnaire(pages, **fields)


def asks(monkeypatch: pytest.MonkeyPatch, questionnaire: Questionnaire) -> None:
    """Every budget asks this from now on."""
    kind = ProcessKind.BUDGET
    monkeypatch.setitem(kinds.QUESTIONNAIRES, kind, lambda _poll: questionnaire)
    monkeypatch.setitem(
        PROCESS_TYPES, kind, ProcessType(kind, kind.label, lambda slug: f"/budgets/{slug}/")
    )


def open_budget(
    owner: Any,
    organisation: Any,
    monkeypatch: pytest.MonkeyPatch,
    questionnaire: Questionnaire,
    *,
    closes_in: timedelta = timedelta(days=30),
    follow: Sequence[Any] = (),
    **rules: Any,
) -> Poll:
    """A published budget "money" whose ballot has opened. `follow` runs after the count."""
    asks(monkeypatch, questionnaire)
    if follow:
        monkeypatch.setitem(kinds.COUNTED, ProcessKind.BUDGET, follow[0])
    else:
        monkeypatch.delitem(kinds.COUNTED, ProcessKind.BUDGET, raising=False)
    process = create_process(
        owner,
        kind=ProcessKind.BUDGET,
        organisation=organisation,
        title={"en": "Our money", "fr": "Notre argent"},
        summary={"en": "Projects.", "fr": "Projets."},
        languages=["en", "fr"],
        area=organisation.area,
        slug="money",
    )
    now = timezone.now()
    plan = PhasePlan(
        name={"en": "Voting", "fr": "Vote"},
        opens_at=now - timedelta(days=1),
        closes_at=now + closes_in,
        activities=[Activity.VOTE],
    )
    set_phases(owner, process=process, plan=[plan])
    poll = Poll.objects.create(process=process, kind="vote", **rules)
    publish(owner, process=process)
    return open_poll_if_due(fresh(poll))
