"""Counts a budget whose voting has ended: which projects are chosen, and what other rules would have chosen.

Runs in a worker, in the transaction of the count of its poll (see `voting.actions.stages.count`).
"""

import json
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Case, Value, When
from django.db.models.functions import Now

from budgets.election import valid_answers
from budgets.models import Allocation, Budget, Project, Satisfaction
from budgets.results.deciding import Decision, decide
from processes import journal
from processes.kinds import EntryKind, ProcessKind
from voting.kinds import COUNTED, Secrecy
from voting.models import Poll

log = structlog.get_logger(__name__)


def count(poll: Poll) -> None:
    """Choose projects by the declared rule, once; store that and every comparison. Seven queries.

    The caller holds a transaction and the poll's row. A budget that has been counted stays as it is.
    """
    budget = Budget.objects.select_related("process").get(poll=poll)
    if Allocation.objects.filter(budget=budget).exists():
        return
    decision = decided(poll)
    _store(budget, decision)
    _choose(budget, decision.winners)
    cost = sum((one.cost for one in decision.decided if one.is_declared), Decimal(0))
    journal.record(
        EntryKind.PROJECTS_CHOSEN,
        actor=None,
        process=budget.process_id,
        data={"count": len(decision.winners), "cost": str(cost)},
    )
    log.info("budget_counted", budget=budget.pk, chosen=len(decision.winners), cost=str(cost))


def decided(poll: Poll) -> Decision:
    """What the rules choose on the ballots that count. One query."""
    is_confidential = poll.secrecy == Secrecy.CONFIDENTIAL
    return decide(poll.questionnaire, valid_answers(poll), is_confidential=is_confidential)


def _store(budget: Budget, decision: Decision) -> None:
    envelopes = {envelope.key: envelope for envelope in budget.envelope_list}
    Allocation.objects.bulk_create(
        Allocation(
            budget=budget,
            envelope=envelopes[one.envelope],
            rule=one.rule,
            is_declared=one.is_declared,
            version=one.version,
            digest=one.digest,
            result=one.result,
        )
        for one in decision.decided
    )
    Satisfaction.objects.bulk_create(
        Satisfaction(budget=budget, **asdict(one)) for one in decision.served
    )


def _choose(budget: Budget, winners: list[str]) -> None:
    """Projects know that they were chosen, and their place among the chosen ones."""
    if not winners:
        return
    rank = {int(key.removeprefix("p")): place for place, key in enumerate(winners, 1)}
    Project.objects.filter(budget=budget, number__in=rank).update(
        chosen_at=Now(),
        rank=Case(*[When(number=number, then=Value(place)) for number, place in rank.items()]),
    )


@transaction.atomic
def differences(budget: Budget) -> list[str]:
    """Count a budget again from its ballots and compare with what is stored: one line for each difference."""
    if budget.poll.counted_at is None:
        raise ValueError("its votes are not counted yet")
    decision = decided(budget.poll)
    stored: dict[str, Any] = {
        f"{row.envelope.key}, {row.rule}{' (declared)' if row.is_declared else ''}": row.result
        for row in budget.allocations.select_related("envelope")
    }
    counted: dict[str, Any] = {
        f"{one.envelope}, {one.rule}{' (declared)' if one.is_declared else ''}": one.result
        for one in decision.decided
    }
    stored |= {
        f"voters, {row.rule}, {row.is_declared}": _told(row) for row in budget.satisfactions.all()
    }
    counted |= {f"voters, {one.rule}, {one.is_declared}": _told(one) for one in decision.served}
    rows = budget.projects.filter(chosen_at__isnull=False).order_by("rank")
    stored["chosen projects"] = [project.key for project in rows]
    counted["chosen projects"] = decision.winners
    counted = json.loads(json.dumps(counted, default=str))  # as the database hands it back
    stored = json.loads(json.dumps(stored, default=str))
    names = [*stored, *(name for name in counted if name not in stored)]
    return [name for name in names if stored.get(name) != counted.get(name)]


def _told(row: Any) -> dict[str, Any]:
    names = ("people", "blank", "counts", "chosen_count")
    return {name: getattr(row, name) for name in names} | {"cost": f"{row.cost:.2f}"}


def register() -> None:
    """Tell the ballot box below what follows a count."""
    COUNTED[ProcessKind.BUDGET] = count
