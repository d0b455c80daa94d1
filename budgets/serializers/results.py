"""What was counted, and what is built."""

from typing import Any

from rest_framework import serializers

from accounts.serializers import TextsField
from budgets.kinds import ReportKind, Rule, Stage
from budgets.models import Allocation, Milestone, Report, Satisfaction
from budgets.serializers.amounts import TEXT, amount_text
from budgets.serializers.frame import EnvelopeSerializer
from budgets.serializers.projects import ProjectPictureSerializer
from common.texts import localized


class AllocationSerializer(serializers.Serializer[Any]):
    """What one rule chooses with the money of one envelope."""

    envelope = serializers.CharField(help_text="key")
    rule = serializers.ChoiceField(Rule.choices)
    is_declared = serializers.BooleanField(help_text="false: for comparison only")
    winners = serializers.ListField(
        child=serializers.CharField(), help_text="keys of projects in the order of choice"
    )
    cost = serializers.CharField(help_text=f"of all winners, {TEXT}")
    version = serializers.IntegerField(min_value=1)
    digest = serializers.CharField(
        allow_blank=True, help_text="SHA-256 of the election it was computed from"
    )
    result = serializers.JSONField(
        help_text="round by round: who paid what, ties, why others lost; see docs/algorithms"
    )


class SatisfactionSerializer(serializers.Serializer[Any]):
    """What one rule does for the voters, over all envelopes."""

    rule = serializers.ChoiceField(Rule.choices)
    is_declared = serializers.BooleanField()
    people = serializers.IntegerField(min_value=0, help_text="whose ballot counts")
    blank = serializers.IntegerField(allow_null=True, help_text="of them chose nothing")
    counts = serializers.DictField(
        child=serializers.IntegerField(allow_null=True),
        help_text="{number of their projects that are chosen: people}; null where it is hidden",
    )
    chosen_count = serializers.IntegerField(min_value=0)
    cost = serializers.CharField(help_text=TEXT)


class BudgetResultsSerializer(serializers.Serializer[Any]):
    """The outcome, from what was stored at the count."""

    budget = serializers.CharField(help_text="slug")
    currency = serializers.CharField()
    counted_at = serializers.DateTimeField()
    definition_digest = serializers.CharField()
    envelopes = EnvelopeSerializer(many=True)
    allocations = AllocationSerializer(many=True)
    satisfaction = SatisfactionSerializer(many=True)
    files = serializers.DictField(
        child=serializers.URLField(), help_text="results and projects; ballots in Pabulib's format"
    )
    url = serializers.URLField(help_text="page for people")


class BuildingSerializer(serializers.Serializer[Any]):
    """How far the chosen projects are."""

    budget = serializers.CharField(help_text="slug")
    currency = serializers.CharField()
    chosen_count = serializers.IntegerField(min_value=0)
    started_count = serializers.IntegerField(min_value=0, help_text="under way now")
    built_count = serializers.IntegerField(min_value=0)
    cancelled_count = serializers.IntegerField(min_value=0)
    cost = serializers.CharField(help_text=f"of those chosen, {TEXT}")
    spent = serializers.CharField(help_text=f"until the last reports, {TEXT}")
    url = serializers.URLField(help_text="page for people")


class MilestoneSerializer(serializers.Serializer[Any]):
    """A step of a chosen project. `planned_on` is the first promise and stays."""

    id = serializers.IntegerField()
    title = serializers.CharField(allow_blank=True)
    titles = TextsField()
    planned_on = serializers.DateField()
    expected_on = serializers.DateField()
    reached_on = serializers.DateField(allow_null=True)


class ProjectReportSerializer(serializers.Serializer[Any]):
    """News of a chosen project. Never changed."""

    id = serializers.IntegerField()
    project = serializers.IntegerField(help_text="subject")
    kind = serializers.ChoiceField(ReportKind.choices)
    body = serializers.CharField(help_text="Markdown")
    language = serializers.CharField()
    spent = serializers.CharField(allow_null=True, help_text=f"all in all until then, {TEXT}")
    milestone = serializers.IntegerField(allow_null=True, help_text="id of the step it is about")
    expected_on = serializers.DateField(allow_null=True, help_text="of a delay")
    published_at = serializers.DateTimeField()
    pictures = ProjectPictureSerializer(many=True)


class ProjectBuildingSerializer(serializers.Serializer[Any]):
    """How far one chosen project is."""

    subject = serializers.IntegerField()
    stage = serializers.ChoiceField(Stage.choices)
    cost = serializers.CharField(allow_null=True, help_text=TEXT)
    spent = serializers.CharField(help_text=TEXT)
    started_on = serializers.DateField(allow_null=True)
    expected_on = serializers.DateField(allow_null=True)
    built_on = serializers.DateField(allow_null=True)
    cancelled_at = serializers.DateTimeField(allow_null=True)
    milestones = MilestoneSerializer(many=True)
    reports = serializers.URLField(help_text="address of its reports")


def allocation_row(row: Allocation) -> dict[str, Any]:
    """With its envelope."""
    return {
        "envelope": row.envelope.key,
        "rule": row.rule,
        "is_declared": row.is_declared,
        "winners": row.result["winners"],
        "cost": row.result["cost"],
        "version": row.version,
        "digest": row.digest,
        "result": row.result,
    }


def satisfaction_row(row: Satisfaction) -> dict[str, Any]:
    return {
        "rule": row.rule,
        "is_declared": row.is_declared,
        "people": row.people,
        "blank": row.blank,
        "counts": row.counts,
        "chosen_count": row.chosen_count,
        "cost": amount_text(row.cost),
    }


def milestone_row(row: Milestone) -> dict[str, Any]:
    return {
        "id": row.pk,
        "title": localized(row.title).text,
        "titles": row.title,
        "planned_on": row.planned_on,
        "expected_on": row.expected_on,
        "reached_on": row.reached_on,
    }


def report_row(row: Report, pictures: list[dict[str, Any]]) -> dict[str, Any]:
    """With its project; `pictures` are rows already."""
    return {
        "id": row.pk,
        "project": row.project.subject_id,
        "kind": row.kind,
        "body": row.body,
        "language": row.language,
        "spent": amount_text(row.spent),
        "milestone": row.milestone_id,
        "expected_on": row.expected_on,
        "published_at": row.published_at,
        "pictures": pictures,
    }
