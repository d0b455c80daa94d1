"""A budget: its money, what was declared, how far it is."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from accounts.serializers import TextsField
from budgets.kinds import BallotKind, Rule, Scope, TieRule
from budgets.models import Budget
from budgets.serializers.amounts import TEXT, amount_text
from common.resources import VerdictSerializer, verdict_row
from common.texts import localized
from processes.models import Process
from processes.serializers import PhaseSerializer, ProcessSerializer, TopicSerializer, process_row


class BudgetSerializer(ProcessSerializer):
    """Money that people share out among projects."""

    currency = serializers.CharField(help_text="ISO 4217")
    amount = serializers.CharField(help_text=f"all the money there is, {TEXT}")


class EnvelopeSerializer(serializers.Serializer[Any]):
    """An amount of money for some of the projects."""

    key = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    titles = TextsField()
    amount = serializers.CharField(help_text=TEXT)
    area = serializers.CharField(
        allow_null=True, help_text="slug; where one envelope is chosen, whose residents vote on it"
    )


class CategorySerializer(serializers.Serializer[Any]):
    """A theme of projects."""

    key = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    titles = TextsField()
    minimum = serializers.IntegerField(
        min_value=0, help_text="projects that are chosen at least, if the money allows"
    )


class BallotRulesSerializer(serializers.Serializer[Any]):
    """How people vote."""

    kind = serializers.ChoiceField(BallotKind.choices)
    scope = serializers.ChoiceField(Scope.choices)
    least = serializers.IntegerField(min_value=0, help_text="projects, in approval and ranking")
    most = serializers.IntegerField(allow_null=True, help_text="projects, in approval and ranking")
    points = serializers.IntegerField(allow_null=True, help_text="to share out")
    points_each = serializers.IntegerField(allow_null=True, help_text="for one project at most")


class ChoosingSerializer(serializers.Serializer[Any]):
    """The rule that chooses. Fixed once voting opens."""

    name = serializers.ChoiceField(Rule.choices)
    completion = serializers.ChoiceField(("", "greedy"), help_text="of money that is left")
    ties = serializers.ChoiceField(TieRule.choices)
    seed = serializers.CharField(allow_blank=True, help_text="of the lot; empty: the ballots' own")
    support_needed = serializers.IntegerField(min_value=0)
    url = serializers.URLField(help_text="page that explains it")


class BudgetLinksSerializer(serializers.Serializer[Any]):
    """Addresses of the API that go on from here."""

    projects = serializers.URLField()
    map = serializers.URLField()
    poll = serializers.URLField(help_text="where ballots are cast and checked")
    results = serializers.URLField(allow_null=True, help_text="null before the count")
    building = serializers.URLField(allow_null=True, help_text="null before the count")


class MayInBudgetSerializer(serializers.Serializer[Any]):
    """What the person who asks may do now."""

    propose = VerdictSerializer()


class BudgetDetailSerializer(BudgetSerializer):
    """A budget with all that was declared."""

    about = serializers.CharField(allow_blank=True, help_text="Markdown")
    abouts = TextsField()
    topics = TopicSerializer(many=True)
    phases = PhaseSerializer(many=True)
    envelopes = EnvelopeSerializer(many=True)
    categories = CategorySerializer(many=True)
    smallest_cost = serializers.CharField(allow_null=True, help_text=f"of a project, {TEXT}")
    largest_cost = serializers.CharField(allow_null=True, help_text=f"of a project, {TEXT}")
    cosigners_needed = serializers.IntegerField(min_value=0)
    ballot = BallotRulesSerializer()
    rule = ChoosingSerializer()
    project_count = serializers.IntegerField(min_value=0, help_text="that stand")
    chosen_count = serializers.IntegerField(min_value=0)
    built_count = serializers.IntegerField(min_value=0)
    cosignature_count = serializers.IntegerField(min_value=0)
    decisions_published_at = serializers.DateTimeField(
        allow_null=True, help_text="when assessments were last published together"
    )
    poll = serializers.IntegerField(help_text="id of its poll")
    counted_at = serializers.DateTimeField(allow_null=True)
    links = BudgetLinksSerializer()
    may = MayInBudgetSerializer()


def budget_row(process: Process, pages: str) -> dict[str, Any]:
    """A process with status, its budget joined and `amount` annotated. No query."""
    return process_row(process, pages) | {
        "currency": process.budget.currency,
        "amount": amount_text(process.amount or Decimal(0)),  # type: ignore[attr-defined]
    }


def envelope_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Of {"key", "title", "amount", "area"}."""
    return {
        "key": row["key"],
        "title": localized(row["title"]).text,
        "titles": row["title"],
        "amount": row["amount"],
        "area": row["area"],
    }


def category_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Of {"key", "title", "minimum"}."""
    return {
        "key": row["key"],
        "title": localized(row["title"]).text,
        "titles": row["title"],
        "minimum": row["minimum"],
    }


def declared_row(budget: Budget, pages: str) -> dict[str, Any]:
    """What was declared. No query."""
    return {
        "smallest_cost": amount_text(budget.smallest_cost),
        "largest_cost": amount_text(budget.largest_cost),
        "cosigners_needed": budget.cosigners_needed,
        "ballot": {
            "kind": budget.ballot,
            "scope": budget.scope,
            "least": budget.least,
            "most": budget.most,
            "points": budget.points,
            "points_each": budget.points_each,
        },
        "rule": {
            "name": budget.rule,
            "completion": budget.completion,
            "ties": budget.ties,
            "seed": budget.seed,
            "support_needed": budget.support_needed,
            "url": f"{pages}/budgets/rules/{budget.rule}/",
        },
    }


def links_row(budget: Budget, api: str) -> dict[str, Any]:
    """`api` is the budget's own address in the API, ending in a slash."""
    counted = budget.poll.counted_at is not None
    root = api.partition("/budgets/")[0]
    return {
        "projects": f"{api}projects/",
        "map": f"{api}map/",
        "poll": f"{root}/polls/{budget.poll_id}/",
        "results": f"{api}results/" if counted else None,
        "building": f"{api}building/" if counted else None,
    }


def may_row(**verdicts: Any) -> dict[str, Any]:
    return {name: verdict_row(verdict) for name, verdict in verdicts.items()}
